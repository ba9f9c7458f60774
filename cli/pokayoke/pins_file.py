"""A stack file that is written as it was read, but for what was put into it: comments, quotes and layout stay."""

# ruamel.yaml's own functions have no types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import io
import re
from pathlib import Path
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from pokayoke.failing import CommandError
from pokayoke_eks.config.schema import KEY

WIDEST_LINE = 10_000
"""No line of the file is ever folded."""


class StackFile:
    """`Pulumi.STACK.yaml`; `platform` is the mapping under `pokayoke-eks:platform`."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path
        try:
            text = path.read_text(encoding="utf-8")
            self._yaml = _yaml_like(text)
            self._content: Any = self._yaml.load(text)
        except (YAMLError, UnicodeDecodeError) as error:
            raise CommandError(f"{path.name} is no YAML: {' '.join(str(error).split())}") from error
        self.platform = _mapping(_mapping(self._content, "config"), KEY)
        if self.platform is None:
            raise CommandError(f"{path.name} has no mapping under `config`, `{KEY}`")

    def put(self, key: str, version: str, *, within: str | None = None, after: str | None = None) -> object:
        """Sets a key of the platform, or of a mapping in it, and returns what stood there before. A new key comes
        behind the key `after`, where that is."""
        parent = self.platform if within is None else self._part(within, after)
        before = parent.get(key)
        if key in parent:
            parent[key] = version
        else:
            _insert(parent, key, version, after)
        return before

    def write(self) -> None:
        """Writes the file anew, whole or not at all."""
        stream = io.StringIO()
        self._yaml.dump(self._content, stream)
        draft = self._path.with_name(f".{self._path.name}.draft")
        draft.write_text(stream.getvalue(), encoding="utf-8")
        draft.replace(self._path)

    def _part(self, name: str, after: str | None) -> CommentedMap:
        part = self.platform.get(name)
        if not isinstance(part, CommentedMap):
            part = CommentedMap()
            if name in self.platform:
                self.platform[name] = part
            else:
                _insert(self.platform, name, part, after)
        return part


def find(stack: str, directory: Path) -> Path:
    """The file of a stack in a folder or above it, up to the folder of Pulumi.yaml."""
    name = f"Pulumi.{stack.rsplit('/', 1)[-1]}.yaml"
    for folder in (directory, *directory.parents):
        if (folder / name).is_file():
            return folder / name
        if (folder / "Pulumi.yaml").is_file():
            break
    raise CommandError(f"there is no {name} in {directory} nor above it, up to the folder of Pulumi.yaml")


def _mapping(parent: Any, key: str) -> Any:
    value = cast("Any", parent.get(key)) if isinstance(parent, CommentedMap) else None
    return value if isinstance(value, CommentedMap) else None


def _insert(mapping: CommentedMap, key: str, value: object, after: str | None) -> None:
    keys: list[Any] = list(mapping)
    mapping.insert(keys.index(after) + 1 if after in keys else len(keys), key, value)


def _yaml_like(text: str) -> YAML:
    """A writer that indents as the text does."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDEST_LINE
    yaml.explicit_start = text.lstrip().startswith("---")
    nested = re.search(r"^[^\s#][^\n]*:[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*( +)\S", text, re.MULTILINE)
    mapping = len(nested.group(1)) if nested else 2
    item = re.search(r"^( *)[^\s#-][^\n]*:[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*( *)- ", text, re.MULTILINE)
    offset = len(item.group(2)) - len(item.group(1)) if item else 0
    yaml.indent(mapping=mapping, sequence=offset + 2, offset=offset)
    return yaml
