"""What a program wants a resource to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .values import PropertyMap


@dataclass(frozen=True, slots=True)
class Alias:
    """A former name of a resource: a URN as a whole, or what was different about it."""

    urn: str = ""
    name: str = ""
    type: str = ""
    parent: str = ""
    no_parent: bool = False
    project: str = ""
    stack: str = ""


@dataclass(slots=True)
class Goal:
    """A registration as the monitor understood it; options that were not given are None."""

    type: str
    name: str
    custom: bool
    properties: PropertyMap
    parent: str = ""
    provider: str = ""
    protect: bool | None = None
    retain_on_delete: bool | None = None
    delete_before_replace: bool | None = None
    deleted_with: str = ""
    dependencies: list[str] = field(default_factory=list[str])
    property_dependencies: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    replace_with: list[str] = field(default_factory=list[str])
    ignore_changes: list[str] = field(default_factory=list[str])
    replace_on_changes: list[str] = field(default_factory=list[str])
    hide_diff: list[str] = field(default_factory=list[str])
    additional_secret_outputs: list[str] = field(default_factory=list[str])
    aliases: list[Alias] = field(default_factory=list[Alias])
    custom_timeouts: Mapping[str, float] = field(default_factory=dict[str, float])
    replacement_trigger: Any = None
