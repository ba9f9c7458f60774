"""What does not live in a cluster, as kubectl shows it; and control planes that cost more than they need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from pokayoke_eks.rules.kubernetes_versions import SUPPORT
from pokayoke_rehearsal.doubles.kubernetes import machines
from pokayoke_rehearsal.doubles.kubernetes.initial import new_cluster
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.operating import limits, support, troubles
from pokayoke_rehearsal.operating.prices import dollars
from pokayoke_rehearsal.world.eks.versions import STANDARD_UNTIL
from pokayoke_rehearsal.world.model import Node

LIMITED = {"requests": {"cpu": "50m"}, "limits": {"cpu": "50m"}}


@pytest.fixture
def cluster() -> Cluster:
    return new_cluster("demo", "1.36")[0]


def _create(cluster: Cluster, version: str, kind: str, name: str, spec: object, **meta: object) -> None:
    described = {"name": name, "namespace": "default", **meta}
    cluster.create({"apiVersion": version, "kind": kind, "metadata": described, "spec": spec}, "kubectl")


def _deployment(cluster: Cluster, resources: object, labels: dict[str, str] | None = None, replicas: int = 1) -> None:
    template = {
        "metadata": {"labels": {"app": "web"}},
        "spec": {"containers": [{"name": "web", "image": "registry.example.com/web:1", "resources": resources}]},
    }
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    _create(cluster, "apps/v1", "Deployment", "web", spec, labels=labels or {})


def test_a_cluster_in_which_nothing_runs_has_no_troubles(cluster: Cluster) -> None:
    assert troubles.of(cluster) == []


def test_a_pod_without_a_node_is_pending_for_the_scheduler_s_reason_told_once(cluster: Cluster) -> None:
    _create(cluster, "v1", "Pod", "web", {"containers": [{"name": "web", "image": "registry.example.com/web:1"}]})
    assert troubles.of(cluster) == ["Pod default/web: Pending: no nodes available to schedule pods"]


def test_a_node_without_its_network_is_not_ready(cluster: Cluster) -> None:
    machines.join(cluster, "ap-northeast-2", Node("node-1", "i-1", "t4g.large", "ap-northeast-2a", "10.0.0.4", "g"))
    (told,) = troubles.of(cluster)
    assert told.startswith("Node node-1: NotReady: container runtime network not ready")
    assert told.endswith("cni plugin not initialized")


def test_what_is_alike_of_one_owner_is_told_once(cluster: Cluster) -> None:
    _deployment(cluster, LIMITED, replicas=3)
    (told,) = troubles.of(cluster)
    assert told.endswith(" and 2 more of Deployment default/web: Pending: no nodes available to schedule pods")


def test_a_waiting_container_is_told_by_its_reason_and_message(cluster: Cluster) -> None:
    machines.join(cluster, "ap-northeast-2", Node("node-1", "i-1", "t4g.large", "ap-northeast-2a", "10.0.0.4", "g"))
    container = {"name": "web", "image": "registry.example.com/web:1", "envFrom": [{"secretRef": {"name": "keys"}}]}
    _create(cluster, "v1", "Pod", "web", {"nodeName": "node-1", "containers": [container]})
    assert 'Pod default/web: CreateContainerConfigError: secret "keys" not found' in troubles.of(cluster)


def test_a_volume_claim_that_is_pending_is_a_trouble_once_a_pod_waits_for_it(cluster: Cluster) -> None:
    asked = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    _create(cluster, "v1", "PersistentVolumeClaim", "data", asked)
    assert troubles.of(cluster) == []
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    _create(cluster, "v1", "Pod", "db", {"containers": [{"name": "db", "image": "db:1"}], "volumes": [volume]})
    assert "PersistentVolumeClaim default/data: Pending" in troubles.of(cluster)


def test_a_service_that_nobody_serves_has_its_address_pending(cluster: Cluster) -> None:
    """`in-tree-load-balancer`, `istio-gateway-chart-in-ambient`"""
    _create(cluster, "v1", "Service", "web", {"type": "LoadBalancer", "ports": [{"port": 80}]})
    assert troubles.of(cluster) == ["Service default/web: LoadBalancer EXTERNAL-IP: pending"]


def test_pods_that_the_api_server_refuses_are_told_by_the_set_that_wants_them(cluster: Cluster) -> None:
    spec = {"containers": [{"name": "a", "image": "a:1"}], "serviceAccountName": "nobody"}
    _create(
        cluster,
        "apps/v1",
        "ReplicaSet",
        "web",
        {
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": spec},
        },
    )
    (told,) = troubles.of(cluster)
    assert told.startswith("ReplicaSet default/web: FailedCreate: ")
    assert 'serviceaccount "nobody" not found' in told


@pytest.mark.parametrize(
    ("resources", "labels", "told"),
    [
        pytest.param({}, {}, "(QoS class BestEffort: nothing is kept free for it)", id="nothing stated"),
        pytest.param({"requests": {"cpu": "50m"}}, {}, "(QoS class Burstable)", id="requests alone"),
        pytest.param({}, {"app.kubernetes.io/managed-by": "Helm"}, "BestEffort", id="a chart's, nothing stated"),
        pytest.param(
            {"requests": {"cpu": "50m"}}, {"app.kubernetes.io/managed-by": "Helm"}, "", id="a chart's requests"
        ),
        pytest.param(LIMITED, {}, "", id="limited"),
    ],
)
def test_a_workload_is_told_once_when_nobody_has_limited_it(
    cluster: Cluster, resources: object, labels: dict[str, str], told: str
) -> None:
    """`missing-resource-limits`"""
    _deployment(cluster, resources, labels)
    found = list(limits.unlimited(cluster))
    assert len(found) == bool(told)
    beginning = "Deployment default/web, container web: No resource limits specified for this container"
    assert all(one.startswith(beginning) and told in one for one in found)


@dataclass
class ControlPlane:
    version: str
    support_type: str
    name: str = "shop"


ENDED = STANDARD_UNTIL["1.33"]


def test_a_cluster_past_standard_support_that_is_not_to_be_upgraded_costs_more_each_hour() -> None:
    """`extended-support`"""
    (told,) = support.extended(ControlPlane("1.33", "EXTENDED"), date(2026, 11, 22))
    assert "shop is in EXTENDED support" in told
    assert f"ended on {ENDED}" in told
    assert "support_type of its upgrade policy is EXTENDED" in told
    assert "$0.60 an hour, $0.50 more" in told
    assert support.price(ControlPlane("1.33", "EXTENDED"), date(2026, 11, 22)) == ("EXTENDED support", 0.6)


def test_a_cluster_in_standard_support_is_told_when_it_will_cost_more() -> None:
    """`extended-support`"""
    (told,) = support.extended(ControlPlane("1.33", "EXTENDED"), ENDED)
    assert "shop goes into EXTENDED support" in told
    assert f"ends on {ENDED}" in told
    assert support.price(ControlPlane("1.33", "EXTENDED"), ENDED) == ("standard support", 0.1)


@pytest.mark.parametrize("today", [ENDED, date(2026, 11, 22)], ids=["in support", "past support"])
def test_a_cluster_that_is_upgraded_instead_never_costs_more(today: date) -> None:
    assert list(support.extended(ControlPlane("1.33", "STANDARD"), today)) == []
    assert support.price(ControlPlane("1.33", "STANDARD"), today) == ("standard support", 0.1)


def test_the_world_ends_standard_support_on_the_days_that_the_library_knows() -> None:
    assert {version: row.end_of_standard for version, row in SUPPORT.items()} == STANDARD_UNTIL


@pytest.mark.parametrize(("amount", "told"), [(0.1, "$0.10"), (0.0672, "$0.0672"), (0.5, "$0.50"), (12, "$12.00")])
def test_prices_are_written_as_precise_as_they_are_known(amount: float, told: str) -> None:
    assert dollars(amount) == told
