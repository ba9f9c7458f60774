"""A public gateway that is an ALB: it ends TLS, routes by host and path, and sends HTTP to HTTPS.

The hosted zone example.com is there already; dev.example.com is made in it and delegated.
"""

import pulumi
import pulumi_aws as aws

import pokayoke_eks as eks

REGION = "ap-northeast-2"
named = {"name": "demo", "region": REGION, "lifecycle": "disposable"}
runs = named | {"kubernetes": "1.36"}
provider = aws.Provider("seoul", region=REGION)
here = pulumi.ResourceOptions(provider=provider)

where = {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}
network = eks.Network("demo", eks.NetworkConfig.model_validate(named | where), here)
access = {"api_access": {"public": ["203.0.113.0/24"]}, "admins": ["arn:aws:iam::123456789012:role/platform"]}
image = {"bottlerocket": "1.65.0-0be31b34"}
config = eks.ClusterConfig.model_validate(runs | image | access)
cluster = eks.Cluster("demo", config, network=network, opts=here)

karpenter = eks.Karpenter("demo", eks.KarpenterConfig.model_validate(runs), cluster=cluster, opts=here)
general = {"name": "general", "instances": ["t4g.large", "m7g.large"], "limits": {"cpu": 16, "memory": "64Gi"}}
nodes = eks.NodePoolsConfig.model_validate(
    {"name": "demo", "region": REGION, "kubernetes": "1.36", "pools": [general]} | image
)
pools = eks.NodePools("demo", nodes, karpenter=karpenter, opts=here)

kinds = eks.GatewayApi("demo", eks.GatewayApiConfig.model_validate(runs), cluster=cluster, opts=here)
controller = eks.LoadBalancerController(
    "demo", eks.LoadBalancerControllerConfig.model_validate(runs), cluster=cluster, gateway_api=kinds, opts=here
)

zone = {"name": "demo", "lifecycle": "disposable", "domain": "dev.example.com", "parent_zone": "example.com"}
dns = eks.Dns("demo", eks.DnsConfig.model_validate(zone), opts=here)
follows = eks.ExternalDnsConfig.model_validate(named | {"sources": ["gateway-httproute"]})
records = eks.ExternalDns("demo", follows, cluster=cluster, dns=dns, gateway_api=kinds, opts=here)

hosts = ["dev.example.com", "*.dev.example.com"]
gateway = eks.PublicGateway(
    "demo",
    eks.GatewayConfig.model_validate(named | {"variant": "alb", "hosts": hosts}),
    controller=controller,
    certificate=dns.certificate("demo", hosts, provider=provider),
    dns=records,
    pools=pools,
    opts=here,
)
eks.DemoBackend("demo", gateway=gateway)
pulumi.export("balancer", gateway.address)
