"""Who asks AWS for something, and what its role lets it do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pokayoke_rehearsal.world.iam_evaluator import Request, Value, allows


@dataclass(frozen=True)
class Role:
    """An IAM role with all that its policies say."""

    name: str
    arn: str
    trust: str
    documents: tuple[str, ...]
    attached: frozenset[str]
    """Names of the managed policies."""


@dataclass(frozen=True)
class Caller:
    """Somebody with a role: who asks AWS for something."""

    role: Role
    region: str
    tags: Mapping[str, str]
    """The session's tags."""

    def may(self, action: str, resource: str = "*", **context: Value) -> bool:
        """Whether the role allows an action on a resource. Context keys are spelt with `__` for `:`."""
        stated = {key.replace("__", ":"): value for key, value in context.items()}
        return self.may_with(action, resource, stated)

    def may_with(self, action: str, resource: str, context: Mapping[str, Value]) -> bool:
        """Whether the role allows an action on a resource in a context."""
        tags = {f"aws:PrincipalTag/{key}": value for key, value in self.tags.items()}
        around: dict[str, Value] = {"aws:RequestedRegion": self.region, "aws:PrincipalArn": self.role.arn, **tags}
        around |= {key: value if isinstance(value, str) else tuple(value) for key, value in context.items()}
        return _decided(self.role.documents, action, resource, tuple(sorted(around.items(), key=lambda one: one[0])))


@lru_cache(maxsize=4096)
def _decided(documents: tuple[str, ...], action: str, resource: str, context: tuple[tuple[str, Value], ...]) -> bool:
    return allows(documents, Request(action, resource, dict(context)))
