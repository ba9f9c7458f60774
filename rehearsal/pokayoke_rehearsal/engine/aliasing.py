"""Under which former names the state may hold a resource."""

from collections.abc import Mapping

from . import urns
from .goal import Alias


class Aliasing:
    """The former names of the resources seen so far: children follow the aliases of their parents."""

    def __init__(self, project: str, stack: str) -> None:
        self._project = project
        self._stack = stack
        self.current: dict[str, str] = {}  # former URN -> the URN that took it over
        self.former: dict[str, str] = {}  # URN -> the former URN under which the state held it

    def candidates(self, name: str, kind: str, parent: str, aliases: list[Alias]) -> list[str]:
        """The URNs to look for: those of the aliases, then those that follow from the parent's former name."""
        found = [self._collapse(name, kind, parent, alias) for alias in aliases]
        if (before := self.former.get(parent)) is not None:
            found.append(self._inherited(kind, name, parent, before))
            for alias in aliases:
                urn = self._collapse(name, kind, parent, alias)
                found.append(self._inherited(urns.type_of(urn), urns.name_of(urn), parent, before))
        return list(dict.fromkeys(found))

    def take(self, urn: str, former: str) -> None:
        self.current[former] = urn
        self.former[urn] = former

    def _collapse(self, name: str, kind: str, parent: str, alias: Alias) -> str:
        if alias.urn:
            return alias.urn
        above = parent
        if alias.parent:
            above = self.former.get(alias.parent, alias.parent)
        if alias.no_parent:
            above = ""
        return urns.make(
            alias.stack or self._stack, alias.project or self._project, above, alias.type or kind, alias.name or name
        )

    def _inherited(self, kind: str, name: str, parent: str, former: str) -> str:
        # A child named after its parent was named after the parent's former name.
        parent_name = urns.name_of(parent)
        if name.startswith(parent_name):
            name = urns.name_of(former) + name[len(parent_name) :]
        return urns.make(self._stack, self._project, former, kind, name)


def moved(urn: str, current: Mapping[str, str]) -> str:
    """The URN under which a resource of the state was seen in this act."""
    return current.get(urn, urn)
