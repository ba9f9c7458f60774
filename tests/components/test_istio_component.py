"""What IstioAmbient promises: the mesh comes in its order from its new address, and drains and rollouts go through."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from chart_keys import unknown
from configs import CLUSTER, NAMED, NETWORK, here
from registrations import Registered, Registration, record

from pokayoke_eks import (
    Cluster,
    ClusterConfig,
    GatewayApi,
    GatewayApiConfig,
    IstioAmbient,
    IstioConfig,
    Network,
    NetworkConfig,
)
from pokayoke_eks.rules import system_nodes

MANIFEST = "kubernetes:yaml/v2:ConfigFile"
ORDER = ("base", "istiod", "cni", "ztunnel")
RELEASE = "kubernetes:helm.sh/v3:Release"


def mesh(**said: Any) -> Registered:
    """What a cluster with a mesh registers, with these fields in the cluster's config."""
    shared = {**NAMED, "lifecycle": "disposable"}
    versioned = {**shared, "kubernetes": CLUSTER["kubernetes"]}

    def program() -> None:
        network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), here())
        config = ClusterConfig.model_validate({**shared, **CLUSTER, **said})
        cluster = Cluster("demo", config, network=network, opts=here())
        api = GatewayApi("demo", GatewayApiConfig.model_validate(versioned), cluster=cluster)
        IstioAmbient("demo", IstioConfig.model_validate(versioned), cluster=cluster, gateway_api=api)

    return record(program)


@pytest.fixture(scope="module")
def made() -> Registered:
    return mesh(system_instance="t4g.large")


@pytest.fixture(scope="module")
def istiod(made: Registered) -> Registration:
    return made.one(RELEASE, name="istiod")


def test_four_charts_come_from_istio_s_new_address(made: Registered) -> None:
    charts = {one.inputs["name"]: one.inputs for one in made.of_type(RELEASE)}
    assert {name: one["chart"] for name, one in charts.items()} == {
        name: f"oci://ghcr.io/istio/release/charts/{name}" for name in ORDER
    }
    assert {one["version"] for one in charts.values()} == {"1.31.1"}
    assert {one["namespace"] for one in charts.values()} == {"istio-system"}


def test_each_chart_comes_after_the_one_before_and_all_after_the_kinds(made: Registered) -> None:
    releases = [made.one(RELEASE, name=name) for name in ORDER]
    for later, earlier in zip(releases[1:], releases, strict=False):
        assert made.goes_before(later, earlier)
    for kinds in made.of_type(MANIFEST):
        assert made.goes_before(made.one(RELEASE, name="istiod"), kinds)


def test_the_mesh_is_ambient(made: Registered) -> None:
    profiles = {one.inputs["name"]: one.inputs.get("values", {}).get("profile") for one in made.of_type(RELEASE)}
    assert (profiles["istiod"], profiles["cni"]) == ("ambient", "ambient")


def test_a_node_under_istiod_can_be_drained_and_a_new_version_can_come(istiod: Registration) -> None:
    """Its chart makes a disruption budget from two replicas on; with one it would hold every drain."""
    values = istiod.inputs["values"]
    assert (values["autoscaleEnabled"], values["replicaCount"]) == (False, 2)
    assert (values["rollingMaxSurge"], values["rollingMaxUnavailable"]) == (0, 1)
    (term,) = values["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert term["labelSelector"]["matchLabels"] == {"app": "istiod"}
    assert system_nodes.ISTIOD.apart


def test_istiod_stands_on_the_system_nodes_and_the_agents_on_all(made: Registered, istiod: Registration) -> None:
    group = made.one("aws:eks/nodeGroup:NodeGroup").inputs
    assert istiod.inputs["values"]["nodeSelector"].items() <= group["labels"].items()
    assert istiod.inputs["values"]["tolerations"][0]["key"] == group["taints"][0]["key"]
    for name in ("cni", "ztunnel"):
        values = made.one(RELEASE, name=name).inputs["values"]
        assert not {"nodeSelector", "tolerations", "affinity"} & values.keys()


def test_memory_is_limited_to_what_was_reckoned_with(made: Registered, istiod: Registration) -> None:
    placed = {"istiod": system_nodes.ISTIOD, "cni": system_nodes.ISTIO_CNI, "ztunnel": system_nodes.ZTUNNEL}
    for name, one in placed.items():
        resources = made.one(RELEASE, name=name).inputs["values"]["resources"]
        assert resources["requests"] == one.resources["requests"]
        assert resources["limits"]["memory"] == resources["requests"]["memory"]
    assert istiod.inputs["values"]["resources"] == system_nodes.ISTIOD.resources


def test_a_node_s_taint_goes_when_its_pods_traffic_can_be_in_the_mesh(istiod: Registration) -> None:
    assert istiod.inputs["values"]["taint"] == {"enabled": True}


def test_the_agents_of_the_mesh_may_change_other_pods_networks(made: Registered) -> None:
    (home,) = [
        one for one in made.of_type("kubernetes:core/v1:Namespace") if one.inputs["metadata"]["name"] == "istio-system"
    ]
    assert home.inputs["metadata"]["labels"] == {"pod-security.kubernetes.io/enforce": "privileged"}


def test_no_pod_of_the_mesh_takes_plain_text_from_the_first_on(made: Registered, istiod: Registration) -> None:
    strict = made.one("kubernetes:security.istio.io/v1:PeerAuthentication")
    assert strict.inputs["metadata"] == {"name": "default", "namespace": "istio-system"}
    assert strict.inputs["spec"] == {"mtls": {"mode": "STRICT"}}
    assert made.goes_before(strict, istiod)
    assert made.goes_before(made.one(RELEASE, name="cni"), strict)


def test_system_nodes_that_cannot_hold_the_mesh_are_refused_with_those_that_can() -> None:
    with pytest.raises(ValueError, match=r"MiB wanted.*Write `system_instance: t4g.large`"):
        mesh(system_instance="t4g.medium")


@pytest.mark.upstream
@pytest.mark.parametrize(("name", "folder"), [("istiod", "istio-discovery"), ("cni", "istio-cni"), ("ztunnel",) * 2])
def test_every_key_that_istio_s_releases_state_is_the_chart_s(
    made: Registered, name: str, folder: str, shared: Path
) -> None:
    upstream: Mapping[str, Any] = yaml.safe_load((shared / f"data/charts/istio/{folder}/values.yaml").read_text())
    defaults = {**upstream["_internal_defaults_do_not_set"], "profile": ""}
    assert not unknown(made.one(RELEASE, name=name).inputs["values"], defaults)
    assert (shared / f"data/charts/istio/{folder}/profile-ambient.yaml").is_file()
