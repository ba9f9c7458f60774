"""Puts functions before and after methods of moto's backends, once in a process."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

Check = Callable[[Any, dict[str, Any]], None]
"""Gets the backend and the call's arguments by name; refuses by raising."""

_MARK = "_pokayoke_guarded"


def guard(backend: type, method: str, *, before: Check | None = None, after: Check | None = None) -> None:
    """Has `before` see each call of the method first, `after` once it has succeeded. A second time changes nothing."""
    original: Callable[..., Any] = getattr(backend, method)
    if getattr(original, _MARK, False):
        return
    signature = inspect.signature(original)

    @functools.wraps(original)
    def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        named = dict(bound.arguments)
        if before is not None:
            before(self, named)
        answer = original(self, *args, **kwargs)
        if after is not None:
            after(self, named)
        return answer

    setattr(guarded, _MARK, True)
    setattr(backend, method, guarded)
