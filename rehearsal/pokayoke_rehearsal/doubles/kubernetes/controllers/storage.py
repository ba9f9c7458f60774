"""Claims and volumes: a claim is bound when its class has a driver, at once or when a pod needs it."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Kind,
    Object,
    annotation,
    at,
    fields,
    items,
    metadata,
    name_of,
    namespace_of,
    text,
)
from pokayoke_rehearsal.doubles.kubernetes.store.reactions import Event

CLAIM = Kind("", "v1", "PersistentVolumeClaim")
VOLUME = Kind("", "v1", "PersistentVolume")

_DEFAULT = "storageclass.kubernetes.io/is-default-class"

# EKS translates the in-tree provisioner to the CSI driver, which must be there all the same.
_MIGRATED = {"kubernetes.io/aws-ebs": "ebs.csi.aws.com"}


class Storage:
    """The volume controllers, with the provisioners whose CSIDriver objects are there."""

    @property
    def watches(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            {
                ("", "PersistentVolumeClaim"),
                ("", "Pod"),
                ("storage.k8s.io", "StorageClass"),
                ("storage.k8s.io", "CSIDriver"),
            }
        )

    def react(self, cluster: Cluster, event: Event) -> None:
        if event.key.kind == "PersistentVolumeClaim" and event.happened == "removed":
            self._release(cluster, event.object)
        elif event.key.kind == "Pod":
            for name in claims_of(event.object):
                self._settle(cluster, cluster.find(CLAIM, name, event.key.namespace), in_use=_is_placed(event.object))
        else:
            for claim in cluster.list("", "PersistentVolumeClaim"):
                self._settle(cluster, claim, in_use=False)

    def _settle(self, cluster: Cluster, claim: Object | None, *, in_use: bool) -> None:
        if claim is None or at(claim, "status", "phase") == "Bound":
            return
        storage = _class_of(cluster, claim)
        late = storage is not None and storage.get("volumeBindingMode") == "WaitForFirstConsumer"
        if storage is None or provisioner_problem(cluster, storage) or (late and not in_use):
            cluster.set_status(claim, {"phase": "Pending"})
            return
        self._bind(cluster, claim, storage)

    def _bind(self, cluster: Cluster, claim: Object, storage: Object) -> None:
        name = f"pvc-{metadata(claim)['uid']}"
        spec = fields(claim.get("spec"))
        reference = {"apiVersion": "v1", "kind": "PersistentVolumeClaim"}
        reference |= {"namespace": namespace_of(claim), "name": name_of(claim), "uid": metadata(claim)["uid"]}
        driver = _driver(storage)
        volume: Object = {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": name},
            "spec": {
                "accessModes": spec.get("accessModes"),
                "capacity": {"storage": at(spec, "resources", "requests", "storage")},
                "claimRef": reference,
                "csi": {"driver": driver, "volumeHandle": f"vol-{name[-12:]}"},
                "persistentVolumeReclaimPolicy": storage.get("reclaimPolicy", "Delete"),
                "storageClassName": name_of(storage),
            },
        }
        cluster.create(volume, driver)
        cluster.edit(claim, lambda obj: fields(obj["spec"]).update(volumeName=name, storageClassName=name_of(storage)))
        status = {"phase": "Bound", "accessModes": spec.get("accessModes"), "capacity": volume["spec"]["capacity"]}
        cluster.set_status(claim, status)
        made = cluster.find(VOLUME, name)
        if made is not None:
            cluster.set_status(made, {"phase": "Bound"})

    def _release(self, cluster: Cluster, claim: Object) -> None:
        volume = cluster.find(VOLUME, text(at(claim, "spec", "volumeName")))
        if volume is None:
            return
        if at(volume, "spec", "persistentVolumeReclaimPolicy") == "Delete":
            cluster.delete(VOLUME, name_of(volume), propagation="Background")
        else:
            cluster.set_status(volume, {"phase": "Released"})


def claims_of(pod: Object) -> list[str]:
    """The claims that a pod's volumes name."""
    volumes = map(fields, items(at(pod, "spec", "volumes")))
    return [name for volume in volumes if (name := text(at(volume, "persistentVolumeClaim", "claimName")))]


def claim_problem(cluster: Cluster, pod: Object) -> str:
    """Why a pod's claims keep it from being placed, empty when they do not."""
    for name in claims_of(pod):
        claim = cluster.find(CLAIM, name, namespace_of(pod))
        if claim is None:
            return f'persistentvolumeclaim "{name}" not found'
        if at(claim, "status", "phase") == "Bound":
            continue
        storage = _class_of(cluster, claim)
        if storage is None:
            stated = text(at(claim, "spec", "storageClassName"))
            return f'storageclass.storage.k8s.io "{stated}" not found' if stated else _UNBOUND
        if problem := provisioner_problem(cluster, storage):
            return problem
        if storage.get("volumeBindingMode") != "WaitForFirstConsumer":
            return _UNBOUND
    return ""


def provisioner_problem(cluster: Cluster, storage: Object) -> str:
    """Why a class makes no volumes: nobody has installed its driver. Empty when it does."""
    driver = _driver(storage)
    if cluster.find_named("storage.k8s.io", "CSIDriver", driver) is not None:
        return ""
    return f'no CSIDriver "{driver}" is installed for StorageClass "{name_of(storage)}"'


def _driver(storage: Object) -> str:
    provisioner = text(storage.get("provisioner"))
    return _MIGRATED.get(provisioner, provisioner)


def _class_of(cluster: Cluster, claim: Object) -> Object | None:
    stated = text(at(claim, "spec", "storageClassName"))
    classes = cluster.list("storage.k8s.io", "StorageClass")
    if stated:
        return next((found for found in classes if name_of(found) == stated), None)
    return next((found for found in classes if annotation(found, _DEFAULT) == "true"), None)


def _is_placed(pod: Object) -> bool:
    return bool(text(at(pod, "spec", "nodeName")))


_UNBOUND = "pod has unbound immediate PersistentVolumeClaims"
