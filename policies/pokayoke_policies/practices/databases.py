"""What is asked of Aurora DSQL: that peers fit together, and who gets to the data from where."""

from collections.abc import Iterator

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.iam_actions import Statement, not_allowed
from pokayoke_policies.dsql import CLUSTER, PEERING, peers, witness_of
from pokayoke_policies.eks import ROLE, label
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import over
from pokayoke_policies.references import referring, region_of
from pokayoke_policies.roles import attached
from pokayoke_policies.stack import Member, Stack

from .documents import condition_keys, listed, read_now
from .iam import is_for_pods_or_nodes

_POLICY = "aws:dsql/clusterPolicy:ClusterPolicy"
_ADMIN, _CONNECT = "dsql:DbConnectAdmin", "dsql:DbConnect"
_NETWORKS = ("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn")

PEERS = Practice(
    "dsql-peers-consistent",
    "Two clusters of one database do not fit together",
    "the second never leaves PENDING_SETUP, or its creation is refused",
    "State one witnessRegion for both, in a third Region, and make a ClusterPeering for each.",
    "DSQL user guide, multi-Region clusters; DSQL API reference, CreateCluster",
)
CONNECT = Practice(
    "dsql-connect-least",
    "Pods or nodes may log in as the database's administrator, or to every database",
    "whoever takes over one pod has every table, and may drop it",
    'Allow {"Action": "dsql:DbConnect", "Resource": CLUSTER.arn}, and grant the role its tables in SQL.',
    "DSQL user guide, security best practices and authentication",
)
CLOSED = Practice(
    "dsql-not-public",
    "The database can be reached from the whole internet",
    "IAM is all that stands between it and whoever has a leaked key",
    'Make a ClusterPolicy with {"Effect": "Deny", "Principal": "*", "Action": ["dsql:DbConnect", '
    '"dsql:DbConnectAdmin"], "Resource": "*", "Condition": {"StringNotEquals": {"aws:SourceVpc": VPC.id}}}.',
    "DSQL user guide, resource-based policies",
)


def peers_fit(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """The pairs of clusters that are peered."""
    for one, other in peers(stack):
        first, second = witness_of(one), witness_of(other)
        place = "multiRegionProperties.witnessRegion"
        if first and second and first != second:
            problem = f"it is {second}, and that of its peer '{label(one.urn)}' is {first}"
            yield other.urn, PEERS.finding(place, problem)
        for cluster in (one, other):
            if any(region and region == witness_of(cluster) for region in (region_of(one), region_of(other))):
                yield cluster.urn, PEERS.finding(place, "it is the Region of a peer")
        peered = [cluster for cluster in (one, other) if referring(stack, PEERING, "identifier", cluster)]
        if len(peered) == 1:
            alone = other if peered == [one] else one
            yield alone.urn, PEERS.finding("", f"no ClusterPeering is of it, and '{label(peered[0].urn)}' has one")
    for cluster in stack.of_type(CLUSTER):
        key, region = cluster.properties.get("kmsEncryptionKey"), region_of(cluster)
        parts = str(key).split(":")
        if region and parts[0] == "arn" and len(parts) > 5 and parts[3] != region:
            problem = f"it is a key of {parts[3]}, and the cluster is in {region}"
            yield cluster.urn, PEERS.finding("kmsEncryptionKey", problem, "Name a key of the cluster's own Region.")


def roles_connect_as_themselves(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No role of pods or nodes may be administrator of a database, or log in to all."""

    def judged(role: Member) -> Iterator[tuple[str, Finding]]:
        given = attached(stack, role)
        found = list(_connections([one for one in given.statements if one.get("Effect") == "Allow"]))
        # Whose role it is matters only where it may do too much.
        if not (found or given.unknown):
            return
        if is_for_pods_or_nodes(read_now(role.properties, "assumeRolePolicy")):
            yield from ((role.urn, one) for one in found)
            if given.unknown:
                raise given.unknown

    yield from over(stack.of_type(ROLE), judged)


def databases_are_closed(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """A policy of each database denies whoever comes from outside its networks."""

    def judged(cluster: Member) -> Iterator[tuple[str, Finding]]:
        policies = referring(stack, _POLICY, "identifier", cluster)
        given = [one for policy in policies for one in read_now(policy.properties, "policy")]
        if not any(map(_denies_outsiders, given)):
            yield cluster.urn, CLOSED.finding("", "no ClusterPolicy of the stack denies who comes from outside a VPC")

    yield from over(stack.of_type(CLUSTER), judged)


RULES = (
    Rule(PEERS.slug, stack=(peers_fit,), practice=PEERS),
    Rule(CONNECT.slug, stack=(roles_connect_as_themselves,), practice=CONNECT),
    Rule(CLOSED.slug, stack=(databases_are_closed,), practice=CLOSED),
)


def _connections(allowed: list[Statement]) -> Iterator[Finding]:
    """What is too much of what statements of DSQL allow; one that allows everything is another practice's."""
    own = [one for one in allowed if any(action.lower().startswith("dsql:") for action in listed(one.get("Action")))]
    if any(not not_allowed([_ADMIN], [one]) for one in own):
        yield CONNECT.finding("policies", f"a statement allows {_ADMIN}")
    if any("*" in listed(one.get("Resource")) and not not_allowed([_CONNECT], [one]) for one in own):
        yield CONNECT.finding("policies", f"a statement allows {_CONNECT} on every database")


def _denies_outsiders(statement: Statement) -> bool:
    """Whether what has no network, or another one, is denied."""
    return statement.get("Effect") == "Deny" and any(
        key in _NETWORKS and (operator.startswith("null") or "not" in operator)
        for operator, key, _ in condition_keys(statement)
    )
