"""What is attached to the roles of a stack, by whatever resource."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pokayoke_eks.rules.iam_actions import Statement, statements

from .eks import ROLE
from .inventory import known_map
from .near import Near
from .raw import UNKNOWN, NotKnownError, known_list
from .references import referred, referring, texts_in
from .stack import Member, Stack

_INLINE = "aws:iam/rolePolicy:RolePolicy"
_POLICY = "aws:iam/policy:Policy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_ATTACHMENTS = "aws:iam/policyAttachment:PolicyAttachment"
_EXCLUSIVE = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
_EVERYTHING = ("/AdministratorAccess", "/PowerUserAccess")
_READING = ("ReadOnly", "ReadOnlyAccess", "ViewOnlyAccess")
_ALL: Statement = {"Effect": "Allow", "Action": "*"}
_READS: Statement = {"Effect": "Allow", "Action": ["*:Describe*", "*:Get*", "*:List*"]}


@dataclass
class Attached:
    """What a role may."""

    statements: list[Statement] = field(default_factory=list[Statement])
    """Of the documents that the stack holds."""
    names: list[str] = field(default_factory=list[str])
    """Of AWS's own policies."""
    broad: list[Statement] = field(default_factory=list[Statement])
    """Of AWS's own policies that allow everything, or reading alone, written out."""
    others: bool = False
    """Whether something is attached that is of another stack, or of AWS and not written out here."""
    of_another_stack: bool = False
    unknown: NotKnownError | None = None
    """Why something attached cannot be told yet."""


def attached(stack: Stack, role: Member) -> Attached:
    """All that is attached to a role."""
    found = Attached()
    for one in _listed(role, "inlinePolicies"):
        _say(found, known_map(one).get("policy"))
    # A managed policy of CloudFormation attaches itself.
    for kind, key in ((_INLINE, "role"), (_POLICY, "roles")):
        for own in referring(stack, kind, key, role):
            _say(found, own.properties.get("policy"))
    sources = [stack.members.get(urn) for urn in role.sources.get("managedPolicyArns", ())]
    own = [one for one in sources if one is not None and one.type == _POLICY]
    for policy in own:
        _say(found, policy.properties.get("policy"))
    listed = _listed(role, "managedPolicyArns")
    if listed.count(UNKNOWN) > len(own):
        found.unknown = NotKnownError(("managedPolicyArns",))
    arns = [text for text in listed if isinstance(text, str)]
    for kind, key, listed in (
        (_ATTACHMENT, "role", "policyArn"),
        (_ATTACHMENTS, "roles", "policyArn"),
        (_EXCLUSIVE, "roleName", "policyArns"),
    ):
        for attachment in referring(stack, kind, key, role):
            policies = referred(stack, attachment, listed, _POLICY)
            for policy in policies:
                _say(found, policy.properties.get("policy"))
            texts = list(texts_in(attachment.properties.get(listed)))
            if not policies and not texts:
                found.unknown = NotKnownError((listed,))
            arns += texts
    for arn in arns:
        _add(stack, found, arn)
    return found


def trusting(stack: Stack, subject: str) -> Sequence[Member]:
    """The roles that name somebody in what they say of whom they trust, e.g. `system:serviceaccount:NAMESPACE:NAME`."""
    return stack.once(_trusting).of(None, subject)


def _trusting(stack: Stack) -> Near[Member]:
    """Roles by every text in what they say of whom they trust."""
    trusts = ((one, statements(one.properties.get("assumeRolePolicy"))) for one in stack.of_type(ROLE))
    return Near((text, None, one) for one, said in trusts for each in said for text in texts_in(dict(each)))


def _add(stack: Stack, found: Attached, arn: str) -> None:
    own = [one for one in stack.named.get(arn, ()) if one.type == _POLICY]
    for policy in own:
        _say(found, policy.properties.get("policy"))
    of_aws = ":iam::aws:policy/" in arn
    if of_aws:
        found.names.append(arn.rpartition("/")[2])
    if arn.endswith(_EVERYTHING):
        found.broad.append(_ALL)
    elif of_aws and arn.endswith(_READING):
        found.broad.append(_READS)
    elif not own:
        found.others = True
        found.of_another_stack = found.of_another_stack or not of_aws


def _listed(role: Member, key: str) -> list[Any]:
    # The provider fills both lists in with what is attached beside: a list that is not known yet was not stated.
    return known_list(role.properties.get(key))


def _say(found: Attached, policy: Any) -> None:
    if policy is UNKNOWN or policy is None:
        found.unknown = NotKnownError(("policy",))
    else:
        found.statements += statements(policy)
