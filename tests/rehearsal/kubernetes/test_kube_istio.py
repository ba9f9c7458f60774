"""Istio in ambient mode: what its charts bring, what is made for a Gateway, and what Gateway and routes are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from kube_provider import NAME, REGION, node

from pokayoke_rehearsal.doubles.kubernetes.charts import Installation, ValuesError
from pokayoke_rehearsal.doubles.kubernetes.helm import Helm
from pokayoke_rehearsal.doubles.kubernetes.istio import charts, gateway_chart, values
from pokayoke_rehearsal.doubles.kubernetes.manifests import gateway_api
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, at, condition
from pokayoke_rehearsal.doubles.kubernetes.stores import Stores

GATEWAY = Kind("gateway.networking.k8s.io", "v1", "Gateway")
CLASS = Kind("gateway.networking.k8s.io", "v1", "GatewayClass")
ROUTE = Kind("gateway.networking.k8s.io", "v1", "HTTPRoute")
SERVICE = Kind("", "v1", "Service")
VERSION = "1.31.1"
SMALL: dict[str, Any] = {"resources": {"requests": {"cpu": "10m", "memory": "64Mi"}}}
STATED: dict[str, dict[str, Any]] = {
    "base": {},
    "istiod": {"profile": "ambient", "autoscaleEnabled": False, "taint": {"enabled": True}, **SMALL},
    "cni": {"profile": "ambient", **SMALL},
    "ztunnel": SMALL,
}
LISTENER = {"name": "https", "port": 443, "protocol": "HTTP", "allowedRoutes": {"namespaces": {"from": "All"}}}


def installation(name: str, **stated: Any) -> Installation:
    return Installation(name, "istio-system", VERSION, {**STATED.get(name, {}), **stated})


def install(cluster: Cluster, name: str, **stated: Any) -> None:
    wanted = installation(name, **stated)
    render = {one.name: one.render for one in charts.CHARTS}[name]
    Helm(cluster).install(name, wanted, render(wanted), skip_definitions=False)


@pytest.fixture
def mesh(nodes: Cluster) -> Cluster:
    """A cluster with Gateway API's kinds and Istio."""
    for definition in gateway_api.standard_install("v1.6.1"):
        nodes.apply(definition, "me")
    for namespace in ("istio-system", "edge"):
        nodes.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}, "me")
    for name in STATED:
        install(nodes, name)
    return nodes


def gateway(**spec: Any) -> Object:
    return {
        "apiVersion": GATEWAY.api_version,
        "kind": GATEWAY.kind,
        "metadata": {"name": "public", "namespace": "edge", "labels": {"team": "edge"}},
        "spec": {"gatewayClassName": "istio", "listeners": [LISTENER], **spec},
    }


def route(*, namespace: str = "default", section: str = "https", host: str = "shop.example.com") -> Object:
    return {
        "apiVersion": ROUTE.api_version,
        "kind": ROUTE.kind,
        "metadata": {"name": "shop", "namespace": namespace},
        "spec": {
            "hostnames": [host],
            "parentRefs": [{"name": "public", "namespace": "edge", "sectionName": section}],
            "rules": [{"backendRefs": [{"name": "shop", "port": 80}]}],
        },
    }


def said(obj: Object, kind: str) -> tuple[str, str, str]:
    found = condition(obj, kind)
    assert found is not None
    return found["status"], found["reason"], found["message"]


def test_all_of_ambient_comes_up_and_brings_its_classes(mesh: Cluster) -> None:
    pods = mesh.list("", "Pod", "istio-system")
    assert {condition(pod, "Ready")["status"] for pod in pods} == {"True"}  # pyright: ignore[reportOptionalSubscript]
    assert len(pods) == 1 + 2 + 2
    classes = mesh.list(CLASS.group, CLASS.kind)
    assert {one["metadata"]["name"] for one in classes} == {"istio", "istio-remote", "istio-waypoint"}
    assert {said(one, "Accepted")[0] for one in classes} == {"True"}


def test_the_proxies_of_the_nodes_wait_for_the_control_plane(nodes: Cluster) -> None:
    nodes.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "istio-system"}}, "me")
    install(nodes, "ztunnel")
    ready = [condition(pod, "Ready") for pod in nodes.list("", "Pod", "istio-system")]
    assert [one and one["status"] for one in ready] == ["False", "False"]
    install(nodes, "istiod")
    ready = [condition(pod, "Ready") for pod in nodes.list("", "Pod", labels={"app": "ztunnel"})]
    assert [one and one["status"] for one in ready] == ["True", "True"]


def test_a_node_loses_the_taint_once_its_agent_is_ready(mesh: Cluster, stores: Stores) -> None:
    late = node("ip-10-0-0-9", taints=(("cni.istio.io/not-ready", "", "NoSchedule"),))
    stores.nodes_joined(REGION, NAME, [late])
    found = mesh.get(Kind("", "v1", "Node"), "ip-10-0-0-9")
    assert not at(found, "spec", "taints")


