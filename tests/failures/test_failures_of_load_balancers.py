"""Naive mistakes around load balancers, made with raw resources, and the logged errors seen."""

from __future__ import annotations

import pytest

from pokayoke_rehearsal.doubles.kubernetes.manifests.gateway_api import standard_install
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Kind,
    Object,
    at,
    finalizers_of,
    items,
    labels_of,
    name_of,
)
from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Played, Stage

CLUSTER = "import raw, raw_lb\ncluster = raw.Cluster(raw.Network())\n"
RUNNING = CLUSTER + "lbc = raw_lb.Controller(cluster, {controller})\n"
HOOK = (
    'failed calling webhook "mservice.elbv2.k8s.aws": failed to call webhook: Post "https://aws-load-balancer-webhook-'
)


def test_a_role_that_may_only_read_gets_no_security_group(stage: Stage) -> None:
    """`lbc-iam-incomplete`"""
    mistake = 'without=["ec2:Create*", "elasticloadbalancing:Create*"]'
    program = RUNNING.format(controller=mistake) + "raw_lb.service(cluster, lbc.release)"
    played = stage.play(program, [Act.UP])
    assert not played.last.ok
    assert "Failed to auto-create backend SG" in played.told
    assert "UnauthorizedOperation: You are not authorized to perform this operation" in played.told
    assert "is not authorized to perform: ec2:CreateSecurityGroup on resource:" in played.told


def test_while_its_controller_is_down_a_webhook_refuses_every_service(stage: Stage) -> None:
    """`webhook-not-ready`: the controller, told of no VPC, asks the metadata service, which no pod reaches."""
    program = RUNNING.format(controller='vpc="", skip_await=True') + (
        'raw_lb.service(cluster, lbc.release, name="other", type="ClusterIP", loadBalancerClass=None)'
    )
    played = stage.play(program, [Act.UP], look=_complaints)
    assert not played.last.ok
    assert HOOK in played.told
    assert 'no endpoints available for service "aws-load-balancer-webhook-service"' in played.told
    assert {reason for reason, _ in played.seen[0]} == {"CrashLoopBackOff"}
    assert "failed to fetch VPC ID from instance metadata" in played.seen[0][0][1]


def test_the_id_of_a_network_that_is_gone_leaves_no_subnet_to_choose(stage: Stage) -> None:
    """`stale-vpc-id`"""
    mistake = 'vpc="vpc-0123456789abcdef0", values={"enableServiceMutatorWebhook": False}'
    program = RUNNING.format(controller=mistake) + "raw_lb.service(cluster, lbc.release)"
    played = stage.play(program, [Act.UP])
    assert "unable to resolve at least one subnet. Evaluated 0 subnets" in played.told


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
    """A controller goes before the Ingress and the Gateway that it serves, then everything else."""
    served = CLUSTER + (
        'lbc = raw_lb.Controller(cluster, values={"defaultTargetType": "ip"})\n'
        'web = raw_lb.service(cluster, lbc.release, type="ClusterIP", loadBalancerClass=None)\n'
    )
    asked = "raw_lb.ingress(cluster, web)\ngateway = raw_lb.gateway(cluster, web)\n"
    without = CLUSTER + 'web = raw_lb.service(cluster, type="ClusterIP", loadBalancerClass=None)\n'
    steps = [Act.UP, served + asked, Act.UP, without + asked, Act.UP, Act.DESTROY]
    return stage.play(served, steps, look=_with_gateway_kinds)


def test_what_asked_for_a_balancer_stays_when_its_controller_is_gone(abandoned: Played) -> None:
    """`vpc-delete-blocked`"""
    assert [result.ok for result in abandoned.results] == [True, True, True, False], abandoned.told
    for finalizer in ("ingress.k8s.aws/resources", "gateway.k8s.aws/alb"):
        assert f"finalizers might be preventing deletion ({finalizer})" in abandoned.told
        assert (
            f"{finalizer} is taken off by the AWS Load Balancer Controller, and none of its pods runs" in abandoned.told
        )


def test_balancers_that_nobody_removes_are_left_with_all_that_they_stand_on(abandoned: Played) -> None:
    """`vpc-delete-blocked`"""
    kinds = [found.kind for found in abandoned.left]
    assert kinds.count("load balancer") == 2
    assert kinds.count("target group") == 1
    assert {"VPC", "subnet", "security group", "network interface"} <= set(kinds)
    made_for = {found.note.partition("made for ")[2] for found in abandoned.left if found.kind == "network interface"}
    assert {"Ingress default/web of cluster demo", "Gateway default/web of cluster demo"} <= made_for


def _complaints(inside: Inside) -> list[tuple[str, str]]:
    pods = [
        one
        for one in inside.objects("Pod")
        if labels_of(one).get("app.kubernetes.io/instance") == "aws-load-balancer-controller"
    ]
    waiting = [at(one, "state", "waiting") for pod in pods for one in items(at(pod, "status", "containerStatuses"))]
    return [(str(at(one, "reason")), str(at(one, "message"))) for one in waiting]


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


def _with_gateway_kinds(inside: Inside) -> list[tuple[str, list[str]]]:
    """After the first act: the kinds of gateways, a class, and a controller that starts again and so finds them."""
    cluster = inside.cluster
    if not inside.objects("GatewayClass", "gateway.networking.k8s.io"):
        for manifest in standard_install("v1.6.1"):
            cluster.create(manifest, "kubectl")
        spec = {"controllerName": "gateway.k8s.aws/alb"}
        gateway_class = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "GatewayClass", "spec": spec}
        cluster.create({**gateway_class, "metadata": {"name": "alb"}}, "kubectl")
        for pod in _pods(inside):
            cluster.delete(Kind("", "v1", "Pod"), name_of(pod), "kube-system")
    held = [*inside.objects("Ingress", "networking.k8s.io"), *inside.objects("Gateway", "gateway.networking.k8s.io")]
    return [(name_of(one), finalizers_of(one)) for one in held]


def _pods(inside: Inside) -> list[Object]:
    name = "aws-load-balancer-controller"
    return [one for one in inside.objects("Pod") if labels_of(one).get("app.kubernetes.io/instance") == name]
