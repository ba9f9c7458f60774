"""Release manifests at their projects' addresses: which kinds they define, in any version."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pokayoke_eks import crds
from pokayoke_rehearsal.doubles.kubernetes.manifests import Manifests
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError, NoMatchError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object

STANDARD = "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/standard-install.yaml"
CHART = "https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller/v3.5.0/helm"
GATEWAY_KINDS = f"{CHART}/aws-load-balancer-controller/crds/gateway-crds.yaml"
KINDS = f"{CHART}/aws-load-balancer-controller/crds/crds.yaml"

NO_MATCH = 'no matches for kind "Gateway" in version "gateway.networking.k8s.io/v1"'
GATEWAY: Object = {
    "apiVersion": "gateway.networking.k8s.io/v1",
    "kind": "Gateway",
    "metadata": {"name": "public", "namespace": "default"},
    "spec": {"gatewayClassName": "istio", "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}]},
}


def at(address: str) -> list[Object]:
    found = Manifests().read(address)
    assert found is not None
    return found


def described(definition: Object) -> dict[str, Any]:
    """What of a definition a server turns on, but for its schemas."""
    spec = definition["spec"]
    names = {key: spec["names"][key] for key in ("kind", "listKind", "plural")}
    versions = sorted((one["name"], one["served"], one["storage"]) for one in spec["versions"])
    return {"group": spec["group"], "scope": spec["scope"], "names": names, "versions": versions}


@pytest.mark.upstream
@pytest.mark.parametrize(
    ("folder", "addresses"),
    [("gateway-api-standard", (STANDARD,)), ("aws-load-balancer-controller", (GATEWAY_KINDS, KINDS))],
)
def test_the_definitions_are_upstreams(folder: str, addresses: tuple[str, ...], shared: Path) -> None:
    files = (shared / "data" / "crds" / folder).glob("*.yaml")
    upstream = [obj for file in files for obj in yaml.load_all(file.read_text(), yaml.CSafeLoader) if obj]
    ours = [obj for address in addresses for obj in at(address)]
    assert {(obj["kind"], obj["metadata"]["name"]) for obj in ours} == {
        (obj["kind"], obj["metadata"]["name"]) for obj in upstream
    }
    known = {obj["metadata"]["name"]: described(obj) for obj in ours if obj["kind"] == "CustomResourceDefinition"}
    assert known == {
        obj["metadata"]["name"]: described(obj) for obj in upstream if obj["kind"] == "CustomResourceDefinition"
    }


@pytest.mark.parametrize("version", ["v1.6.1", "v1.7.0", "v1.6.0-rc.2"])
def test_a_release_is_known_whatever_its_version(version: str) -> None:
    found = at(STANDARD.replace("v1.6.1", version))
    assert {obj["metadata"]["annotations"]["gateway.networking.k8s.io/bundle-version"] for obj in found} == {version}


@pytest.mark.parametrize("address", [STANDARD.replace("standard", "experimental"), STANDARD.replace("v1.6.1", "a/b")])
def test_what_is_no_known_release_is_not_guessed(address: str) -> None:
    assert Manifests().read(address) is None


def test_a_gateway_has_no_match_before_its_definition_is_there(cluster: Cluster) -> None:
    with pytest.raises(NoMatchError, match=re.escape(NO_MATCH)):
        cluster.apply(GATEWAY, "me")
    for obj in at(STANDARD):
        cluster.apply(obj, "me")
    assert cluster.apply(GATEWAY, "me")["spec"]["listeners"][0]["allowedRoutes"] == {"namespaces": {"from": "Same"}}


@pytest.mark.parametrize("version", ["v1", "v1beta1"])
def test_every_served_version_is_judged_by_the_rules_of_the_kind(cluster: Cluster, version: str) -> None:
    for obj in at(STANDARD):
        cluster.apply(obj, "me")
    listener = {"name": "http", "port": 80, "protocol": "HTTP", "tls": {"options": {"a": "b"}}}
    spec = {**GATEWAY["spec"], "listeners": [listener]}
    with pytest.raises(ApiError, match="tls must not be specified for protocols"):
        cluster.apply({**GATEWAY, "apiVersion": f"gateway.networking.k8s.io/{version}", "spec": spec}, "me")


def test_versions_that_are_no_longer_served_have_no_match(cluster: Cluster) -> None:
    for obj in at(STANDARD):
        cluster.apply(obj, "me")
    assert not cluster.discovery.serves(Kind("gateway.networking.k8s.io", "v1alpha2", "TLSRoute"))
    assert cluster.discovery.serves(Kind("gateway.networking.k8s.io", "v1", "TLSRoute"))


def test_kinds_with_models_have_the_schema_of_the_model() -> None:
    schemas = {
        (obj["spec"]["group"], obj["spec"]["names"]["kind"]): obj["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
        for address in (STANDARD, GATEWAY_KINDS, KINDS)
        for obj in at(address)
        if obj["kind"] == "CustomResourceDefinition"
    }
    modelled = {(one.group, one.kind): one.schema for one in crds.KINDS.values() if (one.group, one.kind) in schemas}
    assert len(modelled) == 10
    assert {key: schemas[key] for key in modelled} == modelled
