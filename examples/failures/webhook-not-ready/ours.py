"""The load balancer controller, and an API's Service that waits for nobody: none of the controller's webhooks asks."""

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

import pokayoke_eks as eks

named = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}
runs = named | {"kubernetes": "1.36"}
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=named["region"]))

where = {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}
network = eks.Network("demo", eks.NetworkConfig.model_validate(named | where), here)
access = {"api_access": "private", "admins": ["arn:aws:iam::123456789012:role/platform"]}
config = eks.ClusterConfig.model_validate(runs | access | {"bottlerocket": "1.65.0-0be31b34"})
cluster = eks.Cluster("demo", config, network=network, opts=here)

kinds = eks.GatewayApi("demo", eks.GatewayApiConfig.model_validate(runs), cluster=cluster)
controllers = eks.LoadBalancerControllerConfig.model_validate(runs)
eks.LoadBalancerController("demo", controllers, cluster=cluster, gateway_api=kinds)

k8s.core.v1.Service(
    "orders",
    metadata={"name": "orders", "namespace": "default", "annotations": {"pulumi.com/skipAwait": "true"}},
    spec={"selector": {"app": "orders"}, "ports": [{"port": 80, "targetPort": 8080}]},
    opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=cluster.ready),
)
