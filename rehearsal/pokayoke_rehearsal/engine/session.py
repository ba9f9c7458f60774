"""What the monitor needs of the act that runs, and what it remembers of the resources registered in it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from . import urns
from .callbacks import Callbacks, Transform
from .defaults import DefaultProviders, Package
from .errors import EngineError
from .events import Observer
from .goal import Goal
from .knowledge import Knowledge
from .plugin import Plugin
from .program import Stack
from .registry import Registry
from .sources import Finished, SourceEvent
from .state import Resource

T = TypeVar("T")


class Closed(Exception):  # noqa: N818
    """The act is over: there is no answer."""


@dataclass
class Known:
    """A resource as its children and dependents need to know it."""

    parent: str
    custom: bool
    created: bool
    providers: dict[str, str] = field(default_factory=dict[str, str])
    transforms: list[Transform] = field(default_factory=list[Transform])


@dataclass
class Session:
    """One act, as its program and the components it constructs see it."""

    stack: Stack
    preview: bool
    parallel: int
    monitor_address: str
    registry: Registry
    defaults: DefaultProviders
    knowledge: Knowledge
    observe: Observer
    post: Callable[[SourceEvent], None]
    claim: Callable[[str, str, str], str]
    states: Callable[[str], Resource | None]
    callbacks: Callbacks = field(default_factory=Callbacks)
    goals: dict[str, Goal] = field(default_factory=dict[str, Goal])
    known: dict[str, Known] = field(default_factory=dict[str, Known])
    children: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    stack_transforms: list[Transform] = field(default_factory=list[Transform])
    handed_over: dict[tuple[str, str, str], list[Transform]] = field(
        default_factory=dict[tuple[str, str, str], list[Transform]]
    )
    root: str = ""
    _waiting: "set[asyncio.Future[Any]]" = field(default_factory=set["asyncio.Future[Any]"])
    closed: bool = False
    calls: int = 0
    """Who waits for an answer of the engine."""
    asked: int = 0
    """Functions and components that providers work on."""
    constructing: int = 0
    """Components among them."""
    released: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def described(self) -> dict[str, Any]:
        """Stack and act, as the engine's requests tell them."""
        stack = self.stack
        return {
            "project": stack.project,
            "stack": stack.name,
            "organization": stack.organization,
            "config": dict(stack.config),
            "configSecretKeys": sorted(stack.secret_keys),
            "dryRun": self.preview,
            "parallel": self.parallel,
        }

    async def answer(self, future: "asyncio.Future[T]") -> T:
        """Waits for the engine's answer. Raises Closed when the act ends before it."""
        if self.closed:
            raise Closed
        self._waiting.add(future)
        try:
            return await future
        finally:
            self._waiting.discard(future)

    async def running(self, work: Awaitable[T], *, constructs: bool = False) -> T:
        """Waits for a provider's work. Raises Closed when the act ends before it."""
        self.asked += 1
        self.constructing += constructs
        try:
            return await self.answer(asyncio.ensure_future(work))
        finally:
            self.asked -= 1
            self.constructing -= constructs

    async def end(self, finished: Finished) -> NoReturn:
        """Ends the act from here; whoever asked gets no answer, so that the program has nothing more to complain of."""
        self.post(finished)
        await self.answer(asyncio.get_running_loop().create_future())
        raise Closed

    def close(self) -> None:
        """Ends the act for everybody who still waits."""
        self.closed = True
        for future in list(self._waiting):
            if isinstance(future, asyncio.Task):
                future.cancel()
            elif not future.done():
                future.set_exception(Closed())
        self.released.set()

    def remember(self, urn: str, known: Known) -> None:
        if urn not in self.known:
            self.children.setdefault(known.parent, []).append(urn)
        self.known[urn] = known

    def provider_for(self, given: str, providers: dict[str, str], parent: str, package: str) -> str:
        """The provider that the options or the parent name for a package; empty for the default one."""
        if given:
            return given
        if package in providers:
            return providers[package]
        above = self.known.get(parent)
        return above.providers.get(package, "") if above else ""

    async def reference(self, given: str, package: Package, request: Any = None) -> str:
        """The given provider reference, or that of the package's default provider."""
        if given:
            try:
                urns.split_reference(given)
            except ValueError as error:
                raise EngineError(f"could not parse provider reference: {error}") from None
            return given
        frames = request.stackTrace.frames if request is not None else ()
        return await self.defaults.get(package, tuple(frame.pc.line for frame in reversed(frames)))

    def plugin(self, reference: str) -> Plugin:
        found = self.registry.get(reference)
        if found is None:
            raise EngineError(f"unknown provider '{reference}'")
        return found

    def pending(self, roots: list[str]) -> bool:
        """Whether a resource among the roots, or in a component among them, is not created yet."""
        seen: set[str] = set()
        waiting = list(roots)
        while waiting:
            urn = waiting.pop()
            known = self.known.get(urn)
            if known is None or urn in seen:
                continue
            seen.add(urn)
            if known.custom:
                if not known.created:
                    return True
            else:
                waiting.extend(self.children.get(urn, ()))
        return False
