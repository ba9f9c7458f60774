"""A public gateway of an ambient mesh: what makes its balancer, certificate, records and pods is handed to it.

The hosted zone example.com is there already; dev.example.com is made in it and delegated.
"""

import pulumi
import pulumi_aws as aws

import pokayoke_eks as eks

named = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}
runs = named | {"kubernetes": "1.36"}
image = {"bottlerocket": "1.65.0-0be31b34"}
provider = aws.Provider("seoul", region=named["region"])
here = pulumi.ResourceOptions(provider=provider)

where = {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}
network = eks.Network("demo", eks.NetworkConfig.model_validate(named | where), here)
access = {"api_access": "private", "admins": ["arn:aws:iam::123456789012:role/platform"]}
config = eks.ClusterConfig.model_validate(runs | access | image | {"system_instance": "t4g.large"})
cluster = eks.Cluster("demo", config, network=network, opts=here)
karpenter = eks.Karpenter("demo", eks.KarpenterConfig.model_validate(runs), cluster=cluster)
general = {"name": "general", "instances": ["t4g.large", "m7g.large"], "limits": {"cpu": 16, "memory": "64Gi"}}
nodes = {"name": "demo", "region": named["region"], "kubernetes": "1.36", "pools": [general]} | image
pools = eks.NodePools("demo", eks.NodePoolsConfig.model_validate(nodes), karpenter=karpenter)

kinds = eks.GatewayApi("demo", eks.GatewayApiConfig.model_validate(runs), cluster=cluster)
controllers = eks.LoadBalancerControllerConfig.model_validate(runs)
controller = eks.LoadBalancerController("demo", controllers, cluster=cluster, gateway_api=kinds)
mesh = eks.IstioAmbient("demo", eks.IstioConfig.model_validate(runs), cluster=cluster, gateway_api=kinds)

zone = {"name": "demo", "lifecycle": "disposable", "domain": "dev.example.com", "parent_zone": "example.com"}
dns = eks.Dns("demo", eks.DnsConfig.model_validate(zone), opts=here)
follows = eks.ExternalDnsConfig.model_validate(named | {"sources": ["gateway-httproute"]})
records = eks.ExternalDns("demo", follows, cluster=cluster, dns=dns, gateway_api=kinds)

hosts = ["dev.example.com", "*.dev.example.com"]
gateway = eks.PublicGateway(
    "demo",
    eks.GatewayConfig.model_validate(named | {"variant": "istio-ambient", "hosts": hosts}),
    controller=controller,
    certificate=dns.certificate("demo", hosts, provider=provider),
    mesh=mesh,
    dns=records,
    pools=pools,
)
eks.DemoBackend("demo", gateway=gateway)
