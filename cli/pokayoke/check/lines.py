"""Where a property is written: a finding begins with the path of what it is about."""

from collections.abc import Iterator
from typing import cast

import yaml

_AFTER_A_KEY = tuple(".[: ")


def line_of(node: yaml.Node, message: str) -> int:
    """The line (from 1) of the property with whose path a message begins, as far as it is written below a node."""
    line, rest = _line(node), message
    while found := max(_steps(node, rest), default=None, key=lambda step: len(step[0])):
        step, at, node = found
        line, rest = _line(at), rest.removeprefix(step).lstrip(".: ")
    return line


def _steps(node: yaml.Node, rest: str) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """The steps that a path may take next, each with what stands there and what is below; keys may hold dots."""
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(cast("list[yaml.Node]", node.value)):
            if rest.startswith(step := f"[{index}]"):
                yield step, item, item
    elif isinstance(node, yaml.MappingNode):
        for key, value in reversed(cast("list[tuple[yaml.Node, yaml.Node]]", node.value)):
            name = str(key.value)
            if name and f"{rest} ".startswith(tuple(f"{name}{after}" for after in _AFTER_A_KEY)):
                yield name, key, value


def _line(node: yaml.Node) -> int:
    return cast("int", node.start_mark.line) + 1
