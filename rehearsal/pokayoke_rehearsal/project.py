"""A Pulumi project on disk: where its program is, and what its stack files say."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pokayoke_rehearsal.yaml_text import YamlTextError, load_yaml

_PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml")
_STACK_FILE = re.compile(r"Pulumi\.(?P<stack>.+)\.ya?ml")
_STACK_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class ProjectError(Exception):
    """A project, a stack or a config that cannot be rehearsed; the text is for the user."""


@dataclass(frozen=True)
class StackConfig:
    """What a stack's files say: full keys (`project:key`) and string values, JSON text for structured ones."""

    values: Mapping[str, str]
    secret_keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Project:
    """A Python Pulumi program; without a Pulumi.yaml its project is called like its folder.

    `root` is the folder of Pulumi.yaml, `directory` the program's working folder, `entry` what runs there ("." or a
    file), `config` the project's own defaults by full key, `required` the keys that a stack must set.
    """

    name: str
    root: Path
    directory: Path
    entry: str = "."
    stack_files: Path = field(default_factory=Path)
    config: Mapping[str, object] = field(default_factory=dict[str, object])
    required: tuple[str, ...] = ()

    @staticmethod
    def at(directory: Path) -> "Project":
        """The project of this very folder.

        Raises:
            ProjectError: there is no Python program, or Pulumi.yaml is not readable.
        """
        directory = directory.resolve()
        for name in _PROJECT_FILES:
            if (directory / name).is_file():
                return _from_file(directory / name)
        if not (directory / "__main__.py").is_file():
            raise ProjectError(f"{directory} holds no Pulumi program: neither a Pulumi.yaml nor a __main__.py")
        return Project(directory.name, directory, directory, stack_files=directory)

    @staticmethod
    def around(directory: Path) -> "Project":
        """The project of the next folder upwards that has a Pulumi.yaml, as the Pulumi CLI finds it.

        Raises:
            ProjectError: there is none, or it is not readable.
        """
        directory = directory.resolve()
        for folder in (directory, *directory.parents):
            if any((folder / name).is_file() for name in _PROJECT_FILES):
                return Project.at(folder)
        raise ProjectError(f"no Pulumi.yaml in {directory} or above; name a program's folder with --program")

    def config_of(self, name: str, *, secrets: Mapping[str, str]) -> StackConfig:
        """A stack's config, from its file if there is one; `secrets` replaces values that are encrypted there.

        Raises:
            ProjectError: no such stack, a file that is not readable, a value that is encrypted or missing.
        """
        if not _STACK_NAME.fullmatch(name):
            raise ProjectError(f"`{name}` is no name of a stack: letters, digits, `_`, `.` and `-` only")
        given = {self._full_key(key): value for key, value in secrets.items()}
        values = dict(self.config) | self._stack_values(name) | given
        encrypted = sorted(key for key, value in values.items() if _is_encrypted(value))
        if encrypted:
            options = " ".join(f"--secret {key}=VALUE" for key in encrypted)
            raise ProjectError(
                f"encrypted config cannot be read without its stack's secrets provider: {', '.join(encrypted)}. "
                f"Give a value for the rehearsal: {options}"
            )
        missing = sorted(set(self.required) - set(values))
        if missing:
            raise ProjectError(f"stack `{name}` lacks config that the project requires: {', '.join(missing)}")
        return StackConfig({key: _text(value) for key, value in values.items()}, frozenset(given))

    def _stack_values(self, name: str) -> dict[str, object]:
        for suffix in ("yaml", "yml"):
            file = self.stack_files / f"Pulumi.{name}.{suffix}"
            if file.is_file():
                said = _mapping(_read(file).get("config"), f"{file.name}: config")
                return {self._full_key(key): value for key, value in said.items()}
        others = sorted(_stacks(self.stack_files))
        if others:
            raise ProjectError(f"no Pulumi.{name}.yaml in {self.stack_files}; the stacks there: {', '.join(others)}")
        return {}

    def _full_key(self, key: str) -> str:
        return key if ":" in key else f"{self.name}:{key}"


def _from_file(file: Path) -> Project:
    said = _read(file)
    runtime = said.get("runtime")
    language = cast("dict[str, Any]", runtime).get("name") if isinstance(runtime, dict) else runtime
    if language != "python":
        raise ProjectError(f"{file}: only programs with the runtime `python` can be rehearsed, not `{language}`")
    name = said.get("name")
    if not isinstance(name, str) or not name:
        raise ProjectError(f"{file}: the project has no name")
    root = file.parent
    main = root / str(said.get("main") or ".")
    if not main.exists():
        raise ProjectError(f"{file}: main names {main}, which is not there")
    directory, entry = (main, ".") if main.is_dir() else (main.parent, main.name)
    config, required = _declared(name, _mapping(said.get("config"), f"{file.name}: config"))
    folder = root / str(said.get("stackConfigDir") or ".")
    return Project(name, root, directory.resolve(), entry, folder.resolve(), config, required)


def _declared(project: str, declarations: Mapping[str, object]) -> tuple[dict[str, object], tuple[str, ...]]:
    """Pulumi.yaml's `config`: a value, or a declaration with `value`, `default`, or a type that a stack must fill."""
    config: dict[str, object] = {}
    required: list[str] = []
    for key, declaration in declarations.items():
        full = key if ":" in key else f"{project}:{key}"
        if not isinstance(declaration, dict):
            config[full] = declaration
            continue
        declared = cast("dict[str, object]", declaration)
        given = [declared[word] for word in ("value", "default") if word in declared]
        if given:
            config[full] = given[0]
        else:
            required.append(full)
    return config, tuple(required)


def _read(file: Path) -> dict[str, object]:
    try:
        return _mapping(load_yaml(file.read_text(encoding="utf-8")), file.name)
    except YamlTextError as error:
        raise ProjectError(f"{file}: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{file} cannot be read: {error}") from error


def _mapping(value: object, what: str) -> dict[str, object]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ProjectError(f"{what} is no mapping")
    return {str(key): item for key, item in cast("dict[object, object]", value).items()}


def _stacks(folder: Path) -> Iterator[str]:
    for file in folder.glob("Pulumi.*.y*ml"):
        if match := _STACK_FILE.fullmatch(file.name):
            yield match["stack"]


def _is_encrypted(value: object) -> bool:
    if isinstance(value, dict):
        items = cast("dict[object, object]", value)
        return (len(items) == 1 and isinstance(items.get("secure"), str)) or any(map(_is_encrypted, items.values()))
    return isinstance(value, list) and any(map(_is_encrypted, cast("list[object]", value)))


def _text(value: object) -> str:
    """As the CLI hands values over: strings as they are, JSON for everything structured."""
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
