"""What the platform's roles may do in CloudWatch Logs."""

from .document import Document, allow, deny, document

CREATE_LOG_GROUP = "logs:CreateLogGroup"


def write_flow_logs(*, log_group_arn: str) -> Document:
    """Write to one existing log group.

    Source: VPC user guide, "IAM role for publishing flow logs to CloudWatch Logs", less `logs:CreateLogGroup`: with it
    the service makes a deleted group again, without retention, after the stack is gone
    (terraform-aws-modules/terraform-aws-vpc#550).
    """
    return document(
        allow(
            "Write",
            ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            [log_group_arn, f"{log_group_arn}:*"],
        ),
        allow("Find", ["logs:DescribeLogGroups"], ["*"]),
    )


def never_create_log_groups() -> Document:
    """For the cluster's role: its managed policy may create the control plane's log group anew after it was deleted.

    Source: terraform-aws-modules/terraform-aws-eks#1594 (AmazonEKSClusterPolicy is managed by AWS: only a denial takes
    a permission out of it).
    """
    return document(deny("OwnLogGroupOnly", [CREATE_LOG_GROUP], ["*"]))
