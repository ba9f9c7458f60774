"""Where Pulumi's states are kept, and by which words Pulumi finds them.

Source: pulumi/pulumi v3.259: `pkg/backend/diy/backend.go` (a path in the bucket's address is a prefix of every key);
gocloud.dev v0.46 `secrets/awskms` (`context_` parameters are KMS's encryption context) and `aws` (`region`).
"""

import re

from . import names
from .finding import Finding, shown

LONGEST_BUCKET = 63
"""S3 user guide, "General purpose bucket naming rules"."""
NOT_EMPTY = "state-bucket-not-empty"
_ENVIRONMENT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)


def bad_environment(name: str) -> Finding | None:
    """Why no folder of the bucket, and no stack, is called so."""
    if _ENVIRONMENT.fullmatch(name):
        return None
    return Finding(f"{shown(name)} cannot name an environment", "Use small letters, digits and hyphens, e.g. dev.")


def bucket_name_too_long(name: str, region: str) -> Finding | None:
    """Why S3 takes no bucket that is named after this."""
    over = len(names.state_bucket(name, "123456789012", region)) - LONGEST_BUCKET
    if over <= 0:
        return None
    return Finding(
        f"with account and region the bucket's name would be {LONGEST_BUCKET + over} characters long, S3 takes "
        f"{LONGEST_BUCKET}",
        f"Shorten the name by {over} to at most {len(name) - over} characters.",
    )


def wrong_word(word: str, name: str) -> Finding | None:
    """Why this word removes nothing."""
    if word == name:
        return None
    return Finding(
        f"{shown(word)} is not the name of this backend, whose states would all be lost",
        f"Write {name} to lose them, or leave it out.",
        NOT_EMPTY,
    )


def login(bucket: str, environment: str, region: str) -> str:
    """What `pulumi login` is told, for one environment."""
    return f"s3://{bucket}/{environment}?region={region}"


def secrets_provider(name: str, environment: str, region: str) -> str:
    """What `pulumi stack init --secrets-provider` is told: a secret of one environment cannot be read as another's."""
    return f"awskms://{names.state_key_alias(name)}?region={region}&context_{CONTEXT}={environment}"


CONTEXT = "environment"
"""The key of the encryption context."""
