"""Default providers: registered once per package, version and download URL, when something first needs one."""

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from . import urns
from .errors import EngineError
from .goal import Goal
from .program import Stack
from .registry import INTERNAL
from .sources import Registration
from .state import Resource
from .values import PropertyMap, secret

_DYNAMIC = ("pulumi-python", "pulumi-nodejs")
_QUIET = 0.02  # seconds
_DENIED = "disable-default-providers"


@dataclass(frozen=True)
class Package:
    """Which plugin serves a resource: the package, and what the SDK says of its version and origin."""

    name: str
    version: str = ""
    url: str = ""

    @property
    def default_name(self) -> str:
        name = "default"
        if self.version:
            name += "_" + re.sub(r"[.+-]", "_", self.version)
        if self.url:
            parts = [part for part in self.url.split("/") if part]
            name += "_" + "/".join(re.sub(r"[^A-Za-z0-9_.-]", "_", part) for part in parts)
        return name


@dataclass(eq=False, slots=True)
class _Request:
    package: Package
    place: tuple[int, ...]
    answer: "asyncio.Future[str]"


class DefaultProviders:
    """Answers which provider is the default of a package; requests are served one after another."""

    def __init__(self, stack: Stack, register: Callable[[Registration], None]) -> None:
        self._stack = stack
        self._register = register
        self._references: dict[Package, str] = {}
        self._requests: deque[_Request] = deque()
        self._serving: asyncio.Task[None] | None = None
        self._settled = False

    async def get(self, package: Package, place: tuple[int, ...] = ()) -> str:
        """The reference of the package's default provider; `place` is where in the program it is needed.

        Raises EngineError when the stack's config denies a default provider.
        """
        if self._denied(package.name):
            raise EngineError(f"Default provider for '{package.name}' disabled. It must use an explicit provider.")
        serving = self._serving is not None and not self._serving.done()
        if package in self._references and not serving:
            return self._references[package]
        request = _Request(package, place, asyncio.get_running_loop().create_future())
        self._requests.append(request)
        if not serving:
            self._serving = asyncio.create_task(self._serve())
        return await request.answer

    def close(self) -> None:
        if self._serving is not None:
            self._serving.cancel()
        for request in self._requests:
            request.answer.cancel()

    async def _serve(self) -> None:
        while self._requests:
            request = self._requests[0]
            fresh = request.package not in self._references
            if fresh:
                await self._make(request.package)
                request = await self._first(request)
            self._requests.remove(request)
            # The real engine hands its first answer over while it already works on the second request, which is so
            # the first to go on. Programs see that order when something fails.
            if fresh and self._requests and self._requests[0].package in self._references:
                self._answer(self._requests.popleft())
            self._answer(request)

    async def _first(self, request: _Request) -> _Request:
        """The first request in the order of the program, once it has sent what it registers at once.

        A real plugin takes long enough to start for that; without it the order would be a matter of luck.
        """
        seen = -1
        while not self._settled and seen != len(self._requests):
            seen = len(self._requests)
            await asyncio.sleep(_QUIET)
        if self._settled:
            return request
        self._settled = True
        self._requests = deque(sorted(self._requests, key=lambda one: one.place))
        first = self._requests[0]
        if first.package not in self._references:
            await self._make(first.package)
        return first

    async def _make(self, package: Package) -> None:
        inputs = self._config_of(package.name)
        if package.version or package.url:
            inputs[INTERNAL] = {"pluginDownloadURL": package.url} if package.url else {}
        if package.version:
            inputs["version"] = package.version
        registration = Registration(
            Goal(urns.PROVIDER_PREFIX + package.name, package.default_name, custom=True, properties=inputs)
        )
        self._register(registration)
        made: Resource = await registration.done
        self._references[package] = urns.provider_reference(made.urn, made.id)

    def _answer(self, request: _Request) -> None:
        if not request.answer.done():
            request.answer.set_result(self._references[request.package])

    def _config_of(self, package: str) -> PropertyMap:
        """What the stack's config says under the package's name; dynamic providers get all of it."""
        found: PropertyMap = {}
        for key, value in self._stack.config.items():
            namespace, _, name = key.partition(":")
            if package in _DYNAMIC:
                name = key
            elif namespace != package:
                continue
            found[name] = secret(value) if key in self._stack.secret_keys else value
        return found

    def _denied(self, package: str) -> bool:
        denied = self._stack.config.get(f"pulumi:{_DENIED}")
        if not denied or package == "pulumi":
            return False
        return any(name in ("*", package) for name in json.loads(denied))
