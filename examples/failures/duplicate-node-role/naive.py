"""One module for the cluster and one for Karpenter, of two authors. Either makes the role of Karpenter's nodes."""

import pulumi_aws as aws
import raw

NODES = "shop-karpenter-nodes"


def eks_module():
    network = raw.Network(nat=False)
    own, policies = raw.role("shop-cluster", "eks.amazonaws.com", "AmazonEKSClusterPolicy")
    cluster = aws.eks.Cluster(
        "shop",
        name="shop",
        version="1.36",
        role_arn=own.arn,
        access_config={"authentication_mode": "API"},
        bootstrap_self_managed_addons=False,
        upgrade_policy={"support_type": "STANDARD"},
        vpc_config={"subnet_ids": [subnet.id for subnet in network.subnets]},
        opts=raw.after(*policies),
    )
    nodes = aws.iam.Role("eks-nodes", name=NODES, assume_role_policy=raw.trust("ec2.amazonaws.com"), opts=raw.here)
    aws.eks.AccessEntry(
        "eks-nodes", cluster_name=cluster.name, principal_arn=nodes.arn, type="EC2_LINUX", opts=raw.here
    )
    return cluster, nodes


def karpenter_module(cluster, nodes):
    nodes = aws.iam.Role(
        "karpenter-nodes", name=NODES, assume_role_policy=raw.trust("ec2.amazonaws.com"), opts=raw.here
    )
    aws.eks.AccessEntry(
        "karpenter-nodes", cluster_name=cluster.name, principal_arn=nodes.arn, type="EC2_LINUX", opts=raw.here
    )


karpenter_module(*eks_module())
