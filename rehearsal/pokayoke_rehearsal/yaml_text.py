"""YAML as Pulumi's CLI reads it: words like `no` and `on`, dates and `1:30` are strings, and no key comes twice."""

import re
from collections.abc import Hashable
from typing import Any, ClassVar, cast

import yaml


class YamlTextError(Exception):
    """The text is no YAML; says where."""


def load_yaml(text: str) -> object:
    """The document's plain value.

    Raises:
        YamlTextError: it is no single YAML document, or a mapping has a key twice.
    """
    try:
        return cast("object", yaml.load(text, Loader=_CoreLoader))  # noqa: S506 - a safe loader with fewer types
    except yaml.YAMLError as error:
        raise YamlTextError(_one_line(error)) from error


class _CoreLoader(yaml.SafeLoader):
    yaml_implicit_resolvers: ClassVar[dict[str, list[Any]]] = {}  # pyright: ignore[reportIncompatibleVariableOverride]

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, f"the key `{key.value}` twice", key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


# The core schema of YAML 1.2, less octal and hexadecimal numbers: which plain scalars are no strings.
_SCALARS = (
    ("null", r"(?:~|null|Null|NULL|)", ["~", "n", "N", ""]),
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)", list("tTfF")),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    (
        "float",
        r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?",
        list("-+.0123456789"),
    ),
    ("merge", r"<<", ["<"]),
)
_resolvers = cast("Any", _CoreLoader)
for _tag, _pattern, _first in _SCALARS:
    _resolvers.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"{_pattern}\Z"), _first)


def _one_line(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem}"
    return " ".join(str(error).split())
