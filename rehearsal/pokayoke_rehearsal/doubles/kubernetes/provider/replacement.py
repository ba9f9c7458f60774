"""Which changes pulumi-kubernetes answers with a replacement (its provider/pkg/provider/diff.go, v4.32)."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.provider.settings import Settings
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object

_IDENTITY = ("metadata.name", "metadata.namespace")
_SECRET = ("type", "stringData", "data")
_CONFIG_MAP = ("binaryData", "data")
_WORKLOAD = ("spec.selector",)

_STATEFUL_SET = (
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
)
_JOB = ("spec.completions", "spec.parallelism", "spec.selector", "spec.template")
_CLAIM = ("spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName")

_VOLUME_SOURCES = (
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "csi",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "glusterfs",
    "hostPath",
    "iscsi",
    "local",
    "nfs",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
)
_POD = (
    "affinity",
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostname",
    "imagePullSecrets",
    "nodeName",
    "nodeSelector",
    "overhead",
    "preemptionPolicy",
    "priority",
    "priorityClassName",
    "readinessGates",
    "restartPolicy",
    "runtimeClassName",
    "schedulerName",
    "securityContext",
    "serviceAccount",
    "serviceAccountName",
    "shareProcessNamespace",
    "subdomain",
    "terminationGracePeriodSeconds",
    "volumes",
)
_CONTAINER = (
    "args",
    "command",
    "env",
    "image",
    "imagePullPolicy",
    "lifecycle",
    "livenessProbe",
    "ports",
    "readinessProbe",
    "resources",
    "securityContext",
    "stdin",
    "stdinOnce",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "tty",
    "volumeDevices",
    "volumeMounts",
    "workingDir",
)

_KINDS: dict[Kind, tuple[str, ...]] = {
    Kind("", "v1", "PersistentVolume"): tuple(f"spec.{name}" for name in _VOLUME_SOURCES),
    Kind("", "v1", "PersistentVolumeClaim"): _CLAIM,
    Kind("", "v1", "Pod"): (
        *(f"spec.{name}" for name in _POD),
        *(f"spec.{group}.{name}" for group in ("containers", "initContainers") for name in _CONTAINER),
    ),
    Kind("", "v1", "ResourceQuota"): ("spec.scopes",),
    Kind("", "v1", "Secret"): ("type",),
    Kind("", "v1", "Service"): ("spec.clusterIP",),
    Kind("apps", "v1", "DaemonSet"): _WORKLOAD,
    Kind("apps", "v1", "Deployment"): _WORKLOAD,
    Kind("apps", "v1", "StatefulSet"): _STATEFUL_SET,
    Kind("batch", "v1", "Job"): _JOB,
    Kind("policy", "v1beta1", "PodDisruptionBudget"): ("spec",),
    Kind("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding"): ("roleRef",),
    Kind("rbac.authorization.k8s.io", "v1", "RoleBinding"): ("roleRef",),
    Kind("storage.k8s.io", "v1", "StorageClass"): ("parameters", "provisioner"),
}


def replacing_paths(kind: Kind, obj: Object, settings: Settings, *, is_patch: bool) -> tuple[str, ...]:
    """The paths whose change replaces the object; a Patch resource gives up everything but its identity in place."""
    if is_patch:
        return _IDENTITY
    immutable = obj.get("immutable") is True
    if kind == Kind("", "v1", "Secret") and (immutable or not settings.secret_mutable):
        return (*_IDENTITY, *_SECRET)
    if kind == Kind("", "v1", "ConfigMap") and (immutable or not settings.config_map_mutable):
        return (*_IDENTITY, *_CONFIG_MAP)
    return (*_IDENTITY, *_KINDS.get(kind, ()))
