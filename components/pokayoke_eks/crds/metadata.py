"""The metadata of any object, and what the API server asks of a custom object's.

Source of the checks and their wording: k8s.io/apimachinery v0.36.3, `pkg/api/validation` and `pkg/util/validation`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .constraints import Bool, Int64
from .field_errors import FieldError, forbidden, invalid, required, too_long
from .part import Part

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_NAME = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
_LABEL_VALUE = rf"({_NAME})?"
_USED = "regex used for validation is"

_SUBDOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and"
    f" end with an alphanumeric character (e.g. 'example.com', {_USED} '{_SUBDOMAIN}')"
)
_LABEL_RULE = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with"
    f" an alphanumeric character (e.g. 'my-name',  or '123-abc', {_USED} '{_LABEL}')"
)
_NAME_RULE = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
    f" character (e.g. 'MyName',  or 'my.name',  or '123-abc', {_USED} '{_NAME}')"
)
_LABEL_VALUE_RULE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and"
    f" end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', {_USED} '{_LABEL_VALUE}')"
)
_KEY_RULE = (
    "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
    f" alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', {_USED} '{_NAME}') with an optional DNS"
    " subdomain prefix and '/' (e.g. 'example.com/MyName')"
)


class OwnerReference(Part):
    """Whose deletion takes this object along."""

    api_version: str
    kind: str
    name: str
    uid: str
    controller: Bool | None = None
    block_owner_deletion: Bool | None = None


class ObjectMeta(Part):
    """The metadata of an object; what only the API server writes is there so that a live object can be read back."""

    name: str | None = None
    generate_name: str | None = None
    namespace: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    finalizers: tuple[str, ...] | None = None
    owner_references: tuple[OwnerReference, ...] | None = None
    uid: str | None = None
    resource_version: str | None = None
    generation: Int64 | None = None
    creation_timestamp: str | None = None
    deletion_timestamp: str | None = None
    deletion_grace_period_seconds: Int64 | None = None
    self_link: str | None = None
    managed_fields: tuple[dict[str, Any], ...] | None = None


def metadata_errors(metadata: Mapping[str, Any], *, namespaced: bool) -> Iterator[FieldError]:
    """What is wrong with an object's metadata: its names, and the keys and values of its maps."""
    name = metadata.get("name", "")
    if not name and not metadata.get("generateName"):
        yield required("metadata.name", "name or generateName is required")
    elif name:
        yield from (invalid("metadata.name", name, problem) for problem in _subdomain_problems(name))
    namespace = metadata.get("namespace")
    if namespace and not namespaced:
        yield forbidden("metadata.namespace", "not allowed on this type")
    elif namespace:
        yield from (invalid("metadata.namespace", namespace, problem) for problem in _label_problems(namespace))
    for key, value in metadata.get("labels", {}).items():
        yield from (invalid("metadata.labels", key, problem) for problem in _key_problems(key))
        if len(value) > 63:
            yield invalid("metadata.labels", value, "must be no more than 63 bytes")
        if re.fullmatch(_LABEL_VALUE, value) is None:
            yield invalid("metadata.labels", value, _LABEL_VALUE_RULE)
    annotations: Mapping[str, str] = metadata.get("annotations", {})
    for key in annotations:
        yield from (invalid("metadata.annotations", key, problem) for problem in _key_problems(key.lower()))
    if sum(len(key.encode()) + len(value.encode()) for key, value in annotations.items()) > 256 * 1024:
        yield too_long("metadata.annotations", 256 * 1024)
    for finalizer in metadata.get("finalizers", ()):
        yield from (invalid("metadata.finalizers", finalizer, problem) for problem in _key_problems(finalizer))


def _subdomain_problems(text: str) -> Iterator[str]:
    if len(text) > 253:
        yield "must be no more than 253 bytes"
    if re.fullmatch(_SUBDOMAIN, text) is None:
        yield _SUBDOMAIN_RULE


def _label_problems(text: str) -> Iterator[str]:
    if len(text) > 63:
        yield "must be no more than 63 bytes"
    if re.fullmatch(_LABEL, text) is None:
        yield _LABEL_RULE


def _key_problems(key: str) -> Iterator[str]:
    parts = key.split("/")
    if len(parts) > 2:
        yield _KEY_RULE
        return
    name = parts[-1]
    if len(parts) == 2:
        if not parts[0]:
            yield "prefix part must be non-empty"
        else:
            yield from (f"prefix part {problem}" for problem in _subdomain_problems(parts[0]))
    if not name:
        yield "name part must be non-empty"
    if len(name) > 63:
        yield "name part must be no more than 63 bytes"
    if re.fullmatch(_NAME, name) is None:
        yield _NAME_RULE
