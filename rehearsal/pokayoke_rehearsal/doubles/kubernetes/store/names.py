"""What Kubernetes lets names, namespaces, labels, annotations and selectors look like."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.store.errors import FieldError, invalid_value, required
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, fields, items, metadata, text

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_DNS_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?"
_QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

_LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
    f"with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{_LABEL}')"
)
_SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
    f"and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '{_SUBDOMAIN}')"
)
_DNS_1035_TEXT = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    f"'{_DNS_1035}')"
)
_QUALIFIED_TEXT = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
    f"character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{_QUALIFIED}')"
)
_VALUE_TEXT = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
    "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    f"'({_QUALIFIED})?')"
)

_LABEL_NAMED = frozenset({("", "Namespace")})
_PATH_NAMED = frozenset(
    ("rbac.authorization.k8s.io", kind) for kind in ("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")
)
_ANNOTATIONS_LIMIT = 256 * 1024


def metadata_errors(kind: Kind, obj: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with an object's metadata, its name first."""
    meta = metadata(obj)
    errors = list(_name_errors(kind, text(meta.get("name"))))
    if namespace := text(meta.get("namespace")):
        errors += _text_errors("metadata.namespace", namespace, _LABEL, 63, _LABEL_TEXT)
    errors += label_errors("metadata.labels", fields(meta.get("labels")))
    annotations = fields(meta.get("annotations"))
    errors += _key_errors("metadata.annotations", annotations)
    size = sum(len(key) + len(str(value)) for key, value in annotations.items())
    if size > _ANNOTATIONS_LIMIT:
        errors.append(FieldError("metadata.annotations", f"Too long: may not be more than {_ANNOTATIONS_LIMIT} bytes"))
    errors += [
        error
        for index, finalizer in enumerate(items(meta.get("finalizers")))
        for error in _finalizer_errors(f"metadata.finalizers[{index}]", str(finalizer))
    ]
    return errors


def label_errors(path: str, labels: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with labels, or with the labels of a selector."""
    errors = _key_errors(path, labels)
    for value in labels.values():
        if isinstance(value, str) and (len(value) > 63 or not re.fullmatch(f"({_QUALIFIED})?", value)):
            detail = _VALUE_TEXT if len(value) <= 63 else "must be no more than 63 bytes"
            errors.append(invalid_value(path, value, detail))
    return errors


def selector_errors(path: str, selector: Mapping[str, Any]) -> list[FieldError]:
    """What is wrong with a label selector of `matchLabels` and `matchExpressions`."""
    errors = label_errors(f"{path}.matchLabels", fields(selector.get("matchLabels")))
    for index, item in enumerate(items(selector.get("matchExpressions"))):
        where, expression = f"{path}.matchExpressions[{index}]", fields(item)
        operator, values = text(expression.get("operator")), items(expression.get("values"))
        if operator not in ("In", "NotIn", "Exists", "DoesNotExist"):
            errors.append(invalid_value(f"{where}.operator", operator, "not a valid selector operator"))
        elif operator in ("In", "NotIn") and not values:
            errors.append(required(f"{where}.values", "must be specified when `operator` is 'In' or 'NotIn'"))
        elif operator in ("Exists", "DoesNotExist") and values:
            detail = "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            errors.append(FieldError(f"{where}.values", detail))
    return errors


def selects(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    """Whether a label selector selects an object with these labels; an empty selector selects everything."""
    if any(labels.get(key) != value for key, value in fields(selector.get("matchLabels")).items()):
        return False
    return all(_expression_holds(fields(item), labels) for item in items(selector.get("matchExpressions")))


def _expression_holds(expression: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    key, operator = text(expression.get("key")), text(expression.get("operator"))
    values = items(expression.get("values"))
    if operator == "In":
        return labels.get(key) in values
    if operator == "NotIn":
        return labels.get(key) not in values
    return (key in labels) == (operator == "Exists")


def _name_errors(kind: Kind, name: str) -> Iterator[FieldError]:
    if not name:
        yield required("metadata.name", "name or generateName is required")
    elif (kind.group, kind.kind) in _PATH_NAMED:
        if name in (".", "..") or "/" in name or "%" in name:
            yield invalid_value("metadata.name", name, "may not contain '/' or '%', nor be '.' or '..'")
    elif kind == Kind("", "v1", "Service"):
        yield from _text_errors("metadata.name", name, _DNS_1035, 63, _DNS_1035_TEXT)
    elif (kind.group, kind.kind) in _LABEL_NAMED:
        yield from _text_errors("metadata.name", name, _LABEL, 63, _LABEL_TEXT)
    else:
        yield from _text_errors("metadata.name", name, _SUBDOMAIN, 253, _SUBDOMAIN_TEXT)


def _finalizer_errors(path: str, finalizer: str) -> Iterator[FieldError]:
    known = finalizer in ("orphan", "foregroundDeletion", "kubernetes")
    if not known and "/" not in finalizer:
        yield invalid_value(path, finalizer, "name is neither a standard finalizer name nor is it fully qualified")


def _key_errors(path: str, values: Mapping[str, Any]) -> list[FieldError]:
    errors: list[FieldError] = []
    for key in values:
        prefix, slash, name = key.rpartition("/")
        if slash and not re.fullmatch(_SUBDOMAIN, prefix):
            errors.append(invalid_value(path, key, f"prefix part {_SUBDOMAIN_TEXT}"))
        if len(name) > 63:
            errors.append(invalid_value(path, key, "name part must be no more than 63 bytes"))
        elif not re.fullmatch(_QUALIFIED, name):
            errors.append(invalid_value(path, key, _QUALIFIED_TEXT))
    return errors


def _text_errors(path: str, value: str, pattern: str, limit: int, detail: str) -> Iterator[FieldError]:
    if len(value) > limit:
        yield invalid_value(path, value, f"must be no more than {limit} bytes")
    elif not re.fullmatch(pattern, value):
        yield invalid_value(path, value, detail)
