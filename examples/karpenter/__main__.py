"""A cluster with Karpenter: whoever has NodePools of their own brings them; the next example lets ours be made."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import Cluster, ClusterConfig, Karpenter, KarpenterConfig, Network, NetworkConfig

REGION, VERSION = "ap-northeast-2", {"kubernetes": "1.36"}
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=REGION))
shared = {"name": "demo", "region": REGION, "lifecycle": "disposable"}
network = Network("demo", NetworkConfig.model_validate(shared | {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}), here)
access = {"api_access": {"public": ["203.0.113.0/24"]}, "admins": ["arn:aws:iam::123456789012:role/platform"]}
config = ClusterConfig.model_validate(shared | VERSION | access | {"bottlerocket": "1.65.0-0be31b34"})
cluster = Cluster("demo", config, network=network, opts=here)

karpenter = Karpenter("demo", KarpenterConfig.model_validate(shared | VERSION), cluster=cluster, opts=here)
pulumi.export("node_role", karpenter.node_role.name)
