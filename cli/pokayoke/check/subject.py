"""What is checked: resources as the pack judges them, and where each is written."""

from collections.abc import Mapping
from dataclasses import dataclass

from pokayoke_policies.stack import Member


@dataclass(frozen=True)
class Place:
    """Where a resource is written: a file, and a line of it (from 1) where that is known."""

    file: str
    line: int | None = None


@dataclass(frozen=True)
class Subject:
    """Resources, and by URN where each is written. `whole` where they are all that there is: a stack's state."""

    members: tuple[Member, ...]
    places: Mapping[str, Place]
    whole: bool


def named(urn: str) -> str:
    """Type and name of a URN; what is about no single resource is about the stack."""
    if not urn:
        return "the stack"
    *_, kind, name = urn.split("::")
    return f"{kind.rpartition('$')[2]} {name}".strip()
