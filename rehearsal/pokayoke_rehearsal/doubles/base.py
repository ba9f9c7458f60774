"""What every provider double shares: a provider that answers in plain Python, and the parts that all packages do alike.

A package's double subclasses `Double` and writes the `*_resource` methods, `invoke_function`, the two `knows_*` and,
for components, `construct_component` and `call_method`. `pokayoke_rehearsal.doubles.server` puts it behind the SDK's
provider server.
All methods of a double run on one event loop: a method that blocks holds up every double, one that awaits does not.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, cast

from pulumi.provider.experimental.provider import Provider

from pokayoke_rehearsal.doubles.wire import UNKNOWN, Inputs, Plain, Secret, has_unknown, without_nulls
from pokayoke_rehearsal.plan import Story

__all__ = [
    "UNKNOWN",
    "Call",
    "CheckError",
    "Created",
    "Difference",
    "Double",
    "Inputs",
    "PartialError",
    "Plain",
    "ProviderError",
    "Secret",
    "autoname",
    "difference",
    "has_unknown",
    "without_nulls",
]

INSTANCE: ContextVar[Any] = ContextVar("instance")
"""The provider instance that the running request belongs to; set by the server, read through `Double.instance`."""


class ProviderError(Exception):
    """A refusal that the user is to read: one clean line or text, sent without a traceback."""


class PartialError(ProviderError):
    """The resource exists but never became well: its id and state are kept, the operation fails with the reasons."""

    def __init__(self, resource_id: str, outputs: Inputs, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.resource_id, self.outputs, self.reasons = resource_id, outputs, reasons


class CheckError(ProviderError):
    """Inputs that the provider refuses in Check, each as (property, reason)."""

    def __init__(self, *failures: tuple[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" if name else reason for name, reason in failures))
        self.failures = failures


@dataclass(frozen=True)
class Call:
    """What is asked about: a resource, by URN (`type` and `name` are parts of it) and, once it exists, by id."""

    urn: str
    resource_id: str = ""
    preview: bool = False
    timeout: float = 0.0
    """Seconds that the program allows for the operation; 0 when it says nothing."""
    seed: bytes = b""
    """Randomness for names, the same for every Check of one resource in one run."""

    @property
    def type(self) -> str:
        """The resource's own type token: what follows the last `$` of the URN's type part."""
        return self.urn.split("::")[2].rsplit("$", 1)[-1]

    @property
    def name(self) -> str:
        """The resource's logical name."""
        return self.urn.split("::", 3)[3]


@dataclass(frozen=True)
class Created:
    """A new resource: its id (`UNKNOWN` in preview) and its outputs."""

    resource_id: Plain
    outputs: Inputs


@dataclass(frozen=True)
class Difference:
    """How new inputs differ from old: changed paths (`tags.Name`, `subnetIds[1]`) by kind, and what they entail."""

    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    updated: frozenset[str] = frozenset()
    replacing: frozenset[str] = field(default=frozenset())
    """Those of the changed paths that cannot change in place."""
    delete_before_replace: bool = False

    @property
    def changed(self) -> frozenset[str]:
        return self.added | self.removed | self.updated


