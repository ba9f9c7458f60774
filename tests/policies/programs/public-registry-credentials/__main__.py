"""Credentials for a registry where anybody may pull; the cluster is still to be made."""

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

cluster = aws.eks.Cluster(
    "cluster",
    role_arn="arn:aws:iam::123456789012:role/cluster",
    version="1.36",
    upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
    vpc_config=aws.eks.ClusterVpcConfigArgs(subnet_ids=["subnet-1", "subnet-2"]),
)
kubernetes.helm.v3.Release(
    "crds",
    chart="oci://public.ecr.aws/karpenter/karpenter-crd",
    version="1.14.1",
    repository_opts=kubernetes.helm.v3.RepositoryOptsArgs(username="AWS", password="not-a-secret"),
    opts=pulumi.ResourceOptions(provider=kubernetes.Provider("demo", kubeconfig=cluster.endpoint)),
)
