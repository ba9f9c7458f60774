"""IAM role ARNs, as access entries want them."""

import re

from .finding import Finding, shown

_ROLE = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov):iam::[0-9]{12}:role/(?:[\x21-\x7e]+/)?[A-Za-z0-9_+=,.@-]{1,64}", re.ASCII
)
_REMEDY = "Write a role's ARN: arn:aws:iam::123456789012:role/NAME."


def not_a_role(arn: str) -> Finding | None:
    """Why an access entry for administrators cannot, or should not, name this principal."""
    if _ROLE.fullmatch(arn):
        return None
    parts = arn.split(":", 5)
    if len(parts) == 6 and parts[0] == "arn":
        service, resource = parts[2], parts[5]
        if service == "sts" and resource.startswith("assumed-role/"):
            role = resource.split("/")[1] or "NAME"
            return Finding(
                f"{shown(arn)} is one session of a role, not the role",
                f"Write the role's own ARN, with its path: arn:{parts[1]}:iam::{parts[4]}:role/[PATH/]{role}.",
            )
        if service == "iam" and resource == "root":
            return Finding(
                f"{shown(arn)} is the whole account", "Name the role that administers; root is for breaking glass."
            )
        if service == "iam" and resource.startswith("user/"):
            return Finding(f"{shown(arn)} is a user, whose keys do not expire", "Name a role that your people assume.")
    return Finding(f"{shown(arn)} is no ARN of an IAM role", _REMEDY)


def partition_of(arn: str) -> str:
    """`aws`, `aws-cn` or `aws-us-gov`; the ARN must have passed `not_a_role`."""
    return arn.split(":")[1]


def account_of(arn: str) -> str:
    """The twelve digits of its account; the ARN must have passed `not_a_role`."""
    return arn.split(":")[4]
