"""ARM64 instances under an x86 image."""

import pulumi_aws as aws

aws.eks.NodeGroup(
    "nodes",
    cluster_name="demo",
    node_role_arn="arn:aws:iam::123456789012:role/nodes",
    subnet_ids=["subnet-1"],
    scaling_config=aws.eks.NodeGroupScalingConfigArgs(min_size=1, desired_size=1, max_size=1),
    ami_type="BOTTLEROCKET_x86_64",
    instance_types=["t4g.medium"],
)
