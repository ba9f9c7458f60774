"""So many copies of the dev platform in one stack: as many resources as it takes to see how the rehearsal grows."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import Cluster, Network
from pokayoke_eks.config import ClusterConfig, NetworkConfig

REGION = "ap-northeast-2"
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=REGION))

for number in range(pulumi.Config().require_int("copies")):
    name = f"bench-{number}"
    network = NetworkConfig.model_validate(
        {"name": name, "region": REGION, "cidr": "10.0.0.0/16", "zones": ["a", "b", "c"], "lifecycle": "disposable"}
    )
    cluster = ClusterConfig.model_validate(
        {
            "name": name,
            "region": REGION,
            "kubernetes": "1.36",
            "lifecycle": "disposable",
            "api_access": "private",
            "admins": ["arn:aws:iam::123456789012:role/platform"],
            "bottlerocket": "1.65.0-0be31b34",
        }
    )
    Cluster(name, cluster, network=Network(name, network, here), opts=here)
