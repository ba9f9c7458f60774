"""Who may reach Pulumi's states."""

from .document import Document, allow, document


def tls_only(bucket_arn: str) -> Document:
    """Nobody without TLS (S3 user guide, "Security best practices": `aws:SecureTransport`)."""
    return document(
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket_arn, f"{bucket_arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )


def one_environment(bucket_arn: str, key_arn: str, environment: str) -> Document:
    """Read and write the states of one environment, and the secrets in them, for whoever deploys it.

    Listing is of the whole bucket: where it were of the folder alone, S3 would answer for a state that is not there yet
    that access is denied, instead of that there is none. With a bucket key, KMS's encryption context is the bucket
    (S3 user guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys").
    """
    objects = allow("Objects", ["kms:Decrypt", "kms:GenerateDataKey"], [key_arn])
    secrets = allow("Secrets", ["kms:Decrypt", "kms:Encrypt"], [key_arn])
    return document(
        allow("List", ["s3:ListBucket"], [bucket_arn]),
        allow("States", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [f"{bucket_arn}/{environment}/*"]),
        {**objects, "Condition": {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": bucket_arn}}},
        {**secrets, "Condition": {"StringEquals": {"kms:EncryptionContext:environment": environment}}},
    )
