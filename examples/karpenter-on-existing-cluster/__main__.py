"""Karpenter and a pool on a cluster that another team made. Destroying this stack leaves theirs as it was.

Their VPC is found by its name and its subnets by the tags that load balancers go by; the controller runs on their node
group `base`. What would not work there is refused before anything is made.
"""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import (
    ExistingCluster,
    ExistingClusterConfig,
    ExistingNetwork,
    ExistingNetworkConfig,
    Karpenter,
    KarpenterConfig,
    NodePools,
    NodePoolsConfig,
)

REGION = "ap-northeast-2"
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=REGION))
shared = {"name": "theirs", "region": REGION}
living = shared | {"lifecycle": "disposable"}

network = ExistingNetwork(
    "theirs", ExistingNetworkConfig.model_validate({"region": REGION, "vpc_tags": {"Name": "company"}}), here
)
config = ExistingClusterConfig.model_validate(living | {"node_group": "base"})
cluster = ExistingCluster("theirs", config, network=network, opts=here)
version = {"kubernetes": cluster.config.kubernetes}

karpenter = Karpenter("theirs", KarpenterConfig.model_validate(living | version), cluster=cluster, opts=here)
pool = {
    "name": "general",
    "instances": ["t4g.large", "m7g.large", "m8g.large"],
    "limits": {"cpu": 32, "memory": "64Gi"},
}
pools = NodePoolsConfig.model_validate(shared | version | {"bottlerocket": "1.65.0-0be31b34", "pools": [pool]})
NodePools("theirs", pools, karpenter=karpenter, opts=here)
