"""Naive mistakes around load balancers, made with raw resources, and the logged errors seen."""

from __future__ import annotations

import pytest

from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    at,
    finalizers_of,
    items,
    name_of,
)
from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Played, Stage

CLUSTER = "import raw, raw_lb\ncluster = raw.Cluster(raw.Network())\n"
ABANDONED = """
kinds = raw_lb.gateway_kinds(cluster)
web = raw_lb.service(cluster, *cluster.ready, type="ClusterIP", loadBalancerClass=None)
ingress = raw_lb.ingress(cluster, web, wait=False)
gateway = raw_lb.gateway(cluster, web, raw_lb.gateway_class(cluster, *kinds, wait=False), wait=False)
raw_lb.Controller(cluster, ingress, gateway, values={"defaultTargetType": "ip"})
"""
"""What asks for balancers is there first, so that who makes them goes first."""


def test_without_the_controller_a_classic_balancer_comes_or_nothing_at_all(stage: Stage) -> None:
    """`in-tree-load-balancer`, and `vpc-delete-blocked` where nobody deletes the Service before its cluster goes."""
    program = CLUSTER + 'raw_lb.service(cluster, name="classed", wait=False)\n'
    played = stage.play(program, [Act.UP, Act.DESTROY], look=_exposed)
    classed, web = played.seen[0]
    assert classed == ("classed", [], [])
    assert web[1] == ["service.kubernetes.io/load-balancer-cleanup"]
    assert web[2][0].endswith(".ap-northeast-2.elb.amazonaws.com")
    assert not played.last.ok
    assert "has some mapped public address(es)" in played.told
    owned = {found.kind for found in played.left if found.note.endswith("made for Service default/web of cluster demo")}
    assert owned == {"load balancer", "network interface", "security group"}


@pytest.fixture(scope="module")
def abandoned(stage: Stage) -> Played:
    return stage.play(CLUSTER + ABANDONED)


def test_what_asked_for_a_balancer_stays_when_its_controller_is_gone(abandoned: Played) -> None:
    """`vpc-delete-blocked`"""
    assert [result.ok for result in abandoned.results] == [True, False], abandoned.told
    assert "finalizers might be preventing deletion (gateway.k8s.aws/alb)" in abandoned.told
    told = "gateway.k8s.aws/alb is taken off by the AWS Load Balancer Controller, and none of its pods runs"
    assert told in abandoned.told


def test_balancers_that_nobody_removes_are_left_with_all_that_they_stand_on(abandoned: Played) -> None:
    """`vpc-delete-blocked`"""
    kinds = [found.kind for found in abandoned.left]
    assert kinds.count("load balancer") == 2
    assert kinds.count("target group") == 1
    assert {"VPC", "subnet", "security group", "network interface"} <= set(kinds)
    made_for = {found.note.partition("made for ")[2] for found in abandoned.left if found.kind == "network interface"}
    assert {"Ingress default/web of cluster demo", "Gateway default/web of cluster demo"} <= made_for


def _exposed(inside: Inside) -> list[tuple[str, list[str], list[str]]]:
    """Somebody asks for a balancer by hand. Of each Service that does: what holds it, and where it is reached."""
    if not inside.has_cluster:
        return []
    meta = {"name": "web", "namespace": "default"}
    spec = {"type": "LoadBalancer", "ports": [{"port": 80}]}
    inside.cluster.create({"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec}, "kubectl")
    asking = [one for one in inside.objects("Service") if at(one, "spec", "type") == "LoadBalancer"]
    return sorted(
        (
            name_of(one),
            finalizers_of(one),
            [str(at(entry, "hostname")) for entry in items(at(one, "status", "loadBalancer", "ingress"))],
        )
        for one in asking
    )
