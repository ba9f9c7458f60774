"""Everything in one region: cluster, guardrails, nodes, gateway, DNS, registry, a database, and what a workload may do.

One config states the environment; each component takes its part of it.
"""

import pulumi
import pulumi_aws as aws

import pokayoke_eks as eks

REGION = "ap-northeast-2"
edge = eks.Edge(domain="dev.example.com", parent_zone="example.com", gateway="istio-ambient")
images = eks.Images(repositories=("shop/orders",))
platform = eks.PlatformConfig.model_validate(
    {
        "name": "demo",
        "lifecycle": "disposable",
        "regions": {REGION: {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}},
        "kubernetes": "1.36",
        "bottlerocket": "1.65.0-0be31b34",
        "api_access": {"public": ["203.0.113.0/24"]},
        "admins": ["arn:aws:iam::123456789012:role/platform"],
        "pools": [
            {"name": "general", "instances": ["t4g.large", "m7g.large"], "limits": {"cpu": 16, "memory": "64Gi"}}
        ],
        "edge": edge,
    }
)
provider = aws.Provider("seoul", region=REGION)
here = pulumi.ResourceOptions(provider=provider)

network = eks.Network("demo", platform.network(REGION), here)
cluster = eks.Cluster("demo", platform.cluster(REGION), network=network, opts=here)
rules = eks.GuardrailsConfig(mode="deny", admins=platform.admins)
eks.Guardrails("demo", rules, cluster=cluster, opts=here)
karpenter = eks.Karpenter("demo", platform.karpenter(REGION), cluster=cluster, opts=here)
pools = eks.NodePools("demo", platform.node_pools(REGION), karpenter=karpenter, opts=here)

kinds = eks.GatewayApi("demo", platform.gateway_api(REGION), cluster=cluster, opts=here)
serving = {"cluster": cluster, "gateway_api": kinds, "opts": here}
controller = eks.LoadBalancerController("demo", platform.load_balancer_controller(REGION), **serving)
mesh = eks.IstioAmbient("demo", platform.istio(REGION), **serving)
dns = eks.Dns("demo", platform.dns(edge), opts=here)
records = eks.ExternalDns("demo", platform.external_dns(REGION, edge), dns=dns, **serving)
certificate = dns.certificate("demo", edge.hosts, provider=provider)
gateway = eks.PublicGateway(
    "demo", platform.gateway(REGION, edge),
    controller=controller, certificate=certificate, mesh=mesh, dns=records, pools=pools, opts=here,
)  # fmt: skip
eks.DemoBackend("demo", gateway=gateway)

registry = eks.Registry("demo", platform.images(REGION, images), opts=here)
databases = platform.databases(eks.Dsql())
database = eks.MultiRegionDsql("demo", databases, providers={REGION: provider}, networks=[network])
orders = eks.IdentityConfig(namespace="shop", service_account="orders")
access = database.access_policy(eks.DatabaseRole.CUSTOM)
eks.WorkloadIdentity("orders", orders, cluster=cluster, policies={"Database": access}, opts=here)
pulumi.export("images", registry.urls)
