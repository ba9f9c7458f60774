"""The policy `lbc-iam-incomplete`: the role of the load balancer controller's service account may do what it does.

Judged are the stack's own roles, over Pod Identity or IRSA, by all that the stack attaches to them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.iam_actions import Statement, statements
from pokayoke_eks.rules.load_balancer_actions import SERVICE_ACCOUNT, SLUG, incomplete

from .accounts import accounts_of
from .eks import ASSOCIATION, ROLE, may_be_same
from .helm import known_chart
from .inventory import Install, installs, known_map, objects_of
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_of, mapping_of
from .references import referred, referring, texts_in
from .stack import Member, Stack

_INLINE = "aws:iam/rolePolicy:RolePolicy"
_POLICY = "aws:iam/policy:Policy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_ATTACHMENTS = "aws:iam/policyAttachment:PolicyAttachment"
_EVERYTHING = ("/AdministratorAccess", "/PowerUserAccess")
_READING = ("ReadOnly", "ReadOnlyAccess", "ViewOnlyAccess")
_IRSA = "eks.amazonaws.com/role-arn"


@dataclass(frozen=True)
class Account:
    """A service account under which the controller runs."""

    cluster: str | None
    namespace: Any
    name: Any
    install: Install | None = None


def the_controllers_role_is_complete(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every role that the controller's service account may take allows all that the controller calls."""
    unknown: NotKnownError | None = None
    judged: set[str] = set()
    for account in _accounts(stack):
        for role in _roles(stack, account):
            if role.urn in judged:
                continue
            judged.add(role.urn)
            try:
                given = _statements(stack, role)
            except NotKnownError as error:
                unknown = error
                continue
            finding = None if given is None else incomplete(given, *_installed(account))
            if finding:
                yield role.urn, finding
    if unknown:
        raise unknown


RULE = Rule(SLUG, stack=(the_controllers_role_is_complete,))


def _accounts(stack: Stack) -> Iterator[Account]:
    found = {one.member.urn: one for one in accounts_of(stack)[0]}
    for install in installs(stack, SERVICE_ACCOUNT):
        account = found.get(install.member.urn)
        if account is not None:
            yield Account(account.cluster, account.namespace, account.name, install)
    # Upstream's own name for it, whether the release is in this stack or in another.
    yield Account(None, "kube-system", SERVICE_ACCOUNT)


def _roles(stack: Stack, account: Account) -> list[Member]:
    found: dict[str, Member] = {}
    for association in stack.of_type(ASSOCIATION):
        said = association.properties
        if (said.get("namespace"), said.get("serviceAccount")) == (account.namespace, account.name):
            found.update((one.urn, one) for one in referred(stack, association, "roleArn", ROLE))
    for held in objects_of(stack, "core/ServiceAccount"):
        if (held.namespace, held.metadata.get("name")) == (account.namespace, account.name) and may_be_same(
            held.cluster, account.cluster
        ):
            found.update((one.urn, one) for one in _annotated(stack, held.member, held.metadata, "metadata"))
    if account.install is not None:
        values = known_map(known_map(account.install.values).get("serviceAccount"))
        found.update((one.urn, one) for one in _annotated(stack, account.install.member, values, "values"))
    subject = f"system:serviceaccount:{account.namespace}:{account.name}"
    for role in stack.of_type(ROLE):
        trust = role.properties.get("assumeRolePolicy")
        if any(subject in texts_in(dict(one)) for one in statements(trust)):
            found[role.urn] = role
    return list(found.values())


def _annotated(stack: Stack, member: Member, holder: dict[str, Any], key: str) -> list[Member]:
    """The role of an IRSA annotation: by its ARN, else by where the values come from, if that is one role."""
    arn = known_map(holder.get("annotations")).get(_IRSA)
    if isinstance(arn, str):
        name = arn.rpartition("/")[2]
        return [
            one for one in stack.of_type(ROLE) if arn == one.properties.get("arn") or name == one.properties.get("name")
        ]
    found = [one for one in referred(stack, member, key, ROLE) if arn is UNKNOWN]
    return found if len(found) == 1 else []


def _installed(account: Account) -> tuple[dict[str, Any], str | None]:
    install = account.install
    if install is None or known_chart(install.member.properties) is None:
        return {}, None
    version = install.member.properties.get("version")
    return known_map(install.values), version if isinstance(version, str) else None


def _statements(stack: Stack, role: Member) -> list[Statement] | None:
    """All that is attached to a role; None where something is that another stack, or AWS, has written."""
    given: list[Statement] = []
    for one in _listed(role, "inlinePolicies"):
        given += _document(known_map(one).get("policy"))
    for inline in referring(stack, _INLINE, "role", role):
        given += _document(inline.properties.get("policy"))
    for urn in role.sources.get("managedPolicyArns", ()):
        if urn in stack.members and stack.members[urn].type == _POLICY:
            given += _document(stack.members[urn].properties.get("policy"))
    arns = [text for text in _listed(role, "managedPolicyArns") if isinstance(text, str)]
    for kind, key in ((_ATTACHMENT, "role"), (_ATTACHMENTS, "roles")):
        for attachment in referring(stack, kind, key, role):
            policies = referred(stack, attachment, "policyArn", _POLICY)
            for policy in policies:
                given += _document(policy.properties.get("policy"))
            if not policies:
                arn = attachment.properties.get("policyArn")
                if not isinstance(arn, str):
                    raise NotKnownError(("policyArn",))
                arns.append(arn)
    return None if _opaque(stack, arns, given) else given


def _opaque(stack: Stack, arns: list[str], given: list[Statement]) -> bool:
    """Whether policies are attached whose text is not the stack's. AWS's that allow
    everything, or reading alone, are written out."""
    for arn in arns:
        own = [one for one in stack.named.get(arn, ()) if one.type == _POLICY]
        for policy in own:
            given += _document(policy.properties.get("policy"))
        if arn.endswith(_EVERYTHING):
            given.append({"Effect": "Allow", "Action": "*", "Resource": "*"})
        elif ":iam::aws:policy/" in arn and arn.endswith(_READING):
            given.append({"Effect": "Allow", "Action": ["*:Describe*", "*:Get*", "*:List*"], "Resource": "*"})
        elif not own:
            return True
    return False


def _listed(role: Member, key: str) -> list[Any]:
    value = role.properties.get(key)
    # The provider fills both lists in with what is attached beside: a list that is not known yet was not stated.
    return [] if value is UNKNOWN else list_of(value)


def _document(policy: Any) -> list[Statement]:
    if policy is UNKNOWN or policy is None:
        raise NotKnownError(("policy",))
    return statements(policy if isinstance(policy, str) else mapping_of(policy))
