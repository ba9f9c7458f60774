"""The policy `pod-identity-namespace-mismatch`: pods that call AWS get credentials. Between associations, add-ons,
releases, workloads and service accounts of one stack; what another stack makes is not judged."""

from collections.abc import Hashable, Iterator
from typing import Any, cast

from pokayoke_eks.rules.finding import Finding

from .accounts import Account, accounts_of
from .balancers import may_come_otherwise
from .eks import ADDON, Association, associations, cluster_of, label
from .helm import known_chart
from .inventory import installs, speaks_by_values
from .near import Near, hashable
from .objects import CHART, RELEASE
from .policy import Rule
from .raw import UNKNOWN, NotKnownError
from .stack import Stack

SLUG = "pod-identity-namespace-mismatch"
AGENT = "eks-pod-identity-agent"


def pods_have_credentials(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """What calls AWS has an association, made before its pods."""
    near, unused = stack.once(_associated), stack.once(_unused_near)
    accounts, unknown = accounts_of(stack)
    irsa = {(one.cluster, one.namespace, one.name) for one in accounts if one.irsa}
    bare = [one for one in accounts if one.pods and (one.cluster, one.namespace, one.name) not in irsa]
    for account in bare:
        own = near.of(account.cluster, (account.namespace, account.name))
        if own:
            behind = stack.behind(account.member.urn)
            if not any(one.of_addon or one.member.urn in behind for one in own):
                yield account.member.urn, _late(own[0])
        elif account.calls_aws and near.of(account.cluster, UNKNOWN):
            unknown = NotKnownError(("namespace",))
        elif account.calls_aws and (finding := _without(account, unused)):
            yield account.member.urn, finding
    if unknown is not None:
        raise unknown


def associations_fit_what_is_there(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """An association that nothing uses does not miss, by its namespace or name, an account that has none."""
    _, unknown = accounts_of(stack)
    if unknown is not None:
        return  # `pods_have_credentials` says so.
    for one in stack.once(_unused):
        elsewhere = stack.once(_bare_by_name).of(one.cluster, one.account)
        if elsewhere and one.account != "default":
            yield (
                one.member.urn,
                _misses(f"is in namespace '{elsewhere[0].namespace}', not '{one.namespace}'", elsewhere[0]),
            )
            continue
        made = stack.once(_made_in, one.cluster, one.namespace)
        if len(made) == 1 and not _may_have_others(stack, one.namespace):
            name, account = next(iter(made.items()))
            yield one.member.urn, _misses(f"of namespace '{one.namespace}' is '{name}', not '{one.account}'", account)


def the_agent_is_there(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each cluster with associations has the agent that hands the credentials out."""
    clusters = {one.cluster for one in associations(stack) if one.cluster}
    agents = set(_agents(stack))
    for cluster in sorted(clusters):
        compute = stack.members[cluster].properties.get("computeConfig")
        if isinstance(compute, dict) and cast("dict[str, Any]", compute).get("enabled") is not False:
            continue  # EKS Auto Mode brings it.
        if agents.isdisjoint((cluster, None)) and not may_come_otherwise(stack, cluster):
            finding = Finding(
                "its Pod Identity associations have no effect: the add-on eks-pod-identity-agent is not installed",
                'Add aws.eks.Addon(addon_name="eks-pod-identity-agent", ...) before what needs credentials.',
                SLUG,
            )
            yield cluster, finding


RULE = Rule(SLUG, stack=(pods_have_credentials, associations_fit_what_is_there, the_agent_is_there))


def _late(association: Association) -> Finding:
    return Finding(
        f"dependsOn: its association '{label(association.member.urn)}' is not made before it, and pods that are "
        "admitted earlier never get credentials",
        f"Set the option dependsOn: [{label(association.member.urn)}].",
        SLUG,
    )


def _misses(text: str, account: Account) -> Finding:
    return Finding(
        f"serviceAccount: nothing in the stack uses it, and the service account {text} ('{label(account.member.urn)}')",
        _same(account),
        SLUG,
    )


def _same(account: Account) -> str:
    return f"Set namespace: {account.namespace}, serviceAccount: {account.name} in the association, out of one value."


def _without(account: Account, unused: Near[Association]) -> Finding | None:
    pods = f"{account.place}: its pods run as '{account.name}' in namespace '{account.namespace}'"
    by_name = unused.of(account.cluster, ("account", account.name))
    close = by_name or unused.of(account.cluster, ("namespace", account.namespace))
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


def _associated(stack: Stack) -> Near[Association]:
    """Associations by namespace and account; of one of which either is unknown, by `UNKNOWN`."""

    def key(one: Association) -> Any:
        return UNKNOWN if UNKNOWN in (one.namespace, one.account) else (one.namespace, one.account)

    return Near((key(one), one.cluster, one) for one in associations(stack))


def _unused(stack: Stack) -> list[Association]:
    """The associations that nothing in the stack uses."""
    near = Near(((one.namespace, one.name), one.cluster, one) for one in accounts_of(stack)[0])
    made = [one for one in associations(stack) if one.is_known and not one.of_addon]
    return [one for one in made if not near.of(one.cluster, (one.namespace, one.account))]


def _unused_near(stack: Stack) -> Near[Association]:
    unused = stack.once(_unused)
    by_account = [(("account", one.account), one.cluster, one) for one in unused]
    return Near([*by_account, *((("namespace", one.namespace), one.cluster, one) for one in unused)])


def _bare(stack: Stack) -> list[Account]:
    """The accounts that nothing gives credentials, and that are not seen to need any."""
    near = stack.once(_associated)
    silent = [one for one in accounts_of(stack)[0] if not one.irsa and not one.calls_aws]
    return [one for one in silent if not near.of(one.cluster, (one.namespace, one.name))]


def _bare_by_name(stack: Stack) -> Near[Account]:
    return Near((one.name, one.cluster, one) for one in stack.once(_bare))


def _made_by_namespace(stack: Stack) -> Near[Account]:
    return Near((one.namespace, one.cluster, one) for one in stack.once(_bare) if not one.pods)


def _made_in(stack: Stack, cluster: str | None, namespace: str) -> dict[str, Account]:
    """By name, the accounts of a namespace that the stack makes for pods."""
    return {one.name: one for one in stack.once(_made_by_namespace).of(cluster, namespace)}


def _agents(stack: Stack) -> Iterator[str | None]:
    """The clusters in which the agent is installed; None for one that is not told."""
    for member in stack.of_type(ADDON):
        if member.properties.get("addonName") in (AGENT, UNKNOWN):
            yield cluster_of(stack, member)
    yield from (install.cluster for install in installs(stack, AGENT))


def _may_have_others(stack: Stack, namespace: Any) -> bool:
    """Whether a release or a chart may make service accounts in a namespace that are not told here."""
    into = stack.once(_namespaces_of_others)
    return None in into or hashable(namespace) in into


def _namespaces_of_others(stack: Stack) -> set[Hashable]:
    """Where releases and charts that are not known go; None where that is not told."""
    charts = [one.properties for one in stack.of_type(RELEASE, CHART) if speaks_by_values(stack, one)]
    unknown = [said for said in charts if known_chart(said) is None]
    # Of a chart that is not shown, nothing tells where its objects go.
    return {hashable(said.get("namespace") or "default") if said.get("chart") else None for said in unknown}
