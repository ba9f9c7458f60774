"""Workloads become ready when there is a place for their pods, and say what is missing while there is none."""

from __future__ import annotations

from typing import Any

import pytest
from kube_provider import NAME, REGION, config_map, container, deployment, node

from pokayoke_rehearsal.doubles.kubernetes import machines
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, at, metadata
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event
from pokayoke_rehearsal.doubles.kubernetes.stores import Server, Stores

DEPLOYMENT = Kind("apps", "v1", "Deployment")
CLAIM = Kind("", "v1", "PersistentVolumeClaim")


def placed(obj: Object, namespace: str = "default") -> Object:
    return {**obj, "metadata": {**obj["metadata"], "namespace": namespace}}


def status(cluster: Cluster, name: str = "web") -> Object:
    return cluster.get(DEPLOYMENT, name, "default")["status"]


def why_pending(cluster: Cluster, **labels: str) -> str:
    pod = cluster.list("", "Pod", "default", labels=labels)[0]
    assert pod["status"]["phase"] == "Pending"
    return pod["status"]["conditions"][0]["message"]


def test_a_deployment_waits_for_nodes(stores: Stores, cluster: Cluster) -> None:
    cluster.apply(placed(deployment()), "me")
    assert status(cluster).get("readyReplicas", 0) == 0
    assert why_pending(cluster, app="web") == "no nodes available to schedule pods"
    stores.nodes_joined(REGION, NAME, [node()])
    assert status(cluster)["readyReplicas"] == 1


def test_a_node_is_not_ready_before_its_network_plugin_runs(stores: Stores) -> None:
    stores.created(REGION, "bare", "1.36", "https://bare.example.com")
    bare = stores.at("https://bare.example.com")
    assert bare is not None
    stores.nodes_joined(REGION, "bare", [node()])
    bare.cluster.apply(placed(deployment()), "me")
    assert "untolerated taint {node.kubernetes.io/not-ready: }" in why_pending(bare.cluster, app="web")
    stores.addon_installed(REGION, "bare", "vpc-cni", "v1")
    assert status(bare.cluster)["readyReplicas"] == 1


@pytest.mark.parametrize(
    ("pod", "why"),
    [
        (
            {"nodeSelector": {"pool": "gpu"}},
            "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
        ),
        (
            {"containers": [container(resources={"requests": {"cpu": "4"}})]},
            "0/2 nodes are available: 2 Insufficient cpu.",
        ),
        (
            {"containers": [container(resources={"requests": {"memory": "64Gi"}})]},
            "0/2 nodes are available: 2 Insufficient memory.",
        ),
    ],
)
def test_a_pod_that_fits_nowhere_says_why(nodes: Cluster, pod: dict[str, Any], why: str) -> None:
    nodes.apply(placed(deployment(**pod)), "me")
    assert why_pending(nodes, app="web") == why


def test_a_taint_keeps_pods_out_that_do_not_tolerate_it(stores: Stores, cluster: Cluster) -> None:
    stores.nodes_joined(REGION, NAME, [node(taints=(("CriticalAddonsOnly", "", "NoSchedule"),))])
    cluster.apply(placed(deployment()), "me")
    assert "untolerated taint {CriticalAddonsOnly: }" in why_pending(cluster, app="web")
    tolerations = [{"key": "CriticalAddonsOnly", "operator": "Exists"}]
    cluster.apply(placed(deployment("system", tolerations=tolerations)), "me")
    assert status(cluster, "system")["readyReplicas"] == 1
    assert stores.addon_problem(REGION, NAME, "coredns") == ""


def test_room_is_counted_over_all_pods_of_a_node(stores: Stores, cluster: Cluster) -> None:
    stores.nodes_joined(REGION, NAME, [node()])
    half = {"containers": [container(resources={"requests": {"cpu": "900m"}})]}
    cluster.apply(placed(deployment("first", **half)), "me")
    cluster.apply(placed(deployment("second", **half)), "me")
    assert (status(cluster, "first")["readyReplicas"], status(cluster, "second").get("readyReplicas", 0)) == (1, 0)


