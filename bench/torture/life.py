"""A stack's life over a world of its own, act by act, with what stands after each."""

import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pokayoke.acts import acts_of
from pokayoke_rehearsal.engine import Act, Engine, Fault, Result, Stack, StateFile
from pokayoke_rehearsal.engine.state import Resource
from pokayoke_rehearsal.hosts.by_hand import remove_by_hand
from pokayoke_rehearsal.hosts.company import WORLD, Company
from pokayoke_rehearsal.project import Project

from .comparing import Normalised, normalised

ROOT = Path(__file__).parents[2]
_TOGETHER = 1000
"""More operations at a time than a stack has: none of those that are to fail together waits for room."""


class FellShortError(Exception):
    """Something of what is promised does not hold; the text says what."""


def require(holds: object, what: str) -> None:
    """Raises FellShortError unless it holds."""
    if not holds:
        raise FellShortError(what)


class Life:
    """Runs acts of one stack over one engine and one world."""

    def __init__(self, engine: Engine, company: Company, directory: Path, allowing: Mapping[str, str]) -> None:
        self.stack = engine.stack.name
        self.state = StateFile(directory)
        self._engine, self._company = engine, company
        self._order = engine.stack
        self._allowing = allowing
        self.latency: Callable[[str, str], float] | None = None
        """Seconds that an operation on a URN takes longer."""

    async def run(self, act: Act, faults: Sequence[Fault] = ()) -> Result:
        """Does one act."""
        self._engine.faults, self._engine.latency = faults, self.latency
        return await self._engine.run(act)

    async def do(self, act: Act) -> Result:
        """Does one act that must end well."""
        result = await self.run(act)
        if not result.ok:
            stands = [str(one) for one in (await self._company.leftovers()).world] if act is Act.DESTROY else []
            raise FellShortError(f"{act} failed: {told(result)} {stands}")
        return result

    async def allow_destroy(self) -> None:
        """Takes the protection off a retained stack; nothing where there is none."""
        if self._allowing:
            stack = self._order
            self._engine.stack = Stack(stack.project, stack.name, {**stack.config, **self._allowing})
            await self.do(Act.UP)
            self._engine.stack = stack

    @property
    def aws_endpoint(self) -> str:
        """Where the world's AWS listens."""
        assert self._company.world is not None  # noqa: S101 - it is up
        return self._company.world.aws_endpoint

    async def remove_by_hand(self, resources: Sequence[Mapping[str, Any]]) -> None:
        """Removes objects and releases from their clusters, as `kubectl delete` and `helm uninstall` do."""
        assert self._company.world is not None  # noqa: S101 - it is up
        providers = [one.export(self.state.vault) for one in self.resources() if one.is_provider]
        await remove_by_hand(self._company.world.plugins[WORLD], [*providers, *resources])

    def resources(self) -> list[Resource]:
        """What the state holds."""
        return self.state.load().resources

    def normalised(self) -> Normalised:
        """The state without what is chance in it."""
        return normalised(self.resources(), self.state.vault)

    async def things(self) -> Counter[str]:
        """What the world holds: how many of each kind in each region."""
        remains = await self._company.leftovers()
        return Counter(f"{one.service} {one.kind} {one.region}" for one in remains.world)

    async def require_gone(self) -> None:
        """Nothing stands, neither in the state nor in the world."""
        left = [one.urn for one in self.resources()] + [str(one) for one in (await self._company.leftovers()).world]
        require(not left, f"destroy left {left}")


@asynccontextmanager
async def life_of(stack: str, begun: Path | None = None) -> AsyncIterator[Life]:
    """The life of a checked-in stack, in a temporary folder that goes with it, or over the world and state of another.

    The world ends with it.
    """
    project = Project.at(ROOT)
    config = project.config_of(stack, secrets={})
    allowing = next((one.config for one in acts_of(config.values) if one.config), {})
    with tempfile.TemporaryDirectory(prefix="torture-") as folder:
        directory = begun or Path(folder)
        company = Company(project, directory, packs=(), output=lambda _: None)
        plugins: dict[str, str] = {}
        try:
            require(begun is None or await company.living_world(), "the world did not outlive the kill")
            await company.start()
            engine = Engine(
                stack=Stack(project.name, stack, config.values),
                state=StateFile(directory),
                plugins=plugins,
                program=company.program,
                parallel=_TOGETHER,
            )
            async with engine:
                plugins.update(await company.plugins())
                engine.lookout = lookout = company.lookout()
                try:
                    yield Life(engine, company, directory, allowing)
                finally:
                    await lookout.close()
        finally:
            await company.close(keep_world=False)


def told(result: Result) -> str:
    """What an act that failed said."""
    return "; ".join(one.message for one in result.diagnostics if one.severity == "error")
