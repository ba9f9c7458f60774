"""What comes from the program: registrations and reads, each waiting for the engine's answer."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from .goal import Goal
from .state import Resource
from .values import PropertyMap


def _answer() -> "asyncio.Future[Any]":
    return asyncio.get_running_loop().create_future()


@dataclass(eq=False, slots=True)
class Registration:
    """The program wants a resource to be; the answer is its state."""

    goal: Goal
    done: "asyncio.Future[Resource]" = field(default_factory=_answer)


@dataclass(eq=False, slots=True)
class Reading:
    """The program wants to know a resource that exists outside of the stack; the answer is its state."""

    type: str
    name: str
    id: str
    parent: str
    provider: str
    properties: PropertyMap
    dependencies: list[str]
    additional_secret_outputs: list[str]
    done: "asyncio.Future[Resource]" = field(default_factory=_answer)


@dataclass(eq=False, slots=True)
class Outputs:
    """A component has its outputs."""

    urn: str
    outputs: PropertyMap
    done: "asyncio.Future[None]" = field(default_factory=_answer)


@dataclass(frozen=True, slots=True)
class Finished:
    """The program sends no more; `error` is what to report, `bail` ends the act without a further word."""

    error: str = ""
    bail: bool = False


SourceEvent = Registration | Reading | Outputs | Finished


def settle(future: "asyncio.Future[Any]", value: Any) -> None:
    """Answers, unless whoever asked is gone."""
    if not future.done():
        future.set_result(value)
