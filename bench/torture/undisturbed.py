"""What an undisturbed run comes to, which every other must come to as well."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pokayoke_rehearsal.engine import Act
from pokayoke_rehearsal.engine.graph import DependencyGraph, antichains
from pokayoke_rehearsal.engine.state import Resource

from .comparing import Normalised, differences
from .life import Life, require


@dataclass(frozen=True)
class Undisturbed:
    """The end of an `up` that nothing disturbed."""

    resources: Sequence[Resource]
    state: Normalised
    refreshed: Normalised
    """The state after a refresh: it tells of the same things at a later moment."""
    things: Counter[str]

    @property
    def depths(self) -> list[list[Resource]]:
        """What providers made, by depth: each needs one of the depth before, and none of its own or a later."""
        graph = DependencyGraph(self.resources)
        depth: dict[Resource, int] = {}
        found: dict[int, list[Resource]] = {}
        for one in self.resources:
            depth[one] = max((depth[needed] + _made(needed) for needed in graph.dependencies_of(one)), default=0)
            if _made(one):
                found.setdefault(depth[one], []).append(one)
        return [found[at] for at in sorted(found)]

    @property
    def rounds(self) -> list[list[Resource]]:
        """The same as a destroy takes them, in rounds."""
        rounds = antichains(self.resources, DependencyGraph(self.resources))
        return [made for each in rounds if (made := [one for one in each if _made(one)])]

    async def require_same(self, life: Life) -> None:
        """The life stands where the undisturbed one stood, with nothing made twice.

        Raises:
            FellShortError: with what differs.
        """
        await self._require(life, self.state)

    async def require_same_refreshed(self, life: Life) -> None:
        """The same, of a state that has been refreshed on the way; a further refresh finds nothing.

        Raises:
            FellShortError: with what differs.
        """
        found = await life.do(Act.REFRESH)
        require(set(found.changes) == {"same"}, f"a refresh finds {found.drift}")
        await self._require(life, self.refreshed)

    async def _require(self, life: Life, wanted: Normalised) -> None:
        found = differences(wanted, life.normalised())
        require(not found, f"another end: {dict(list(found.items())[:5])}")
        things = await life.things()
        more, less = things - self.things, self.things - things
        require(not more and not less, f"the world holds more {dict(more)}, less {dict(less)}")


async def undisturbed(life: Life) -> Undisturbed:
    """Ups and destroys a stack.

    Raises:
        FellShortError: that alone does not do.
    """
    await life.do(Act.UP)
    resources, state, things = life.resources(), life.normalised(), await life.things()
    await life.do(Act.REFRESH)
    found = Undisturbed(resources, state, life.normalised(), things)
    await life.allow_destroy()
    await life.do(Act.DESTROY)
    await life.require_gone()
    return found


def _made(resource: Resource) -> bool:
    return resource.custom and not resource.is_provider and not resource.external
