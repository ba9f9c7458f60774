"""What is asked of workloads of production."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, TWO_CLUSTERS, obj, within

SLUG = "workload-available"
ZONE, HOST = "topology.kubernetes.io/zone", "kubernetes.io/hostname"
SPREAD = {"topologySpreadConstraints": [{"topologyKey": HOST}, {"topologyKey": ZONE}]}
POD = "spec.template.spec."
ONE = "spec.replicas: it is one, or left out"
UNSPREAD = f"{POD}topologySpreadConstraints: nothing spreads its pods over zones"
EARLY = f"{POD}containers[0].readinessProbe: it is left out, and it is called by 'front' from its start on"
LATE = f"{POD}containers[0].lifecycle.preStop: it is left out, and a load balancer calls it by 'front' after its end"


@pytest.fixture
def pack(anew: Pack) -> Pack:
    """To which the stack of the tests is production."""
    anew.configure(SLUG, "ADVISORY", {"stacks": ["s"]})
    return anew


def workload(
    *containers: dict[str, Any], kind: str = "Deployment", labels: Any = None, namespace: Any = "shop", **said: Any
) -> Resource:
    """Sound but for what is said of it."""
    pods = {**SPREAD, "containers": list(containers) or [{"name": "web"}], **said.pop("pods", {})}
    template = {"metadata": {"labels": labels or {"app": "web"}}, "spec": pods}
    spec = {"replicas": 2, "template": template, **said}
    return obj("web", kind, api="apps/v1", metadata={"namespace": namespace}, spec=spec)


def service(namespace: Any = "shop", **said: Any) -> Resource:
    spec = {"selector": {"app": "web"}, "ports": [{"port": 80, "targetPort": 8080}], **said}
    return obj("front", "Service", metadata={"namespace": namespace}, spec=spec)


def ingress(name: str = "front", namespace: str = "shop") -> Resource:
    spec = {"defaultBackend": {"service": {"name": name, "port": {"number": 80}}}}
    return obj("ingress", "Ingress", api="networking.k8s.io/v1", metadata={"namespace": namespace}, spec=spec)


GATEWAYS = "gateway.networking.k8s.io/v1"


def gateway(of: str = "alb", by: Any = "gateway.k8s.aws/alb", namespace: str = "edge") -> list[Resource]:
    """A Gateway and its class."""
    made = obj("alb", "GatewayClass", api=GATEWAYS, spec={"controllerName": by})
    return [
        made,
        obj("edge", "Gateway", api=GATEWAYS, metadata={"namespace": namespace}, spec={"gatewayClassName": of}),
    ]


def route(kind: str = "HTTPRoute", to: Any = None, parents: Any = None, namespace: str = "shop") -> Resource:
    """A route from the Gateway to the Service."""
    spec = {
        "parentRefs": parents or [{"name": "edge", "namespace": "edge"}],
        "rules": [{"backendRefs": to or [{"name": "front", "port": 80}]}],
    }
    return obj("route", kind, api=GATEWAYS, metadata={"namespace": namespace}, spec=spec)


def as_another_kind(one: Resource) -> Resource:
    said = {**one.properties, "apiVersion": "example.com/v1", "kind": "Other"}
    return Resource("kubernetes:example.com/v1:Other", one.name, said, provider=one.provider)


def scaler(least: Any) -> Resource:
    spec = {"minReplicas": least, "scaleTargetRef": {"kind": "Deployment", "name": "web"}}
    return obj("scaler", "HorizontalPodAutoscaler", api="autoscaling/v2", metadata={"namespace": "shop"}, spec=spec)


def told(pack: Pack, *resources: Resource) -> list[str]:
    found = pack.advice_on(*IN_CLUSTER, *resources).get(SLUG, [])
    assert {name for name, _ in found} <= {"web"}
    return [message.partition(";")[0] for _, message in found]


def apart(how: str, term: dict[str, Any]) -> dict[str, Any]:
    key = f"{how}DuringSchedulingIgnoredDuringExecution"
    return {"topologySpreadConstraints": None, "affinity": {"podAntiAffinity": {key: [term]}}}


@pytest.mark.parametrize(
    ("made", "problems"),
    [
        pytest.param(workload(), [], id="sound"),
        pytest.param(workload(replicas=1), [ONE], id="one"),
        pytest.param(workload(replicas=None, kind="StatefulSet"), [ONE], id="one-by-default"),
        pytest.param(workload(replicas=0), [], id="none"),
        pytest.param(workload(replicas=1, pods={"topologySpreadConstraints": None}), [ONE], id="one-in-one-zone"),
        pytest.param(workload(pods={"topologySpreadConstraints": None}), [UNSPREAD], id="not-spread"),
        pytest.param(
            workload(pods={"topologySpreadConstraints": [{"topologyKey": HOST}]}), [UNSPREAD], id="over-hosts-alone"
        ),
        pytest.param(workload(pods=apart("required", {"topologyKey": ZONE})), [], id="apart"),
        pytest.param(
            workload(pods=apart("preferred", {"podAffinityTerm": {"topologyKey": ZONE}})), [], id="rather-apart"
        ),
        pytest.param(workload(pods=apart("required", {"topologyKey": HOST})), [UNSPREAD], id="apart-by-host"),
    ],
)
def test_it_stands_on_more_than_one_pod_and_zone(pack: Pack, made: Resource, problems: list[str]) -> None:
    assert told(pack, made) == problems


def test_an_autoscaler_says_how_many_there_are(pack: Pack) -> None:
    assert told(pack, workload(replicas=3), scaler(1)) == [ONE]
    assert told(pack, workload(replicas=1), scaler(2)) == []
    other = obj("other", "ScaledObject", api="keda.sh/v1alpha1", metadata=SHOP, spec=scaler(1).properties["spec"])
    assert told(pack, workload(), other) == []


def test_each_is_mended_in_its_own_way(pack: Pack) -> None:
    made = workload(pods={"topologySpreadConstraints": None})
    found = pack.advice_on(*IN_CLUSTER, made, service(type="LoadBalancer"))[SLUG]
    found += pack.advice_on(*IN_CLUSTER, workload(replicas=1))[SLUG]
    mends = [message.partition("]. Set ")[2].partition(":")[0] for _, message in found]
    assert mends == ["topologySpreadConstraints", "readinessProbe", "lifecycle", "replicas"]
    assert "2 or more" in found[-1][1]


SHOP = {"namespace": "shop"}
READY = {"readinessProbe": {"httpGet": {"path": "/", "port": 8080}}}
DRAINED = {"lifecycle": {"preStop": {"sleep": {"seconds": 15}}}}
PORT = {"ports": [{"name": "http", "containerPort": 8080}]}


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([workload()], [], id="not-called"),
        pytest.param([workload(), service()], [EARLY], id="the-only-container"),
        pytest.param([workload(READY), service()], [], id="ready"),
        pytest.param([workload({"readinessProbe": UNKNOWN}), service()], [], id="ready-in-a-way-to-come"),
        pytest.param([workload(PORT, {}), service()], [EARLY], id="by-number"),
        pytest.param([workload(PORT, {}), service(ports=[{"port": 80, "targetPort": "8080"}])], [EARLY], id="as-text"),
        pytest.param([workload(PORT, {}), service(ports=[{"port": 80, "targetPort": "http"}])], [EARLY], id="by-name"),
        pytest.param([workload(PORT, {}), service(ports=[{"port": 8080}])], [EARLY], id="same-port"),
        pytest.param([workload({}, {"ports": [{"containerPort": 9090}]}), service()], [], id="nobody-s-port"),
        pytest.param(
            [workload({"ports": [{"containerPort": 9090}]}, PORT), service(ports=[{"port": 80, "targetPort": "http"}])],
            [EARLY.replace("0", "1", 1)],
            id="beside-a-port-without-a-name",
        ),
        pytest.param([workload({**PORT, **READY}, {}), service()], [], id="beside-one-that-is-not-called"),
        pytest.param([workload(), service("blog")], [], id="elsewhere"),
        pytest.param([workload(), service(selector={"app": "api"})], [], id="others"),
        pytest.param([workload(), service(selector={"app": "web", "tier": "front"})], [], id="some-of-them"),
        pytest.param([workload(), service(selector={})], [], id="selecting-nothing"),
        pytest.param([workload(), service(type="LoadBalancer")], [EARLY, LATE], id="balanced"),
        pytest.param([workload({**READY, **DRAINED}), service(type="LoadBalancer")], [], id="drained"),
        pytest.param(
            [workload({**READY, "lifecycle": {"postStart": {}}}), service(type="LoadBalancer")],
            [LATE],
            id="hooked-early",
        ),
        pytest.param([workload(READY), service(), ingress()], [LATE], id="by-an-ingress"),
        pytest.param(
            [
                workload(READY),
                service(),
                obj("route", "HTTPRoute", api="example.com/v1", metadata=SHOP, spec={"to": "front"}),
            ],
            [],
            id="by-no-ingress",
        ),
        pytest.param(
            [
                workload(),
                obj("front", "Caller", api="example.com/v1", metadata=SHOP, spec=service().properties["spec"]),
            ],
            [],
            id="by-no-service",
        ),
        pytest.param([workload(READY), service(), ingress("back")], [], id="an-ingress-to-others"),
        pytest.param([workload(READY), service(), ingress(namespace="blog")], [], id="an-ingress-elsewhere"),
    ],
)
def test_it_is_called_while_it_answers(pack: Pack, resources: list[Resource], problems: list[str]) -> None:
    assert told(pack, *resources) == problems


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([*gateway(), route()], [LATE], id="of-http"),
        pytest.param([*gateway(), route("TCPRoute")], [LATE], id="of-tcp"),
        pytest.param([*gateway(by="gateway.k8s.aws/nlb"), route("TLSRoute")], [LATE], id="of-tls"),
        pytest.param(
            [*gateway(), route(parents=[{"name": "other"}, {"name": "edge", "namespace": "edge"}])], [LATE], id="of-two"
        ),
        pytest.param([*gateway(namespace="shop"), route(parents=[{"name": "edge"}])], [LATE], id="beside-it"),
        pytest.param(
            [*gateway(), route(namespace="blog", to=[{"name": "x"}, {"name": "front", "namespace": "shop"}])],
            [LATE],
            id="from-elsewhere",
        ),
        pytest.param([*gateway(), route(namespace="blog")], [], id="to-a-service-elsewhere"),
        pytest.param([*gateway(), as_another_kind(route())], [], id="by-what-is-no-route"),
        pytest.param([*gateway(), route(to=[{"name": "back"}])], [], id="to-another"),
        pytest.param([*gateway(), route(parents=[{"name": "edge"}])], [], id="of-no-gateway"),
        pytest.param([*gateway(by="istio.io/gateway-controller"), route()], [], id="by-way-of-a-proxy"),
        pytest.param([*gateway(of="theirs"), route()], [], id="of-others-class"),
        pytest.param([*gateway(by=UNKNOWN), route()], [], id="of-a-class-that-is-not-known"),
    ],
)
def test_behind_a_gateway_of_the_controller_it_is_balanced(
    pack: Pack, resources: list[Resource], problems: list[str]
) -> None:
    assert told(pack, workload(READY), service(), *resources) == problems


def test_a_gateway_of_another_cluster_balances_nothing_here(pack: Pack) -> None:
    one = within("one", workload(READY), service(), route(), gateway()[0])
    assert pack.advice_on(*TWO_CLUSTERS, *one, *within("two", gateway()[1])).get(SLUG, []) == []
    kinds, made = gateway()
    assert pack.advice_on(*TWO_CLUSTERS, *one[:3], *within("two", kinds), *within("one", made)).get(SLUG, []) == []
    assert SLUG in pack.advice_on(*TWO_CLUSTERS, *one, *within("one", made))


def test_other_stacks_are_not_asked(anew: Pack) -> None:
    assert told(anew, workload(replicas=1), service()) == []


def test_services_of_other_clusters_lead_nowhere_here(pack: Pack) -> None:
    one, two = within("one", workload(READY), service()), within("two", ingress())
    assert pack.advice_on(*TWO_CLUSTERS, *one, *two).get(SLUG, []) == []
    assert SLUG in pack.advice_on(*TWO_CLUSTERS, *one, *within("one", ingress()))


def test_one_that_stands_in_a_list_is_told_by_its_place(pack: Pack) -> None:
    listed = obj("web", "DeploymentList", api="apps/v1", items=[workload(replicas=1).properties])
    found = told(pack, listed, service(type="LoadBalancer"))
    assert found == [f"items[0]: {one}" for one in (ONE, EARLY, LATE)]


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([workload(replicas=UNKNOWN), service()], [EARLY], id="replicas"),
        pytest.param([workload(pods={"topologySpreadConstraints": UNKNOWN})], [], id="spread"),
        pytest.param([workload(pods={"topologySpreadConstraints": [{"topologyKey": UNKNOWN}]})], [], id="key"),
        pytest.param([workload(replicas=1), service(selector=UNKNOWN)], [ONE], id="selector"),
        pytest.param([workload(), service(selector={"app": UNKNOWN})], [], id="label-of-a-selector"),
        pytest.param([workload(labels={"app": UNKNOWN}), service()], [], id="label"),
        pytest.param([workload(namespace=UNKNOWN), service()], [], id="namespace-of-its-own"),
        pytest.param([workload(), service(UNKNOWN)], [], id="namespace"),
        pytest.param([workload({}, {}), service(ports=[{"port": 80, "targetPort": UNKNOWN}])], [], id="port"),
        pytest.param([workload(replicas=1), *gateway(), route(parents=UNKNOWN)], [ONE], id="parents-of-a-route"),
        pytest.param([workload(replicas=1), *gateway(), route(to=UNKNOWN)], [ONE], id="backends-of-a-route"),
    ],
)
def test_what_is_not_known_is_said_and_hides_nothing_else(
    pack: Pack, resources: list[Resource], problems: list[str]
) -> None:
    assert told(pack, *resources) == problems
    unknown = pack.advice_on(*IN_CLUSTER, *resources)["unknown"]
    assert SLUG in [policy for _, policy in unknown]
