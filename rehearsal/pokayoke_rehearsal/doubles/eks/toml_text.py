"""TOML as @iarna/toml's `stringify` writes it (version 3, stringify.js): Bottlerocket's user data is such text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

Table = Mapping[str, Any]


def stringify(table: Table) -> str:
    """The document; keys in the order of the table, plain values before tables."""
    return _table(table, "", "")


def _table(table: Table, prefix: str, indent: str) -> str:
    plain = {key: item for key, item in table.items() if _is_inline(item)}
    lines = [
        f"{indent}{_key(key)} = {_inline(item, multiline=True)}" for key, item in plain.items() if item is not None
    ]
    if lines:
        lines.append("")
    deeper = f"{indent}  " if prefix and plain else ""
    lines += [_complex(prefix, deeper, key, item) for key, item in table.items() if key not in plain]
    return "\n".join(lines)


def _complex(prefix: str, indent: str, key: str, value: Any) -> str:
    name = prefix + _key(key)
    if isinstance(value, list):
        tables = cast("list[Table]", value)
        return "\n".join(f"{indent}[[{name}]]\n{_table(item, f'{name}.', indent)}" for item in tables)
    heading = f"{indent}[{name}]\n" if any(_is_inline(item) for item in value.values()) else ""
    return heading + _table(value, f"{name}.", indent)


def _is_inline(value: Any) -> bool:
    if isinstance(value, Mapping):
        return not value
    if isinstance(value, list):
        items = cast("list[Any]", value)
        return not items or not isinstance(items[0], Mapping)
    return True


def _key(key: str) -> str:
    return key if re.fullmatch(r"[-A-Za-z0-9_]+", key) else _basic(key)


def _inline(value: Any, *, multiline: bool = False, nested: bool = False) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:_}"
    if isinstance(value, float):
        whole, _, fraction = repr(value).partition(".")
        return f"{int(whole):_}.{fraction}"
    if isinstance(value, Mapping):
        entries = cast("Table", value).items()
        pairs = ", ".join(f"{_key(key)} = {_inline(item)}" for key, item in entries)
        return f"{{ {pairs} }}" if pairs else "{ }"
    if isinstance(value, list):
        return _array(cast("list[Any]", value))
    return _string(str(value), multiline=multiline, nested=nested)


def _array(values: list[Any]) -> str:
    items = [_inline(item, nested=True) for item in values if item is not None]
    if len(", ".join(items)) > 60 or any("\n" in item for item in items):
        return "[\n  " + ",\n  ".join(items) + "\n]"
    return f"[ {', '.join(items)}{' ' if items else ''}]"


def _string(text: str, *, multiline: bool, nested: bool) -> str:
    if nested:
        return _basic(text)
    if multiline and "\n" in text:
        lines = [re.sub('"(?="")', '\\\\"', _escaped(line)) for line in text.split("\n")]
        body = "\n".join(lines)
        return '"""\n' + body + ("\\\n" if body.endswith('"') else "") + '"""'
    if '"' in text and not re.search(r"[\b\t\n\f\r']", text):
        return f"'{text}'"
    return _basic(text)


def _basic(text: str) -> str:
    return '"' + _escaped(text).replace('"', '\\"') + '"'


def _escaped(text: str) -> str:
    for char, escape in (("\\", "\\\\"), ("\b", "\\b"), ("\t", "\\t"), ("\n", "\\n"), ("\f", "\\f"), ("\r", "\\r")):
        text = text.replace(char, escape)
    return re.sub("[\x00-\x1f\x7f]", lambda match: f"\\u{ord(match.group()):04x}", text, count=1)
