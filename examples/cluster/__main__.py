"""A cluster on a network of its own, and one object in it."""

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from pokayoke_eks import Cluster, ClusterConfig, Network, NetworkConfig

REGION = "ap-northeast-2"
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=REGION))
shared = {"name": "demo", "region": REGION, "lifecycle": "disposable"}
network = Network("demo", NetworkConfig.model_validate(shared | {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}), here)
versions = {"kubernetes": "1.36", "bottlerocket": "1.65.0-0be31b34"}
access = {"api_access": {"public": ["203.0.113.0/24"]}, "admins": ["arn:aws:iam::123456789012:role/platform"]}
cluster = Cluster("demo", ClusterConfig.model_validate(shared | versions | access), network=network, opts=here)

inside = pulumi.ResourceOptions(provider=cluster.provider, depends_on=cluster.ready)
restricted = {"pod-security.kubernetes.io/enforce": "restricted"}
kubernetes.core.v1.Namespace("shop", metadata={"name": "shop", "labels": restricted}, opts=inside)
pulumi.export("endpoint", cluster.endpoint)
