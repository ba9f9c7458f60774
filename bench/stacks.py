"""Stacks of any number of resources on which the pack is measured: copies of the corpus of sound resources, one cluster
with many objects, and copies of every mistake that a policy refuses. They come from `tests/policies`."""

import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "tests" / "policies"))

from analyzing import Resource
from failing import FAILING
from sound_stacks import Json, Reference, SoundStack, sound_stacks

NAMESPACE = "kubernetes:core/v1:Namespace"


def platforms(number: int) -> list[Resource]:
    """Sound stacks side by side, as they are once all is known: clusters and networks each with what is in them."""
    sound = sound_stacks()
    return list(islice((one for copy in count() for made in sound for one in _sound(made, copy)), number))


def workloads(number: int) -> list[Resource]:
    """Sound stacks of which all copies but the first bring their Kubernetes objects alone, into the same clusters."""
    sound = sound_stacks()
    return list(
        islice((one for copy in count() for made in sound for one in _sound(made, copy, of="kubernetes:")), number)
    )


def mistakes(number: int) -> list[Resource]:
    """The smallest stacks in which each policy has something to refuse, side by side."""
    return list(
        islice(
            (
                one
                for copy in count()
                for slug, resources in FAILING.items()
                for one in _copied(resources, f"{slug}-{copy}")
            ),
            number,
        )
    )


STACKS: Mapping[str, Callable[[int], list[Resource]]] = {
    "platforms": platforms,
    "workloads": workloads,
    "mistakes": mistakes,
}


def _sound(stack: SoundStack, copy: int, of: str = "") -> Iterator[Resource]:
    """A copy of a stack under names of its own: of resources, in AWS, and of namespaces. Of the copies after the first
    only resources of some types, which lean on those of the first."""
    own = {name for name, one in stack.said.items() if one["type"].startswith(of if copy else "")}
    names = {said for name, said in _named(stack.said) if name in own}

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: renamed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [renamed(inner) for inner in value]
        if isinstance(value, Json):
            return replace(value, content=renamed(value.content))
        if isinstance(value, Reference):
            return Reference(re.sub(r"\{([\w-]+)\.", lambda found: f"{{{resource(found[1])}.", value.text))
        return f"{value}-{copy}" if isinstance(value, str) and value in names else value

    def resource(name: str) -> str:
        return f"{stack.name}-{name}-{copy if name in own else 0}"

    def described(one: Mapping[str, Any]) -> dict[str, Any]:
        leaning = {key: resource(one[key]) for key in ("parent", "provider") if key in one}
        after = {"after": [resource(name) for name in one["after"]]} if "after" in one else {}
        return {**one, **leaning, **after, "says": renamed(one.get("says", {}))}

    said = {resource(name): described(one) for name, one in stack.said.items()}
    copied = replace(stack, said=said)
    made = {resource(name) for name in own}
    yield from (one for one in copied.resources(preview=False) if one.name in made)


def _named(said: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for name, one in said.items():
        own = one.get("says", {})
        stated = own.get("metadata", {}).get("name") if one["type"] == NAMESPACE else own.get("name")
        if isinstance(stated, str) and one["type"].startswith(("aws:", NAMESPACE)):
            yield name, stated


def _copied(resources: Collection[Resource], copy: str) -> Iterator[Resource]:
    names = {one.name for one in resources}
    stated = {
        said for one in resources if one.type.startswith("aws:") and isinstance(said := one.properties.get("name"), str)
    }

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: renamed(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [renamed(inner) for inner in value]
        return f"{value}-{copy}" if isinstance(value, str) and value in stated else value

    def resource(name: str) -> str:
        return f"{name}-{copy}" if name in names else name

    def resources_of(listed: str | Iterable[str]) -> tuple[str, ...]:
        return tuple(resource(name) for name in ([listed] if isinstance(listed, str) else listed))

    for one in resources:
        yield replace(
            one,
            name=resource(one.name),
            properties=renamed(one.properties),
            after=resources_of(one.after),
            sources={key: resources_of(listed) for key, listed in one.sources.items()},
            parent=resource(one.parent),
            provider=resource(one.provider),
        )
