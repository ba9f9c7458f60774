"""A controller's calls to AWS: each under its role's own policies, refused as AWS refuses, in the words of its SDK.

The wordings: kubernetes-sigs/aws-load-balancer-controller#3960 (ELB) and #2693 (EC2).
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.iam_evaluator import Value
from pokayoke_rehearsal.world.principals import Caller

_SERVICES = {
    "ec2": ("ec2", "EC2"),
    "elasticloadbalancing": ("elbv2", "Elastic Load Balancing v2"),
    "acm": ("acm", "ACM"),
    "iam": ("iam", "IAM"),
    "route53": ("route53", "Route 53"),
    "wafv2": ("wafv2", "WAFV2"),
    "waf-regional": ("waf-regional", "WAF Regional"),
}


class RefusedError(Exception):
    """What came back in place of an answer, as the SDK words it."""


@dataclass(frozen=True)
class Need:
    """A right that a call takes, beside or in place of the one on everything that its name says."""

    action: str
    resource: str
    context: Mapping[str, Value] = field(default_factory=dict[str, Value])


class Aws:
    """AWS for one controller; `problem` says why no call gets there or has nobody to be made as, empty for neither."""

    def __init__(self, account: Account, caller: Caller | None, problem: str, session: str) -> None:
        self.account = account
        self._caller, self._problem, self._session = caller, problem, session

    def read(self, *actions: str) -> None:
        """Calls that change nothing: only whether they would be answered is asked. Raises RefusedError."""
        for action in actions:
            self._require(action, Need(action, "*"))

    def call(self, action: str, needs: Sequence[Need] = (), **asked: Any) -> Any:
        """A call that changes something, with all the rights that it takes. Raises RefusedError."""
        for need in needs or [Need(action, "*")]:
            self._require(action, need)
        service, label, operation = _parts(action)
        client = self.account.world.client(service, self.account.region)
        try:
            return getattr(client, xform_name(operation))(**asked)
        except ClientError as error:
            said: dict[str, Any] = error.response
            answer = f"https response error StatusCode: {said['ResponseMetadata']['HTTPStatusCode']}"
            reason = f"api error {said['Error']['Code']}: {said['Error']['Message']}"
            raise RefusedError(f"operation error {label}: {operation}, {answer}, {reason}") from None

    def arn(self, service: str, resource: str) -> str:
        """An ARN of the region."""
        return self.account.arn(service, resource)

    def _require(self, action: str, need: Need) -> None:
        _, label, operation = _parts(action)
        if self._problem or self._caller is None:
            raise RefusedError(f"operation error {label}: {operation}, {self._problem}")
        if self._caller.may_with(need.action, need.resource, need.context):
            return
        role = self._caller.role.name
        user = f"arn:aws:sts::{self.account.world.account}:assumed-role/{role}/{self._session}"
        on = "" if need.resource == "*" else f" on resource: {need.resource}"
        told = f"User: {user} is not authorized to perform: {need.action}{on}"
        told = f"{told} because no identity-based policy allows the {need.action} action"
        if action.startswith("ec2:"):
            refused = f"UnauthorizedOperation: You are not authorized to perform this operation. {told}"
        else:
            refused = f"AccessDenied: {told}"
        raise RefusedError(
            f"operation error {label}: {operation}, https response error StatusCode: 403, api error {refused}"
        )


def requested(tags: Mapping[str, str]) -> dict[str, Value]:
    """The condition keys of a request that gives tags."""
    return {**{f"aws:RequestTag/{key}": value for key, value in tags.items()}, "aws:TagKeys": list(tags)}


def carried(service: str, tags: Mapping[str, str]) -> dict[str, Value]:
    """The condition keys of a thing that carries tags: the general ones, and the service's own."""
    return {f"{prefix}:ResourceTag/{key}": value for prefix in ("aws", service) for key, value in tags.items()}


def _parts(action: str) -> tuple[str, str, str]:
    prefix, _, operation = action.partition(":")
    return (*_SERVICES[prefix], operation)
