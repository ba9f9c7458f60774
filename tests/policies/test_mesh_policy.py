"""The policy `istio-gateway-chart-in-ambient`."""

import pytest
from analyzing import Pack, Resource
from clusters import AMOUNTS, IN_CLUSTER, TWO_CLUSTERS, obj, release, within
from judging import refused

SLUG = "istio-gateway-chart-in-ambient"
OCI = "oci://ghcr.io/istio/release/charts"
REPOSITORY = {"repositoryOpts": {"repo": "https://istio-release.storage.googleapis.com/charts"}}
SERVICE = {"service": {"type": "ClusterIP"}}
CHART = release("ingress", f"{OCI}/gateway", values=SERVICE)
ZTUNNEL = release("ztunnel", f"{OCI}/ztunnel")


@pytest.mark.parametrize(
    "sign",
    [
        ZTUNNEL,
        release("ztunnel", "ztunnel", **REPOSITORY),
        release("istiod", f"{OCI}/istiod", values={"profile": "ambient"}),
        release("istiod", f"{OCI}/istiod", values={"pilot": {"env": {"PILOT_ENABLE_AMBIENT": "true"}}}),
        release("cni", f"{OCI}/cni", values={"cni": {"ambient": {"enabled": True}}}),
        release("cni", f"{OCI}/cni", values={"ambient": {"enabled": True}}),
        obj("mesh", "Istio", "kinds", api="sailoperator.io/v1", spec={"values": {"profile": "ambient"}}),
        obj("mesh", "IstioOperator", "kinds", api="install.istio.io/v1alpha1", spec={"profile": "ambient"}),
        obj("apps", "Namespace", metadata={"labels": {"istio.io/dataplane-mode": "ambient"}}),
    ],
    ids=["ztunnel", "old-address", "profile", "environment", "cni", "cni-at-its-top", "sail", "operator", "namespace"],
)
@pytest.mark.parametrize("chart", [CHART, release("ingress", "gateway", values=SERVICE, **REPOSITORY)])
def test_the_gateway_chart_beside_ambient_is_refused(sign: Resource, chart: Resource, pack: Pack) -> None:
    kinds = Resource("kubernetes:yaml/v2:ConfigFile", "kinds", {}, provider="kubernetes")
    found = pack.of_stack(*IN_CLUSTER, kinds, sign, chart)
    ((name, message),) = found.pop(SLUG)
    assert name == "ingress"
    assert f"'{sign.name}' puts the mesh in ambient mode" in message
    assert "spec: {gatewayClassName: istio}" in message
    assert found == {}


def test_the_chart_that_is_told_to_be_ambient_itself_is_refused(pack: Pack) -> None:
    told = release("ingress", f"{OCI}/gateway", values={**SERVICE, "profile": "ambient"})
    assert SLUG in pack.of_stack(*IN_CLUSTER, told)


@pytest.mark.parametrize(
    ("kind", "labels"),
    [("Deployment", {}), ("DaemonSet", {}), ("Deployment", {"app": "istio-ingressgateway"})],
    ids=str,
)
def test_what_the_chart_renders_is_refused_too_and_once(kind: str, labels: dict[str, str], pack: Pack) -> None:
    container = {"name": "istio-proxy", "image": "auto", "resources": AMOUNTS}
    metadata = {"annotations": {"inject.istio.io/templates": "gateway"}}
    template = {"metadata": metadata, "spec": {"containers": [container]}}
    rendered = obj("ingress", kind, api="apps/v1", metadata={"labels": labels}, spec={"template": template})
    assert len(pack.of_stack(*IN_CLUSTER, ZTUNNEL, rendered)[SLUG]) == 1
    assert pack.of_stack(*IN_CLUSTER, rendered) == {}


def test_the_chart_in_sidecar_mode_and_anothers_chart_of_that_name_pass(pack: Pack) -> None:
    assert pack.of_stack(*IN_CLUSTER, CHART, release("istiod", f"{OCI}/istiod")) == {}
    assert pack.of_stack(*IN_CLUSTER, ZTUNNEL, release("ingress", "oci://registry.example.com/gateway")) == {}
    marked = obj("map", "ConfigMap", metadata={"labels": {"istio.io/dataplane-mode": "ambient"}})
    assert pack.of_stack(*IN_CLUSTER, CHART, marked) == {}


@pytest.mark.parametrize(("where", "is_refused"), [("one", True), ("two", False)])
def test_the_mesh_of_another_cluster_says_nothing_of_this_one(where: str, is_refused: bool) -> None:
    found = refused(*TWO_CLUSTERS, *within("one", ZTUNNEL), *within(where, CHART))
    assert found.get(SLUG) == ({"ingress"} if is_refused else None)
