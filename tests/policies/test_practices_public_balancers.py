"""What is asked of load balancers that the internet reaches."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, obj, release

SLUG = "lb-public-declared"
NLB, ALB = "service.beta.kubernetes.io/aws-load-balancer-scheme", "alb.ingress.kubernetes.io/scheme"
PUBLIC = "internet-facing"
ANNOTATED = {"annotations": {NLB: PUBLIC}}


@pytest.fixture
def pack(anew: Pack) -> Pack:
    """Under which none may be public but one."""
    return asking(anew, public=["shop/web"])


def asking(pack: Pack, **settings: Any) -> Pack:
    pack.configure(SLUG, "ADVISORY", settings)
    return pack


def told(pack: Pack, *resources: Resource) -> list[tuple[str, str]]:
    found = pack.advice_on(*IN_CLUSTER, *resources).get(SLUG, [])
    return [(name, message.partition(";")[0]) for name, message in found]


def service(name: str = "api", scheme: Any = PUBLIC, kind: str = "LoadBalancer") -> Resource:
    metadata = {"namespace": "shop", "annotations": {NLB: scheme}}
    return obj(name, "Service", metadata=metadata, spec={"type": kind, "loadBalancerClass": "service.k8s.aws/nlb"})


def ingress(scheme: Any = PUBLIC) -> Resource:
    return obj("api", "Ingress", api="networking.k8s.io/v1", metadata={"annotations": {ALB: scheme}}, spec={})


def gateway(**said: Any) -> Resource:
    return obj("api", "Gateway", api="gateway.networking.k8s.io/v1", **said)


def balancer(module: str = "lb", **said: Any) -> Resource:
    return Resource(f"aws:{module}/loadBalancer:LoadBalancer", "api", said)


@pytest.mark.parametrize(
    ("resource", "place"),
    [
        pytest.param(service(), f"metadata.annotations.{NLB}: it is {PUBLIC}", id="service"),
        pytest.param(ingress(), f"metadata.annotations.{ALB}: it is {PUBLIC}", id="ingress"),
        pytest.param(
            gateway(spec={"infrastructure": ANNOTATED}),
            f"spec.infrastructure.annotations.{NLB}: it is {PUBLIC}",
            id="gateway",
        ),
        pytest.param(gateway(metadata=ANNOTATED), f"metadata.annotations.{NLB}: it is {PUBLIC}", id="gateway-itself"),
        pytest.param(
            obj("api", "LoadBalancerConfiguration", api="gateway.k8s.aws/v1beta1", spec={"scheme": PUBLIC}),
            f"spec.scheme: it is {PUBLIC}",
            id="configuration",
        ),
        pytest.param(
            obj("api", "IngressClassParams", api="elbv2.k8s.aws/v1beta1", spec={"scheme": PUBLIC}),
            f"spec.scheme: it is {PUBLIC}",
            id="class",
        ),
        pytest.param(
            release("api", "ingress-nginx", values={"controller": {"services": [{"x": 1}, ANNOTATED]}}),
            f"values.controller.services[1].annotations.{NLB}: it is {PUBLIC}",
            id="release",
        ),
        pytest.param(balancer(), "internal: it is left out, which means false", id="left-out"),
        pytest.param(balancer("alb", internal="false"), "internal: it is off", id="off"),
        pytest.param(balancer("elb", internal=False), "internal: it is off", id="classic"),
        pytest.param(service(scheme="internal"), "", id="internal-service"),
        pytest.param(service(kind="ClusterIP"), "", id="no-balancer"),
        pytest.param(ingress("internal"), "", id="internal-ingress"),
        pytest.param(gateway(spec={}), "", id="internal-gateway"),
        pytest.param(
            release("api", "ingress-nginx", values={"annotations": {NLB: "internal"}}), "", id="internal-chart"
        ),
        pytest.param(balancer(internal="true"), "", id="internal-balancer"),
        pytest.param(balancer(loadBalancerType="gateway"), "", id="of-appliances"),
    ],
)
def test_what_is_public_is_told_where_it_is_said(pack: Pack, resource: Resource, place: str) -> None:
    assert told(pack, resource) == ([("api", f"{place}, and not declared to be public")] if place else [])


@pytest.mark.parametrize(
    ("public", "resource"),
    [
        pytest.param("shop/api", service(), id="object"),
        pytest.param("shop/*", service(), id="namespace"),
        pytest.param("default/api", ingress(), id="default-namespace"),
        pytest.param("api", balancer(), id="resource"),
        pytest.param("kube-system/api", release("api", "x", values=ANNOTATED), id="release"),
        pytest.param("default/api", release("api", "x", values=ANNOTATED, namespace=""), id="release-by-default"),
    ],
)
def test_what_is_declared_may_be(anew: Pack, public: str, resource: Resource) -> None:
    assert told(asking(anew, public=[public]), resource) == []
    assert len(told(asking(anew, public=[f"{public}-2"]), resource)) == 1


def test_nothing_is_asked_where_nobody_said_what_is_public(anew: Pack) -> None:
    assert told(anew, service("web"), balancer(), release("chart", "x", values=ANNOTATED)) == []
    assert len(told(asking(anew, required=True), service("web"), balancer())) == 2


def test_a_chart_whose_objects_are_there_speaks_by_them(pack: Pack) -> None:
    chart = Resource(
        "kubernetes:helm.sh/v4:Chart",
        "chart",
        {"chart": "x", "name": "chart", "values": ANNOTATED},
        provider="kubernetes",
    )
    assert [name for name, _ in told(pack, chart)] == ["chart"]
    rendered = obj("chart:shop/web", "ConfigMap")
    rendered = Resource(rendered.type, rendered.name, rendered.properties, parent="chart", provider="kubernetes")
    assert told(pack, chart, rendered) == []


@pytest.mark.parametrize(
    ("resource", "judged"),
    [
        pytest.param(service(scheme=UNKNOWN), False, id="annotation"),
        pytest.param(balancer(internal=UNKNOWN), False, id="internal"),
        pytest.param(release("api", "x", values={"annotations": UNKNOWN}), False, id="annotations-in-values"),
        pytest.param(release("api", "x", values={"a": {"annotations": {NLB: UNKNOWN}}}), False, id="scheme-in-values"),
        pytest.param(release("api", "x", values={"region": UNKNOWN}), True, id="another-value"),
    ],
)
def test_what_is_not_known_is_said(pack: Pack, resource: Resource, judged: bool) -> None:
    for other in (service("other"), release("other", "x", values=ANNOTATED), Resource(balancer().type, "other", {})):
        assert [name for name, _ in told(pack, resource, other)] == ["other"]
    unknown = pack.advice_on(*IN_CLUSTER, resource).get("unknown", [])
    assert (SLUG not in [policy for _, policy in unknown]) is judged
