"""Property paths (`tags.x`, `rules[0].port`, `data["a.b"]`, `*`), as ignore_changes and others write them."""

from collections.abc import Sequence
from typing import Any, cast

from .values import SIGNATURE, is_object, is_secret, secret

Path = tuple[str | int, ...]


def parse(text: str) -> Path:
    """The steps of a path; `*` stands for any name or index. Raises ValueError for what is no path."""
    elements: list[str | int] = []
    position = 0
    if text.startswith("."):
        raise ValueError(f"{text!r}: a property path starts with a name or an index")
    while position < len(text):
        if text[position] == ".":
            position += 1
            if position == len(text):
                raise ValueError(f"{text!r}: a property path ends with a name or an index")
        elif text[position] == "[":
            element, position = _bracket(text, position)
            elements.append(element)
        else:
            end = position
            while end < len(text) and text[end] not in ".[":
                end += 1
            elements.append(text[position:end])
            position = end
    return tuple(elements)


def covers(path: Path, other: Path) -> bool:
    """Whether `path` names `other` or something around it."""
    return len(path) <= len(other) and all(mine in ("*", theirs) for mine, theirs in zip(path, other, strict=False))


def find(text: str, properties: Any) -> Any:
    """What a path names in properties; None where there is nothing. Raises ValueError for what is no path."""
    held: Any = properties
    for step in parse(text):
        if not isinstance(held, list if isinstance(step, int) else dict):
            return None
        try:
            held = cast("Any", held)[step]
        except (KeyError, IndexError):
            return None
    return held


def reset(path: Path, old: Any, new: Any) -> bool:
    """Sets what the path names in `new` back to its value in `old`, in place.

    Never makes what surrounds it and never changes the length of a list; False where that would be needed.
    """
    return _reset(path, old, new, False, False)


def _bracket(text: str, start: int) -> tuple[str | int, int]:
    if text.startswith('["', start):
        name = ""
        position = start + 2
        while position < len(text) and text[position] != '"':
            if text.startswith('\\"', position):
                position += 1
            name += text[position]
            position += 1
        if not text.startswith('"]', position):
            raise ValueError(f"{text!r}: a quoted name does not end")
        return name, position + 2
    end = text.find("]", start)
    inner = text[start + 1 : end]
    if end < 0 or not (inner == "*" or inner.lstrip("-").isdigit()):
        raise ValueError(f"{text!r}: not an index")
    return inner if inner == "*" else int(inner), end + 1


def _reset(path: Sequence[str | int], old: Any, new: Any, old_secret: bool, new_secret: bool) -> bool:
    old, old_secret = _unwrap(old, old_secret)
    new, new_secret = _unwrap(new, new_secret)
    step, rest = path[0], path[1:]

    def kept(value: Any) -> Any:
        return secret(value) if old_secret and not new_secret else value

    if isinstance(step, int):
        if not isinstance(old, list) or not isinstance(new, list):
            return not isinstance(old, list) and not isinstance(new, list)
        before, after = cast("list[Any]", old), cast("list[Any]", new)
        if step < 0:
            return False
        if step >= len(before) or step >= len(after):
            return not rest and step >= len(before) and step >= len(after)
        if rest:
            return _reset(rest, before[step], after[step], old_secret, new_secret)
        after[step] = kept(before[step])
        return True
    if step == "*":
        return _reset_all(rest, old, new, old_secret, new_secret, kept)
    if rest:
        if not is_object(old) or not is_object(new):
            return not is_object(old) and not is_object(new)
        if step not in new:
            return step not in old
        return _reset(rest, old.get(step, {SIGNATURE: None}), new[step], old_secret, new_secret)
    if is_object(old) and step in old:
        if not is_object(new):
            return False
        new[step] = kept(old[step])
    elif is_object(new):
        new.pop(step, None)
    return True


def _reset_all(rest: Sequence[str | int], old: Any, new: Any, old_secret: bool, new_secret: bool, kept: Any) -> bool:
    if is_object(new) and (is_object(old) or not rest):
        if not is_object(old):
            return True
        if rest:
            return all(key in new and _reset(rest, old[key], new[key], old_secret, new_secret) for key in old)
        fresh = {key: kept(value) for key, value in old.items()}
        new.clear()
        new.update(fresh)
        return True
    if isinstance(new, list) and (isinstance(old, list) or not rest):
        if not isinstance(old, list):
            return True
        before, after = cast("list[Any]", old), cast("list[Any]", new)
        for index in range(min(len(before), len(after))):
            if not rest:
                after[index] = kept(before[index])
            elif not _reset(rest, before[index], after[index], old_secret, new_secret):
                return False
        return len(before) == len(after)
    return False


def _unwrap(value: Any, hidden: bool) -> tuple[Any, bool]:
    while is_secret(value):
        value, hidden = value["value"], True
    return value, hidden
