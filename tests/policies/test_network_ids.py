"""The policy `stale-vpc-id`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, CLUSTER, IN_CLUSTER, KUBERNETES, lbc, obj
from networks import VPC, subnet

SLUG = "stale-vpc-id"
OLD, OWN = "vpc-0123456789abcdef0", "vpc-0fedcba9876543210"
MADE = Resource(CLUSTER.type, "cluster", CLUSTER.properties, sources={"vpcConfig": "private"})
NETWORK = (VPC, subnet())


def controller(vpc: Any) -> tuple[Resource, ...]:
    return lbc(values={"vpcId": vpc})


def test_a_controller_that_is_given_another_networks_id_is_refused(pack: Pack) -> None:
    found = pack.of_stack(*NETWORK, MADE, *IN_CLUSTER[1:], *controller(OLD))
    ((name, message),) = found.pop(SLUG)
    assert name == "lbc"
    assert message.startswith("values.vpcId: the id vpc-... in it is of no network that this stack makes")
    assert found == {}


def test_the_networks_own_id_passes_known_or_not(pack: Pack) -> None:
    assert pack.of_stack(*NETWORK, MADE, *IN_CLUSTER[1:], *controller(UNKNOWN)) == {}
    known = Resource(VPC.type, "vpc", VPC.properties, {"id": OWN})
    assert pack.of_stack(known, subnet(), MADE, *IN_CLUSTER[1:], *controller(OWN)) == {}
    assert SLUG in pack.of_stack(known, subnet(), MADE, *IN_CLUSTER[1:], *controller(OLD))


def test_a_stack_on_somebody_elses_network_is_not_judged(pack: Pack) -> None:
    assert pack.of_stack(CLUSTER, *IN_CLUSTER[1:], *controller(OLD)) == {}
    elsewhere = Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, "vpcConfig": {"subnetIds": ["subnet-1"]}})
    assert pack.of_stack(VPC, elsewhere, KUBERNETES, IN_CLUSTER[2], *controller(OLD)) == {}


@pytest.mark.parametrize(
    "made",
    [
        obj("c", "ConfigMap", data={"vpc": f"id={OLD}"}),
        obj("l", "Pod", spec={"containers": [{"name": "a", "args": [OLD], "resources": AMOUNTS}]}),
        obj("s", "Service", metadata={"annotations": {"x": "subnet-0123456789abcdef0,subnet-1"}}),
        obj("e", "Service", metadata={"annotations": {"x": "sg-01234567"}}),
    ],
    ids=["config", "list", "subnet", "group"],
)
def test_ids_in_manifests_are_judged(made: Resource, pack: Pack) -> None:
    assert SLUG in pack.of_stack(*NETWORK, MADE, *IN_CLUSTER[1:], made)


def test_ids_that_the_stacks_own_resources_state_pass(pack: Pack) -> None:
    group = Resource("aws:ec2/securityGroupRule:SecurityGroupRule", "r", {"sourceSecurityGroupId": "sg-01234567"})
    made = obj("e", "Service", metadata={"annotations": {"x": "sg-01234567"}})
    assert pack.of_stack(*NETWORK, MADE, *IN_CLUSTER[1:], group, made) == {}


def test_secrets_and_what_only_looks_like_an_id_pass(pack: Pack) -> None:
    secret = obj("s", "Secret", stringData={"vpc": OLD})
    name = obj("n", "ConfigMap", data={"a": "vpc-network", "b": "myvpc-0123456789abcdef0", "c": "sg-1"})
    assert pack.of_stack(*NETWORK, MADE, *IN_CLUSTER[1:], secret, name) == {}
