"""Plain Kubernetes YAML: a folder of it, as Argo CD reads it, or a file, as `kustomize build` writes it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import yaml

from pokayoke.check.folders import files_of
from pokayoke.check.subject import Place, Subject, Unread, from_here
from pokayoke.failing import CommandError
from pokayoke_policies.stack import Member

# What tools read and no cluster ever sees.
_NO_OBJECTS = ("kustomize.config.k8s.io/",)


def read_manifests(place: Path) -> Subject:
    """The objects in a file, or in every file below a folder that holds some. What is no object is passed over; a file
    that cannot be read is told, and the others are judged.

    Raises:
        CommandError: there is no such place, or it holds no object.
    """
    if not place.exists():
        raise CommandError(f"{place}: there is no such file or folder")
    members: list[Member] = []
    places: dict[str, Place] = {}
    unread: list[Unread] = []
    for file in files_of(place) if place.is_dir() else [place]:
        try:
            for content, node in _documents(file):
                member = _member(content, len(members))
                members.append(member)
                places[member.urn] = Place(from_here(file), node.start_mark.line + 1, node)
        except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
            unread.append(_unread(file, error))
    if not members and not unread:
        raise CommandError(
            f"{place}: it holds no Kubernetes object; of a chart, check what `helm template` writes, of a "
            "kustomization what `kustomize build` does"
        )
    return Subject(tuple(members), places, whole=False, unread=tuple(unread))


def _documents(file: Path) -> Iterator[tuple[dict[str, Any], yaml.Node]]:
    """Every object of a file with its node."""
    content = file.read_bytes()
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    if "apiVersion" not in content.decode(encoding, "replace"):
        return
    written = content.decode(encoding)
    # JSON is YAML, but for tabs between its tokens; within them it has none.
    loader: Any = yaml.CSafeLoader(written.replace("\t", " ") if file.suffix == ".json" else written)
    try:
        while loader.check_node():
            node = loader.get_node()
            yield from _objects(loader.construct_document(node), node)
    finally:
        loader.dispose()


def _objects(document: object, node: yaml.Node) -> Iterator[tuple[dict[str, Any], yaml.Node]]:
    if not isinstance(document, dict):
        return
    content = cast("dict[str, Any]", document)
    version, kind = content.get("apiVersion"), content.get("kind")
    if not isinstance(version, str) or not isinstance(kind, str) or version.startswith(_NO_OBJECTS):
        return
    items = content.get("items")
    if kind == "List" and isinstance(items, list):
        for item, own in zip(cast("list[object]", items), _items(node), strict=True):
            yield from _objects(item, own)
    else:
        yield content, node


def _items(node: yaml.Node) -> list[yaml.Node]:
    pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
    return next(cast("list[yaml.Node]", value.value) for key, value in reversed(pairs) if key.value == "items")


def _unread(file: Path, error: Exception) -> Unread:
    place, problem = Place(from_here(file)), str(error)
    if isinstance(error, OSError):
        problem = str(error.strerror)
    elif isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        place, problem = replace(place, line=error.problem_mark.line + 1), str(error.problem)
    hint = "; of a chart, check what `helm template` writes" if file.is_file() and b"{{" in file.read_bytes() else ""
    return Unread(place, f"it cannot be read: {' '.join(problem.split())}{hint}")


def _member(content: dict[str, Any], index: int) -> Member:
    version = str(content["apiVersion"])
    kind = f"kubernetes:{version if '/' in version else f'core/{version}'}:{content['kind']}"
    metadata: object = content.get("metadata")
    said = cast("dict[str, Any]", metadata) if isinstance(metadata, dict) else {}
    name = "/".join(str(said[key]) for key in ("namespace", "name") if said.get(key))
    return Member(urn=f"{index}::{kind}::{name}", type=kind, tell=lambda: content)
