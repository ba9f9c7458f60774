"""Which load balancers a chart's values ask for, and who makes each."""

from typing import Any

import pytest

from pokayoke_eks.rules.balancing import CLASS, TYPE, Controller, of_service, services_in_values

OURS, OTHER, UNSAID, IN_TREE = Controller.OURS, Controller.OTHER, Controller.UNSAID, Controller.IN_TREE
BALANCER = {"type": "LoadBalancer"}


@pytest.mark.parametrize(
    ("kind", "named", "said", "controller"),
    [
        ("ClusterIP", CLASS, "external", None),
        ("LoadBalancer", CLASS, "nlb", OURS),
        ("LoadBalancer", "example.com/x", "external", OTHER),
        ("LoadBalancer", "", "external", OURS),
        ("LoadBalancer", object(), "nlb-ip", OURS),
        ("LoadBalancer", None, "nlb", IN_TREE),
        ("LoadBalancer", None, "clb", IN_TREE),
        ("LoadBalancer", None, None, UNSAID),
        ("LoadBalancer", None, "other", UNSAID),
    ],
    ids=range(9),
)
def test_a_class_says_more_than_an_annotation(kind: str, named: Any, said: Any, controller: Controller | None) -> None:
    assert of_service(kind, named, {TYPE: said}) is controller


@pytest.mark.parametrize(
    ("values", "made"),
    [
        ({"a": BALANCER}, {"values.a": UNSAID}),
        ({"a": [BALANCER, {"b": BALANCER}]}, {"values.a[0]": UNSAID, "values.a[1].b": UNSAID}),
        ({**BALANCER, "b": BALANCER}, {"values": UNSAID, "values.b": UNSAID}),
        ({"a": {"apiVersion": "v1", "kind": "Service", **BALANCER}}, {}),
        ({"a": {"kind": "Service", **BALANCER}}, {"values.a": UNSAID}),
        ({"a": {"type": "ClusterIP"}}, {}),
        ({"a": {**BALANCER, "loadBalancerClass": CLASS}}, {"values.a": OURS}),
        ({"a": {**BALANCER, "spec": {"loadBalancerClass": CLASS}}}, {"values.a": OURS}),
        ({"a": BALANCER, "spec": {"loadBalancerClass": CLASS}}, {"values.a": OURS}),
        ({"a": BALANCER, "loadBalancerClass": CLASS}, {"values.a": OURS}),
        ({"a": {**BALANCER, "loadBalancerClass": "x"}, "loadBalancerClass": CLASS}, {"values.a": OTHER}),
        ({"a": {**BALANCER, "annotations": {TYPE: "external"}}}, {"values.a": OURS}),
        ({"a": BALANCER, "annotations": {TYPE: "external"}}, {"values.a": OURS}),
        ({"a": {**BALANCER, "annotations": {TYPE: "nlb"}}, "annotations": {TYPE: "external"}}, {"values.a": IN_TREE}),
    ],
    ids=range(14),
)
def test_a_service_may_be_anywhere_and_its_class_and_annotations_beside_it(values: Any, made: dict[str, Any]) -> None:
    assert dict(services_in_values("some", values)) == made


@pytest.mark.parametrize(
    ("chart", "values", "made"),
    [
        ("istio/gateway", {}, {"values.service": UNSAID}),
        ("ingress-nginx", {}, {"values.controller.service": UNSAID}),
        ("karpenter", {}, {}),
        ("istio/gateway", {"service": "junk"}, {"values.service": UNSAID}),
        ("istio/gateway", {"service": {"type": "ClusterIP"}}, {}),
        ("ingress-nginx", {"controller": {"service": {"enabled": False}}}, {}),
        ("ingress-nginx", {"controller": {"service": {"enabled": True}}}, {"values.controller.service": UNSAID}),
        ("istio/gateway", {"service": {"annotations": {TYPE: "external"}}}, {"values.service": OURS}),
        ("istio/gateway", {"service": {"loadBalancerClass": CLASS}}, {"values.service": OURS}),
        ("istio/gateway", {"service": BALANCER, "loadBalancerClass": CLASS}, {"values.service": OURS}),
    ],
    ids=range(10),
)
def test_some_charts_have_a_load_balancer_unless_their_values_say_otherwise(
    chart: str, values: Any, made: dict[str, Any]
) -> None:
    assert list(services_in_values(chart, values)) == list(made.items())
