"""The team moved the nodes on which Karpenter itself runs to Graviton, which costs less. The image type stayed."""

import pulumi_aws as aws
import raw

network = raw.Network()
cluster, cluster_policies = raw.role("cluster", "eks.amazonaws.com", "AmazonEKSClusterPolicy")
nodes, node_policies = raw.role("system-nodes", "ec2.amazonaws.com", *raw.PULLS)
subnets = [subnet.id for subnet in network.subnets]
shop = aws.eks.Cluster(
    "shop",
    name="shop",
    version="1.36",
    role_arn=cluster.arn,
    upgrade_policy={"support_type": "STANDARD"},
    vpc_config={"subnet_ids": subnets, "endpoint_private_access": True},
    opts=raw.after(*cluster_policies),
)
aws.eks.NodeGroup(
    "system",
    cluster_name=shop.name,
    node_role_arn=nodes.arn,
    subnet_ids=subnets,
    instance_types=["t4g.medium"],
    ami_type="BOTTLEROCKET_x86_64",
    scaling_config={"min_size": 2, "max_size": 3, "desired_size": 2},
    opts=raw.after(*node_policies, *network.ready),
)
