"""What the API server fills in when a manifest leaves it out, as far as controllers, awaiters or lists turn on it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any, cast

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, fields, items, text
from pokayoke_rehearsal.doubles.kubernetes.store.schemas import Schema


def fill_builtin(kind: Kind, obj: Object) -> None:
    """Fills a built-in object in place."""
    fill = _BUILTIN.get((kind.group, kind.kind))
    if fill is not None:
        fill(obj)


def fill_custom(schema: Schema, value: Any) -> Any:
    """A custom value with its schema's `default`s; a default inside an absent object is not applied, as upstream."""
    if isinstance(value, dict):
        known = fields(value)
        for name, child in schema.properties.items():
            if "default" in child.raw and known.get(name) is None:
                known[name] = child.raw["default"]
        return {
            name: item if (child := schema.field(name)) is None else fill_custom(child, item)
            for name, item in known.items()
        }
    if isinstance(value, list) and schema.items is not None:
        return [fill_custom(schema.items, item) for item in items(value)]
    return cast("Any", value)


def fold_string_data(obj: Object) -> None:
    """A Secret's write-only `stringData` as the `data` that the server keeps."""
    plain = fields(obj.pop("stringData", None))
    data = {**fields(obj.get("data"))}
    for key, value in plain.items():
        data[key] = base64.b64encode(str(value).encode()).decode()
    if plain or "data" in obj:
        obj["data"] = data


def is_base64(value: Any) -> bool:
    """Whether a Secret's data value can be read at all."""
    try:
        base64.b64decode(text(value), validate=True)
    except (binascii.Error, ValueError):
        return False
    return isinstance(value, str)


def _deployment(obj: Object) -> None:
    spec = fields(obj.get("spec"))
    spec.setdefault("replicas", 1)
    spec.setdefault("revisionHistoryLimit", 10)
    spec.setdefault("progressDeadlineSeconds", 600)
    strategy = fields(spec.setdefault("strategy", {}))
    if strategy.setdefault("type", "RollingUpdate") == "RollingUpdate":
        rolling = fields(strategy.setdefault("rollingUpdate", {}))
        rolling.setdefault("maxSurge", "25%")
        rolling.setdefault("maxUnavailable", "25%")
    _template(spec)


def _stateful_set(obj: Object) -> None:
    spec = fields(obj.get("spec"))
    spec.setdefault("replicas", 1)
    spec.setdefault("revisionHistoryLimit", 10)
    spec.setdefault("podManagementPolicy", "OrderedReady")
    fields(spec.setdefault("updateStrategy", {})).setdefault("type", "RollingUpdate")
    _template(spec)


def _daemon_set(obj: Object) -> None:
    spec = fields(obj.get("spec"))
    spec.setdefault("revisionHistoryLimit", 10)
    fields(spec.setdefault("updateStrategy", {})).setdefault("type", "RollingUpdate")
    _template(spec)


def _job(obj: Object) -> None:
    spec = fields(obj.get("spec"))
    spec.setdefault("parallelism", 1)
    spec.setdefault("completions", 1)
    spec.setdefault("backoffLimit", 6)
    _template(spec, restart="")


def _replica_set(obj: Object) -> None:
    spec = fields(obj.get("spec"))
    spec.setdefault("replicas", 1)
    _template(spec)


def _template(spec: Object, restart: str = "Always") -> None:
    template = spec.get("template")
    if isinstance(template, dict):
        _pod(fields(template), restart)


def _pod(obj: Object, restart: str = "Always") -> None:
    spec = obj.get("spec")
    if not isinstance(spec, dict):
        return
    pod = fields(spec)
    if restart:
        pod.setdefault("restartPolicy", restart)
    pod.setdefault("dnsPolicy", "ClusterFirst")
    pod.setdefault("schedulerName", "default-scheduler")
    pod.setdefault("terminationGracePeriodSeconds", 30)
    pod.setdefault("securityContext", {})
    if "serviceAccountName" in pod:
        pod.setdefault("serviceAccount", pod["serviceAccountName"])
    for container in [*items(pod.get("containers")), *items(pod.get("initContainers"))]:
        for port in items(fields(container).get("ports")):
            fields(port).setdefault("protocol", "TCP")


def _service(obj: Object) -> None:
    spec = fields(obj.setdefault("spec", {}))
    spec.setdefault("type", "ClusterIP")
    spec.setdefault("sessionAffinity", "None")
    for port in items(spec.get("ports")):
        entry = fields(port)
        entry.setdefault("protocol", "TCP")
        if spec["type"] != "ExternalName" and "port" in entry:
            entry.setdefault("targetPort", entry["port"])


def _claim(obj: Object) -> None:
    fields(obj.get("spec")).setdefault("volumeMode", "Filesystem")


def _storage_class(obj: Object) -> None:
    obj.setdefault("reclaimPolicy", "Delete")
    obj.setdefault("volumeBindingMode", "Immediate")


def _secret(obj: Object) -> None:
    fold_string_data(obj)
    obj.setdefault("type", "Opaque")


def _role_ref(obj: Object) -> None:
    reference = fields(obj.get("roleRef"))
    if reference:
        reference.setdefault("apiGroup", "rbac.authorization.k8s.io")
    for subject in items(obj.get("subjects")):
        if fields(subject).get("kind") in ("User", "Group"):
            fields(subject).setdefault("apiGroup", "rbac.authorization.k8s.io")


def _webhooks(obj: Object) -> None:
    for item in items(obj.get("webhooks")):
        hook = fields(item)
        hook.setdefault("failurePolicy", "Fail")
        hook.setdefault("matchPolicy", "Equivalent")
        hook.setdefault("timeoutSeconds", 10)
        service = fields(fields(hook.get("clientConfig")).get("service"))
        if service:
            service.setdefault("port", 443)


def _definition(obj: Object) -> None:
    spec = fields(obj.get("spec"))
    names = fields(spec.get("names"))
    if names:
        names.setdefault("singular", text(names.get("kind")).lower())
        names.setdefault("listKind", f"{text(names.get('kind'))}List")
    spec.setdefault("conversion", {"strategy": "None"})


_BUILTIN: dict[tuple[str, str], Callable[[Object], None]] = {
    ("", "Pod"): _pod,
    ("", "Service"): _service,
    ("", "Secret"): _secret,
    ("", "PersistentVolumeClaim"): _claim,
    ("apps", "Deployment"): _deployment,
    ("apps", "StatefulSet"): _stateful_set,
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "ReplicaSet"): _replica_set,
    ("batch", "Job"): _job,
    ("storage.k8s.io", "StorageClass"): _storage_class,
    ("rbac.authorization.k8s.io", "RoleBinding"): _role_ref,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _role_ref,
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): _webhooks,
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _webhooks,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _definition,
}
