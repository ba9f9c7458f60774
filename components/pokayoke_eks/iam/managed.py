"""The policies managed by AWS that the platform attaches, and nothing beyond them."""

CLUSTER = ("AmazonEKSClusterPolicy",)
"""EKS user guide, "Amazon EKS cluster IAM role"."""

NODES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
"""EKS user guide, "Amazon EKS node IAM role", which would rather have the network plugin's on a role of its own."""

NETWORK_PLUGIN = ("AmazonEKS_CNI_Policy",)
"""EKS user guide, "Configure Amazon VPC CNI plugin to use IRSA": for clusters of IPv4, as all here are."""

EBS_CSI = ("service-role/AmazonEBSCSIDriverPolicy",)
"""EKS user guide, "Amazon EBS CSI driver IAM role"."""

BACKUPS = ("service-role/AWSBackupServiceRolePolicyForBackup",)
"""AWS Backup developer guide, "Managed policies for AWS Backup": there is none for Aurora DSQL alone."""

CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"
"""An access policy (of EKS, not of IAM): EKS user guide, "Review access policy permissions"."""


def policy_arn(name: str, partition: str) -> str:
    """The ARN of an IAM policy managed by AWS."""
    return f"arn:{partition}:iam::aws:policy/{name}"


def access_policy_arn(name: str, partition: str) -> str:
    """The ARN of an EKS access policy."""
    return f"arn:{partition}:eks::aws:cluster-access-policy/{name}"
