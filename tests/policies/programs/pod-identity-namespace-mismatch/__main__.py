"""Karpenter in one namespace, its association in another."""

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
agent = aws.eks.Addon("agent", cluster_name=cluster.name, addon_name="eks-pod-identity-agent")
identity = aws.eks.PodIdentityAssociation(
    "identity",
    cluster_name=cluster.name,
    namespace="kube-system",
    service_account="karpenter",
    role_arn="arn:aws:iam::123456789012:role/karpenter",
)
provider = kubernetes.Provider("demo", kubeconfig=cluster.endpoint)
amounts = {"cpu": "1", "memory": "1Gi"}
kubernetes.helm.v3.Release(
    "karpenter",
    name="karpenter",
    chart="oci://public.ecr.aws/karpenter/karpenter",
    namespace="karpenter",
    values={"controller": {"resources": {"requests": amounts, "limits": amounts}}},
    opts=pulumi.ResourceOptions(provider=provider, depends_on=[identity, agent]),
)
