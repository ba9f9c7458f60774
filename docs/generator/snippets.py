"""The components' examples. Each goes on with the names of those that its page says it goes on from."""

SNIPPETS = {
    "Network": """
import pulumi
import pulumi_aws as aws

import pokayoke_eks as eks

here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region="ap-northeast-2"))
shared = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}
config = eks.NetworkConfig.model_validate(shared | {"cidr": "10.0.0.0/16", "zones": ["a", "b"]})
network = eks.Network("demo", config, here)
""",
    "Cluster": """
versions = {"kubernetes": "1.36", "bottlerocket": "1.65.0-0be31b34"}
access = {"api_access": {"public": ["203.0.113.0/24"]}, "admins": ["arn:aws:iam::123456789012:role/platform"]}
config = eks.ClusterConfig.model_validate(shared | versions | access | {"system_instance": "t4g.large"})
cluster = eks.Cluster("demo", config, network=network, opts=here)
pulumi.export("endpoint", cluster.endpoint)
""",
    "ExistingNetwork": """
import pulumi
import pulumi_aws as aws

import pokayoke_eks as eks

here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region="ap-northeast-2"))
config = eks.ExistingNetworkConfig.model_validate({"region": "ap-northeast-2", "vpc_tags": {"Name": "company"}})
network = eks.ExistingNetwork("theirs", config, here)
""",
    "ExistingCluster": """
said = {"name": "theirs", "region": "ap-northeast-2", "lifecycle": "disposable", "node_group": "base"}
cluster = eks.ExistingCluster("theirs", eks.ExistingClusterConfig.model_validate(said), network=network, opts=here)
pulumi.export("kubernetes", cluster.config.kubernetes)
""",
    "WorkloadIdentity": """
allowed = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::example-invoices/*"}
identity = eks.WorkloadIdentity(
    "orders",
    eks.IdentityConfig(namespace="shop", service_account="orders"),
    cluster=cluster,
    policies={"Invoices": {"Version": "2012-10-17", "Statement": [allowed]}},
)
""",
    "NetworkPolicies": """
traffic = {
    "ingress": [{"namespaces": ["gateway"], "ports": [8080]}],
    "egress": [{"ranges": ["0.0.0.0/0"], "ports": [443]}],
}
policies = eks.NetworkPolicies(
    "shop", eks.NetworkPoliciesConfig.model_validate(traffic), cluster=cluster, namespace=identity
)
""",
    "Guardrails": """
said = {"mode": "warn", "admins": ["arn:aws:iam::123456789012:role/platform"], "namespaces": ["orders"]}
guardrails = eks.Guardrails("demo", eks.GuardrailsConfig.model_validate(said), cluster=cluster)
""",
    "Karpenter": """
config = eks.KarpenterConfig.model_validate(shared | {"kubernetes": "1.36"})
karpenter = eks.Karpenter("demo", config, cluster=cluster)
pulumi.export("node_role", karpenter.node_role.name)
""",
    "NodePools": """
general = {
    "name": "general",
    "instances": ["t4g.large", "m7g.large"],
    "capacity": ["spot", "on-demand"],
    "limits": {"cpu": 16, "memory": "64Gi"},
}
named = {"name": "demo", "region": "ap-northeast-2"}
config = eks.NodePoolsConfig.model_validate(named | versions | {"pools": [general]})
pools = eks.NodePools("demo", config, karpenter=karpenter)
""",
    "GatewayApi": """
config = eks.GatewayApiConfig.model_validate(shared | {"kubernetes": "1.36"})
kinds = eks.GatewayApi("demo", config, cluster=cluster)
""",
    "LoadBalancerController": """
config = eks.LoadBalancerControllerConfig.model_validate(shared | {"kubernetes": "1.36"})
controller = eks.LoadBalancerController("demo", config, cluster=cluster, gateway_api=kinds)
""",
    "IstioAmbient": """
config = eks.IstioConfig.model_validate(shared | {"kubernetes": "1.36"})
mesh = eks.IstioAmbient("demo", config, cluster=cluster, gateway_api=kinds)
""",
    "Dns": """
zone = {"name": "demo", "lifecycle": "disposable", "domain": "dev.example.com", "parent_zone": "example.com"}
dns = eks.Dns("demo", eks.DnsConfig.model_validate(zone), opts=here)
certificate = dns.certificate("demo", ("shop.dev.example.com",), provider=here.provider)
pulumi.export("certificate", certificate.arn)
""",
    "ExternalDns": """
config = eks.ExternalDnsConfig.model_validate(shared)
records = eks.ExternalDns("demo", config, cluster=cluster, dns=dns, gateway_api=kinds)
""",
    "PublicGateway": """
config = eks.GatewayConfig.model_validate(shared | {"variant": "istio-ambient", "hosts": ["shop.dev.example.com"]})
gateway = eks.PublicGateway(
    "demo", config, controller=controller, certificate=certificate, mesh=mesh, dns=records, pools=pools
)
pulumi.export("address", gateway.address)
""",
    "DemoBackend": """
eks.DemoBackend("demo", gateway=gateway)
""",
    "MultiRegionDsql": """
regions = ["ap-northeast-2", "ap-northeast-1"]
said = {"name": "demo", "lifecycle": "retained", "regions": regions, "witness": "ap-northeast-3"}
providers = {region: aws.Provider(region, region=region) for region in regions}
config = eks.DsqlConfig.model_validate(said)
database = eks.MultiRegionDsql("demo", config, providers=providers, networks=[network])
pulumi.export("endpoints", database.endpoints)
""",
    "Registry": """
config = eks.RegistryConfig.model_validate(shared | {"repositories": ["shop/orders", "shop/web"]})
registry = eks.Registry("demo", config, opts=here)
pulumi.export("images", registry.urls)
""",
    "StateBackend": """
import pulumi
import pulumi_aws as aws

import pokayoke_eks as eks

here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region="ap-northeast-2"))
said = {"name": "demo", "region": "ap-northeast-2", "environments": ["dev", "prod"]}
states = eks.StateBackend("demo", eks.StateBackendConfig.model_validate(said), opts=here)
pulumi.export("login", states.logins)
""",
}
