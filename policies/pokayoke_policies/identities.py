"""The policy `pod-identity-namespace-mismatch`: pods that call AWS get credentials. Between associations, add-ons,
releases, workloads and service accounts of one stack; what another stack makes is not judged."""

from collections.abc import Iterator
from typing import Any, cast

from pokayoke_eks.rules.finding import Finding

from .accounts import Account, accounts_of
from .balancers import may_come_otherwise
from .eks import ADDON, Association, associations, cluster_of, label, may_be_same
from .helm import known_chart
from .inventory import installs, speaks_by_values
from .objects import CHART, RELEASE
from .policy import Rule
from .raw import UNKNOWN, NotKnownError
from .stack import Stack

SLUG = "pod-identity-namespace-mismatch"
AGENT = "eks-pod-identity-agent"


def pods_have_credentials(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """What calls AWS has an association, made before its pods."""
    known = list(associations(stack))
    accounts, unknown = accounts_of(stack)
    irsa = {(one.cluster, one.namespace, one.name) for one in accounts if one.irsa}
    bare = [one for one in accounts if one.pods and (one.cluster, one.namespace, one.name) not in irsa]
    for account in bare:
        near = [one for one in known if may_be_same(one.cluster, account.cluster)]
        own = [one for one in near if (one.namespace, one.account) == (account.namespace, account.name)]
        if own:
            if not any(one.of_addon or one.member.urn in stack.behind(account.member.urn) for one in own):
                yield account.member.urn, _late(own[0])
        elif account.calls_aws and any(UNKNOWN in (one.namespace, one.account) for one in near):
            unknown = NotKnownError(("namespace",))
        elif account.calls_aws and (finding := _without(account, _unused(near, accounts))):
            yield account.member.urn, finding
    if unknown is not None:
        raise unknown


def associations_fit_what_is_there(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """An association that nothing uses does not miss, by its namespace or name, an account that has none."""
    known = list(associations(stack))
    accounts, unknown = accounts_of(stack)
    if unknown is not None:
        return  # `pods_have_credentials` says so.
    for one in _unused(known, accounts):
        here = [account for account in accounts if may_be_same(one.cluster, account.cluster)]
        bare = [account for account in here if not account.irsa and not account.calls_aws and not _has(account, known)]
        elsewhere = [account for account in bare if account.name == one.account != "default"]
        if elsewhere:
            yield (
                one.member.urn,
                _misses(f"is in namespace '{elsewhere[0].namespace}', not '{one.namespace}'", elsewhere[0]),
            )
            continue
        made = {account.name: account for account in bare if account.namespace == one.namespace and not account.pods}
        if len(made) == 1 and not _may_have_others(stack, one.namespace):
            name, account = made.popitem()
            yield one.member.urn, _misses(f"of namespace '{one.namespace}' is '{name}', not '{one.account}'", account)


def the_agent_is_there(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each cluster with associations has the agent that hands the credentials out."""
    clusters = {one.cluster for one in associations(stack) if one.cluster}
    for cluster in sorted(clusters):
        compute = stack.members[cluster].properties.get("computeConfig")
        if isinstance(compute, dict) and cast("dict[str, Any]", compute).get("enabled") is not False:
            continue  # EKS Auto Mode brings it.
        there = any(may_be_same(where, cluster) for where in _agents(stack))
        if not there and not may_come_otherwise(stack, cluster):
            finding = Finding(
                "its Pod Identity associations have no effect: the add-on eks-pod-identity-agent is not installed",
                'Add aws.eks.Addon(addon_name="eks-pod-identity-agent", ...) before what needs credentials.',
                SLUG,
            )
            yield cluster, finding


RULE = Rule(SLUG, stack=(pods_have_credentials, associations_fit_what_is_there, the_agent_is_there))


def _late(association: Association) -> Finding:
    return Finding(
        f"its association '{label(association.member.urn)}' is not made before it, and pods that are admitted earlier "
        "never get credentials",
        f"Set the option dependsOn: [{label(association.member.urn)}].",
        SLUG,
    )


def _misses(text: str, account: Account) -> Finding:
    return Finding(
        f"nothing in the stack uses it, and the service account {text} ('{label(account.member.urn)}')",
        _same(account),
        SLUG,
    )


def _same(account: Account) -> str:
    return f"Set namespace: {account.namespace}, serviceAccount: {account.name} in the association, out of one value."


def _without(account: Account, unused: list[Association]) -> Finding | None:
    pods = f"its pods run as '{account.name}' in namespace '{account.namespace}'"
    by_name = [one for one in unused if one.account == account.name]
    close = by_name or [one for one in unused if one.namespace == account.namespace]
    if close:
        other = f"'{close[0].account}' in namespace '{close[0].namespace}'"
        return Finding(
            f"{pods}, and the association '{label(close[0].member.urn)}' is for {other}",
            _same(account),
            SLUG,
        )
    if account.cluster is None:
        return None
    return Finding(
        f"{pods}, which has no Pod Identity association: they get no credentials",
        f"Make an aws.eks.PodIdentityAssociation with namespace: {account.namespace}, serviceAccount: {account.name}, "
        "and set the option dependsOn to it here.",
        SLUG,
    )


def _unused(known: list[Association], accounts: list[Account]) -> list[Association]:
    """The associations that nothing in the stack uses."""
    return [
        one
        for one in known
        if one.is_known
        and not one.of_addon
        and not any(
            may_be_same(one.cluster, account.cluster)
            and (account.namespace, account.name) == (one.namespace, one.account)
            for account in accounts
        )
    ]


def _has(account: Account, known: list[Association]) -> bool:
    return any(
        may_be_same(one.cluster, account.cluster) and (one.namespace, one.account) == (account.namespace, account.name)
        for one in known
    )


def _agents(stack: Stack) -> Iterator[str | None]:
    """The clusters in which the agent is installed; None for one that is not told."""
    for member in stack.of_type(ADDON):
        if member.properties.get("addonName") in (AGENT, UNKNOWN):
            yield cluster_of(stack, member)
    yield from (install.cluster for install in installs(stack, AGENT))


def _may_have_others(stack: Stack, namespace: Any) -> bool:
    """Whether a release or a chart may make service accounts in a namespace that are not told here."""
    charts = [one.properties for one in stack.of_type(RELEASE, CHART) if speaks_by_values(stack, one)]
    unknown = [said for said in charts if known_chart(said) is None]
    # Of a chart that is not shown, nothing tells where its objects go.
    return any(not said.get("chart") or (said.get("namespace") or "default") == namespace for said in unknown)
