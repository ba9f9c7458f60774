"""The team asked for a control plane of the version that its charts are tested with; nodes and add-ons come later.

How long that version is to be supported, it left to the provider.
"""

import pulumi_aws as aws
import raw

network = raw.Network(nat=False)
role, attached = raw.role("shop-cluster", "eks.amazonaws.com", "AmazonEKSClusterPolicy")
aws.eks.Cluster(
    "shop",
    name="shop",
    version="1.33",
    role_arn=role.arn,
    bootstrap_self_managed_addons=False,
    vpc_config={"subnet_ids": [subnet.id for subnet in network.subnets]},
    opts=raw.after(*attached),
)
