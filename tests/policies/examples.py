"""The examples of the policies' page, `examples/policies/SLUG.yaml`: a stack that a policy refuses, and its mend.

Each file holds two documents of Pulumi YAML, resources by name; their types are the engine's. What the second says
stands in the place of the resource of that name, or beside the others; `null` takes one out. A third document is the
policy's configuration, where it refuses nothing without one.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from analyzing import UNKNOWN, Resource

from pokayoke_eks.iam.load_balancer_controller import controller_policy

FOLDER = Path(__file__).parents[2] / "examples" / "policies"
_REFERENCE = re.compile(r"(?<!\$)\$\{([\w-]+)(?:\.([\w.\[\]-]+))?\}")
_DEFAULT = "defaultProvider"
_NO_OBJECTS = ("helm.sh/v3", "yaml/v2")
_FILES = {"iam_policy.json": json.dumps(controller_policy("aws"))}
"""What stands in files that are others' and that an example reads."""


@dataclass(frozen=True)
class Example:
    """A stack before and after its mend."""

    failing: tuple[Resource, ...]
    passing: tuple[Resource, ...]
    settings: dict[str, Any]


def example(slug: str) -> Example:
    """The example of a policy; raises `FileNotFoundError` where it has none."""
    failing, mend, *settings = yaml.safe_load_all((FOLDER / f"{slug}.yaml").read_text())
    passing = {name: said for name, said in {**failing, **mend}.items() if said is not None}
    return Example(_stack(failing), _stack(passing), settings[0] if settings else {})


def _stack(said: dict[str, Any]) -> tuple[Resource, ...]:
    default = next((name for name, one in said.items() if one.get(_DEFAULT)), "")
    return tuple(_resource(name, said, default) for name in said)


def _resource(name: str, stack: dict[str, Any], default: str) -> Resource:
    said = stack[name]
    kind, options = _whole(said["type"]), said.get("options", {})
    group, _, object_kind = kind.removeprefix("kubernetes:").rpartition(":")
    sources: dict[str, tuple[str, ...]] = {}
    is_object = kind.startswith("kubernetes:") and group not in _NO_OBJECTS
    properties = {"apiVersion": group.removeprefix("core/"), "kind": object_kind} if is_object else {}
    for key, value in said.get("properties", {}).items():
        found: list[str] = []
        properties[key] = _read(value, stack, found)
        if found:
            sources[key] = tuple(dict.fromkeys(found))
    named = {option: _name(options[option]) for option in ("parent", "provider") if option in options}
    return Resource(
        kind,
        name,
        properties,
        {"id": UNKNOWN} if kind.startswith("aws:") else {},
        after=tuple(_name(one) for one in options.get("dependsOn", ())),
        sources=sources,
        parent=named.get("parent", ""),
        provider=named.get("provider", default if kind.startswith("kubernetes:") else ""),
        protect=options.get("protect", False),
    )


def _whole(token: str) -> str:
    """`aws:eks/cluster:Cluster` for `aws:eks:Cluster`, as Pulumi YAML completes it."""
    package, module, kind = token.split(":")
    return f"{package}:{module}/{kind[0].lower()}{kind[1:]}:{kind}" if package == "aws" else token


def _name(reference: str) -> str:
    return reference.removeprefix("${").removesuffix("}")


def _read(value: Any, stack: dict[str, Any], found: list[str]) -> Any:
    """A value as the engine has it in a preview; `found` gets the names of the resources from which it comes."""
    if isinstance(value, dict):
        if "fn::readFile" in value:
            return _FILES[value["fn::readFile"]]
        if "fn::toJSON" in value:
            inner = _read(value["fn::toJSON"], stack, found)
            return UNKNOWN if UNKNOWN in json.dumps(inner) else json.dumps(inner)
        return {key: _read(one, stack, found) for key, one in value.items()}
    if isinstance(value, list):
        return [_read(one, stack, found) for one in value]
    return _text(value, stack, found) if isinstance(value, str) else value


def _text(value: str, stack: dict[str, Any], found: list[str]) -> str:
    """A text with what it refers to, as far as the other resource says it itself."""
    known: list[str] = []
    for name, place in _REFERENCE.findall(value):
        told = stack.get(name, {}).get("properties", {}).get(place)
        found.extend([name] if name in stack else [])
        known.append(told if isinstance(told, str) and "${" not in told else UNKNOWN)
    if UNKNOWN in known:
        return UNKNOWN
    return _REFERENCE.sub(lambda _: known.pop(0), value).replace("$${", "${")