def test_a_gateway_gets_a_deployment_and_a_balanced_service(mesh: Cluster) -> None:
    mesh.apply(gateway(infrastructure={"annotations": {"example.com/scheme": "internet-facing"}}), "me")
    service = mesh.get(SERVICE, "public-istio", "edge")
    assert service["spec"]["type"] == "LoadBalancer"
    assert [(port["name"], port["port"]) for port in service["spec"]["ports"]] == [
        ("status-port", 15021),
        ("https", 443),
    ]
    assert service["metadata"]["annotations"] == {"example.com/scheme": "internet-facing"}
    assert service["metadata"]["labels"]["istio.io/dataplane-mode"] == "none"
    (pod,) = mesh.list("", "Pod", "edge")
    assert condition(pod, "Ready")["status"] == "True"  # pyright: ignore[reportOptionalSubscript]
    assert at(pod, "spec", "containers", 0, "image") == f"docker.io/istio/proxyv2:{VERSION}-distroless"


def test_without_infrastructure_the_gateways_own_labels_go_to_what_is_made_for_it(mesh: Cluster) -> None:
    mesh.apply(gateway(), "me")
    assert mesh.get(SERVICE, "public-istio", "edge")["metadata"]["labels"]["team"] == "edge"
    mesh.apply(gateway(infrastructure={"labels": {"tier": "front"}}), "me")
    labels = mesh.get(SERVICE, "public-istio", "edge")["metadata"]["labels"]
    assert (labels.get("team"), labels["tier"]) == (None, "front")


def test_a_config_map_of_parameters_lies_over_what_is_made(mesh: Cluster) -> None:
    reference = {"group": "", "kind": "ConfigMap", "name": "parameters"}
    mesh.apply(gateway(infrastructure={"parametersRef": reference}), "me")
    assert mesh.find(SERVICE, "public-istio", "edge") is None
    data = {
        "service": json.dumps({"spec": {"loadBalancerClass": "service.k8s.aws/nlb"}}),
        "deployment": "spec: {replicas: 2, template: {spec: {containers: [{name: istio-proxy, image: mine:1}]}}}",
        "podDisruptionBudget": "spec: {minAvailable: 1}",
    }
    meta = {"name": "parameters", "namespace": "edge"}
    mesh.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": data}, "me")
    assert mesh.get(SERVICE, "public-istio", "edge")["spec"]["loadBalancerClass"] == "service.k8s.aws/nlb"
    deployment = mesh.get(Kind("apps", "v1", "Deployment"), "public-istio", "edge")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    assert (deployment["spec"]["replicas"], container["image"]) == (2, "mine:1")
    assert container["resources"]["limits"]["memory"] == "1024Mi"
    assert mesh.list("policy", "PodDisruptionBudget", "edge")
    assert not mesh.list("autoscaling", "HorizontalPodAutoscaler", "edge")


def test_an_overlay_takes_the_envoys_own_port_off_their_service(mesh: Cluster) -> None:
    meta = {"name": "parameters", "namespace": "edge"}
    service = {"spec": {"ports": [{"$patch": "delete", "port": 15021}]}}
    data = {"service": json.dumps(service)}
    mesh.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta, "data": data}, "me")
    reference = {"group": "", "kind": "ConfigMap", "name": "parameters"}
    mesh.apply(gateway(infrastructure={"parametersRef": reference}), "me")
    ports = mesh.get(SERVICE, "public-istio", "edge")["spec"]["ports"]
    assert [(one["name"], one["port"]) for one in ports] == [("https", 443)]


def test_a_gateway_is_programmed_once_its_service_has_a_balancer_and_keeps_the_address(mesh: Cluster) -> None:
    mesh.apply(gateway(), "me")
    waiting = mesh.get(GATEWAY, "public", "edge")
    host = "public-istio.edge.svc.cluster.local"
    pending = f'failed to assign to all requested addresses: address pending for hostname "{host}"'
    assert said(waiting, "Programmed") == (
        "False",
        "AddressNotAssigned",
        f"Assigned to service(s) {host}:443, but {pending}",
    )
    assert "addresses" not in waiting["status"]
    balanced = {"loadBalancer": {"ingress": [{"hostname": "nlb.example.com"}]}}
    mesh.set_status(mesh.get(SERVICE, "public-istio", "edge"), balanced)
    served = mesh.get(GATEWAY, "public", "edge")
    assert said(served, "Programmed") == (
        "True",
        "Programmed",
        f"Resource programmed, assigned to service(s) {host}:443",
    )
    assert served["status"]["addresses"] == [{"type": "Hostname", "value": "nlb.example.com"}]


