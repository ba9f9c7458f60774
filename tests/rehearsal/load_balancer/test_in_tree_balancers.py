"""What EKS makes by itself of Services in a cluster without the load balancer controller."""

from __future__ import annotations

from typing import Any

import pytest

from lb_lab import Lab
from pokayoke_rehearsal.doubles.kubernetes.store.objects import finalizers_of
from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Stage

PROGRAM = "import raw, raw_lb\ncluster = raw.Cluster(raw.Network())\n"
FINALIZER = "service.kubernetes.io/load-balancer-cleanup"


@pytest.fixture(scope="module")
def seen(stage: Stage) -> dict[str, Any]:
    played = stage.play(PROGRAM, [Act.UP], look=_experiments)
    assert played.last.ok, played.told
    return played.seen[0]


def test_a_classic_balancer_sends_to_every_node(seen: dict[str, Any]) -> None:
    balancer = seen["classic"]
    assert balancer["Scheme"] == "internet-facing"
    assert len(balancer["Instances"]) == 2
    assert seen["classic held"] == [FINALIZER]
    assert seen["groups"] == [f"k8s-elb-{balancer['LoadBalancerName']}"]


def test_an_internal_one_stands_where_nobody_comes_in_from_outside(seen: dict[str, Any]) -> None:
    assert seen["internal"]["Scheme"] == "internal"
    assert len(seen["internal"]["Subnets"]) == 2


def test_the_type_nlb_is_a_network_balancer_without_a_security_group(seen: dict[str, Any]) -> None:
    balancer, group = seen["network"]
    assert (balancer["Type"], balancer["Scheme"]) == ("network", "internet-facing")
    assert not balancer.get("SecurityGroups")
    assert (group["TargetType"], group["Protocol"]) == ("instance", "TCP")


def test_what_is_the_controllers_is_left_alone(seen: dict[str, Any]) -> None:
    assert seen["others"] == [[], []]


def test_all_of_it_goes_with_its_services(seen: dict[str, Any]) -> None:
    assert seen["after"] == ([], [], [], [], [])


def test_without_a_public_subnet_it_says_so(seen: dict[str, Any]) -> None:
    told = "Error syncing load balancer: failed to ensure load balancer: could not find any suitable subnets for "
    assert seen["nowhere"] == f"{told}creating the ELB"


def _experiments(inside: Inside) -> dict[str, Any]:
    lab, seen = Lab(inside), dict[str, Any]()
    elb = inside.client("elb")
    lab.service("classic")
    (seen["classic"],) = elb.describe_load_balancers()["LoadBalancerDescriptions"]
    seen["classic held"] = finalizers_of(lab.find("v1", "Service", "classic"))
    seen["groups"] = [name for name in lab.groups() if name.startswith("k8s-elb-")]
    lab.delete("v1", "Service", "classic")
    lab.service("internal", marks={"internal": "true"})
    (seen["internal"],) = elb.describe_load_balancers()["LoadBalancerDescriptions"]
    network = lab.service("network", marks={"type": "nlb"})
    seen["network"] = (lab.balancer_of(network), lab.elb.describe_target_groups()["TargetGroups"][0])
    others = [lab.service("external", marks={"type": "external"}), lab.service("classed", loadBalancerClass="some/one")]
    seen["others"] = [finalizers_of(one) for one in others]
    left = [lab.delete("v1", "Service", name) for name in ("internal", "network")]
    seen["after"] = (
        [one for one in left if one],
        elb.describe_load_balancers()["LoadBalancerDescriptions"],
        lab.balancers(),
        lab.elb.describe_target_groups()["TargetGroups"],
        [name for name in lab.groups() if name.startswith("k8s-elb-")],
    )
    routes = lab.ec2.describe_route_tables(Filters=[{"Name": "route.gateway-id", "Values": ["igw-*"]}])["RouteTables"]
    for table in routes:
        lab.ec2.delete_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock="0.0.0.0/0")
    seen["nowhere"] = lab.told(lab.service("nowhere"))
    return seen
