"""What the tests of failures by their shape share."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

Invariant = TypeVar("Invariant", bound=Callable[..., None])


def by_slug(*invariants: Invariant) -> dict[str, Invariant]:
    """Invariants by the failures after which they are called."""
    return {one.__name__.replace("_", "-"): one for one in invariants}


def texts_in(value: Any) -> Iterator[str]:
    """Every text of a value, at any depth."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_in(part)
