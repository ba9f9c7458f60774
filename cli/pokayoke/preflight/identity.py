"""Who asks, in which account, and whether `aws` on this machine is the same caller."""

import json
import re
from collections.abc import Iterator
from typing import cast

from pokayoke.accounts import UNANSWERED, code_of
from pokayoke_eks.rules import arns

from .verdict import Asking, Verdict, fine, refused

DOCUMENTATION = "123456789012"
"""The account number of AWS's own documentation: nobody's."""


def account(asking: Asking) -> Iterator[Verdict]:
    """The credentials are of the account that the config names."""
    here, expected = asking.caller["Account"], _expected(asking)
    if DOCUMENTATION in expected:
        yield refused(
            f"the config names the account {DOCUMENTATION}, which is only documentation's",
            "Put your own account and roles into `admins`.",
        )
    elif expected != {here}:
        names = ", ".join(sorted(expected))
        yield refused(
            f"these credentials are of account {here}, the config is for {names}",
            "Log in to the right account, or correct `account` and `admins`.",
            "environment-isolation",
        )
    else:
        yield fine(f"account {here}")


def administrator(asking: Asking) -> Iterator[Verdict]:
    """Whoever runs the program is among the administrators: nobody else enters the cluster that it makes."""
    arn = asking.caller["Arn"]
    role = _role_of(arn)
    admins = {_without_path(one) for one in asking.platform.admins}
    if role in admins:
        yield fine(f"{role.rpartition('/')[2]} is among the admins")
    else:
        yield refused(
            f"the caller {arn} is not among `admins`",
            "Assume one of them, or add the caller's role: what comes on top of the cluster is made by it.",
        )


def command_line(asking: Asking) -> Iterator[Verdict]:
    """`aws` is installed and is the same caller: the kubeconfig asks it for tokens."""
    code, text = asking.machine.run(["aws", "sts", "get-caller-identity", "--output", "json"])
    if code == 127:
        yield refused("the AWS CLI is not installed", "Install it: the kubeconfig runs `aws eks get-token`.")
        return
    try:
        told = cast("dict[str, str]", json.loads(text)) if code == 0 else {}
    except ValueError:
        told = {}
    here = asking.caller["Arn"]
    if not told:
        yield refused("`aws sts get-caller-identity` fails", "Log in with the AWS CLI, with the same profile.")
    elif _role_of(told.get("Arn", "")) != _role_of(here):
        yield refused(
            f"`aws` is {told.get('Arn')}, the program would be {here}",
            "Set AWS_PROFILE, or the credentials, for both alike.",
        )
    else:
        yield fine("`aws` is the same caller")


def region_enabled(asking: Asking, region: str) -> Iterator[Verdict]:
    """The account has switched the region on."""
    try:
        found = asking.clients("ec2", asking.first_region).describe_regions(RegionNames=[region], AllRegions=True)
        status = str(found["Regions"][0].get("OptInStatus"))
    except UNANSWERED as error:
        if code_of(error) != "InvalidParameterValue":
            raise
        status = "unknown to AWS"
    if status in ("opt-in-not-required", "opted-in"):
        yield fine("the region is enabled")
    else:
        yield refused(f"the region is {status}", "Enable it in the account's settings, or leave it out.")


def _expected(asking: Asking) -> set[str]:
    stated = asking.platform.account
    return {stated} if stated else {arns.account_of(arn) for arn in asking.platform.admins}


def _role_of(arn: str) -> str:
    """The role, without its path, of a session's ARN: the session names neither path nor `iam`."""
    assumed = re.fullmatch(r"(arn:[^:]+):sts::(\d+):assumed-role/([^/]+)/.*", arn)
    return f"{assumed[1]}:iam::{assumed[2]}:role/{assumed[3]}" if assumed else _without_path(arn)


def _without_path(arn: str) -> str:
    head, _, resource = arn.partition(":role/")
    return f"{head}:role/{resource.rpartition('/')[2]}" if resource else arn
