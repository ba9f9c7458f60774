"""What every bucket of ours has, whatever is kept in it."""

import pulumi
import pulumi_aws as aws


def closed(name: str, bucket: aws.s3.Bucket, opts: pulumi.ResourceOptions) -> aws.s3.BucketPublicAccessBlock:
    """No policy and no list can open the bucket to the public."""
    return aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=opts,
    )


def encrypted(
    name: str, bucket: aws.s3.Bucket, opts: pulumi.ResourceOptions, *, key: aws.kms.Key | None
) -> aws.s3.BucketServerSideEncryptionConfiguration:
    """Every object is encrypted: under this key, of which S3 derives one a bucket; under S3's own without."""
    by_default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
        sse_algorithm="aws:kms" if key else "AES256", kms_master_key_id=key.arn if key else None
    )
    return aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket.id,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=by_default, bucket_key_enabled=True if key else None
            )
        ],
        opts=opts,
    )
