"""What a class says of itself: the sections of its docstring, and what it documents of its attributes."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^([A-Z][^:]*):$")
_NAMED = re.compile(r"^(\w+): (.*)$", re.DOTALL)
_WORDS = {"Args": "Arguments", "Raises": "Refuses"}


@dataclass(frozen=True)
class Attribute:
    """An attribute that users read."""

    name: str
    type: str
    said: str


def sections(cls: type) -> list[str]:
    """The docstring as Markdown: its indented sections become lists and headings."""
    lines: list[str] = []
    for block in _blocks(inspect.cleandoc(cls.__doc__ or "")):
        heading, _, body = block.partition("\n")
        named = _HEADING.match(heading)
        if not named or not body:
            lines += ["", *block.splitlines()]
        elif named.group(1) in _WORDS:
            lines += ["", f"## {_WORDS[named.group(1)]}", "", *_named(textwrap.dedent(body))]
        else:
            lines += ["", heading, "", *textwrap.dedent(body).splitlines()]
    return lines[1:]


def attributes(cls: type) -> list[Attribute]:
    """The public attributes and properties, in the order of the source."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    return list(_attributes(tree)) if isinstance(tree, ast.ClassDef) else []


def _attributes(tree: ast.ClassDef) -> Iterator[Attribute]:
    for node, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            said = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else ""
            found = Attribute(node.target.id, ast.unparse(node.annotation), str(said))
        elif isinstance(node, ast.FunctionDef) and _is_property(node) and node.returns:
            found = Attribute(node.name, ast.unparse(node.returns), ast.get_docstring(node) or "")
        elif isinstance(node, ast.FunctionDef) and node.name[0] != "_":
            found = Attribute(_call(node), ast.unparse(node.returns) if node.returns else "", _first(node))
        else:
            continue
        if found.name[0] != "_":
            yield Attribute(found.name, found.type, " ".join(found.said.split()))


def _is_property(node: ast.FunctionDef) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "property" for one in node.decorator_list)


def _call(node: ast.FunctionDef) -> str:
    taken = [*node.args.args[1:], *node.args.kwonlyargs]
    return f"{node.name}({', '.join(one.arg for one in taken if one.arg != 'opts')})"


def _first(node: ast.FunctionDef) -> str:
    return (ast.get_docstring(node) or "").split("\n\n")[0]


def _blocks(text: str) -> Iterator[str]:
    """Paragraphs; one that is indented throughout belongs to the heading before it."""
    held = ""
    for paragraph in text.split("\n\n"):
        if held and paragraph.startswith(" "):
            held += f"\n\n{paragraph}"
        else:
            if held:
                yield held
            held = paragraph
    yield held


def _named(body: str) -> list[str]:
    """`name: what it is` as a list."""
    entries: list[str] = []
    for line in body.splitlines():
        if line.startswith(" ") and entries:
            entries[-1] += f" {line.strip()}"
        else:
            entries.append(line)
    return [_NAMED.sub(r"- `\1`: \2", entry) for entry in entries]
