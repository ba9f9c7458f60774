"""A page a component: what it creates, takes, offers and holds, and how it is written."""

import importlib
from typing import Any

from pokayoke_eks.catalogue import FAILURES

from .docstrings import attributes, sections
from .listed import COMPONENTS, Component
from .markdown import fields, text
from .snippets import SNIPPETS


def pages() -> dict[str, str]:
    """`components/<name>.md` and their list, `components/index.md`."""
    return {"components/index.md": _index(), **{f"components/{one.file}": _page(one) for one in COMPONENTS}}


def _index() -> str:
    rows = [f"| [{one.name}]({one.file}) | {_summary(_class(one))} |" for one in COMPONENTS]
    head = [
        "# The components",
        "",
        "Each is a `ComponentResource` that any program can use: `from pokayoke_eks import Cluster`. They take",
        "components, not names of things, and wait for what they are given.",
        "",
        "| component | what it is |",
        "|---|---|",
    ]
    return text([*head, *rows])


def _page(one: Component) -> str:
    cls = _class(one)
    lines = [f"# {one.name}", "", *sections(cls)]
    lines += ["", "## Example", "", *_example(one)]
    for model in one.configs:
        lines += ["", f"## {model}", "", *_inputs(model)]
    offered = [f"| `{a.name}` | `{a.type.replace(' | ', ' or ')}` | {a.said} |" for a in attributes(cls)]
    if offered:
        lines += ["", "## Offers", "", "| attribute | type | what it is |", "|---|---|---|", *offered]
    lines += ["", "## Failures that it holds", ""]
    lines += [f"- [`{slug}`](../failures.md#{slug}): {FAILURES[slug].title}" for slug in one.holds]
    return text(lines)


def _example(one: Component) -> list[str]:
    after = [next(other for other in COMPONENTS if other.name == name) for name in one.after]
    linked = [f"[{other.name}]({other.file})" for other in after]
    goes_on = [f"It goes on from {', '.join(linked)}.", ""] if linked else []
    return [*goes_on, "```python", *SNIPPETS[one.name].strip().splitlines(), "```"]


def _inputs(model: str) -> list[str]:
    schema: dict[str, Any] = getattr(importlib.import_module("pokayoke_eks"), model).model_json_schema()
    lines = [" ".join(schema.get("description", "").split()), "", *fields(schema)]
    for name, definition in schema.get("$defs", {}).items():
        if "properties" in definition:
            said = " ".join(definition.get("description", "").split())
            lines += ["", f"### {name}", "", said, "", *fields(definition)]
    return lines


def _class(one: Component) -> type:
    return getattr(importlib.import_module("pokayoke_eks"), one.name)


def _summary(cls: type) -> str:
    return " ".join((cls.__doc__ or "").split("\n\n")[0].split()).rstrip(".")
