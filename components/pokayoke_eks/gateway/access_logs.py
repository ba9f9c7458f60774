"""The bucket into which a gateway's balancer writes what was asked of it."""

import pulumi
import pulumi_aws as aws

from .. import buckets, tags
from ..config.gateway import GatewayConfig
from ..iam import document
from ..iam.access_logs import bucket_policy
from ..rules import names
from ..rules.load_balancers import ALB


class AccessLogs:
    """A bucket of ours: private, encrypted with S3's own keys (an ALB writes to none other), TLS only, emptied of what
    is older than the environment's other logs."""

    bucket: aws.s3.Bucket
    ready: list[pulumi.Resource]
    """Until the balancer may write there, Elastic Load Balancing refuses to switch its logs on."""

    def __init__(
        self, name: str, config: GatewayConfig, *, cluster_arn: pulumi.Output[str], opts: pulumi.ResourceOptions
    ) -> None:
        account = cluster_arn.apply(lambda arn: arn.split(":")[4])
        self.bucket = aws.s3.Bucket(
            f"{name}-access-logs",
            bucket=account.apply(
                lambda number: names.access_logs_bucket(config.name, config.region, config.gateway, number)
            ),
            force_destroy=not config.protected,
            tags=tags.of(config.name, config.tags),
            opts=opts,
        )
        closed = buckets.closed(f"{name}-access-logs", self.bucket, opts)
        encrypted = buckets.encrypted(f"{name}-access-logs", self.bucket, opts, key=None)
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-access-logs",
            bucket=self.bucket.id,
            rules=[
                aws.s3.BucketLifecycleConfigurationRuleArgs(
                    id="expire",
                    status="Enabled",
                    filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                    expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=config.log_retention_days),
                )
            ],
            opts=opts,
        )
        policy = aws.s3.BucketPolicy(
            f"{name}-access-logs",
            bucket=self.bucket.id,
            policy=pulumi.Output.all(arn=self.bucket.arn, account=account).apply(
                lambda made: document.text(
                    bucket_policy(
                        made["arn"],
                        prefix=config.gateway,
                        account=made["account"],
                        region=config.region,
                        application=config.variant == ALB,
                    )
                )
            ),
            opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[closed])),
        )
        self.ready = [self.bucket, encrypted, policy]
