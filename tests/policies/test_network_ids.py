"""The policy `stale-vpc-id`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, CLUSTER, IN_CLUSTER, KUBERNETES, TWO_CLUSTERS, lbc, obj, within
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


HOLDER = Resource("my:index:Holder", "holder")
APART = Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, "vpcConfig": {"subnetIds": ["subnet-1"]}})


@pytest.mark.parametrize(
    ("network", "cluster"),
    [
        ((VPC, subnet(id="subnet-1")), APART),
        (
            (Resource(VPC.type, "vpc", VPC.properties, {"id": OWN}), subnet()),
            replace(APART, outputs={"vpcConfig": {"subnetIds": ["subnet-1"], "vpcId": OWN}}),
        ),
        ((HOLDER, VPC, replace(subnet(), parent="holder")), replace(APART, sources={"vpcConfig": "holder"})),
        ((HOLDER, VPC, replace(subnet(), parent="holder")), replace(APART, parent="holder")),
    ],
    ids=["by-id", "by-the-vpcs-id", "out-of-a-component", "in-one-component"],
)
def test_a_cluster_is_in_the_stacks_network_however_that_shows(
    network: tuple[Resource, ...], cluster: Resource, pack: Pack
) -> None:
    assert SLUG in pack.of_stack(*network, cluster, *IN_CLUSTER[1:], *controller(OLD))
    assert SLUG not in pack.of_stack(*NETWORK, APART, *IN_CLUSTER[1:], *controller(OLD))


def test_of_two_clusters_the_one_in_a_network_of_the_stack_is_judged(pack: Pack) -> None:
    one = replace(TWO_CLUSTERS[0], sources={"vpcConfig": "private"})
    objects = [*within("two", obj("b", "ConfigMap", data={"vpc": OLD})), obj("c", "ConfigMap", data={"vpc": OLD})]
    for where, slugs in (("one", {SLUG}), ("two", set[str]())):
        found = pack.of_stack(*NETWORK, one, *TWO_CLUSTERS[1:], objects[0], *within(where, objects[1]))
        assert {SLUG} & set(found) == slugs


def test_a_chart_that_is_rendered_speaks_by_its_objects(pack: Pack) -> None:
    chart = Resource("kubernetes:helm.sh/v4:Chart", "app", {"chart": "app", "values": {"vpcId": OLD}})
    around = (*NETWORK, MADE, *IN_CLUSTER[1:], replace(chart, provider="kubernetes"))
    assert SLUG in pack.of_stack(*around)
    assert SLUG not in pack.of_stack(*around, replace(obj("c", "ConfigMap"), parent="app"))


@pytest.mark.parametrize(
    ("made", "at"),
    [
        (obj("c", "ConfigMap", data={"vpc": f"id={OLD}"}), "data.vpc: the id vpc-"),
        (
            obj("l", "Pod", spec={"containers": [{"name": "a", "args": ["-v", OLD], "resources": AMOUNTS}]}),
            "spec.containers[0].args[1]: the id vpc-",
        ),
        (
            obj("s", "Service", metadata={"annotations": {"x": "subnet-0123456789abcdef0,subnet-1"}}),
            "metadata.annotations.x: the id subnet-",
        ),
        (obj("e", "Service", metadata={"annotations": {"x": "sg-01234567"}}), "metadata.annotations.x: the id sg-"),
    ],
    ids=["config", "list", "subnet", "group"],
)
def test_ids_in_manifests_are_judged(made: Resource, at: str, pack: Pack) -> None:
    ((_, message),) = pack.of_stack(*NETWORK, MADE, *IN_CLUSTER[1:], made)[SLUG]
    assert message.startswith(at)


def test_ids_that_the_stacks_own_resources_state_pass(pack: Pack) -> None:
    group = Resource("aws:ec2/securityGroupRule:SecurityGroupRule", "r", {"sourceSecurityGroupId": "sg-01234567"})
    made = obj("e", "Service", metadata={"annotations": {"x": "sg-01234567"}})
    assert pack.of_stack(*NETWORK, MADE, *IN_CLUSTER[1:], group, made) == {}


def test_secrets_and_what_only_looks_like_an_id_pass(pack: Pack) -> None:
    secret = obj("s", "Secret", stringData={"vpc": OLD}, metadata={"annotations": {"vpc": OLD}})
    name = obj("n", "ConfigMap", data={"a": "vpc-network", "b": "myvpc-0123456789abcdef0", "c": "sg-1"})
    assert pack.of_stack(*NETWORK, MADE, *IN_CLUSTER[1:], secret, name) == {}
