"""What the API server refuses in a pod or pod template beyond its schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store.errors import FieldError, invalid_value, required, shown, unsupported
from pokayoke_rehearsal.doubles.kubernetes.store.names import label_errors
from pokayoke_rehearsal.doubles.kubernetes.store.objects import at, fields, items, text
from pokayoke_rehearsal.doubles.kubernetes.store.quantities import parse

_LABEL = re.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_QUANTITY = r"^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$"


def template_errors(path: str, template: Mapping[str, Any], restart: tuple[str, ...] = ("Always",)) -> list[FieldError]:
    """What is wrong with a pod template, and with its restart policy for this kind of workload."""
    errors = label_errors(f"{path}.metadata.labels", fields(at(template, "metadata", "labels")))
    spec = fields(template.get("spec"))
    if policy := text(spec.get("restartPolicy")):
        if policy not in restart:
            errors.append(unsupported(f"{path}.spec.restartPolicy", policy, restart))
    elif "Always" not in restart:
        detail = f"valid values: {', '.join(shown(item) for item in restart)}"
        errors.append(required(f"{path}.spec.restartPolicy", detail))
    return errors + pod_errors(f"{path}.spec", spec)


def pod_errors(path: str, spec: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with a pod's spec."""
    errors = list(_container_list_errors(path, spec))
    errors += _volume_errors(path, spec)
    for index, item in enumerate(items(spec.get("tolerations"))):
        errors += _toleration_errors(f"{path}.tolerations[{index}]", fields(item))
    return errors


def resource_errors(path: str, resources: Mapping[str, Any]) -> Iterator[FieldError]:
    """What is wrong with requests and limits."""
    limits, requests = fields(resources.get("limits")), fields(resources.get("requests"))
    for side, quantities in (("limits", limits), ("requests", requests)):
        for name, value in quantities.items():
            if parse(value) is None:
                detail = f"quantities must match the regular expression '{_QUANTITY}'"
                yield invalid_value(f"{path}.{side}[{name}]", value, detail)
    for name, value in requests.items():
        wanted, limit = parse(value), parse(limits.get(name))
        if wanted is not None and limit is not None and wanted > limit:
            detail = f"must be less than or equal to {name} limit of {limits[name]}"
            yield invalid_value(f"{path}.requests", value, detail)


def _container_list_errors(path: str, spec: Mapping[str, Any]) -> Iterator[FieldError]:
    if not items(spec.get("containers")):
        yield required(f"{path}.containers")
    volumes = {text(fields(item).get("name")) for item in items(spec.get("volumes"))}
    seen: set[str] = set()
    for group in ("initContainers", "containers"):
        for index, item in enumerate(items(spec.get(group))):
            container, where = fields(item), f"{path}.{group}[{index}]"
            name = text(container.get("name"))
            if name in seen:
                yield FieldError(f"{where}.name", f"Duplicate value: {shown(name)}")
            seen.add(name)
            yield from _container_errors(where, container, volumes)


def _container_errors(path: str, container: Mapping[str, Any], volumes: set[str]) -> Iterator[FieldError]:
    name = text(container.get("name"))
    if not name:
        yield required(f"{path}.name")
    elif len(name) > 63 or not _LABEL.fullmatch(name):
        yield invalid_value(
            f"{path}.name", name, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'"
        )
    if not text(container.get("image")):
        yield required(f"{path}.image")
    yield from resource_errors(f"{path}.resources", fields(container.get("resources")))
    for index, item in enumerate(items(container.get("ports"))):
        port = fields(item).get("containerPort")
        if not isinstance(port, int) or not 0 < port < 65536:
            yield invalid_value(f"{path}.ports[{index}].containerPort", port, "must be between 1 and 65535, inclusive")
    for index, item in enumerate(items(container.get("volumeMounts"))):
        mount = text(fields(item).get("name"))
        if mount not in volumes:
            yield FieldError(f"{path}.volumeMounts[{index}].name", f"Not found: {shown(mount)}")
    for index, item in enumerate(items(container.get("env"))):
        entry = fields(item)
        if entry.get("value") and entry.get("valueFrom"):
            yield invalid_value(f"{path}.env[{index}].valueFrom", "", "may not be specified when `value` is not empty")


def _volume_errors(path: str, spec: Mapping[str, Any]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for index, item in enumerate(items(spec.get("volumes"))):
        volume, where = fields(item), f"{path}.volumes[{index}]"
        name = text(volume.get("name"))
        if not name:
            yield required(f"{where}.name")
        if name in seen:
            yield FieldError(f"{where}.name", f"Duplicate value: {shown(name)}")
        seen.add(name)
        if len([key for key in volume if key != "name"]) > 1:
            yield FieldError(f"{where}", "Forbidden: may not specify more than 1 volume type")


def _toleration_errors(path: str, toleration: Mapping[str, Any]) -> Iterator[FieldError]:
    operator, key = text(toleration.get("operator")) or "Equal", text(toleration.get("key"))
    effect = text(toleration.get("effect"))
    if not key and operator != "Exists":
        detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
        yield invalid_value(f"{path}.operator", operator, detail)
    if operator not in ("Equal", "Exists", "Lt", "Gt"):
        yield unsupported(f"{path}.operator", operator, ("Equal", "Exists"))
    if operator == "Exists" and toleration.get("value"):
        yield invalid_value(f"{path}.operator", toleration["value"], "value must be empty when `operator` is 'Exists'")
    if effect and effect not in ("NoSchedule", "PreferNoSchedule", "NoExecute"):
        yield unsupported(f"{path}.effect", effect, ("NoSchedule", "PreferNoSchedule", "NoExecute"))
