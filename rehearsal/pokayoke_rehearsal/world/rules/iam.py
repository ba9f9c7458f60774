"""IAM: sizes, quotas and documents (IAM user guide, "IAM and AWS STS quotas"), and who makes the rehearsal's calls."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import json
from typing import Any

from moto.iam.exceptions import LimitExceededException, MalformedPolicyDocument, ValidationError
from moto.iam.models import IAMBackend, ManagedPolicy
from moto.sts.models import STSBackend

from pokayoke_rehearsal.world.model import ACCOUNT, OPERATOR
from pokayoke_rehearsal.world.rules.guard import guard

ROLE_NAME = 64
TRUST_SIZE = 2048
MANAGED_SIZE = 6144
INLINE_SIZE = 10240
ATTACHMENTS = 10


def install() -> None:
    """Puts the rules in place."""
    guard(IAMBackend, "create_role", before=_role_is_fit)
    guard(IAMBackend, "update_assume_role_policy", before=_trust_is_fit)
    guard(IAMBackend, "create_policy", before=_policy_fits)
    guard(IAMBackend, "create_policy_version", before=_policy_fits)
    guard(IAMBackend, "put_role_policy", before=_inline_policies_fit)
    guard(IAMBackend, "attach_role_policy", before=_attachments_fit)
    guard(ManagedPolicy, "attach_to", before=_attached_once)
    STSBackend.get_caller_identity = _operator  # pyright: ignore[reportAttributeAccessIssue]


def size_of(document: str) -> int:
    """How large IAM takes a policy to be: white space does not count."""
    return len("".join(document.split()))


def _role_is_fit(_: Any, asked: dict[str, Any]) -> None:
    name = asked["role_name"]
    if len(name) > ROLE_NAME:
        raise ValidationError(
            f"1 validation error detected: Value '{name}' at 'roleName' failed to satisfy constraint: "
            f"Member must have length less than or equal to {ROLE_NAME}"
        )
    _trust_is_fit(_, {"policy_document": asked["assume_role_policy_document"]})


def _trust_is_fit(_: Any, asked: dict[str, Any]) -> None:
    document = asked["policy_document"]
    try:
        statements = json.loads(document)["Statement"]
    except (ValueError, KeyError, TypeError):
        raise MalformedPolicyDocument("This policy contains invalid Json") from None
    for statement in statements if isinstance(statements, list) else [statements]:
        if "Principal" not in statement and "NotPrincipal" not in statement:
            raise MalformedPolicyDocument("Missing required field Principal")
    if size_of(document) > TRUST_SIZE:
        raise LimitExceededException(f"Cannot exceed quota for ACLSizePerRole: {TRUST_SIZE}")


def _policy_fits(_: Any, asked: dict[str, Any]) -> None:
    if size_of(asked["policy_document"]) > MANAGED_SIZE:
        raise LimitExceededException(f"Cannot exceed quota for PolicySize: {MANAGED_SIZE}")


def _inline_policies_fit(iam: Any, asked: dict[str, Any]) -> None:
    role = iam.get_role(asked["role_name"])
    others = [document for name, document in role.policies.items() if name != asked["policy_name"]]
    if sum(size_of(document) for document in [*others, asked["policy_json"]]) > INLINE_SIZE:
        raise LimitExceededException(f"Maximum policy size of {INLINE_SIZE} bytes exceeded for role {role.name}")


def _attachments_fit(iam: Any, asked: dict[str, Any]) -> None:
    attached = iam.get_role(asked["role_name"]).managed_policies
    if asked["policy_arn"] not in attached and len(attached) >= ATTACHMENTS:
        raise LimitExceededException(f"Cannot exceed quota for PoliciesPerRole: {ATTACHMENTS}")


def _attached_once(policy: Any, asked: dict[str, Any]) -> None:
    """To attach what is attached is no further attachment; moto counts it as one."""
    if policy.arn in asked["obj"].managed_policies:
        policy.attachment_count -= 1


def _operator(self: Any, access_key_id: str, region: str) -> tuple[str, str, str]:  # noqa: ARG001
    role = OPERATOR.rsplit("/", 1)[-1]
    return "AROAREHEARSALPLATFORM:rehearsal", f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/rehearsal", ACCOUNT
