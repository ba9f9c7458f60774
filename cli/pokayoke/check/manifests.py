"""Plain Kubernetes YAML: a folder of it, as Argo CD reads it, or a file, as `kustomize build` writes it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import yaml

from pokayoke.check.subject import Place, Subject
from pokayoke.failing import CommandError
from pokayoke_policies.stack import Member

_FILES = ("*.yaml", "*.yml", "*.json")
# What tools read and no cluster ever sees: kustomizations, the metadata and templates of charts.
_NO_OBJECTS = ("kustomize.config.k8s.io/",)


def read_manifests(place: Path) -> Subject:
    """The objects in a file, or in every YAML and JSON file below a folder. What is no object is passed over.

    Raises:
        CommandError: there is no such place, it holds no object, or a file cannot be read; all such files at once.
    """
    if not place.exists():
        raise CommandError(f"{place}: there is no such file or folder")
    files = sorted(one for form in _FILES for one in place.rglob(form)) if place.is_dir() else [place]
    members: list[Member] = []
    places: dict[str, Place] = {}
    unread: list[str] = []
    for file in files:
        try:
            for content, line in _documents(file):
                member = _member(content, len(members))
                members.append(member)
                places[member.urn] = Place(str(file), line)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            hint = "; of a chart, check what `helm template` renders" if b"{{" in file.read_bytes() else ""
            unread.append(f"{file}: it is no YAML ({' '.join(str(error).split())}){hint}")
    if unread:
        raise CommandError("\n".join(unread))
    if not members:
        raise CommandError(f"{place}: it holds no Kubernetes object")
    return Subject(tuple(members), places, whole=False)


def _documents(file: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """Every object of a file with the line where it begins."""
    with file.open(encoding="utf-8") as stream:
        loader: Any = yaml.SafeLoader(stream)
        try:
            while loader.check_node():
                node = loader.get_node()
                if node is None:
                    continue
                for content in _objects(loader.construct_document(node)):
                    yield content, node.start_mark.line + 1
        finally:
            loader.dispose()


def _objects(document: object) -> Iterator[dict[str, Any]]:
    if not isinstance(document, dict):
        return
    content = cast("dict[str, Any]", document)
    version, kind = content.get("apiVersion"), content.get("kind")
    if not isinstance(version, str) or not isinstance(kind, str) or version.startswith(_NO_OBJECTS):
        return
    if kind == "List" and isinstance(content.get("items"), list):
        for item in cast("list[object]", content["items"]):
            yield from _objects(item)
    else:
        yield content


def _member(content: dict[str, Any], index: int) -> Member:
    version = str(content["apiVersion"])
    kind = f"kubernetes:{version if '/' in version else f'core/{version}'}:{content['kind']}"
    metadata: object = content.get("metadata")
    said = cast("dict[str, Any]", metadata) if isinstance(metadata, dict) else {}
    name = "/".join(str(said[key]) for key in ("namespace", "name") if said.get(key))
    return Member(urn=f"{index}::{kind}::{name}", type=kind, tell=lambda: content)
