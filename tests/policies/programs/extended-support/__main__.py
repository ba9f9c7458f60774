"""A cluster that says nothing of its support type, which means EXTENDED."""

import pulumi_aws as aws

aws.eks.Cluster(
    "cluster",
    role_arn="arn:aws:iam::123456789012:role/cluster",
    version="1.36",
    vpc_config=aws.eks.ClusterVpcConfigArgs(subnet_ids=["subnet-1", "subnet-2"]),
)