@pytest.mark.parametrize(
    ("changed", "accepted"),
    [
        ({}, ("True", "Accepted")),
        ({"section": "other"}, ("False", "NoMatchingParent")),
        ({"host": "shop.example.org"}, ("False", "NoMatchingListenerHostname")),
        ({"namespace": "kube-public"}, ("False", "NotAllowedByListeners")),
    ],
    ids=["taken", "no-such-listener", "other-host", "other-namespace"],
)
def test_a_route_is_told_whether_a_listener_takes_it(
    mesh: Cluster, changed: dict[str, str], accepted: tuple[str, str]
) -> None:
    chosen = {"from": "Selector", "selector": {"matchLabels": {"kubernetes.io/metadata.name": "default"}}}
    listener = {**LISTENER, "hostname": "*.example.com", "allowedRoutes": {"namespaces": chosen}}
    mesh.apply(gateway(listeners=[listener]), "me")
    made = mesh.apply(route(**changed), "me")
    (parent,) = at(mesh.get(ROUTE, "shop", made["metadata"]["namespace"]), "status", "parents")
    found = next(one for one in parent["conditions"] if one["type"] == "Accepted")
    assert (found["status"], found["reason"]) == accepted
    (told,) = at(mesh.get(GATEWAY, "public", "edge"), "status", "listeners")
    assert told["attachedRoutes"] == int(found["status"] == "True")


def test_a_gateway_is_gone_while_its_service_is_still_held(mesh: Cluster) -> None:
    mesh.apply(gateway(), "me")
    service = mesh.get(SERVICE, "public-istio", "edge")
    mesh.edit(service, lambda obj: obj["metadata"].update(finalizers=["service.k8s.aws/resources"]))
    mesh.delete(GATEWAY, "public", "edge")
    assert mesh.find(GATEWAY, "public", "edge") is None
    assert "deletionTimestamp" in mesh.get(SERVICE, "public-istio", "edge")["metadata"]
    assert not mesh.list("apps", "Deployment", "edge")


def test_a_gateway_of_another_class_is_none_of_istiods(mesh: Cluster) -> None:
    mesh.apply(gateway(gatewayClassName="nlb"), "me")
    assert not mesh.list("", "Service", "edge")
    assert said(mesh.get(GATEWAY, "public", "edge"), "Accepted") == ("Unknown", "Pending", "Waiting for controller")


def test_istios_kinds_stay_when_their_release_goes(mesh: Cluster) -> None:
    helm = Helm(mesh)
    stored = helm.find("base", "istio-system")
    assert stored is not None
    helm.uninstall(stored)
    left = mesh.list("apiextensions.k8s.io", "CustomResourceDefinition")
    assert sum(one["spec"]["group"].endswith(".istio.io") for one in left) == 15


def test_pods_that_ask_for_a_proxy_are_refused_while_nobody_can_give_it(mesh: Cluster) -> None:
    mesh.delete(Kind("apps", "v1", "Deployment"), "istiod", "istio-system")
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "asks", "namespace": "default", "labels": {"sidecar.istio.io/inject": "true"}},
        "spec": {"containers": [{"name": "app", "image": "app:1"}]},
    }
    with pytest.raises(ApiError, match="no endpoints available for service"):
        mesh.create(pod, "me")


def test_the_old_gateway_chart_does_not_come_up_beside_ambient(mesh: Cluster) -> None:
    install(mesh, "gateway")
    deployment = mesh.get(Kind("apps", "v1", "Deployment"), "gateway", "istio-system")
    assert at(deployment, "status", "readyReplicas") is None
    (pod,) = mesh.list("", "Pod", "istio-system", labels={"istio": "gateway"})
    assert at(pod, "status", "containerStatuses", 0, "state", "waiting", "reason") == "ImagePullBackOff"


def test_without_ambient_the_old_gateway_chart_gets_its_proxy(nodes: Cluster) -> None:
    nodes.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "istio-system"}}, "me")
    install(nodes, "istiod", profile="")
    install(nodes, "gateway")
    (pod,) = nodes.list("", "Pod", "istio-system", labels={"istio": "gateway"})
    assert at(pod, "spec", "containers", 0, "image") == f"docker.io/istio/proxyv2:{VERSION}"


def test_the_old_gateway_chart_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValuesError, match="Additional property ambient is not allowed"):
        gateway_chart.gateway(installation("gateway", ambient={"enabled": True}))


@pytest.mark.upstream
@pytest.mark.parametrize(
    ("chart", "known"),
    [
        ("base", values.BASE),
        ("istio-discovery", values.ISTIOD),
        ("istio-cni", values.CNI),
        ("ztunnel", values.ZTUNNEL),
        ("gateway", gateway_chart._DEFAULTS),
    ],
)
def test_the_defaults_that_matter_are_those_of_the_charts(chart: str, known: dict[str, Any], shared: Path) -> None:
    stated = yaml.safe_load((shared / "data" / "charts" / "istio" / chart / "values.yaml").read_text())
    assert_within(known, stated["_internal_defaults_do_not_set"], chart)


def assert_within(known: Any, stated: Any, where: str) -> None:
    if not isinstance(known, dict):
        assert known == stated, where
        return
    for key, value in known.items():
        if value not in ({}, [], ""):
            assert_within(value, stated[key], f"{where}.{key}")


def test_what_a_chart_has_kept_holds_no_uninstallation(mesh: Cluster) -> None:
    helm = Helm(mesh)
    stored = helm.find("base", "istio-system")
    assert stored is not None
    helm.uninstall(stored)
    assert not helm.leaving(stored)
    assert "virtualservices.networking.istio.io" in {obj["metadata"]["name"] for obj in helm.live(stored)}
