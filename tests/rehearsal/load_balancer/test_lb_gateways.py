"""What the controller makes of Gateways, what holds the objects around them, and when it does not even start."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lb_lab import GATEWAYS, NAME, OWN, PROGRAM, Lab, imported
from pokayoke_rehearsal.doubles.kubernetes.manifests.gateway_api import standard_install
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, condition, finalizers_of, items, metadata
from pokayoke_rehearsal.engine import Act
from rehearsed import NAME as CLUSTER
from rehearsed import Inside, Stage

TERMINATED = {"mode": "Terminate", "options": {"gateway.k8s.aws/certificate": "acm"}}


@pytest.fixture(scope="module")
def seen(stage: Stage) -> dict[str, Any]:
    played = stage.play(PROGRAM, [Act.UP], look=_experiments)
    assert played.last.ok, played.told
    return played.seen[0]


def test_kinds_are_looked_for_only_when_the_controller_starts(seen: dict[str, Any]) -> None:
    assert seen["before restart"]["message"] == "Waiting for controller"
    assert seen["after restart"]["status"] == "True"


def test_a_class_whose_configuration_has_no_namespace_is_refused(seen: dict[str, Any]) -> None:
    assert seen["no namespace"]["reason"] == "InvalidParametersRef"


def test_a_network_gateway_has_a_listener_once_a_route_is_attached(seen: dict[str, Any]) -> None:
    assert seen["without route"] == ("network", [])
    ((port, protocol, certificate),) = seen["with route"]
    assert (port, protocol, certificate) == (443, "TLS", seen["certificate"])
    assert seen["target group"] == ("TCP", "ip", 2)


def test_a_gateway_says_that_it_is_programmed_and_where(seen: dict[str, Any]) -> None:
    said = seen["said"]
    assert {one["type"]: one["status"] for one in said["conditions"]} == {"Programmed": "True", "Accepted": "True"}
    assert said["addresses"][0]["value"].endswith(".elb.ap-northeast-2.amazonaws.com")
    assert [one["attachedRoutes"] for one in said["listeners"]] == [1]
    assert seen["route said"] == [("gateway.k8s.aws/nlb", True)]


def test_what_a_gateway_refers_to_is_held_while_it_is_there(seen: dict[str, Any]) -> None:
    assert seen["held"] == {
        "GatewayClass": ["gateway.k8s.aws/gatewayclass"],
        "LoadBalancerConfiguration": ["gateway.k8s.aws/loadbalancerconfigurations"],
        "TargetGroupConfiguration": ["gateway.k8s.aws/targetgroupconfigurations"],
    }
    assert seen["all gone"] == ([{}, {}, {}, {}], [], [])


def test_without_its_configuration_a_gateway_is_not_accepted(seen: dict[str, Any]) -> None:
    assert seen["no configuration"]["message"] == 'LoadBalancerConfiguration.gateway.k8s.aws "nowhere" not found'


def test_a_gateway_whose_class_was_torn_away_is_never_gone(seen: dict[str, Any]) -> None:
    assert seen["orphan"] == ["gateway.k8s.aws/alb"]


def test_a_policy_that_keeps_the_api_server_out_of_reach_crashes_the_controller(seen: dict[str, Any]) -> None:
    """`network-policy-blocks-api-server`: only where the network plugin enforces policies."""
    assert seen["not enforced"] == []
    assert all(one["reason"] == "CrashLoopBackOff" for one in seen["blocked"])
    told = seen["blocked"][0]["message"]
    assert '"msg":"unable to create controller","controller":"Ingress"' in told
    assert "dial tcp 172.20.0.1:443: i/o timeout" in told
    assert "kube-system/closed" in told
    assert seen["let out"] == []


def _experiments(inside: Inside) -> dict[str, Any]:
    lab = Lab(inside)
    lab.web()
    lab.service("web", 443, type="ClusterIP")
    for experiment in (_late_kinds, _network, _application, _policies):
        experiment(lab)
    return lab.seen


def _late_kinds(lab: Lab) -> None:
    for manifest in standard_install("v1.6.1"):
        lab.inside.cluster.create(manifest, "user")
    lab.apply(GATEWAYS, "GatewayClass", "nlb", {"controllerName": "gateway.k8s.aws/nlb"}, "")
    lab.seen["before restart"] = condition(lab.find(GATEWAYS, "GatewayClass", "nlb", ""), "Accepted")
    lab.restart()
    lab.seen["after restart"] = condition(lab.find(GATEWAYS, "GatewayClass", "nlb", ""), "Accepted")
    reference = {"group": "gateway.k8s.aws", "kind": "LoadBalancerConfiguration", "name": "all"}
    lab.apply(
        GATEWAYS, "GatewayClass", "bad", {"controllerName": "gateway.k8s.aws/nlb", "parametersRef": reference}, ""
    )
    lab.seen["no namespace"] = condition(lab.find(GATEWAYS, "GatewayClass", "bad", ""), "Accepted")


def _network(lab: Lab) -> None:
    certificate = lab.seen["certificate"] = imported(lab.inside.client("acm"), "web.example.com")
    listener = {"protocolPort": "TLS:443", "defaultCertificate": certificate}
    default = {"defaultTargetGroupConfiguration": {"name": "edge"}}
    lab.apply(OWN, "LoadBalancerConfiguration", "edge", {"listenerConfigurations": [listener], **default})
    lab.apply(
        OWN, "TargetGroupConfiguration", "edge", {"defaultConfiguration": {"targetType": "ip", "protocol": "TCP"}}
    )
    _gateway(lab, "edge", "nlb", "TLS", 443, "edge")
    gateway = lab.find(GATEWAYS, "Gateway", "edge")
    lab.seen["without route"] = (lab.balancer_of(gateway)["Type"], lab.listeners_of(gateway))
    backends = [{"name": "web", "port": 443}]
    said = {"parentRefs": [{"name": "edge"}], "hostnames": ["web.example.com"], "rules": [{"backendRefs": backends}]}
    lab.apply(GATEWAYS, "TLSRoute", "web", said)
    gateway = lab.find(GATEWAYS, "Gateway", "edge")
    lab.seen["with route"] = [
        (one["Port"], one["Protocol"], one["Certificates"][0]["CertificateArn"]) for one in lab.listeners_of(gateway)
    ]
    (group,) = lab.elb.describe_target_groups()["TargetGroups"]
    health = lab.elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
    lab.seen["target group"] = (group["Protocol"], group["TargetType"], len(health))
    lab.seen["said"] = gateway["status"]
    parents = items(at(lab.find(GATEWAYS, "TLSRoute", "web"), "status", "parents"))
    lab.seen["route said"] = [(one["controllerName"], _is_accepted(one)) for one in parents]
    _take_down(lab)


def _take_down(lab: Lab) -> None:
    """Everything in the wrong order: what is still needed waits."""
    around = (
        (GATEWAYS, "GatewayClass", "nlb", ""),
        (OWN, "LoadBalancerConfiguration", "edge", "default"),
        (OWN, "TargetGroupConfiguration", "edge", "default"),
    )
    lab.seen["held"] = {kind: finalizers_of(lab.delete(api, kind, name, space)) for api, kind, name, space in around}
    lab.delete(GATEWAYS, "TLSRoute", "web")
    lab.delete(GATEWAYS, "Gateway", "edge")
    left = [lab.find(*one) for one in (*around, (GATEWAYS, "Gateway", "edge"))]
    lab.seen["all gone"] = (left, lab.balancers(), [name for name in lab.groups() if name.startswith("k8s-")])


def _application(lab: Lab) -> None:
    lab.apply(GATEWAYS, "GatewayClass", "alb", {"controllerName": "gateway.k8s.aws/alb"}, "")
    _gateway(lab, "lost", "alb", "HTTP", 80, "nowhere")
    lab.seen["no configuration"] = condition(lab.find(GATEWAYS, "Gateway", "lost"), "Accepted")
    _gateway(lab, "orphan", "alb", "HTTP", 80)
    torn = lab.find(GATEWAYS, "GatewayClass", "alb", "")
    lab.delete(GATEWAYS, "GatewayClass", "alb", "")
    lab.inside.cluster.edit(torn, lambda one: metadata(one).pop("finalizers"))
    lab.seen["orphan"] = finalizers_of(lab.delete(GATEWAYS, "Gateway", "orphan"))


def _policies(lab: Lab) -> None:
    chosen = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": NAME}}, "policyTypes": ["Egress"]}
    namespaces = [{"to": [{"namespaceSelector": {}}]}]
    api = "networking.k8s.io/v1"
    lab.apply(api, "NetworkPolicy", "closed", {**chosen, "egress": namespaces}, "kube-system")
    lab.seen["not enforced"] = _waiting(lab)
    values = json.dumps({"enableNetworkPolicy": "true"})
    asked = {"clusterName": CLUSTER, "addonName": "vpc-cni", "configurationValues": values}
    lab.inside.client("eks").create_addon(**asked, resolveConflicts="OVERWRITE")
    lab.seen["blocked"] = _waiting(lab)
    server = {"to": [{"ipBlock": {"cidr": "172.20.0.1/32"}}], "ports": [{"protocol": "TCP", "port": 443}]}
    lab.apply(api, "NetworkPolicy", "closed", {**chosen, "egress": [*namespaces, server]}, "kube-system")
    lab.seen["let out"] = _waiting(lab)


def _gateway(lab: Lab, name: str, of: str, protocol: str, port: int, configuration: str = "") -> None:
    listener: Object = {"name": "main", "protocol": protocol, "port": port}
    if protocol == "TLS":
        listener["tls"] = TERMINATED
    said: Object = {"gatewayClassName": of, "listeners": [listener]}
    if configuration:
        reference = {"group": "gateway.k8s.aws", "kind": "LoadBalancerConfiguration", "name": configuration}
        said["infrastructure"] = {"parametersRef": reference}
    lab.apply(GATEWAYS, "Gateway", name, said)


def _is_accepted(parent: Object) -> bool:
    return any((one["type"], one["status"]) == ("Accepted", "True") for one in parent["conditions"])


def _waiting(lab: Lab) -> list[Any]:
    states = [one for pod in lab.pods() for one in items(at(pod, "status", "containerStatuses"))]
    return [found for one in states if (found := at(one, "state", "waiting"))]
