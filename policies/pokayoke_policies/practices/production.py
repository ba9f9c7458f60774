"""Which stacks are production: what they alone are asked for is asked by their names."""

from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from pokayoke_policies.practice import texts
from pokayoke_policies.stack import Stack

STACKS: Mapping[str, Mapping[str, Any]] = {
    "stacks": texts(
        ["prod", "prod-*", "*-prod", "production", "production-*", "*-production", "!*non-*", "!*pre-*"],
        "The stacks of which it is asked, by name: * stands for anything, and ! before a pattern takes out again what "
        "others let in.",
    )
}


def is_one_of(stack: Stack, patterns: Sequence[str]) -> bool:
    """Whether a stack's name fits, in whatever letters, and with whatever sign between words."""
    names = {_plain(urn.partition("::")[0].rpartition(":")[2]) for urn in stack.written}
    unwanted = [one.removeprefix("!") for one in patterns if one.startswith("!")]
    return _fit(names, patterns) and not _fit(names, unwanted)


def _fit(names: Collection[str], patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name, _plain(one)) for name in names for one in patterns)


def _plain(name: str) -> str:
    return name.casefold().replace("_", "-").replace(".", "-")
