"""What is wrong with a network of somebody else's for a cluster. Pure: the same data, the same findings."""

from collections.abc import Iterator, Sequence

from .. import tags
from ..config.existing import ExistingNetworkConfig
from ..rules.addresses import LOAD_BALANCER
from ..rules.finding import Finding
from ..rules.pod_density import BLOCK, EXHAUSTION
from ..rules.text import LITERAL_ID
from .network_lookup import SeenNetwork, SeenSubnet

FEWEST_ZONES = 2
"""EKS user guide, "VPC and subnet requirements"."""
FOR_A_NODE = 2 * BLOCK
"""The blocks of a first node under prefix delegation: the one that its pods use, and one warm."""
Located = tuple[str, Finding]
"""Where in the config, and what."""


def findings(config: ExistingNetworkConfig, seen: SeenNetwork) -> list[Located]:
    """Everything at once; no VPC, or several, is all that can be said of it."""
    if seen.vpc is None:
        return [_vpc(config, seen)]
    return [
        *_names(seen),
        *_subnets("private_subnets", config.private_subnets, seen.private, tags.INTERNAL_BALANCERS),
        *_subnets("public_subnets", config.public_subnets, seen.public, tags.PUBLIC_BALANCERS, config.internal),
        *_zones(seen),
        *(one for subnet in seen.private for one in _private(subnet, seen.working_nats)),
        *(one for subnet in seen.public for one in _public(subnet)),
    ]


def _vpc(config: ExistingNetworkConfig, seen: SeenNetwork) -> Located:
    meant = config.vpc or "with these tags"
    if seen.vpcs:
        several = Finding(f"{', '.join(sorted(seen.vpcs))} all have these tags", "State the one VPC's id.")
        return "vpc_tags", several
    missing = Finding(
        f"there is no VPC {meant} in {config.region}", "Look it up again: it may be of another region.", LITERAL_ID
    )
    return "vpc" if config.vpc else "vpc_tags", missing


def _names(seen: SeenNetwork) -> Iterator[Located]:
    if seen.vpc is not None and not seen.vpc.dns:
        # EKS user guide, "VPC and subnet requirements".
        yield (
            "vpc",
            Finding(
                "the VPC has no DNS resolution or no DNS hostnames: no node could register",
                "Let its owner switch both on (enableDnsSupport, enableDnsHostnames).",
                "control-plane-ports-blocked",
            ),
        )


def _subnets(
    key: str, stated: Sequence[str], seen: Sequence[SeenSubnet], role: str, none_wanted: bool = False
) -> Iterator[Located]:
    there = {one.id for one in seen}
    for missing in (one for one in stated if one not in there):
        gone = Finding(f"the VPC has no subnet {missing}", "Look it up again: subnets are made anew.", LITERAL_ID)
        yield key, gone
    if not stated and not seen and not none_wanted:
        untagged = Finding(
            f"no subnet of the VPC is tagged {role}", "Let its owner tag them, or state ids.", "subnet-tags-missing"
        )
        yield key, untagged
    for one in seen:
        if role not in one.tags:
            untagged = Finding(
                f"{one.id} is not tagged {role}: no load balancer is put there",
                f"Let its owner tag it {role}=1.",
                "subnet-tags-missing",
            )
            yield key, untagged


def _zones(seen: SeenNetwork) -> Iterator[Located]:
    private = [one.zone for one in seen.private]
    for key, subnets in (("private_subnets", seen.private), ("public_subnets", seen.public)):
        zones = [one.zone for one in subnets]
        for zone in sorted({zone for zone in zones if zones.count(zone) > 1}):
            several = ", ".join(one.id for one in subnets if one.zone == zone)
            yield key, Finding(f"{several} are all in {zone}: a load balancer takes one a zone", "State one a zone.")
    if private and len(set(private)) < FEWEST_ZONES:
        yield "private_subnets", Finding("a cluster needs two zones at least", "State subnets in two zones or three.")
    public = {one.zone for one in seen.public}
    if public and private and public != set(private):
        apart = Finding(
            f"they are in {', '.join(sorted(public))}, the private subnets in {', '.join(sorted(set(private)))}: "
            "a load balancer sends nothing to a zone in which it is not",
            "State subnets of both kinds in the same zones.",
        )
        yield "public_subnets", apart


def _private(subnet: SeenSubnet, working_nats: frozenset[str]) -> Iterator[Located]:
    way, remedy = subnet.way_out, "Let its owner route it to a NAT gateway, or state other subnets."
    problem = ""
    if not way:
        problem = f"{subnet.id} has no way out: no node could join there"
    elif way.startswith("igw-"):
        problem = f"{subnet.id} is a public subnet, where nodes without public addresses have no way out"
    elif way.startswith("nat-") and way not in working_nats:
        problem = f"{subnet.id} is routed to {way}, which is not available"
    if problem:
        yield "private_subnets", Finding(problem, remedy, "no-egress")
    yield from _free("private_subnets", subnet, LOAD_BALANCER + FOR_A_NODE)


def _public(subnet: SeenSubnet) -> Iterator[Located]:
    if not subnet.way_out.startswith("igw-"):
        inner = Finding(
            f"{subnet.id} is not routed to an internet gateway: a load balancer there answers nobody",
            "State public subnets, or `internal: true`.",
        )
        yield "public_subnets", inner
    yield from _free("public_subnets", subnet, LOAD_BALANCER)


def _free(key: str, subnet: SeenSubnet, needed: int) -> Iterator[Located]:
    if subnet.free < needed:
        few = Finding(
            f"{subnet.id} has {subnet.free} free addresses, and {needed} are needed to begin with",
            "State larger subnets; their owner can add a range to the VPC.",
            EXHAUSTION,
        )
        yield key, few
