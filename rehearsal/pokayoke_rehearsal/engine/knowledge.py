"""What the world's doubles know. What they do not is collected, so that one run tells all of it."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from .errors import EngineError, ProviderError
from .plugin import Plugin
from .urns import is_provider_type, make, package_of
from .values import PropertyMap

WORLD = "world"
BUILTIN = "pulumi"
DYNAMIC = "pulumi-python"
"""The SDK's own provider: any dynamic resource of a program is known to it."""
KNOWS = "world:index:knows"


class Knowledge:
    """Asks the world, where there is one, once for each type and function; remembers what nobody knows."""

    def __init__(self, addresses: Mapping[str, str], engine_address: str, answers: dict[str, bool]) -> None:
        self._addresses = addresses
        self._engine_address = engine_address
        self._answers = answers
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._world: asyncio.Task[Plugin] | None = None
        self._packages: set[str] = set()
        self._types: set[str] = set()
        self._functions: set[str] = set()

    async def knows_type(self, kind: str) -> bool:
        return await self._knows(kind, self._types, "types")

    async def knows_function(self, token: str) -> bool:
        return await self._knows(token, self._functions, "functions")

    @property
    def complaint(self) -> str:
        """One message that names everything unknown; empty when nothing is."""
        lines = [f"  package {name}" for name in sorted(self._packages)]
        lines += [f"  type {kind}" for kind in sorted(self._types)]
        lines += [f"  function {token}" for token in sorted(self._functions)]
        return "\n".join(["no double knows:", *lines]) if lines else ""

    async def close(self) -> None:
        if self._world is None:
            return
        # Who asked it has been told why it does not answer.
        with suppress(ProviderError):
            await (await self._world).close()

    async def _knows(self, token: str, unknown: set[str], what: str) -> bool:
        package = package_of(token)
        if package not in self._addresses:
            self._packages.add(package)
            unknown.add(token)
            return False
        if WORLD not in self._addresses or package == DYNAMIC or is_provider_type(token):
            return True
        if token not in self._answers:
            if token not in self._asking:
                self._asking[token] = asyncio.create_task(self._learn(token, what))
            await asyncio.shield(self._asking[token])
        if not self._answers[token]:
            unknown.add(token)
        return self._answers[token]

    async def _learn(self, token: str, what: str) -> None:
        answer = await self._ask({"types": [], "functions": [], what: [token]})
        self._answers[token] = not (answer.get("unknownTypes") or answer.get("unknownFunctions"))

    async def _ask(self, question: PropertyMap) -> PropertyMap:
        if self._world is None:
            self._world = asyncio.create_task(self._connect())
        answer = await (await self._world).invoke(KNOWS, question, preview=True)
        if answer.failures:
            raise EngineError("; ".join(reason for _, reason in answer.failures))
        return answer.inputs

    async def _connect(self) -> Plugin:
        world = Plugin(WORLD, self._addresses[WORLD], self._engine_address)
        await world.start()
        world.configure(make("rehearsal", WORLD, "", f"pulumi:providers:{WORLD}", "default"), "default", {})
        return world
