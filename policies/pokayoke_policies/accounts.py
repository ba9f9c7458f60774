"""The service accounts that a stack's Kubernetes resources use or make, as far as it tells."""

from dataclasses import dataclass
from typing import Any, cast

from pokayoke_eks.rules import charts
from pokayoke_eks.rules.workloads import POD_SPECS

from .eks import label
from .helm import has_more_values, known_chart, values_of
from .inventory import cluster_of_provider, speaks_by_values
from .objects import CHART, RELEASE, key_of_type
from .raw import UNKNOWN, NotKnownError, list_at, list_of, mapping_at, mapping_of, stated
from .stack import Member, Stack

_IRSA = "eks.amazonaws.com/role-arn"
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_SHARED_CREDENTIALS_FILE")
_CONTROLLERS = {"karpenter": (), "aws-load-balancer-controller": (), "external-dns": ("--provider=aws",)}
"""Controllers by the label that their charts put on pods, and the arguments with which they call AWS."""


@dataclass(frozen=True)
class Account:
    """A service account that something in the stack uses or makes."""

    member: Member
    cluster: str | None
    namespace: str
    name: str
    pods: bool
    """Whether the resource makes pods, which get credentials at their admission or never."""
    calls_aws: bool = False
    """Whether those pods fail without credentials, and nothing shows that they have others."""
    irsa: bool = False

    @property
    def place(self) -> str:
        """The properties by which its pods have it."""
        if self.member.type in (RELEASE, CHART):
            return "namespace, values.serviceAccount"
        return f"metadata.namespace, {'.'.join(POD_SPECS[str(key_of_type(self.member.type))])}.serviceAccountName"


def accounts_of(stack: Stack) -> tuple[list[Account], NotKnownError | None]:
    """Every service account that can be told, and why one of the others cannot."""
    return stack.once(_accounts)


def _accounts(stack: Stack) -> tuple[list[Account], NotKnownError | None]:
    found: list[Account] = []
    unknown: NotKnownError | None = None
    for member in stack.of_package("kubernetes"):
        try:
            one = _account(stack, member)
        except NotKnownError as error:
            unknown = error
            continue
        if one:
            found.append(one)
    return found, unknown


def _account(stack: Stack, member: Member) -> Account | None:
    if speaks_by_values(stack, member):
        return _of_release(stack, member)
    key = key_of_type(member.type)
    if key == "core/ServiceAccount":
        metadata = mapping_at(member.properties, "metadata")
        irsa = bool(mapping_at(metadata, "annotations").get(_IRSA))
        name = stated(metadata, "name")
        cluster = cluster_of_provider(stack, member)
        return Account(member, cluster, _namespace(metadata), str(name), pods=False, irsa=irsa) if name else None
    path = POD_SPECS.get(str(key))
    return _of_workload(stack, member, path) if path else None


def _of_release(stack: Stack, member: Member) -> Account | None:
    release = member.properties
    values = values_of(release)
    account = mapping_at(values, "serviceAccount")
    chart = known_chart(release)
    own = account.get("name")
    if chart is None and not (isinstance(own, str) and own):
        return None
    if UNKNOWN in account.values():
        raise NotKnownError(("values", "serviceAccount"))
    named = stated(release, "name")
    name = charts.service_account(chart.name if chart else "", str(named or label(member.urn)), values)
    others = bool(values.get("hostNetwork")) or has_more_values(release) or _has_keys(values)
    return Account(
        member,
        cluster_of_provider(stack, member),
        str(stated(release, "namespace") or "default"),
        name,
        pods=True,
        calls_aws=chart is not None and chart.calls_aws(values) and not others,
        irsa=bool(mapping_at(account, "annotations").get(_IRSA)),
    )


def _of_workload(stack: Stack, member: Member, path: tuple[str, ...]) -> Account:
    spec = mapping_at(member.properties, *path)
    template = mapping_at(member.properties, *path[:-1])
    metadata = mapping_at(member.properties, "metadata")
    labels = mapping_at(template, "metadata", "labels")
    arguments = _CONTROLLERS.get(str(labels.get("app.kubernetes.io/name")))
    calls = arguments is not None and not spec.get("hostNetwork") and not _has_keys(spec)
    if calls and arguments:
        given = [mapping_of(one).get("args") for one in list_at(spec, "containers")]
        calls = any(argument in list_of(args) for args in given if args is not None for argument in arguments)
    return Account(
        member,
        cluster_of_provider(stack, member),
        _namespace(metadata),
        str(stated(spec, "serviceAccountName") or stated(spec, "serviceAccount") or "default"),
        pods=True,
        calls_aws=calls,
    )


def _namespace(metadata: dict[str, Any]) -> str:
    return str(stated(metadata, "namespace") or "default")


def _has_keys(value: Any) -> bool:
    """Whether environment variables somewhere below bring credentials of their own."""
    if isinstance(value, dict):
        mapping = cast("dict[str, Any]", value)
        if mapping.get("name") in _KEYS:
            return True
        return any(_has_keys(member) for member in mapping.values())
    return isinstance(value, list) and any(_has_keys(member) for member in cast("list[Any]", value))