def test_what_a_node_offers_follows_from_its_type() -> None:
    assert machines.eni_limit("t4g.medium") == 17
    assert machines.allocatable("t4g.medium", 17) == {"cpu": "1930m", "memory": "3554Mi", "pods": "17"}
    assert machines.allocatable("t4g.medium", 110)["memory"] == f"{4096 - 1465 - 100}Mi"


def test_a_missing_service_account_is_told_and_waited_for(nodes: Cluster) -> None:
    nodes.apply(placed(deployment(serviceAccountName="robot")), "me")
    failure = next(found for found in status(nodes)["conditions"] if found["type"] == "ReplicaFailure")
    assert failure["message"].endswith(
        'is forbidden: error looking up service account default/robot: serviceaccount "robot" not found'
    )
    nodes.apply(
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "robot", "namespace": "default"}}, "me"
    )
    assert status(nodes)["readyReplicas"] == 1


def test_a_missing_config_map_keeps_a_container_from_starting(nodes: Cluster) -> None:
    source = [{"configMapRef": {"name": "settings"}}]
    nodes.apply(placed(deployment(containers=[container(envFrom=source)])), "me")
    pod = nodes.list("", "Pod", "default", labels={"app": "web"})[0]
    assert at(pod, "status", "containerStatuses", 0, "state", "waiting") == {
        "reason": "CreateContainerConfigError",
        "message": 'configmap "settings" not found',
    }
    nodes.apply(placed(config_map()), "me")
    assert status(nodes)["readyReplicas"] == 1


def test_a_rollout_replaces_pods_within_its_surge(nodes: Cluster) -> None:
    seen: list[int] = []

    class Counter:
        @property
        def watches(self) -> frozenset[tuple[str, str]]:
            return frozenset({("", "Pod")})

        def react(self, cluster: Cluster, event: Event) -> None:
            seen.append(len(cluster.list("", "Pod", "default")))

    first = placed(deployment())
    first["spec"]["replicas"] = 4
    nodes.apply(first, "me")
    nodes.add_controller(Counter())
    first["spec"]["template"]["spec"]["containers"][0]["image"] = "registry.example.com/main:2.0.0"
    nodes.apply(first, "me")
    assert status(nodes)["updatedReplicas"] == status(nodes)["replicas"] == 4
    assert max(seen) <= 5
    images = {at(pod, "spec", "containers", 0, "image") for pod in nodes.list("", "Pod", "default")}
    assert images == {"registry.example.com/main:2.0.0"}


def test_a_rollout_that_cannot_succeed_keeps_what_runs(nodes: Cluster) -> None:
    nodes.apply(placed(deployment()), "me")
    nodes.apply(placed(deployment(nodeSelector={"pool": "gpu"})), "me")
    assert status(nodes)["readyReplicas"] == 1
    assert status(nodes)["updatedReplicas"] == 1
    assert status(nodes)["replicas"] == 2


def test_pods_of_a_lost_node_come_back_elsewhere(stores: Stores, nodes: Cluster) -> None:
    nodes.apply(placed(deployment()), "me")
    before = nodes.list("", "Pod", "default")[0]
    stores.nodes_left(REGION, NAME, [before["spec"]["nodeName"]])
    after = nodes.list("", "Pod", "default")[0]
    assert after["metadata"]["uid"] != before["metadata"]["uid"]
    assert after["spec"]["nodeName"] != before["spec"]["nodeName"]
    assert status(nodes)["readyReplicas"] == 1


def test_a_daemon_set_has_a_pod_on_every_node(stores: Stores, nodes: Cluster) -> None:
    kube_proxy = Kind("apps", "v1", "DaemonSet")
    assert nodes.get(kube_proxy, "kube-proxy", "kube-system")["status"]["numberReady"] == 2
    stores.nodes_joined(REGION, NAME, [node("ip-10-0-0-3")])
    assert nodes.get(kube_proxy, "kube-proxy", "kube-system")["status"]["numberReady"] == 3


def test_a_job_runs_to_its_end(nodes: Cluster) -> None:
    template = {"spec": {"restartPolicy": "Never", "containers": [container()]}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "once"}, "spec": {"template": template}}
    nodes.apply(placed(job), "me")
    found = nodes.get(Kind("batch", "v1", "Job"), "once", "default")["status"]
    assert found["succeeded"] == 1
    assert {item["type"] for item in found["conditions"]} == {"SuccessCriteriaMet", "Complete"}


