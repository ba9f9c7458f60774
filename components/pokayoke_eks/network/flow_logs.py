"""Flow logs of the VPC."""

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config import NetworkConfig
from ..iam import document, logs, trust
from ..rules import names


def flow_logs(name: str, config: NetworkConfig, vpc: aws.ec2.Vpc, opts: pulumi.ResourceOptions) -> aws.ec2.FlowLog:
    """All traffic of the VPC into a log group of ours, with retention; the role may write there and nowhere else."""
    group = aws.cloudwatch.LogGroup(
        f"{name}-flow-logs",
        name=names.flow_log_group(config.name),
        retention_in_days=config.log_retention_days,
        tags=tags.of(config.name, config.tags),
        opts=opts,
    )
    role = aws.iam.Role(
        f"{name}-flow-logs",
        name=names.role_name(config.name, config.region, names.Purpose.FLOW_LOGS),
        assume_role_policy=vpc.arn.apply(lambda arn: document.text(trust.flow_logs(vpc_arn=arn))),
        tags=tags.of(config.name, config.tags),
        opts=opts,
    )
    policy = aws.iam.RolePolicy(
        f"{name}-flow-logs",
        role=role.name,
        policy=group.arn.apply(lambda arn: document.text(logs.write_flow_logs(log_group_arn=arn))),
        opts=opts,
    )
    return aws.ec2.FlowLog(
        f"{name}-flow-logs",
        vpc_id=vpc.id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        tags=tags.of(config.name, config.tags, Name=f"{config.name}-flow-logs"),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[policy])),
    )
