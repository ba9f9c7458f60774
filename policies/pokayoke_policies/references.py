"""Which resources of a stack a property refers to: by where its value comes from, or by the id, ARN or name in it."""

from collections.abc import Iterator
from typing import Any, cast

from .raw import UNKNOWN
from .stack import Member, Stack


def referred(stack: Stack, member: Member, key: str, *types: str) -> list[Member]:
    """The resources of these types that a property refers to, as far as it tells."""
    return [one for one in _referred(stack, member, key) if one.type in types]


def referring(stack: Stack, kind: str, key: str, to: Member) -> list[Member]:
    """The resources of one type whose property refers to another resource."""
    return stack.once(_referring, kind, key).get(to.urn, [])


def names_others(stack: Stack, member: Member, key: str, *types: str) -> bool:
    """Whether a property may refer to resources of these types that are not the stack's, or cannot be told: ids that
    nothing of it carries, and values out of components that hold several."""
    known = {urn: stack.members[urn] for urn in member.sources.get(key, ()) if urn in stack.members}
    if any(one.type not in types and any(stack.inside([urn], kind) for kind in types) for urn, one in known.items()):
        return True
    return any(text not in stack.named for text in texts_in(member.properties.get(key)))


def texts_in(value: Any) -> Iterator[str]:
    """Every known text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in cast("dict[str, Any]", value).values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from texts_in(inner)


def region_of(member: Member) -> str | None:
    """The region that a resource of AWS is made in, where it or its provider says it."""
    for said in (member.properties.get("region"), member.provider_properties().get("region")):
        if isinstance(said, str) and said:
            return said
    return None


def is_given(value: Any) -> bool:
    """Whether a property states anything, known yet or not."""
    return value is UNKNOWN or bool(value)


def _referring(stack: Stack, kind: str, key: str) -> dict[str, list[Member]]:
    known: dict[str, list[Member]] = {}
    for member in stack.of_type(kind):
        for one in _referred(stack, member, key):
            known.setdefault(one.urn, []).append(member)
    return known


def _referred(stack: Stack, member: Member, key: str) -> list[Member]:
    found = {urn: stack.members[urn] for urn in member.sources.get(key, ()) if urn in stack.members}
    for text in texts_in(member.properties.get(key)):
        found.update((one.urn, one) for one in stack.named.get(text, ()))
    return list(found.values())
