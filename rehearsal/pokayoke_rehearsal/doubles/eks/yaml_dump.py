"""YAML as js-yaml's `dump` writes it (nodeca/js-yaml 4.3, lib/dumper.js); aws-auth and user data hold such text.

Block style with two spaces; long or many-lined strings as folded or literal blocks, doubtful ones quoted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

_LINE_WIDTH = 80
_FIRST_FORBIDDEN = set("-?:,[]{}#&*!|=>'\"%@`")
_YAML_1_1_BOOLEANS = frozenset(
    form for word in ("y", "yes", "on", "n", "no", "off") for form in (word, word.capitalize(), word.upper())
)
_AMBIGUOUS = re.compile(
    r"""(?x)
      ~ | null | Null | NULL | true | True | TRUE | false | False | FALSE | << |
      [-+]?(0b[01]+ | 0o[0-7]+ | 0x[0-9a-fA-F]+) |
      [-+]?[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)? | \.[0-9]+([eE][-+]?[0-9]+)? |
      [-+]?\.(inf|Inf|INF) | \.(nan|NaN|NAN) |
      [-+]?[0-9_]+(:[0-9_]+)+(\.[0-9_]*)? |
      [0-9]{4}-[0-9]{2}-[0-9]{2} |
      [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?
        ([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?
    """
)


def dump(value: Any) -> str:
    """The document with its final newline."""
    return _block(value, 0, compact=True) + "\n"


def _block(value: Any, level: int, *, compact: bool = False) -> str:
    if isinstance(value, Mapping):
        return _mapping(cast("Mapping[str, Any]", value), level, compact=compact)
    if isinstance(value, list):
        return _sequence(cast("list[Any]", value), level, compact=compact)
    if isinstance(value, str):
        return _string(value, level, is_key=False)
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _mapping(value: Mapping[str, Any], level: int, *, compact: bool) -> str:
    if not value:
        return "{}"
    lines: list[str] = []
    for key, item in value.items():
        text = _block(item, level + 1)
        joint = "" if text.startswith("\n") else " "
        lines.append(f"{_string(key, level, is_key=True)}:{joint}{text}")
    body = ("\n" + "  " * level).join(lines)
    return body if compact else "\n" + "  " * level + body


def _sequence(value: list[Any], level: int, *, compact: bool) -> str:
    if not value:
        return "[]"
    lines = [f"- {_block(item, level + 1, compact=True)}" for item in value]
    body = ("\n" + "  " * level).join(lines)
    return body if compact else "\n" + "  " * level + body


def _string(text: str, level: int, *, is_key: bool) -> str:
    if text == "":
        return "''"
    if text in _YAML_1_1_BOOLEANS or re.fullmatch(r"[-+]?[0-9_]+(?::[0-9_]+)+(?:\.[0-9_]*)?", text):
        return f"'{text}'"
    if not all((char == "\n" and not is_key) or _printable(char) for char in text):
        return _double_quoted(text)
    indent = 2 * max(1, level)
    width = max(min(_LINE_WIDTH, 40), _LINE_WIDTH - indent)
    lines = text.split("\n")
    folds = not is_key and any(len(line) > width and not line.startswith(" ") for line in lines)
    if "\n" not in text and not folds:
        plain = _plain(text) and not _AMBIGUOUS.fullmatch(text)
        return text if plain else "'" + text.replace("'", "''") + "'"
    body = _folded(text, width) if folds else text
    indented = "\n".join(" " * indent + line if line else line for line in body.split("\n"))
    return (">" if folds else "|") + _header(text) + indented.removesuffix("\n")


def _printable(char: str) -> bool:
    code = ord(char)
    return (
        0x20 <= code <= 0x7E
        or (0xA1 <= code <= 0xD7FF and code not in (0x2028, 0x2029))
        or (0xE000 <= code <= 0xFFFD and code != 0xFEFF)
        or 0x10000 <= code <= 0x10FFFF
    )


def _plain(text: str) -> bool:
    if text[0] in _FIRST_FORBIDDEN or text[0] in " \t" or text[-1] in " \t:":
        return False
    return ": " not in text and " #" not in text


def _header(text: str) -> str:
    indicator = "2" if re.match(r"\n* ", text) else ""
    if not text.endswith("\n"):
        return f"{indicator}-\n"
    return f"{indicator}+\n" if text == "\n" or text.endswith("\n\n") else f"{indicator}\n"


def _folded(text: str, width: int) -> str:
    first, *_ = text.split("\n", 1)
    result = _fold_line(first, width)
    more_indented = text[0] in "\n "
    for match in re.finditer(r"(\n+)([^\n]*)", text[len(first) :]):
        breaks, line = match.groups()
        indented = line.startswith(" ")
        result += breaks + ("\n" if not more_indented and not indented and line else "") + _fold_line(line, width)
        more_indented = indented
    return result


def _fold_line(line: str, width: int) -> str:
    """Breaks the line at spaces, greedily: the longest pieces within the width, else the shortest beyond it."""
    if not line or line.startswith(" "):
        return line
    pieces: list[str] = []
    start = current = 0
    for match in re.finditer(r" (?=[^ ])", line):
        following = match.start()
        if following - start > width:
            end = current if current > start else following
            pieces.append(line[start:end])
            start = end + 1
        current = following
    if len(line) - start > width and current > start:
        return "\n".join([*pieces, line[start:current], line[current + 1 :]])
    return "\n".join([*pieces, line[start:]])


def _double_quoted(text: str) -> str:
    escapes = {"\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r"}
    escapes |= {"\x1b": "\\e", '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\xa0": "\\_", "\u2028": "\\L", "\u2029": "\\P"}
    return '"' + "".join(escapes.get(char) or (char if _printable(char) else _hex(char)) for char in text) + '"'


def _hex(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
