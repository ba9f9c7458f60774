"""How many pods a node has, and how many addresses nodes take of a subnet, at every bound."""

from dataclasses import replace
from ipaddress import IPv4Network

import pytest

from pokayoke_eks.instances import InstanceType, instance_type
from pokayoke_eks.rules.pod_density import blocks_of, bound, interfaces_of, too_many_pods, too_small
from pokayoke_eks.rules.subnet_room import Plugin, exhausted, fewest_nodes, usable


def kind(name: str, **other: int) -> InstanceType:
    found = instance_type(name)
    assert found is not None
    return replace(found, **other)


@pytest.mark.parametrize(("vcpus", "most"), [(29, 110), (30, 250), (31, 250)])
def test_eks_bounds_pods_by_vcpus(vcpus: int, most: int) -> None:
    assert bound(kind("m7g.large", vcpus=vcpus)) == most


@pytest.mark.parametrize(("pods", "blocks", "interfaces"), [(0, 1, 1), (2, 1, 1), (3, 2, 2), (18, 2, 2), (19, 2, 2)])
def test_blocks_lie_on_interfaces_that_have_room_for_them(pods: int, blocks: int, interfaces: int) -> None:
    nano = kind("t4g.nano")
    assert (blocks_of(nano, pods), interfaces_of(nano, pods)) == (blocks, interfaces)


@pytest.mark.parametrize(
    ("of", "pods", "problem"),
    [
        (kind("m7g.4xlarge"), 110, None),
        (kind("m7g.4xlarge"), 111, "EKS takes at most 110 pods on m7g.4xlarge (16 vCPUs)"),
        (kind("t4g.nano", memory=8192), 34, None),
        (kind("t4g.nano", memory=8192), 35, "t4g.nano has addresses for 34 pods, in /28 blocks"),
        (kind("m4.large"), 20, None),
        (kind("m4.large"), 21, "m4.large has addresses for 20 pods, one by one: it is from before Nitro"),
    ],
    ids=range(6),
)
def test_no_more_pods_than_a_node_may_have(of: InstanceType, pods: int, problem: str | None) -> None:
    finding = too_many_pods(of, pods)
    assert (finding.problem if finding else None) == problem


def test_half_of_a_nodes_memory_is_left_for_pods() -> None:
    small = kind("t4g.small")
    most = next(pods for pods in range(110, 0, -1) if too_many_pods(small, pods) is None)
    assert small.allocatable(most).memory >= small.memory / 2 > small.allocatable(most + 1).memory
    finding = too_many_pods(small, most + 1)
    assert finding is not None
    kept = small.memory - small.allocatable(most + 1).memory
    assert finding.problem == f"with {most + 1} pods t4g.small keeps {kept} of its 2048 MiB back"


def test_a_node_that_keeps_just_half_of_its_memory_is_taken() -> None:
    half = kind("m7g.large", memory=1182)
    assert half.allocatable(8).memory == half.memory / 2
    assert too_many_pods(half, 8) is None


@pytest.mark.parametrize(
    ("of", "fits"),
    [
        (kind("m7g.large"), True),
        (kind("m7g.large", memory=900), False),
        (kind("t4g.nano", memory=8192), False),
        (kind("t4g.nano", memory=8192, ipv4_per_eni=3), True),
        (kind("m7g.16xlarge", memory=6000), True),
    ],
    ids=range(5),
)
def test_a_node_has_room_beside_the_platforms_own_daemon_sets(of: InstanceType, fits: bool) -> None:
    assert (too_small(of) is None) is fits


@pytest.mark.parametrize(
    ("env", "least"),
    [
        ({}, 10),
        ({"ENABLE_PREFIX_DELEGATION": "true"}, 17),
        ({"ENABLE_PREFIX_DELEGATION": "false"}, 10),
        ({"MINIMUM_IP_TARGET": "12"}, 13),
        ({"WARM_IP_TARGET": "2"}, 3),
        ({"MINIMUM_IP_TARGET": 12, "WARM_IP_TARGET": 2}, 13),
        ({"MINIMUM_IP_TARGET": "many"}, 10),
        ({"MINIMUM_IP_TARGET": "12", "ENABLE_PREFIX_DELEGATION": "True"}, 17),
        ({"AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG": "true", "MINIMUM_IP_TARGET": "12"}, 1),
        ({"ENABLE_IPv6": "true", "ENABLE_PREFIX_DELEGATION": "true"}, 1),
    ],
    ids=str,
)
def test_a_node_takes_as_many_addresses_as_its_plugin_keeps(env: dict[str, object], least: int) -> None:
    assert Plugin.configured(env).least(["m7g.large", "m7g.xlarge", "never.heard"]) == least


def test_a_node_of_an_unknown_type_takes_its_own_address_at_least() -> None:
    assert Plugin().least(["never.heard"]) == 1


@pytest.mark.parametrize(("cidr", "addresses"), [("10.0.0.0/24", 251), ("10.0.0.0/29", 3), ("10.0.0.0/30", 0)])
def test_five_addresses_of_a_subnet_are_awss(cidr: str, addresses: int) -> None:
    assert usable(IPv4Network(cidr)) == addresses


@pytest.mark.parametrize(
    ("cpu", "memory", "nodes"),
    [
        ("8", None, 2),
        ("7", None, 1),
        (None, "32Gi", 2),
        (None, "31Gi", 1),
        ("8", "16Gi", 1),
        ("1", "16Gi", 0),
        ("-8", None, 0),
        (None, "many", None),
    ],
)
def test_the_fewest_nodes_are_those_of_the_largest_type(cpu: object, memory: object, nodes: int | None) -> None:
    assert fewest_nodes(["m7g.large", "m7g.xlarge"], cpu, memory) == nodes
    assert fewest_nodes(["never.heard"], cpu, memory) is None


@pytest.mark.parametrize(
    ("needed", "remedy"),
    [
        (502, None),
        (503, "Take subnets of /23 "),
        (1014, "Take subnets of /23 "),
        (1015, "Take subnets of /22 "),
        (131062, "Take subnets of /16 "),
        (131063, "Lower "),
    ],
)
def test_the_next_subnets_that_are_large_enough_are_named(needed: int, remedy: str | None) -> None:
    finding = exhausted([IPv4Network("10.0.0.0/24"), IPv4Network("10.0.1.0/24")], needed, 9)
    assert (finding is None) == (remedy is None)
    assert finding is None or finding.remedy.startswith(remedy or "")
    assert (
        finding is None or f"have 502 addresses, and the 9 nodes that may come there keep {needed} " in finding.problem
    )


def test_subnets_of_which_nothing_is_known_are_not_judged() -> None:
    assert exhausted([], 9, 9) is None


def test_the_largest_of_several_subnets_grows() -> None:
    finding = exhausted([IPv4Network("10.0.0.0/24"), IPv4Network("10.0.4.0/22")], 1300, 9)
    assert finding is not None
    assert finding.remedy.startswith("Take subnets of /22 ")
