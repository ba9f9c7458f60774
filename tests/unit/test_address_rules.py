"""How many nodes the pools' limits allow, and what they take of the private subnets, to the block."""

from fractions import Fraction
from ipaddress import IPv4Network

import pytest

from pokayoke_eks.instances import InstanceType, instance_type
from pokayoke_eks.rules.addresses import Demand, demand, too_few_addresses

LARGE, XLARGE = "m7g.large", "m7g.xlarge"
PLENTY = Fraction(2**60)


def kind(name: str) -> InstanceType:
    found = instance_type(name)
    assert found is not None
    return found


def told(cidr: str, zones: str, *demands: Demand, endpoints: int = 13) -> tuple[str, str] | None:
    finding = too_few_addresses(IPv4Network(cidr), tuple(zones), demands, endpoints=endpoints, system=kind("t4g.nano"))
    return (finding.problem, finding.remedy) if finding else None


@pytest.mark.parametrize(
    ("cpu", "memory", "nodes"),
    [
        (Fraction(16), PLENTY, 8),
        (Fraction(31, 2), PLENTY, 7),
        (Fraction(1), PLENTY, 0),
        (Fraction(0), PLENTY, 0),
        (Fraction(-1), PLENTY, 0),
        (PLENTY, Fraction(3 * kind(LARGE).visible_memory * 2**20), 3),
        (PLENTY, Fraction(3 * kind(LARGE).visible_memory * 2**20 - 1), 2),
    ],
)
def test_limits_are_shared_out_to_the_smallest_type(cpu: Fraction, memory: Fraction, nodes: int) -> None:
    assert demand([XLARGE, LARGE], 60, cpu, memory) == Demand(nodes, 5, 1)


def test_types_of_which_nothing_is_known_take_nothing() -> None:
    assert demand(["never.heard"], 60, PLENTY, PLENTY) == Demand(0, 0, 0)


@pytest.mark.parametrize(("endpoints", "needed"), [(7, 18), (8, 19)])
def test_every_address_of_a_subnet_is_counted(endpoints: int, needed: int) -> None:
    # Blocks: three system nodes with two, three nodes with three. Addresses: five, sixteen and eight that are kept,
    # two interfaces for each of those six nodes, and the endpoints: 41 beside them, of 48 in three blocks.
    problem, _ = told("10.0.0.0/24", "abc", Demand(6, 3, 2), endpoints=endpoints) or ("", "")
    assert f"would need {needed} blocks of 16 addresses, and 1 can be counted on" in problem


@pytest.mark.parametrize(("zones", "needed"), [("a", 49), ("ab", 49), ("abc", 29), ("abcd", 23)])
def test_the_zones_that_are_left_take_the_nodes_of_one_over(zones: str, needed: int) -> None:
    problem, _ = told("10.0.0.0/24", zones, Demand(40, 1, 0)) or ("", "")
    assert problem.startswith("the pools' limits allow 40 nodes: ")
    assert f"would need {needed} blocks" in problem


@pytest.mark.parametrize(
    ("nodes", "remedy"),
    [
        (15, None),
        (16, "Give the region a /19, or lower "),
        (39, "Give the region a /19, or lower "),
        (40, "Give the region a /18, or lower "),
        (375, "Give the region a /16, or lower "),
        (376, "Lower "),
    ],
)
def test_the_next_vpc_that_is_large_enough_is_named(nodes: int, remedy: str | None) -> None:
    found = told("10.0.0.0/20", "ab", Demand(nodes, 1, 0))
    assert (found is None) == (remedy is None)
    assert found is None or found[1].startswith(f"{remedy}the pools' limits")


def test_pools_that_bring_no_node_need_no_room() -> None:
    assert told("10.0.0.0/24", "ab", Demand(0, 5, 5)) is None
    assert told("10.0.0.0/24", "ab") is None
    assert told("10.0.0.0/24", "ab", Demand(0, 5, 5), Demand(1, 1, 1)) is not None