class Double(Provider):
    """A provider double: `package` is Pulumi's name of it, `distribution` the Python SDK whose version it claims."""

    package: ClassVar[str]
    distribution: ClassVar[str] = ""
    takes_references: ClassVar[bool] = False
    """Whether resources and outputs come to it as such; others get a resource's id and a plain value."""

    @property
    def version(self) -> str:
        """The version of the installed SDK of this package: a provider below it makes the engine warn."""
        return _release_of(self.distribution) if self.distribution else "1.0.0"

    @property
    def instance(self) -> Any:
        """What `configure_instance` answered for the provider instance that asks; raises when it was never asked."""
        try:
            return INSTANCE.get()
        except LookupError:
            raise ProviderError(f"the {self.package} provider was asked before it was configured") from None

    def knows_type(self, token: str) -> bool:
        """Whether this double models the resource type."""
        raise NotImplementedError

    def knows_function(self, token: str) -> bool:
        """Whether this double models the function (an Invoke, or a Call of a component's method)."""
        raise NotImplementedError

    def answered(self) -> None:
        """Called after each request that it has answered, well or not."""

    def change_by_hand(self, resources: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:  # noqa: ARG002
        """Changes a few of the state's resources past the program; answers the URN of each and what was done to it."""
        return ()

    def remove_by_hand(self, resources: Sequence[Mapping[str, Any]]) -> None:
        """Removes resources past the program, those that are there and for which somebody has a tool at hand."""

    def observe(self) -> Story | None:
        """Lets time pass and tells what lives; None where a double knows of nothing that does."""
        return None

    async def check_instance(self, news: Inputs) -> Inputs:
        """The provider's own configuration, checked; raises `CheckError`."""
        return news

    async def diff_instance(self, olds: Inputs, news: Inputs) -> Difference:
        """How the provider's configuration changed. By default no change replaces the provider."""
        return difference(olds, news)

    async def configure_instance(self, args: Inputs) -> Any:
        """What `instance` is to return for this configuration. Structured values arrive as JSON text."""
        return args

    async def check_resource(self, call: Call, olds: Inputs | None, news: Inputs) -> Inputs:
        """The inputs with the provider's defaults and names; `olds` is None for a new resource; raises `CheckError`."""
        raise NotImplementedError

    async def diff_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Difference:
        """How the checked inputs differ from those of the state (`olds` is the old outputs)."""
        raise NotImplementedError

    async def create_resource(self, call: Call, inputs: Inputs) -> Created:
        """Makes the resource, or in a preview says what is known of it."""
        raise NotImplementedError

    async def read_resource(self, call: Call, inputs: Inputs, state: Inputs) -> tuple[Inputs, Inputs] | None:
        """The live (inputs, outputs), None when it is gone. Both arguments are empty in an import or get."""
        raise NotImplementedError

    async def update_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Inputs:
        """Changes the resource in place and answers its new outputs."""
        raise NotImplementedError

    async def delete_resource(self, call: Call, old_inputs: Inputs, olds: Inputs) -> None:
        """Deletes the resource; one that is gone already is no error."""
        raise NotImplementedError

    async def invoke_function(self, token: str, args: Inputs, preview: bool) -> Inputs:
        """The function's result."""
        raise NotImplementedError

    async def construct_component(self, request: Any) -> Any:  # noqa: ARG002
        """Answers a `ConstructRequest` of Pulumi's protocol, for a component of this package."""
        raise ProviderError(f"the {self.package} double has no components")

    async def call_method(self, request: Any) -> Any:  # noqa: ARG002
        """Answers a `CallRequest` of Pulumi's protocol, for a method of a component of this package."""
        raise ProviderError(f"the {self.package} double has no methods")


def autoname(
    call: Call, olds: Inputs | None, *, key: str = "name", longest: int | None = None, suffix: str = ""
) -> str:
    """The physical name that bridged providers give: `<logical>-<7 hex>` from the request's seed, kept once given.

    Raises `CheckError` when it would be longer than AWS takes, in the words of the real provider (pulumi/pulumi,
    sdk/go/common/resource/resource_id.go: NewUniqueName).
    """
    prefix = f"{call.name}-"
    given = (olds or {}).get(key)
    if isinstance(given, str) and re.fullmatch(re.escape(prefix) + "[0-9a-f]{7}" + re.escape(suffix), given):
        return given
    if longest is not None and len(prefix) + 7 + len(suffix) > longest:
        reason = f"name '{prefix}' plus 7 random chars is longer than maximum length {longest}"
        raise CheckError((key, reason))
    digest = hashlib.sha256((call.seed or os.urandom(16)) + key.encode()).hexdigest()
    return prefix + digest[:7] + suffix


def difference(
    olds: Mapping[str, Plain],
    news: Mapping[str, Plain],
    *,
    replace: Collection[str] = (),
    delete_before_replace: bool = False,
) -> Difference:
    """Compares two sets of inputs. `replace` names paths without list indices (`networkInterfaces.deviceIndex`); each
    covers everything below it."""
    kinds: dict[str, set[str]] = {"added": set(), "removed": set(), "updated": set()}
    for path, kind in _changes("", dict(olds), dict(news)):
        kinds[kind].add(path)
    changed = kinds["added"] | kinds["removed"] | kinds["updated"]
    replacing = frozenset(path for path in changed if _covered(path, replace))
    return Difference(
        added=frozenset(kinds["added"]),
        removed=frozenset(kinds["removed"]),
        updated=frozenset(kinds["updated"]),
        replacing=replacing,
        delete_before_replace=delete_before_replace and bool(replacing),
    )


def _changes(path: str, old: Plain, new: Plain) -> Iterator[tuple[str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        olds, news = cast("dict[str, Plain]", old), cast("dict[str, Plain]", new)
        for key in olds.keys() | news.keys():
            inner = _joined(path, key)
            if key not in olds:
                yield inner, "added"
            elif key not in news:
                yield inner, "removed"
            else:
                yield from _changes(inner, olds[key], news[key])
    elif isinstance(old, list) and isinstance(new, list):
        before, after = cast("list[Plain]", old), cast("list[Plain]", new)
        for index in range(max(len(before), len(after))):
            inner = f"{path}[{index}]"
            if index >= len(before):
                yield inner, "added"
            elif index >= len(after):
                yield inner, "removed"
            else:
                yield from _changes(inner, before[index], after[index])
    elif old is not new and old != new:
        yield path, "updated"


@cache
def _release_of(distribution: str) -> str:
    release = re.match(r"\d+\.\d+\.\d+", importlib.metadata.version(distribution))
    return release.group() if release else "1.0.0"


def _joined(path: str, key: str) -> str:
    part = key if re.fullmatch(r"[A-Za-z0-9_$-]+", key) else f'["{key}"]'
    return part if not path else f"{path}{part}" if part.startswith("[") else f"{path}.{part}"


def _covered(path: str, rules: Collection[str]) -> bool:
    plain = re.sub(r"\[\d+\]", "", path)
    return any(plain == rule or path == rule or plain.startswith((f"{rule}.", f"{rule}[")) for rule in rules)
