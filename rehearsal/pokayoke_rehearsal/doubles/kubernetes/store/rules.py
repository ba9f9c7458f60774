"""What the API server refuses in built-in objects beyond their schema, on a write and on a change of what is fixed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store.defaults import is_base64
from pokayoke_rehearsal.doubles.kubernetes.store.errors import (
    FieldError,
    forbidden_field,
    invalid_value,
    required,
    shown,
    unsupported,
)
from pokayoke_rehearsal.doubles.kubernetes.store.names import selector_errors, selects
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, items, text, text_map
from pokayoke_rehearsal.doubles.kubernetes.store.pod_rules import pod_errors, template_errors
from pokayoke_rehearsal.doubles.kubernetes.store.quantities import parse

Validator = Callable[[Object, Object | None], list[FieldError]]
"""Judges an object about to be written; the second is what it replaces, None at creation."""

_IMMUTABLE = "field is immutable"


def builtin_errors(group_kind: tuple[str, str], obj: Object, old: Object | None) -> list[FieldError]:
    """All that is wrong with a built-in object that fits its schema."""
    rule = _RULES.get(group_kind)
    errors = list(rule(obj)) if rule is not None else []
    if old is not None:
        changes = _CHANGES.get(group_kind)
        errors += list(changes(obj, old)) if changes is not None else []
    return errors


def _workload(obj: Object, restart: tuple[str, ...] = ("Always",)) -> Iterator[FieldError]:
    selector = fields(at(obj, "spec", "selector"))
    if not selector:
        yield required("spec.selector")
    yield from selector_errors("spec.selector", selector)
    labels = text_map(at(obj, "spec", "template", "metadata", "labels"))
    if not selects(selector, labels):
        detail = "`selector` does not match template `labels`"
        yield invalid_value("spec.template.metadata.labels", dict(sorted(labels.items())), detail)
    replicas = at(obj, "spec", "replicas")
    if isinstance(replicas, int) and replicas < 0:
        yield invalid_value("spec.replicas", replicas, "must be greater than or equal to 0")
    yield from template_errors("spec.template", fields(at(obj, "spec", "template")), restart)


def _job(obj: Object) -> Iterator[FieldError]:
    yield from template_errors("spec.template", fields(at(obj, "spec", "template")), ("Never", "OnFailure"))


def _pod(obj: Object) -> Iterator[FieldError]:
    yield from pod_errors("spec", fields(obj.get("spec")))


def _service(obj: Object) -> Iterator[FieldError]:
    spec = fields(obj.get("spec"))
    kind, ports = text(spec.get("type")), [fields(item) for item in items(spec.get("ports"))]
    if kind not in _SERVICE_TYPES:
        yield unsupported("spec.type", kind, _SERVICE_TYPES)
    if kind == "ExternalName":
        if not text(spec.get("externalName")):
            yield required("spec.externalName")
        return
    if not ports and spec.get("clusterIP") != "None":
        yield required("spec.ports")
    seen: set[tuple[Any, Any]] = set()
    for index, port in enumerate(ports):
        where = f"spec.ports[{index}]"
        number, name = port.get("port"), text(port.get("name"))
        if not isinstance(number, int) or not 0 < number < 65536:
            yield invalid_value(f"{where}.port", number, "must be between 1 and 65535, inclusive")
        if len(ports) > 1 and not name:
            yield required(f"{where}.name")
        if (number, port.get("protocol")) in seen:
            yield FieldError(where, f"Duplicate value: {shown({'protocol': port.get('protocol'), 'port': number})}")
        seen.add((number, port.get("protocol")))
    if spec.get("loadBalancerClass") and kind != "LoadBalancer":
        yield forbidden_field("spec.loadBalancerClass", "may only be used when `type` is 'LoadBalancer'")


def _secret(obj: Object) -> Iterator[FieldError]:
    for key, value in fields(obj.get("data")).items():
        if not is_base64(value):
            yield invalid_value(f"data[{key}]", "<secret>", "illegal base64 data")


def _claim(obj: Object) -> Iterator[FieldError]:
    if not items(at(obj, "spec", "accessModes")):
        yield required("spec.accessModes", "at least 1 access mode is required")
    if parse(at(obj, "spec", "resources", "requests", "storage")) is None:
        yield required("spec.resources[storage]")


def _storage_class(obj: Object) -> Iterator[FieldError]:
    if not text(obj.get("provisioner")):
        yield required("provisioner")
    mode = text(obj.get("volumeBindingMode"))
    if mode not in ("Immediate", "WaitForFirstConsumer"):
        yield unsupported("volumeBindingMode", mode, ("Immediate", "WaitForFirstConsumer"))


def _role_binding(obj: Object) -> Iterator[FieldError]:
    reference = fields(obj.get("roleRef"))
    if not text(reference.get("name")):
        yield required("roleRef.name")
    if text(reference.get("kind")) not in ("Role", "ClusterRole"):
        yield unsupported("roleRef.kind", reference.get("kind"), ("Role", "ClusterRole"))
    for index, item in enumerate(items(obj.get("subjects"))):
        subject, where = fields(item), f"subjects[{index}]"
        if text(subject.get("kind")) not in ("ServiceAccount", "User", "Group"):
            yield unsupported(f"{where}.kind", subject.get("kind"), ("ServiceAccount", "User", "Group"))
        if not text(subject.get("name")):
            yield required(f"{where}.name")
        if (
            subject.get("kind") == "ServiceAccount"
            and obj.get("kind") == "ClusterRoleBinding"
            and not subject.get("namespace")
        ):
            yield required(f"{where}.namespace")


def _disruption_budget(obj: Object) -> Iterator[FieldError]:
    spec = fields(obj.get("spec"))
    if "minAvailable" in spec and "maxUnavailable" in spec:
        yield invalid_value("spec", {}, "minAvailable and maxUnavailable cannot be both set")


def _ingress(obj: Object) -> Iterator[FieldError]:
    spec = fields(obj.get("spec"))
    if not items(spec.get("rules")) and not spec.get("defaultBackend"):
        yield invalid_value("spec", [], "either `defaultBackend` or `rules` must be specified")


def _definition(obj: Object) -> Iterator[FieldError]:
    spec = fields(obj.get("spec"))
    names, group = fields(spec.get("names")), text(spec.get("group"))
    expected = f"{text(names.get('plural'))}.{group}"
    if at(obj, "metadata", "name") != expected:
        yield invalid_value("metadata.name", at(obj, "metadata", "name"), 'must be spec.names.plural+"."+spec.group')
    if text(spec.get("scope")) not in ("Cluster", "Namespaced"):
        yield unsupported("spec.scope", spec.get("scope"), ("Cluster", "Namespaced"))
    versions = [fields(item) for item in items(spec.get("versions"))]
    if len([version for version in versions if version.get("storage")]) != 1:
        yield invalid_value("spec.versions", "", "must have exactly one version marked as storage version")
    for index, version in enumerate(versions):
        if not fields(at(version, "schema", "openAPIV3Schema")):
            yield required(f"spec.versions[{index}].schema.openAPIV3Schema", "schemas are required")


def _immutable(*paths: tuple[str, ...]) -> Callable[[Object, Object], Iterator[FieldError]]:
    def changes(obj: Object, old: Object) -> Iterator[FieldError]:
        for path in paths:
            new, before = at(obj, *path), at(old, *path)
            if new != before:
                yield invalid_value(".".join(path), new, _IMMUTABLE)

    return changes


def _service_changes(obj: Object, old: Object) -> Iterator[FieldError]:
    before, after = fields(old.get("spec")), fields(obj.get("spec"))
    old_ip, new_ip = before.get("clusterIP"), after.get("clusterIP")
    if old_ip and new_ip and old_ip != new_ip and before.get("type") != "ExternalName":
        yield invalid_value("spec.clusterIPs[0]", [new_ip], "may not change once set")
    if before.get("type") == "LoadBalancer" == after.get("type"):
        old_class, new_class = before.get("loadBalancerClass"), after.get("loadBalancerClass")
        if old_class != new_class:
            yield invalid_value("spec.loadBalancerClass", new_class, "may not change once set")


def _stateful_set_changes(obj: Object, old: Object) -> Iterator[FieldError]:
    free = ("replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "minReadySeconds", _RETENTION)
    before, after = ({k: v for k, v in fields(o.get("spec")).items() if k not in free} for o in (old, obj))
    if before != after:
        listed = "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
        listed += f"'{_RETENTION}' and 'minReadySeconds'"
        yield forbidden_field("spec", f"updates to statefulset spec for fields other than {listed} are forbidden")


def _role_binding_changes(obj: Object, old: Object) -> Iterator[FieldError]:
    if obj.get("roleRef") != old.get("roleRef"):
        yield invalid_value("roleRef", obj.get("roleRef"), "cannot change roleRef")


def _storage_class_changes(obj: Object, old: Object) -> Iterator[FieldError]:
    if obj.get("parameters") != old.get("parameters"):
        yield forbidden_field("parameters", "updates to parameters are forbidden.")
    if obj.get("provisioner") != old.get("provisioner"):
        yield forbidden_field("provisioner", "updates to provisioner are forbidden.")


def _claim_changes(obj: Object, old: Object) -> Iterator[FieldError]:
    # Growing it and naming the bound volume are the two changes that a claim takes.
    def fixed(claim: Object) -> dict[str, Any]:
        spec = fields(claim.get("spec"))
        return {key: value for key, value in spec.items() if key not in ("resources", "volumeName")}

    if fixed(obj) != fixed(old):
        detail = (
            "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
        )
        yield forbidden_field("spec", detail)


def _data_changes(obj: Object, old: Object) -> Iterator[FieldError]:
    if old.get("immutable"):
        for name in ("data", "binaryData"):
            if obj.get(name) != old.get(name):
                yield forbidden_field(name, "field is immutable when `immutable` is set")
        if not obj.get("immutable"):
            yield forbidden_field("immutable", "field is immutable when `immutable` is set")
    if obj.get("kind") == "Secret" and obj.get("type") != old.get("type"):
        yield invalid_value("type", obj.get("type"), _IMMUTABLE)


_RETENTION = "persistentVolumeClaimRetentionPolicy"
_SERVICE_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_RBAC = "rbac.authorization.k8s.io"

_RULES: dict[tuple[str, str], Callable[[Object], Iterator[FieldError]]] = {
    ("", "Pod"): _pod,
    ("", "Service"): _service,
    ("", "Secret"): _secret,
    ("", "PersistentVolumeClaim"): _claim,
    ("apps", "Deployment"): _workload,
    ("apps", "StatefulSet"): _workload,
    ("apps", "DaemonSet"): _workload,
    ("apps", "ReplicaSet"): _workload,
    ("batch", "Job"): _job,
    ("storage.k8s.io", "StorageClass"): _storage_class,
    (_RBAC, "RoleBinding"): _role_binding,
    (_RBAC, "ClusterRoleBinding"): _role_binding,
    ("policy", "PodDisruptionBudget"): _disruption_budget,
    ("networking.k8s.io", "Ingress"): _ingress,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _definition,
}

_CHANGES: dict[tuple[str, str], Callable[[Object, Object], Iterator[FieldError]]] = {
    ("", "ConfigMap"): _data_changes,
    ("", "Secret"): _data_changes,
    ("", "Service"): _service_changes,
    ("", "PersistentVolumeClaim"): _claim_changes,
    ("apps", "Deployment"): _immutable(("spec", "selector")),
    ("apps", "DaemonSet"): _immutable(("spec", "selector")),
    ("apps", "ReplicaSet"): _immutable(("spec", "selector")),
    ("apps", "StatefulSet"): _stateful_set_changes,
    ("batch", "Job"): _immutable(("spec", "selector"), ("spec", "completions"), ("spec", "template")),
    ("storage.k8s.io", "StorageClass"): _storage_class_changes,
    (_RBAC, "RoleBinding"): _role_binding_changes,
    (_RBAC, "ClusterRoleBinding"): _role_binding_changes,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _immutable(("spec", "group"), ("spec", "scope")),
}
