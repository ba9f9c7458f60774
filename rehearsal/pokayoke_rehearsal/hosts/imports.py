"""What a program will import, found in its sources and imported ahead of it."""

import ast
import importlib
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pulumi
from pulumi import _types  # pyright: ignore[reportPrivateUsage] - the range of the SDK is narrow

# What the SDK itself imports only when a program runs.
_OF_THE_SDK = ("grpc._channel", "grpc._simple_stubs", "pulumi.runtime.resource_hooks")


@dataclass(frozen=True)
class Use:
    """An imported module and the attributes that are looked up on it; provider SDKs load their modules only then."""

    module: str
    attributes: tuple[str, ...] = ()


def warm(entry: Path) -> None:
    """Imports what the program and its libraries import from elsewhere; the program's own modules are left alone.

    Nothing that fails here matters: the program itself will say it when it runs.
    """
    for use in (*map(Use, _OF_THE_SDK), *uses_of_program(entry)):
        _load(use)
    for use in _uses_of_libraries():
        _load(use)


def uses_of_program(entry: Path) -> list[Use]:
    """The modules of others that a program (a file, or a folder with `__main__.py`) reaches through its own modules."""
    folder = entry if entry.is_dir() else entry.parent
    files = [entry / "__main__.py" if entry.is_dir() else entry]
    seen: set[Path] = set()
    found: dict[Use, None] = {}
    while files:
        file = files.pop()
        if file in seen:
            continue
        seen.add(file)
        for use in _uses(file):
            local = _local_files(folder, use)
            if local:
                files.extend(local)
            elif use.module.partition(".")[0] not in sys.stdlib_module_names:
                found[use] = None
    return list(found)


def _uses_of_libraries() -> list[Use]:
    """Provider SDKs that loaded libraries (such as pokayoke_eks) use: their modules load at the first look-up only."""
    found: dict[Use, None] = {}
    for name, module in list(sys.modules.items()):
        # Told by the key: an attribute look-up on one of the SDK's lazy modules would load it.
        if name.startswith("pulumi") or not _uses_an_sdk(module):
            continue
        for use in _uses(Path(str(module.__file__))):
            if use.module.startswith("pulumi"):
                found[use] = None
    return list(found)


def _uses_an_sdk(module: ModuleType) -> bool:
    return bool(getattr(module, "__file__", None)) and any(
        isinstance(value, ModuleType) and value.__name__.startswith("pulumi_") for value in list(vars(module).values())
    )


def _uses(file: Path) -> Iterator[Use]:
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    modules: dict[str, Use] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                modules[alias.asname or alias.name.partition(".")[0]] = Use(
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
                yield Use(alias.name)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            for alias in node.names:
                modules[alias.asname or alias.name] = Use(origin, (alias.name,))
                yield Use(origin, (alias.name,))
    for node in ast.walk(tree):
        name, attributes = _chain(node)
        if name in modules and attributes:
            base = modules[name]
            yield Use(base.module, (*base.attributes, *attributes))


def _chain(node: ast.AST) -> tuple[str, tuple[str, ...]]:
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.insert(0, node.attr)
        node = node.value
    return (node.id, tuple(attributes)) if isinstance(node, ast.Name) else ("", ())


def _local_files(folder: Path, use: Use) -> list[Path]:
    """The program's files that an import runs; a relative name is looked for in the whole folder."""
    if use.module.startswith("."):
        return sorted(folder.rglob("*.py"))
    parts = [*use.module.split("."), *use.attributes[:1]]
    if not (folder / parts[0]).is_dir() and not (folder / f"{parts[0]}.py").is_file():
        return []
    candidates = (
        candidate
        for length in range(1, len(parts) + 1)
        for candidate in (
            folder.joinpath(*parts[:length], "__init__.py"),
            folder.joinpath(*parts[: length - 1], f"{parts[length - 1]}.py"),
        )
    )
    return [*filter(Path.is_file, candidates)]


def _load(use: Use) -> None:
    # Whatever a foreign module raises when it is imported, the program meets it again.
    with suppress(Exception):
        found: object = importlib.import_module(use.module)
        for attribute in use.attributes:
            if not isinstance(found, ModuleType):
                break
            found = _attribute(found, attribute)
        if isinstance(found, type):
            _resolve_types(found)


def _resolve_types(resource: type) -> None:
    """Lets the SDK resolve the types of a class's properties, which it keeps; that alone may load more modules."""
    arguments = getattr(sys.modules[resource.__module__], f"{resource.__name__}Args", resource)
    if _types.is_input_type(arguments):
        _types.input_type_types(arguments)
    if issubclass(resource, pulumi.Resource):
        _types.resource_types(resource)


def _attribute(module: ModuleType, name: str) -> object:
    try:
        return getattr(module, name)
    except AttributeError:
        return importlib.import_module(f"{module.__name__}.{name}")
