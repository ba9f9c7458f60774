"""Values as Go prints them: the API server's type complaints show them so (`%v` and `%#v`)."""

import json
from typing import Any, cast


def plain(value: Any) -> str:
    """`%v`: `[a b]`, `map[a:1]`, `<nil>`."""
    if isinstance(value, dict):
        entries = sorted(cast("dict[str, Any]", value).items())
        return f"map[{' '.join(f'{key}:{plain(one)}' for key, one in entries)}]"
    if isinstance(value, list):
        return f"[{' '.join(plain(one) for one in cast('list[Any]', value))}]"
    if value is None:
        return "<nil>"
    return value if isinstance(value, str) else json.dumps(value)


def syntax(value: Any) -> str:
    """`%#v`: `[]interface {}{"a", "b"}`, `map[string]interface {}{"a":1}`."""
    if isinstance(value, dict):
        entries = sorted(cast("dict[str, Any]", value).items())
        return f"map[string]interface {{}}{{{', '.join(f'{quoted(key)}:{syntax(one)}' for key, one in entries)}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(syntax(one) for one in cast('list[Any]', value))}}}"
    if value is None:
        return "interface {}(nil)"
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def key(value: Any) -> str:
    """A value as structured-merge-diff names a list's item by it: texts quoted, maps as `a=1b=2`."""
    if isinstance(value, dict):
        return "".join(f"{name}={key(one)}" for name, one in cast("dict[str, Any]", value).items())
    if isinstance(value, list):
        return f"[{','.join(key(one) for one in cast('list[Any]', value))}]"
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def quoted(text: str) -> str:
    """`%q` of a text."""
    return f'"{"".join(_quoted(character) for character in text)}"'


def type_name(value: Any) -> str:
    """`%T` of decoded JSON."""
    return _TYPES[type(value).__name__]


def _quoted(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}
_TYPES = {
    "NoneType": "<nil>",
    "bool": "bool",
    "int": "int64",
    "float": "float64",
    "str": "string",
    "list": "[]interface {}",
    "dict": "map[string]interface {}",
}
