"""What a new EKS cluster holds before anybody puts anything into it."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.controllers.housekeeping import Housekeeping
from pokayoke_rehearsal.doubles.kubernetes.controllers.kubelet import Kubelet
from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import MANAGER
from pokayoke_rehearsal.doubles.kubernetes.controllers.scheduling import SCHEDULER, Scheduler
from pokayoke_rehearsal.doubles.kubernetes.controllers.storage import Storage
from pokayoke_rehearsal.doubles.kubernetes.controllers.workloads import Workloads
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object

EKS = "eks"
"""The field manager of what EKS itself puts into a cluster."""

_CONTROLLERS = ("karpenter", "aws-load-balancer-controller", "service-controller", "external-dns", "istiod")
"""Field managers of controllers, whose objects (events, claims) are nobody's to delete."""

_USERS = {EKS: "eks:addon-manager", MANAGER: "system:kube-controller-manager", SCHEDULER: "system:kube-scheduler"}
"""Who the control plane's field managers are to those who judge what they write."""

NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")


def new_cluster(name: str, version: str) -> tuple[Cluster, Kubelet]:
    """A control plane as EKS hands it over: namespaces, the `kubernetes` Service, the gp2 class, and its controllers.

    The add-ons that EKS installs by itself come through `addons.install`.
    """
    cluster = Cluster(
        name,
        version,
        natives=frozenset({EKS, MANAGER, SCHEDULER, *_CONTROLLERS}),
    )
    cluster.admission.users.named |= _USERS
    kubelet = Kubelet()
    for controller in (Housekeeping(), Workloads(), Scheduler(), Storage(), kubelet):
        cluster.add_controller(controller)
    for namespace in NAMESPACES:
        cluster.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}, EKS)
    for manifest in _objects(cluster):
        cluster.create(manifest, EKS)
    return cluster, kubelet


def _objects(cluster: Cluster) -> list[Object]:
    labels = {"component": "apiserver", "provider": "kubernetes"}
    service = {"ports": [{"name": "https", "port": 443, "targetPort": 443}], "clusterIP": cluster.addresses.api_server}
    # Since Kubernetes 1.30 the class is no longer the default one (EKS user guide, Kubernetes versions, 1.30).
    gp2 = {"provisioner": "kubernetes.io/aws-ebs", "volumeBindingMode": "WaitForFirstConsumer"}
    return [
        {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": "kubernetes", "namespace": "default", "labels": labels},
            "spec": service,
        },
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": "gp2"},
            "parameters": {"fsType": "ext4", "type": "gp2"},
            **gp2,
        },
        *(
            {
                "apiVersion": "scheduling.k8s.io/v1",
                "kind": "PriorityClass",
                "metadata": {"name": name},
                "value": value,
                "description": "Used for system critical pods that must run in the cluster.",
            }
            for name, value in (("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000))
        ),
    ]
