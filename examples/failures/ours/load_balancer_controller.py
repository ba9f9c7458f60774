"""A cluster with the kinds of Gateway API, and the load balancer controller, which is handed both.

So no kind can be missing that it watches, and no id of a network can be one that was.
"""

import pulumi
import pulumi_aws as aws

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
