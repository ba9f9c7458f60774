"""Who may write a load balancer's access logs into a bucket.

Source: Elastic Load Balancing user guides, "Enable access logs for your Network Load Balancer" (the service that
delivers logs, its two conditions) and "... for your Application Load Balancer" (Elastic Load Balancing itself; a bucket
encrypted with S3's own keys, none other).
"""

from collections.abc import Sequence

from .document import Document, Statement, document

DELIVERY = "delivery.logs.amazonaws.com"
"""Writes what an NLB logs."""
BALANCING = "logdelivery.elasticloadbalancing.amazonaws.com"
"""Writes what an ALB logs."""


def bucket_policy(bucket_arn: str, *, prefix: str, account: str, region: str, application: bool) -> Document:
    """The policy of a bucket for the logs of the balancers of one account in one region, under one prefix. They are
    ALBs where `application`, else NLBs. Nobody gets at it in plain text."""
    objects = f"{bucket_arn}/{prefix}/AWSLogs/{account}/*"
    writer = [_put(BALANCING, objects)] if application else _delivery(bucket_arn, objects, account, region)
    return document(*writer, _only_tls(bucket_arn))


def _delivery(bucket_arn: str, objects: str, account: str, region: str) -> Sequence[Statement]:
    partition = bucket_arn.split(":")[1]
    ours = {
        "StringEquals": {"aws:SourceAccount": account},
        "ArnLike": {"aws:SourceArn": f"arn:{partition}:logs:{region}:{account}:*"},
    }
    full_control = {"aws:SourceAccount": account, "s3:x-amz-acl": "bucket-owner-full-control"}
    return (
        {
            "Sid": "AWSLogDeliveryAclCheck",
            "Effect": "Allow",
            "Principal": {"Service": DELIVERY},
            "Action": "s3:GetBucketAcl",
            "Resource": bucket_arn,
            "Condition": ours,
        },
        {**_put(DELIVERY, objects), "Condition": {**ours, "StringEquals": full_control}},
    )


def _put(service: str, objects: str) -> Statement:
    return {
        "Sid": "AWSLogDeliveryWrite",
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "s3:PutObject",
        "Resource": objects,
    }


def _only_tls(bucket_arn: str) -> Statement:
    return {
        "Sid": "DenyHTTP",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket_arn, f"{bucket_arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
