"""`kubernetes:yaml/v2:ConfigGroup` and `ConfigFile`: manifests whose objects are resources of their own.

Pulumi's own components (pulumi-kubernetes, provider/pkg/provider/yaml/v2, v4.32) read files and URLs. The double knows
manifests that are given inline, files with an absolute path, and the URLs of `manifests`: it fetches nothing.
"""

# pyright: reportUnknownMemberType=false
from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import yaml
from pulumi.runtime import proto

from pokayoke_rehearsal.doubles.base import Inputs, ProviderError, has_unknown
from pokayoke_rehearsal.doubles.eks import construct
from pokayoke_rehearsal.doubles.kubernetes.manifests import Manifests
from pokayoke_rehearsal.doubles.kubernetes.provider.session import Session
from pokayoke_rehearsal.doubles.kubernetes.provider.tokens import of_kind
from pokayoke_rehearsal.doubles.kubernetes.store.discovery import DEFINITION, defined_kind
from pokayoke_rehearsal.doubles.kubernetes.store.kinds import is_namespaced
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    clone,
    fields,
    items,
    kind_of,
    metadata,
    name_of,
    namespace_of,
    text,
)
from pokayoke_rehearsal.doubles.wire import decode


async def construct_group(request: Any, session: Session, known: Manifests) -> Any:
    """Registers the component of a Construct request, and its objects unless an input is still unknown."""
    inputs, _ = decode(request.inputs)

    async def work() -> proto.ConstructResponse:
        group = _Group(request.type, request.name, construct.options(request))
        if has_unknown(inputs):
            return await construct.response(group, {})
        prefix = text(inputs.get("resourcePrefix")) or request.name
        objects = _with_namespaces(objects_of(inputs, known), session)
        group.register(objects, prefix, skip_await=bool(inputs.get("skipAwait")))
        return await construct.response(group, {"resources": list(group.children)})

    return await construct.isolated(request, work)


def manifests_in(content: str, namespace: str = "") -> list[Object]:
    """The objects of a YAML text, lists taken apart; `namespace` goes to namespaced built-in ones that name none.

    Raises ProviderError for what is no object.
    """
    try:
        documents = list(yaml.safe_load_all(content))
    except yaml.YAMLError as error:
        raise ProviderError(f"decoding YAML: {error}") from None
    objects = [obj for document in documents if document for obj in _expanded(document)]
    for obj in objects:
        if namespace and not namespace_of(obj) and is_namespaced(kind_of(obj)):
            metadata(obj)["namespace"] = namespace
    return objects


class _Group(pulumi.ComponentResource):
    def __init__(self, token: str, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__(token, name, {}, opts)
        self.children: list[pulumi.Resource] = []

    def register(self, objects: list[Object], prefix: str, *, skip_await: bool) -> None:
        """Namespaces and definitions first: what lives in them or is defined by them depends on them."""
        first: list[tuple[Object, pulumi.Resource]] = []
        for obj in sorted(objects, key=_rank):
            if skip_await:
                meta = metadata(obj)
                meta["annotations"] = {**fields(meta.get("annotations")), "pulumi.com/skipAwait": "true"}
            needs = [resource for base, resource in first if _needs(obj, base)]
            opts = pulumi.ResourceOptions(parent=self, depends_on=needs)
            child = pulumi.CustomResource(of_kind(kind_of(obj)), f"{prefix}:{_label(obj)}", _inputs(obj), opts)
            if _rank(obj) < _ORDINARY:
                first.append((obj, child))
            self.children.append(child)


def objects_of(inputs: Inputs, known: Manifests) -> list[Object]:
    """The objects that a group's inputs name, inline or by file; raises ProviderError for what cannot be read."""
    found = manifests_in(text(inputs.get("yaml")))
    found += [obj for item in items(clone(inputs.get("objs"))) for obj in _expanded(item)]
    for source in [*items(inputs.get("files")), inputs.get("file")]:
        found += _read(text(source), known) if source else []
    return found


def _read(source: str, known: Manifests) -> list[Object]:
    found = known.read(source)
    if found is not None:
        return found
    if Path(source).is_absolute() and Path(source).is_file():
        return manifests_in(Path(source).read_text(encoding="utf-8"))
    listed = ", ".join(known.addresses)
    raise ProviderError(
        f"the rehearsal does not know the manifest {source}: give an absolute path, or one of the known URLs: {listed}"
    )


def _expanded(document: Any) -> list[Object]:
    obj = fields(document)
    if text(obj.get("kind")).endswith("List") and isinstance(obj.get("items"), list):
        return [inner for item in items(obj["items"]) for inner in _expanded(item)]
    if not text(obj.get("kind")) or not text(obj.get("apiVersion")):
        raise ProviderError(f"Kubernetes resources require a kind and apiVersion: `{str(document)[:50]}`")
    if not name_of(obj):
        raise ProviderError(f"Kubernetes resources require a .metadata.name: `{str(document)[:50]}`")
    return [obj]


def _with_namespaces(objects: list[Object], session: Session) -> list[Object]:
    defined = {defined_kind(obj): at(obj, "spec", "scope") == "Namespaced" for obj in objects if _is_definition(obj)}
    for obj in objects:
        kind = kind_of(obj)
        namespaced = defined.get((kind.group, kind.kind), session.is_namespaced(kind))
        if namespaced and not namespace_of(obj):
            metadata(obj)["namespace"] = session.settings.namespace
    return objects


def _needs(obj: Object, base: Object) -> bool:
    if _is_definition(base):
        return (kind_of(obj).group, kind_of(obj).kind) == defined_kind(base)
    return namespace_of(obj) == name_of(base)


def _rank(obj: Object) -> int:
    if _is_definition(obj):
        return 0
    return 1 if obj.get("kind") == "Namespace" else _ORDINARY


def _is_definition(obj: Object) -> bool:
    return (kind_of(obj).group, kind_of(obj).kind) == DEFINITION


def _inputs(obj: Object) -> dict[str, Any]:
    if obj.get("kind") != "Secret":
        return obj
    return {key: pulumi.Output.secret(value) if key in ("data", "stringData") else value for key, value in obj.items()}


def _label(obj: Object) -> str:
    return f"{namespace_of(obj)}/{name_of(obj)}" if namespace_of(obj) else name_of(obj)


_ORDINARY = 2
