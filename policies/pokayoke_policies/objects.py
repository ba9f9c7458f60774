"""The Kubernetes objects that a resource brings: the resource itself, the members of a list, the extra manifests in a
chart's values. What the provider renders (charts of `helm.v4`, YAML files) comes as resources of its own."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from .raw import UNKNOWN, NotKnownError, list_at, mapping_of

RELEASE = "kubernetes:helm.sh/v3:Release"
CHART = "kubernetes:helm.sh/v4:Chart"
_PREFIX = "kubernetes:"
_NO_OBJECTS = ("kubernetes:helm.sh/", "kubernetes:yaml", "kubernetes:kustomize")


@dataclass(frozen=True, slots=True)
class Found:
    """An object in a resource: where (`items[0]: `, empty for the resource itself), its kind, what it says."""

    place: str
    key: str
    content: Mapping[str, Any]


def may_hold(resource_type: str, kinds: Container[str] | None) -> bool:
    """Whether a resource of this type can bring an object of these kinds, or of any (None)."""
    key = key_of_type(resource_type)
    if key is None or kinds is None:
        return key is not None
    return key in kinds or key.endswith("List") or resource_type == RELEASE


def in_resource(resource_type: str, properties: Mapping[str, Any]) -> Iterator[Found]:
    """Every object that a resource brings."""
    if resource_type == RELEASE:
        yield from _in_values(properties.get("values"), "values")
        return
    key = key_of_type(resource_type)
    if key is None or resource_type.startswith(_NO_OBJECTS):
        return
    if key.endswith("List"):
        yield from _in_list(key, properties)
    else:
        yield Found("", key, properties)


@cache
def key_of_type(resource_type: str) -> str | None:
    """`apps/Deployment` for `kubernetes:apps/v1:Deployment`; None for what is no type of Kubernetes."""
    if not resource_type.startswith(_PREFIX):
        return None
    module, _, kind = resource_type.removeprefix(_PREFIX).partition(":")
    return f"{module.split('/')[0]}/{kind}"


@cache
def patched(resource_type: str) -> str:
    """The kind of the objects that a resource patches: `apps/Deployment` for `kubernetes:apps/v1:DeploymentPatch`;
    empty for what patches nothing."""
    key = key_of_type(resource_type)
    return key.removesuffix("Patch") if key is not None and key.endswith("Patch") else ""


def key_of_object(content: Mapping[str, Any]) -> str:
    """The same for an object: `core/Pod` for `apiVersion: v1, kind: Pod`."""
    return f"{group_of_object(content)}/{content.get('kind')}"


def group_of_object(content: Mapping[str, Any]) -> str:
    """Its API group: `core` for `apiVersion: v1`."""
    version = str(content.get("apiVersion"))
    return version.split("/")[0] if "/" in version else "core"


def _in_list(key: str, properties: Mapping[str, Any]) -> Iterator[Found]:
    items = list_at(properties, "items")
    for index, item in enumerate(items):
        if item is UNKNOWN:
            continue
        content = mapping_of(item)
        # The members of a typed list may leave out what its own kind already says.
        own = key_of_object(content) if "kind" in content else key.removesuffix("List")
        yield Found(f"items[{index}]: ", own, content)
    if any(item is UNKNOWN for item in items):
        raise NotKnownError(("items",))


def _in_values(value: Any, path: str) -> Iterator[Found]:
    """Mappings that are whole manifests, as charts take them under `extraObjects` and the like."""
    if isinstance(value, dict):
        content = cast("dict[str, Any]", value)
        if isinstance(content.get("apiVersion"), str) and isinstance(content.get("kind"), str):
            yield Found(f"{path}: ", key_of_object(content), content)
            return
        for key, member in content.items():
            yield from _in_values(member, f"{path}.{key}")
    elif isinstance(value, list):
        for index, member in enumerate(cast("list[Any]", value)):
            yield from _in_values(member, f"{path}[{index}]")
