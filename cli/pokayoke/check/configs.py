"""What the policies are configured with where no engine asks: a file as `pulumi preview --policy-pack-config` takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pokayoke.failing import CommandError
from pokayoke_policies.exemptions import schema
from pokayoke_policies.pack import rules
from pokayoke_rehearsal.pack_config import PackConfig, PackConfigError, Setting, objections

_ALL, _OFF, _ADVICE = "all", "disabled", "advisory"


@dataclass(frozen=True)
class Configs:
    """Settings and exemptions by policy, and at which level each judges."""

    settings: Mapping[str, Setting] = field(default_factory=dict[str, Setting])

    @classmethod
    def read(cls, file: Path) -> "Configs":
        """What a file says.

        Raises:
            CommandError: it cannot be read, or says what no policy understands; all of that at once.
        """
        try:
            settings = PackConfig.read(file).settings
        except PackConfigError as error:
            raise CommandError(str(error)) from None
        if wrong := list(_problems(settings)):
            raise CommandError("\n".join(f"{file}: {problem}" for problem in wrong))
        return cls(settings)

    @property
    def properties(self) -> Mapping[str, Mapping[str, Any]]:
        """What each policy is told."""
        return {name: one.properties for name, one in self.settings.items()}

    def is_off(self, policy: str) -> bool:
        """Whether a policy judges nothing."""
        return self._level(policy) == _OFF

    def is_mandatory(self, policy: str, *, advice: bool) -> bool:
        """Whether its findings fail a run; `advice` where it only advises by default."""
        level = self._level(policy)
        return not advice if level is None else level != _ADVICE

    def _level(self, policy: str) -> str | None:
        stated = (self.settings.get(name) for name in (policy, _ALL))
        return next((one.level for one in stated if one is not None and one.level), None)


def _problems(settings: Mapping[str, Setting]) -> Iterator[str]:
    known = {rule.slug: schema(rule.settings).properties for rule in rules(date.today())}
    for name, one in settings.items():
        if name not in known:
            if name != _ALL:
                yield f"{name}: the pack has no such policy"
            continue
        for objection in objections({"properties": known[name]}, one.properties):
            yield f"{name}: {objection}"
