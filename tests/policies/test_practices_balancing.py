"""What is asked of load balancers and of their controller."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack, Resource, told

COMPLETE, TARGETS, SHARED = "lbc-values-complete", "lb-target-ip", "lb-sharing-scoped"
SERVICE, INGRESS = "kubernetes:core/v1:Service", "kubernetes:networking.k8s.io/v1:Ingress"
GATEWAY, PARAMETERS = (
    "kubernetes:gateway.networking.k8s.io/v1:Gateway",
    "kubernetes:elbv2.k8s.aws/v1beta1:IngressClassParams",
)
NLB, ALB = "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type", "alb.ingress.kubernetes.io/target-type"
VALUES = {"clusterName": "demo", "region": "eu-west-1", "vpcId": "vpc-1", "keepTLSSecret": True}


def controller(**said: Any) -> Resource:
    values = {key: value for key, value in {**VALUES, **said}.items() if value is not None}
    return Resource(RELEASE, "controller", {"chart": "aws-load-balancer-controller", "values": values})


@pytest.mark.parametrize(
    ("said", "messages"),
    [
        pytest.param({}, [], id="complete"),
        pytest.param({"region": None}, ["region: it is left out"], id="region"),
        pytest.param({"vpcId": ""}, ["vpcId: it is left out"], id="vpc"),
        pytest.param({"vpcId": None, "vpcTags": {"Name": "demo"}}, [], id="vpc-by-tags"),
        pytest.param({"vpcId": UNKNOWN, "region": UNKNOWN}, [], id="to-come"),
        pytest.param({"region": None, "vpcId": None, "hostNetwork": True}, [], id="on-the-node-s-network"),
        pytest.param({"replicaCount": 1}, ["replicaCount: it is less than two"], id="one-pod"),
        pytest.param({"replicaCount": "2"}, [], id="two-pods"),
        pytest.param(
            {"keepTLSSecret": None},
            ["keepTLSSecret: it is off, and each update makes a certificate that the pods do not have yet"],
            id="certificate",
        ),
        pytest.param({"keepTLSSecret": False, "enableCertManager": "true"}, [], id="cert-manager"),
    ],
)
def test_the_controller_comes_up_again(pack: Pack, said: dict[str, Any], messages: list[str]) -> None:
    assert told(pack, COMPLETE, controller(**said)) == [("controller", f"values.{one}") for one in messages]


@pytest.mark.parametrize("key", ["replicaCount", "keepTLSSecret", "enableCertManager", "hostNetwork"])
def test_values_that_are_not_known_are_said(pack: Pack, key: str) -> None:
    found = pack.advice_on(controller(**{"keepTLSSecret": None, key: UNKNOWN, "vpcId": None}))
    assert any(message.startswith("values.vpcId") for _, message in found[COMPLETE])
    assert found["unknown"]


def test_values_that_are_not_to_be_seen_are_not_judged(pack: Pack) -> None:
    files = Resource(RELEASE, "c", {"chart": "aws-load-balancer-controller", "valueYamlFiles": ["x.yaml"]})
    assert told(pack, COMPLETE, files) == []
    assert told(pack, TARGETS, files, service()) == []


def service(target: Any = None, *, kind: str = "LoadBalancer", **spec: Any) -> Resource:
    annotations = {} if target is None else {NLB: target}
    whole = {"type": kind, "loadBalancerClass": "service.k8s.aws/nlb", **spec}
    return Resource(SERVICE, "web", {"metadata": {"name": "web", "annotations": annotations}, "spec": whole})


def ingress(name: str = "web", namespace: Any = "shop", group: Any = None, **said: Any) -> Resource:
    annotations = {
        **said.pop("annotations", {}),
        **({} if group is None else {"alb.ingress.kubernetes.io/group.name": group}),
    }
    metadata = {"name": name, "namespace": namespace, "annotations": annotations}
    return Resource(INGRESS, name, {"metadata": metadata, "spec": {"ingressClassName": "alb", **said}})


AT = "metadata.annotations."


@pytest.mark.parametrize(
    ("resources", "messages"),
    [
        pytest.param([service("instance")], [("web", f"{AT}{NLB}: it is instance")], id="a-service"),
        pytest.param([service("ip")], [], id="pods"),
        pytest.param([service()], [], id="of-a-controller-elsewhere"),
        pytest.param(
            [service(), controller()],
            [
                (
                    "controller",
                    "values.defaultTargetType: it is left out, which means instance, and 'web' says nothing else",
                )
            ],
            id="by-default",
        ),
        pytest.param(
            [service(), controller(defaultTargetType="instance")],
            [("controller", "values.defaultTargetType: it is instance, and 'web' says nothing else")],
            id="by-word",
        ),
        pytest.param([service(), controller(defaultTargetType="ip")], [], id="pods-by-default"),
        pytest.param([service("ip"), controller()], [], id="whatever-the-default"),
        pytest.param([controller()], [], id="for-nobody"),
        pytest.param([service(kind="ClusterIP"), controller()], [], id="no-load-balancer"),
        pytest.param([service(loadBalancerClass="another"), controller()], [], id="another-controller-s"),
        pytest.param(
            [ingress(annotations={ALB: "instance"})], [("web", f"{AT}{ALB}: it is instance")], id="an-ingress"
        ),
        pytest.param([ingress(ingressClassName="nginx", annotations={ALB: "instance"})], [], id="another-class"),
        pytest.param(
            [ingress(ingressClassName=None, annotations={ALB: "instance", "kubernetes.io/ingress.class": "alb"})],
            [("web", f"{AT}{ALB}: it is instance")],
            id="by-annotation",
        ),
    ],
)
def test_requests_go_to_pods(pack: Pack, resources: list[Resource], messages: list[tuple[str, str]]) -> None:
    assert told(pack, TARGETS, *resources) == messages


def test_a_service_of_the_controller_by_its_annotation(pack: Pack) -> None:
    annotations = {"service.beta.kubernetes.io/aws-load-balancer-type": "external", NLB: "instance"}
    said = {"metadata": {"name": "web", "annotations": annotations}, "spec": {"type": "LoadBalancer"}}
    assert len(told(pack, TARGETS, Resource(SERVICE, "web", said))) == 1


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("kubernetes:gateway.k8s.aws/v1beta1:TargetGroupConfiguration", ["spec", "defaultConfiguration", "targetType"]),
        ("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", ["spec", "targetType"]),
    ],
)
def test_kinds_of_the_controller_say_it_too(pack: Pack, kind: str, path: list[str]) -> None:
    for value, sound in (("instance", False), ("ip", True)):
        said: Any = value
        for key in reversed(path):
            said = {key: said}
        found = pack.advice(kind, said).get(TARGETS, [])
        assert [one.partition(";")[0] for one in found] == ([] if sound else [f"{'.'.join(path)}: it is instance"])


@pytest.mark.parametrize("resources", [[service(UNKNOWN)], [service(), controller(defaultTargetType=UNKNOWN)]])
def test_targets_that_are_not_known_are_said(pack: Pack, resources: list[Resource]) -> None:
    found = pack.advice_on(*resources)
    assert TARGETS not in found
    assert found["unknown"]
    assert TARGETS in pack.advice_on(service(UNKNOWN), ingress(), controller())


GROUP = f"{AT}alb.ingress.kubernetes.io/group.name"


@pytest.mark.parametrize(
    ("resources", "messages"),
    [
        pytest.param(
            [ingress("a", "shop", "edge"), ingress("b", "blog", "edge")],
            [("b", f"{GROUP}: 'a' of namespace 'shop' is of the group 'edge' too")],
            id="two-namespaces",
        ),
        pytest.param([ingress("a", "shop", "edge"), ingress("b", "shop", "edge")], [], id="one-namespace"),
        pytest.param([ingress("a", "shop", "edge"), ingress("b", "blog", "blog")], [], id="two-groups"),
        pytest.param([ingress("a", "shop"), ingress("b", "blog")], [], id="no-group"),
    ],
)
def test_a_group_is_of_one_namespace(pack: Pack, resources: list[Resource], messages: list[tuple[str, str]]) -> None:
    assert told(pack, SHARED, *resources) == messages


def test_a_namespace_or_group_that_is_not_known_is_said(pack: Pack) -> None:
    for one in (ingress("a", UNKNOWN, "edge"), ingress("a", "shop", UNKNOWN)):
        found = pack.advice_on(one, ingress("b", "blog", "edge"))
        assert SHARED not in found
        assert found["unknown"]


def test_a_gateway_takes_the_routes_of_its_own(pack: Pack) -> None:
    def listeners(*sources: Any) -> dict[str, Any]:
        return {"spec": {"listeners": [{"allowedRoutes": {"namespaces": {"from": one}}} for one in sources]}}

    (message,) = pack.advice(GATEWAY, listeners("Same", "All", "Selector"))[SHARED]
    assert message.startswith("spec.listeners[1].allowedRoutes.namespaces.from: it is All; ")
    assert SHARED not in pack.advice(GATEWAY, {"spec": {"listeners": [{"name": "web"}]}})
    assert SHARED in pack.advice(GATEWAY, listeners(UNKNOWN))["unknown"]


def test_a_group_of_a_class_is_for_some_namespaces(pack: Pack) -> None:
    group = {"group": {"name": "edge"}}
    (message,) = pack.advice(PARAMETERS, {"spec": group})[SHARED]
    assert message.startswith("spec.group.name: every Ingress of the class joins it, of whatever namespace; ")
    selected = {**group, "namespaceSelector": {"matchLabels": {"team": "shop"}}}
    assert SHARED not in pack.advice(PARAMETERS, {"spec": selected})
    assert SHARED not in pack.advice(PARAMETERS, {"spec": {"scheme": "internal"}})
    assert SHARED not in pack.advice(PARAMETERS, {"spec": {"group": {"x": "y"}}})


def test_what_only_looks_like_it_is_none_of_the_controller_s(pack: Pack) -> None:
    other = Resource("kubernetes:example.com/v1:Edge", "other", service("instance").properties)
    route = Resource("kubernetes:example.com/v1:Route", "route", ingress("b", "blog", "edge").properties)
    release = Resource(RELEASE, "release", {"chart": "another", "values": {"a": "b"}})
    found = pack.advice_on(other, route, release, service(), ingress("a", "shop", "edge"))
    assert not {COMPLETE, TARGETS, SHARED} & found.keys()


def test_a_controller_sends_for_its_own_cluster(pack: Pack) -> None:
    clusters = [Resource("aws:eks/cluster:Cluster", name, {"name": name}) for name in ("one", "two")]
    providers = [Resource("pulumi:providers:kubernetes", f"in-{one.name}", {}, after=(one.name,)) for one in clusters]
    there = [*clusters, *providers, replace(controller(), provider="in-one")]
    assert told(pack, TARGETS, *there, replace(service(), provider="in-two")) == []
    assert len(told(pack, TARGETS, *there, replace(service(), provider="in-one"))) == 1
