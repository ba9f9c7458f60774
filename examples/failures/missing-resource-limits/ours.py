"""A cluster with Karpenter, whose identity, namespace, nodes and charts nobody has to spell twice, or at all."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import Cluster, ClusterConfig, Karpenter, KarpenterConfig, Network, NetworkConfig

named, new = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable"}, {"kubernetes": "1.36"}
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=named["region"]))
network = Network("demo", NetworkConfig.model_validate(named | {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}), here)
access = {"api_access": "private", "admins": ["arn:aws:iam::123456789012:role/platform"]}
config = ClusterConfig.model_validate(named | new | access | {"bottlerocket": "1.65.0-0be31b34"})
cluster = Cluster("demo", config, network=network, opts=here)
Karpenter("demo", KarpenterConfig.model_validate(named | new), cluster=cluster, opts=here)
