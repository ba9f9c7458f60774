"""Which stacks are production: what they alone are asked for is asked by their names."""

from collections.abc import Mapping, Sequence
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
    name = _plain(next(iter(stack.written), "").partition("::")[0].rpartition(":")[2])
    wanted = [one for one in map(_plain, patterns) if not one.startswith("!")]
    unwanted = [one.removeprefix("!") for one in map(_plain, patterns) if one.startswith("!")]
    return any(fnmatchcase(name, one) for one in wanted) and not any(fnmatchcase(name, one) for one in unwanted)


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
