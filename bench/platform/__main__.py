"""So many copies of the dev platform in one stack: as many resources as it takes to see how the rehearsal grows."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import Cluster, Karpenter, Network, NodePools
from pokayoke_eks.config import PlatformConfig

REGION = "ap-northeast-2"
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=REGION))

for number in range(pulumi.Config().require_int("copies")):
    name = f"bench-{number}"
    platform = PlatformConfig.model_validate(
        {
            "name": name,
            "lifecycle": "disposable",
            "regions": {REGION: {"cidr": "10.0.0.0/16", "zones": ["a", "b", "c"]}},
            "kubernetes": "1.36",
            "bottlerocket": "1.65.0-0be31b34",
            "api_access": "private",
            "admins": ["arn:aws:iam::123456789012:role/platform"],
            "pools": [{"name": "general", "instances": ["m7g.large"], "limits": {"cpu": 32, "memory": "64Gi"}}],
        }
    )
    cluster = Cluster(name, platform.cluster(REGION), network=Network(name, platform.network(REGION), here), opts=here)
    karpenter = Karpenter(name, platform.karpenter(REGION), cluster=cluster, opts=here)
    NodePools(name, platform.node_pools(REGION), karpenter=karpenter, opts=here)
