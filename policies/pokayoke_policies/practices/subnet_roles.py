"""What is asked of the tags by which load balancers and nodes find their subnets."""

from collections.abc import Iterator

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.balancers import controllers
from pokayoke_policies.eks import CLUSTER, NODE_GROUP, cluster_of
from pokayoke_policies.inventory import objects_of
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import NotKnownError, over
from pokayoke_policies.references import referred, referring
from pokayoke_policies.routes import SUBNET, VPC, is_public
from pokayoke_policies.selection import KARPENTERS_CLASS, candidate, selected_subnets
from pokayoke_policies.stack import Member, Stack

_PUBLIC, _PRIVATE = "kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"
_NODES = "karpenter.sh/discovery"

TAGS = Practice(
    "subnet-role-tags",
    "Tags of a subnet say something else than its routes",
    "a load balancer is put where its clients do not reach it, or finds no subnet in a zone",
    'Set tags: {"kubernetes.io/role/elb": "1"} where an internet gateway is the way out, '
    '{"kubernetes.io/role/internal-elb": "1"} where the nodes are.',
    "AWS Load Balancer Controller, subnet discovery; EKS best practices, networking/subnets",
)


def tags_fit_routes(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Subnets of the stack of which it can be told whether they are public: no tag is for the other kind; where a
    controller makes load balancers for a cluster, the network's public subnets and those of nodes have theirs."""
    asked = _of_controllers(stack)

    def judged(subnet: Member) -> Iterator[tuple[str, Finding]]:
        carried = candidate(stack, subnet)
        tags = {one for one in (_PUBLIC, _PRIVATE, _NODES) if one in carried.tags}
        public = is_public(stack, subnet)
        if {_PUBLIC, _PRIVATE} <= tags:
            yield subnet.urn, TAGS.finding("tags", "it carries both role/elb and role/internal-elb")
            return
        if public is None:
            return
        kind = "public" if public else "private"
        for key in sorted(tags & ({_PRIVATE, _NODES} if public else {_PUBLIC})):
            yield subnet.urn, TAGS.finding(f"tags.{key}", f"it is on a {kind} subnet")
        wanted = _PUBLIC if public else _PRIVATE
        if wanted not in tags and kind in asked.get(subnet.urn, ()) and not tags & {_PUBLIC, _PRIVATE}:
            if not carried.all_told:
                raise NotKnownError(("tags",))
            yield subnet.urn, TAGS.finding("tags", f"{wanted} is left out, and the subnet is {kind}")

    yield from over(stack.of_type(SUBNET), judged)


RULES = (Rule(TAGS.slug, stack=(tags_fit_routes,), practice=TAGS),)


def _of_controllers(stack: Stack) -> dict[str, set[str]]:
    """The subnets of clusters in which the controller is, and as what they are asked: private ones for nodes, and
    public ones, which are there for load balancers."""
    clusters = {one.urn: one for one in stack.of_type(CLUSTER) if controllers(stack, one.urn)}
    if not clusters:
        return {}
    wanted = {None, *clusters}
    homes = {subnet.urn: subnet for cluster, found in _homes(stack) if cluster in wanted for subnet in found}
    asked = {urn: {"private"} for urn in homes}
    of_clusters = (subnet for one in clusters.values() for subnet in referred(stack, one, "vpcConfig", SUBNET))
    networks = {
        one.urn: one for subnet in (*homes.values(), *of_clusters) for one in referred(stack, subnet, "vpcId", VPC)
    }
    for network in networks.values():
        for subnet in referring(stack, SUBNET, "vpcId", network):
            asked.setdefault(subnet.urn, set()).add("public")
    return asked


def _homes(stack: Stack) -> Iterator[tuple[str | None, list[Member]]]:
    """The subnets of nodes, with the cluster that these are for."""
    for group in stack.of_type(NODE_GROUP):
        yield cluster_of(stack, group), referred(stack, group, "subnetIds", SUBNET)
    for node_class in objects_of(stack, KARPENTERS_CLASS):
        yield node_class.cluster, [one for one in selected_subnets(stack, node_class) if one.type == SUBNET]