def test_a_stateful_set_numbers_its_pods_and_keeps_their_claims(stores: Stores, nodes: Cluster) -> None:
    stores.addon_installed(REGION, NAME, "aws-ebs-csi-driver", "v1")
    claim = {
        "metadata": {"name": "data"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "gp2",
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    stateful = deployment("db")
    stateful |= {"kind": "StatefulSet"}
    stateful["spec"] |= {"serviceName": "db", "replicas": 2, "volumeClaimTemplates": [claim]}
    nodes.apply(placed(stateful), "me")
    kind = Kind("apps", "v1", "StatefulSet")
    assert nodes.get(kind, "db", "default")["status"]["readyReplicas"] == 2
    assert [pod["metadata"]["name"] for pod in nodes.list("", "Pod", "default")] == ["db-0", "db-1"]
    nodes.delete(kind, "db", "default")
    bound = [obj["status"]["phase"] for obj in nodes.list("", "PersistentVolumeClaim", "default")]
    assert bound == ["Bound", "Bound"]
    assert {obj["kind"] for obj in nodes.foreign()} == {"PersistentVolumeClaim", "PersistentVolume"}


def test_a_claim_is_bound_when_a_pod_needs_it_and_its_driver_is_there(stores: Stores, nodes: Cluster) -> None:
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "storageClassName": "gp2",
            "resources": {"requests": {"storage": "1Gi"}},
        },
    }
    nodes.apply(placed(claim), "me")
    nodes.apply(placed(deployment(volumes=[{"name": "d", "persistentVolumeClaim": {"claimName": "data"}}])), "me")
    assert 'no CSIDriver "ebs.csi.aws.com" is installed' in why_pending(nodes, app="web")
    stores.addon_installed(REGION, NAME, "aws-ebs-csi-driver", "v1")
    assert status(nodes)["readyReplicas"] == 1
    assert nodes.get(CLAIM, "data", "default")["status"]["phase"] == "Bound"


def test_an_add_on_takes_its_placement_from_its_configuration(stores: Stores, nodes: Cluster) -> None:
    stores.addon_installed(REGION, NAME, "coredns", "v2", '{"replicaCount": 3, "nodeSelector": {"pool": "system"}}')
    coredns = nodes.get(DEPLOYMENT, "coredns", "kube-system")
    assert coredns["spec"]["replicas"] == 3
    assert "coredns has" in stores.addon_problem(REGION, NAME, "coredns")
    stores.addon_removed(REGION, NAME, "coredns")
    assert nodes.find(DEPLOYMENT, "coredns", "kube-system") is None


def test_a_gate_keeps_pods_from_becoming_ready(server: Server, nodes: Cluster) -> None:
    open_gate: list[bool] = []

    def gate(cluster: Cluster, pod: Object) -> tuple[str, str] | None:
        blocked = metadata(pod)["namespace"] == "default" and not open_gate
        return ("CrashLoopBackOff", "no identity") if blocked else None

    server.kubelet.gates.append(gate)
    nodes.apply(placed(deployment()), "me")
    assert status(nodes).get("readyReplicas", 0) == 0
    open_gate.append(True)
    server.kubelet.retry(nodes)
    assert status(nodes)["readyReplicas"] == 1
    open_gate.clear()
    server.kubelet.reconsider(nodes, nodes.list("", "Pod"))
    assert status(nodes).get("readyReplicas", 0) == 0


def test_a_mutator_changes_pods_as_they_are_made(nodes: Cluster) -> None:
    def inject(pod: Object) -> None:
        pod["spec"]["containers"][0].setdefault("env", []).append({"name": "INJECTED", "value": "yes"})

    nodes.mutators["", "Pod"] = [inject]
    nodes.apply(placed(deployment()), "me")
    pod = nodes.list("", "Pod", "default", labels={"app": "web"})[0]
    assert at(pod, "spec", "containers", 0, "env", 0, "name") == "INJECTED"


def test_a_cluster_that_is_opened_is_handed_to_whoever_extends_it(stores: Stores) -> None:
    opened: list[str] = []
    stores.on_open.append(lambda server: opened.append(server.name))
    stores.created(REGION, "second", "1.36", "https://second.example.com")
    assert opened == ["second"]
