"""Structure first: a mapping is read field by field, so that one wrong field hides no other.

What parsed goes on to the checks as a `Partial`; what did not is an error that names its path.
"""

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from ..rules.finding import Finding
from .base import Model
from .errors import ConfigError, Refused, join
from .plain import kind_of

T = TypeVar("T")


@dataclass(frozen=True)
class Partial:
    """The fields of a config that parsed, by field name, each with its path in what the user wrote."""

    values: Mapping[str, object] = field(default_factory=dict[str, object])
    paths: Mapping[str, str] = field(default_factory=dict[str, str])

    def get(self, name: str, kind: type[T]) -> T | None:
        """The value of a field, or None when it did not parse or was left out."""
        value = self.values.get(name)
        return value if isinstance(value, kind) else None

    def items(self, name: str, kind: type[T]) -> list[tuple[str, T]]:
        """The members of a list or mapping field that parsed, each with its path."""
        parts = self.values.get(name)
        pairs = cast("dict[str, object]", parts.values).items() if isinstance(parts, Partial) else ()
        return [(self._part(name, key), value) for key, value in pairs if isinstance(value, kind)]

    def part(self, name: str) -> "Partial":
        """A nested field."""
        value = self.values.get(name)
        return value if isinstance(value, Partial) else Partial()

    def path(self, name: str) -> str:
        """Where the user wrote, or would write, this field."""
        return self.paths.get(name, name)

    def _part(self, name: str, key: str) -> str:
        return self.part(name).path(key)

    def keys(self) -> Iterator[str]:
        """The names of the members that parsed."""
        return iter(self.values)

    def over(self, outer: "Partial") -> "Partial":
        """This partial, with the fields of `outer` where it has none of that name."""
        return Partial({**outer.values, **self.values}, {**outer.paths, **self.paths})


class Reader:
    """Reads plain data as a model; collects `errors` and never raises."""

    def __init__(self) -> None:
        self.errors: list[ConfigError] = []

    def model(self, model: type[Model], raw: object, path: str = "") -> Partial:
        """The fields of `model` that `raw` states properly; defaults where it states none."""
        try:
            unfolded = model.unfold(raw)
        except Refused as refused:
            self._add(path, refused.finding)
            return Partial()
        if not isinstance(unfolded, dict):
            self._add(path, _no_mapping(raw))
            return Partial()
        return self.fields(model, cast("dict[str, object]", unfolded), path)

    def fields(self, model: type[Model], given: Mapping[str, object], path: str = "") -> Partial:
        """The same for a mapping that is already in its long spelling."""
        spelling = {name: info.alias or name for name, info in model.model_fields.items()}
        values: dict[str, object] = {}
        paths = {name: join(path, alias) for name, alias in spelling.items()}
        known = {*spelling, *spelling.values()}
        misspelt: set[str] = set()
        for key in given:
            if key in model.later:
                self._add(join(path, key), model.later[key])
            elif key not in known:
                meant = _meant(key, [alias for alias in spelling.values() if alias not in given])
                misspelt.update(meant)
                self._add(join(path, key), _unknown(meant, list(spelling.values())))
        for name, info in model.model_fields.items():
            stated = [key for key in dict.fromkeys((spelling[name], name)) if key in given]
            if stated:
                self._read(values, name, info.annotation, info.metadata, given[stated[0]], paths[name])
            elif info.is_required() and spelling[name] not in misspelt:
                self._add(paths[name], Finding("it is missing", _example(spelling[name], info)))
            elif not info.is_required():
                values[name] = _default(info)
        return Partial(values, paths)

    def _read(
        self, values: dict[str, object], name: str, annotation: Any, metadata: list[Any], raw: object, path: str
    ) -> None:
        """One field, item or member into `values`, if it parses."""
        nested = _nested_model(annotation)
        if nested:
            values[name] = self.model(nested, raw, path)
        elif get_origin(annotation) is Mapping:
            values[name] = self._members(*get_args(annotation), raw=raw, path=path)
        elif get_origin(annotation) is tuple:
            values[name] = self._items(get_args(annotation)[0], raw, path)
        else:
            try:
                values[name] = _adapter(annotation, tuple(metadata)).validate_python(raw)
            except ValidationError as error:
                self._add(path, _finding(error, raw))

    def _members(self, key_type: Any, value_type: Any, *, raw: object, path: str) -> Partial:
        if not isinstance(raw, dict):
            self._add(path, _no_mapping(raw))
            return Partial()
        values: dict[str, object] = {}
        paths: dict[str, str] = {}
        for key, member in cast("dict[str, object]", raw).items():
            paths[key] = join(path, key)
            keys: dict[str, object] = {}
            self._read(keys, key, key_type, [], key, paths[key])
            if keys:
                self._read(values, key, value_type, [], member, paths[key])
        return Partial(values, paths)

    def _items(self, item_type: Any, raw: object, path: str) -> Partial:
        if not isinstance(raw, list):
            self._add(
                path, Finding(f"{kind_of(raw)} stands where a list belongs", "Write [one, two] or `- one` lines.")
            )
            return Partial()
        values: dict[str, object] = {}
        items = cast("list[object]", raw)
        paths = {str(index): join(path, index) for index in range(len(items))}
        for index, item in enumerate(items):
            self._read(values, str(index), item_type, [], item, paths[str(index)])
        return Partial(values, paths)

    def _add(self, path: str, finding: Finding) -> None:
        self.errors.append(ConfigError.at(path, finding))


def _no_mapping(raw: object) -> Finding:
    return Finding(f"{kind_of(raw)} stands where a mapping belongs", "Write `key: value` lines.")


def _meant(key: str, free: list[str]) -> list[str]:
    """The key that this one is a slip of, if any: at most one."""
    folded = {_fold(one): one for one in free}
    return [folded[close] for close in difflib.get_close_matches(_fold(key), folded, n=1)]


def _fold(key: str) -> str:
    return key.casefold().replace("-", "").replace("_", "")


def _unknown(meant: list[str], known: list[str]) -> Finding:
    if meant:
        return Finding("there is no such key", f"Did you mean {meant[0]}?")
    return Finding("there is no such key", f"The keys here are {', '.join(known)}.")


def _example(key: str, info: FieldInfo) -> str:
    example = json.dumps(info.examples[0], ensure_ascii=False) if info.examples else "..."
    return f"Write e.g. `{key}: {example}`."


def _default(info: FieldInfo) -> object:
    value = info.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, Model):
        return Partial({name: getattr(value, name) for name in type(value).model_fields})
    if isinstance(value, dict):
        return Partial(cast("dict[str, object]", value))
    if isinstance(value, tuple):
        return Partial({str(index): item for index, item in enumerate(cast("tuple[object, ...]", value))})
    return value


def _nested_model(annotation: Any) -> type[Model] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, Model) else None


@cache
def _adapter(annotation: Any, metadata: tuple[Any, ...]) -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[annotation, *metadata] if metadata else annotation)


def _finding(error: ValidationError, raw: object) -> Finding:
    for detail in error.errors(include_url=False):
        refused = detail.get("ctx", {}).get("error")
        if isinstance(refused, Refused):
            return refused.finding
    return Finding(f"{kind_of(raw)} does not belong here", "See the field's description in the schema.")
