"""A network for a cluster named demo: no private subnet is without a way out."""

import pulumi
import pulumi_aws as aws

from pokayoke_eks import Network, NetworkConfig

REGION = "ap-northeast-2"
config = NetworkConfig.model_validate(
    {"name": "demo", "region": REGION, "cidr": "10.0.0.0/16", "zones": ["a", "b", "c"], "lifecycle": "disposable"}
)
network = Network("demo", config, pulumi.ResourceOptions(provider=aws.Provider("seoul", region=REGION)))

pulumi.export("vpc", network.vpc.id)
pulumi.export("private_subnets", [subnet.id for subnet in network.private_subnets])
