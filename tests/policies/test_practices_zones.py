"""What is asked of zones, and which stacks are production."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource, told

from pokayoke_policies.practices.production import STACKS, is_one_of
from pokayoke_policies.stack import Member, Stack

WAY_OUT, HOME = "nat-per-zone", "eks-subnets-az-room"


def subnet(name: str, zone: Any = "eu-west-1a", **said: Any) -> Resource:
    return Resource("aws:ec2/subnet:Subnet", name, {"id": f"subnet-{name}", "availabilityZone": zone, **said})


def nat(name: str, home: str = "public") -> Resource:
    return Resource("aws:ec2/natGateway:NatGateway", name, {"id": f"nat-{name}", "subnetId": f"subnet-{home}"})


def table(**said: Any) -> list[Resource]:
    association = {"subnetId": "subnet-private", "routeTableId": "rtb-1"}
    return [
        Resource("aws:ec2/routeTable:RouteTable", "table", {"id": "rtb-1", **said}),
        Resource("aws:ec2/routeTableAssociation:RouteTableAssociation", "association", association),
    ]


def route(name: str, *, to: str = "") -> Resource:
    said = {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "natGatewayId": f"nat-{to or name}"}
    return Resource("aws:ec2/route:Route", f"to-{name}", said)


@pytest.fixture
def production(anew: Pack) -> Pack:
    """To which the stack of the tests is production."""
    anew.configure(WAY_OUT, "ADVISORY", {"stacks": ["s"]})
    return anew


PUBLIC, PRIVATE = subnet("public", "eu-west-1b"), subnet("private")
THROUGH_ANOTHER = [PUBLIC, PRIVATE, nat("b"), *table(), route("b")]
PROBLEM = [("private", "availabilityZone: it is eu-west-1a, and it leaves by 'b' in eu-west-1b")]


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param(THROUGH_ANOTHER, PROBLEM, id="another-zone"),
        pytest.param(
            [PUBLIC, PRIVATE, nat("b"), *table(routes=[{"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-b"}])],
            PROBLEM,
            id="by-a-route-of-the-table",
        ),
        pytest.param([subnet("public"), PRIVATE, nat("b"), *table(), route("b")], [], id="its-own-zone"),
        pytest.param([*THROUGH_ANOTHER, subnet("near"), nat("a", "near"), route("a")], [], id="its-own-zone-besides"),
        pytest.param([PUBLIC, PRIVATE, nat("b"), *table()], [], id="no-way"),
        pytest.param([PUBLIC, PRIVATE, nat("b"), route("b")], [], id="a-table-of-others"),
        pytest.param([PRIVATE, nat("b"), *table(), route("b")], [], id="a-nat-in-a-subnet-of-others"),
        pytest.param(
            [
                subnet("public", None, availabilityZoneId="euw1-az2"),
                subnet("private", None, availabilityZoneId="euw1-az1"),
                *THROUGH_ANOTHER[2:],
            ],
            [("private", "availabilityZone: it is euw1-az1, and it leaves by 'b' in euw1-az2")],
            id="zones-by-id",
        ),
        pytest.param(
            [subnet("public", None, availabilityZoneId="euw1-az2"), PRIVATE, *THROUGH_ANOTHER[2:]],
            [],
            id="zones-that-cannot-be-compared",
        ),
    ],
)
def test_production_leaves_by_its_own_zone(
    production: Pack, resources: list[Resource], problems: list[tuple[str, str]]
) -> None:
    assert told(production, WAY_OUT, *resources) == problems


def test_other_stacks_may_share_one(anew: Pack) -> None:
    assert told(anew, WAY_OUT, *THROUGH_ANOTHER) == []


def test_a_zone_that_is_not_known_is_said(production: Pack) -> None:
    found = production.advice_on(subnet("public", UNKNOWN), *THROUGH_ANOTHER[1:])
    assert WAY_OUT not in found
    assert WAY_OUT in [policy for _, policy in found["unknown"]]


@pytest.mark.parametrize(
    ("name", "production"),
    [
        *((name, True) for name in ("prod", "Production", "prod-eu", "shop_prod", "eu.production", "production-2")),
        *(
            (name, False)
            for name in ("dev", "product", "prodigy", "nonprod", "non-prod", "pre_production", "shop-pre-prod")
        ),
    ],
)
def test_production_is_told_by_its_name(name: str, production: bool) -> None:
    patterns = STACKS["stacks"]["default"]
    kind = "pulumi:pulumi:Stack"
    made = Stack([Member(f"urn:pulumi:{name}::project::{kind}::project-{name}", kind, dict)])
    assert is_one_of(made, patterns) is production
    assert not is_one_of(made, [])
    assert is_one_of(made, ["*"])
    assert not is_one_of(Stack(()), patterns)


def cluster(*subnets: str, **said: Any) -> Resource:
    config = {"subnetIds": [f"subnet-{one}" for one in subnets], "publicAccessCidrs": ["203.0.113.0/24"], **said}
    return Resource("aws:eks/cluster:Cluster", "cluster", {"name": "demo", "vpcConfig": config})


ALONE = [("cluster", "vpcConfig.subnetIds: they are in eu-west-1a alone")]


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([cluster("a", "b"), subnet("a"), subnet("b")], ALONE, id="one-zone"),
        pytest.param([cluster("a", "b"), subnet("a"), subnet("b", "eu-west-1b")], [], id="two-zones"),
        pytest.param([cluster("a", "theirs"), subnet("a")], [], id="one-of-others"),
        pytest.param([cluster(), subnet("a")], [], id="none"),
        pytest.param([cluster("a", "b"), subnet("a"), subnet("b", None)], [], id="a-zone-that-is-not-said"),
        pytest.param([cluster("a", "b"), subnet("a"), subnet("b", ["no zone"])], [], id="no-zone"),
        pytest.param(
            [cluster("a"), subnet("a", None, availabilityZoneId="euw1-az1")],
            [("cluster", "vpcConfig.subnetIds: they are in euw1-az1 alone")],
            id="by-id",
        ),
        pytest.param(
            [cluster("theirs", "a"), subnet("a", cidrBlock="10.0.0.5/28"), subnet("b", cidrBlock="10.0.1.0/28")],
            [("a", "cidrBlock: a control plane stands in it, and it is smaller than a /27")],
            id="no-room",
        ),
        pytest.param([cluster("theirs", "a"), subnet("a", cidrBlock="10.0.0.0/27")], [], id="room"),
        pytest.param([cluster("theirs", "a"), subnet("a", cidrBlock="no range")], [], id="no-range"),
    ],
)
def test_a_control_plane_has_zones_and_room(
    anew: Pack, resources: list[Resource], problems: list[tuple[str, str]]
) -> None:
    assert told(anew, HOME, *resources) == problems


def test_more_zones_may_be_asked_for() -> None:
    pack = Pack()
    pack.configure(HOME, "ADVISORY", {"leastZones": 3})
    two = [cluster("a", "b"), subnet("a"), subnet("b", "eu-west-1b")]
    assert told(pack, HOME, *two) == [("cluster", "vpcConfig.subnetIds: they are in eu-west-1a and eu-west-1b alone")]
    three = [cluster("a", "b", "c"), *two[1:], subnet("c", "eu-west-1c")]
    assert told(pack, HOME, *three) == []


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([cluster("a", subnetIds=UNKNOWN)], id="subnets"),
        pytest.param([cluster("a"), subnet("a", UNKNOWN)], id="zone"),
        pytest.param([cluster("a", "theirs"), subnet("a", cidrBlock=UNKNOWN)], id="range"),
    ],
)
def test_what_is_not_known_of_its_home_is_said(anew: Pack, resources: list[Resource]) -> None:
    found = anew.advice_on(*resources)
    assert HOME not in found
    assert HOME in [policy for _, policy in found["unknown"]]
