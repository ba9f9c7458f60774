"""What is checked: resources as the pack judges them, and where each is written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from pokayoke.check.lines import line_of
from pokayoke_policies.stack import Member


@dataclass(frozen=True)
class Place:
    """Where a resource is written: a file, and a line of it (from 1) where that is known."""

    file: str
    line: int | None = None
    node: yaml.Node | None = field(default=None, compare=False, repr=False)
    """The resource itself, where its lines can be told apart."""

    def of(self, message: str) -> "Place":
        """Where the property is written that a message begins with."""
        return self if self.node is None else replace(self, line=line_of(self.node, message))


@dataclass(frozen=True)
class Unread:
    """A file that holds resources and cannot be read."""

    place: Place
    problem: str


@dataclass(frozen=True)
class Subject:
    """Resources, and by URN where each is written. `whole` where they are all that there is: a stack's state."""

    members: tuple[Member, ...]
    places: Mapping[str, Place]
    whole: bool
    unread: tuple[Unread, ...] = ()


def named(urn: str) -> str:
    """Type and name of a URN; what is about no single resource is about the stack."""
    if not urn:
        return "the stack"
    *_, kind, name = urn.split("::")
    return f"{kind.rpartition('$')[2]} {name}".strip()


def from_here(file: Path) -> str:
    """A file's path from the working folder, where it is below that."""
    return path_from(Path.cwd(), file)


def checkout() -> Path:
    """The root of the checkout that the working folder is in; that folder, where it is in none."""
    here = Path.cwd()
    return next((one for one in (here, *here.parents) if (one / ".git").exists()), here)


def path_from(folder: Path, file: Path) -> str:
    """A file's path from a folder, where it is below that."""
    absolute = file.absolute()
    return (absolute.relative_to(folder) if absolute.is_relative_to(folder) else file).as_posix()
