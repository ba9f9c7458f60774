"""Who may assume a role."""

from .document import Document, document

EKS = "eks.amazonaws.com"
EC2 = "ec2.amazonaws.com"
"""The principals of a cluster's and of a node's role, the same in every partition (EKS user guide, cluster IAM role and
node IAM role)."""
BACKUP = "backup.amazonaws.com"
"""AWS Backup developer guide, "IAM service roles"."""


def service(principal: str) -> Document:
    """One AWS service. EKS and EC2 set no `aws:SourceArn` when they assume these roles, nor does AWS Backup, as far as
    is known (prowler-cloud/prowler#2810)."""
    return document(
        {"Sid": "Service", "Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    )


def pods(*, cluster_arn: str, namespace: str, service_account: str) -> Document:
    """The pods of one service account of one cluster, over EKS Pod Identity.

    Source: EKS user guide, "Create IAM role with trust policy required by EKS Pod Identity": both actions are needed,
    and the session tags that Pod Identity sends (`eks-cluster-arn`, `kubernetes-namespace`,
    `kubernetes-service-account`) serve as conditions. `aws:SourceArn` is no substitute: with the association's ARN
    there, nothing is assumed (awslabs/mountpoint-s3-csi-driver#781).
    """
    return document(
        {
            "Sid": "PodIdentity",
            "Effect": "Allow",
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {
                "StringEquals": {
                    "aws:SourceAccount": _account(cluster_arn),
                    "aws:RequestTag/eks-cluster-arn": cluster_arn,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": service_account,
                }
            },
        }
    )


def flow_logs(*, vpc_arn: str) -> Document:
    """VPC Flow Logs, of the VPC's account and region only.

    Source: VPC user guide, "IAM role for publishing flow logs to CloudWatch Logs" (the confused deputy conditions).
    """
    partition, region, account = vpc_arn.split(":")[1], vpc_arn.split(":")[3], _account(vpc_arn)
    return document(
        {
            "Sid": "FlowLogs",
            "Effect": "Allow",
            "Principal": {"Service": "vpc-flow-logs.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": account},
                "ArnLike": {"aws:SourceArn": f"arn:{partition}:ec2:{region}:{account}:vpc-flow-log/*"},
            },
        }
    )


def _account(arn: str) -> str:
    return arn.split(":")[4]
