"""Structure first: a mapping is read field by field, so that one wrong field hides no other.

What parsed goes on to the checks as a `Partial`; what did not is an error that names its path.
"""

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, cast, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from ..rules.finding import Finding
from .base import Model
from .errors import ConfigError, Refused, join
from .plain import is_list, is_mapping, kind_of

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

    def over(self, outer: "Partial") -> "Partial":
        """This partial, with the fields of `outer` where it has none of that name."""
        return Partial({**outer.values, **self.values}, {**outer.paths, **self.paths})


def regional(partial: Partial) -> list[Partial]:
    """One view a region: what the region states over what all share; `region` among its fields. A config of one region
    is its own view."""
    if "regions" not in partial.values:
        return [partial]
    regions = partial.part("regions")
    views: list[Partial] = []
    for name in regions.values:
        own = regions.part(name)
        named = Partial({**own.values, "region": name}, {**own.paths, "region": regions.path(name)})
        views.append(named.over(partial))
    return views


class Reader:
    """Reads plain data as a model; collects `errors` and never raises."""

    def __init__(self) -> None:
        self.errors: list[ConfigError] = []

    def model(self, model: type[Model], raw: object, path: str = "") -> Partial | None:
        """The fields of `model` that `raw` states properly, defaults where it states none; None for no mapping."""
        try:
            unfolded = model.unfold(raw)
        except Refused as refused:
            self._add(path, refused.finding)
            return None
        if not is_mapping(unfolded):
            self._add(path, _no_mapping(raw))
            return None
        return self.fields(model, unfolded, path)

    def fields(self, model: type[Model], given: Mapping[str, object], path: str = "") -> Partial:
        """The same for a mapping that is already in its long spelling."""
        spelling = {name: _alias(info) or name for name, info in model.model_fields.items()}
        values: dict[str, object] = {}
        paths = {name: join(path, alias) for name, alias in spelling.items()}
        known = {*spelling, *spelling.values()}
        misspelt: set[str] = set()
        for key in given:
            if key not in known:
                meant = _meant(key, [alias for alias in spelling.values() if alias not in given])
                misspelt.update(meant)
                self._add(join(path, key), _unknown(meant, list(spelling.values())))
        for name, info in model.model_fields.items():
            stated = [key for key in dict.fromkeys((spelling[name], name)) if key in given]
            if len(stated) == 2:
                self._add(paths[name], Finding(f"it is stated twice, also as {name}", "Keep one of the two."))
            elif stated:
                self._read(values, name, info.annotation, info.metadata, given[stated[0]], paths[name])
            elif info.is_required() and spelling[name] not in misspelt:
                missing = Finding("it is missing", _example(spelling[name], info))
                self._add(paths[name], model.missing.get(name, missing))
            elif not info.is_required():
                values[name] = _default(info)
        return Partial(values, paths)

    def _read(
        self, values: dict[str, object], name: str, annotation: Any, metadata: list[Any], raw: object, path: str
    ) -> None:
        """One field, item or member into `values`, if it parses."""
        nested = _nested_model(annotation)
        if nested or get_origin(annotation) in (Mapping, tuple):
            if nested:
                parts = self.model(nested, raw, path)
            elif get_origin(annotation) is Mapping:
                parts = self._members(*get_args(annotation), raw=raw, path=path)
            else:
                parts = self._items(get_args(annotation)[0], raw, path)
            if parts:
                values[name] = parts
            return
        try:
            values[name] = _adapter(annotation, tuple(metadata)).validate_python(raw)
        except ValidationError as error:
            self._add(path, _finding(error, raw))

    def _members(self, key_type: Any, value_type: Any, *, raw: object, path: str) -> Partial | None:
        if not is_mapping(raw):
            self._add(path, _no_mapping(raw))
            return None
        values: dict[str, object] = {}
        paths: dict[str, str] = {}
        for key, member in raw.items():
            paths[key] = join(path, key)
            keys: dict[str, object] = {}
            self._read(keys, key, key_type, [], key, paths[key])
            self._read(values if keys else {}, key, value_type, [], member, paths[key])
        return Partial(values, paths)

    def _items(self, item_type: Any, raw: object, path: str) -> Partial | None:
        if not is_list(raw):
            no_list = Finding(f"{kind_of(raw)} stands where a list belongs", "Write [one, two] or `- one` lines.")
            self._add(path, no_list)
            return None
        values: dict[str, object] = {}
        paths = {str(index): join(path, index) for index in range(len(raw))}
        for index, item in enumerate(raw):
            self._read(values, str(index), item_type, [], item, paths[str(index)])
        return Partial(values, paths)

    def _add(self, path: str, finding: Finding) -> None:
        self.errors.append(ConfigError.at(path, finding))


def _no_mapping(raw: object) -> Finding:
    return Finding(f"{kind_of(raw)} stands where a mapping belongs", "Write `key: value` lines.")


def _alias(info: FieldInfo) -> str | None:
    return info.validation_alias if isinstance(info.validation_alias, str) else None


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
    """The model of a field that holds one, or that may be left out."""
    kinds = [one for one in get_args(annotation) or (annotation,) if one is not NoneType]
    alone = kinds[0] if len(kinds) == 1 and get_origin(annotation) in (None, UnionType) else None
    return alone if isinstance(alone, type) and issubclass(alone, Model) else None


@cache
def _adapter(annotation: Any, metadata: tuple[Any, ...]) -> TypeAdapter[Any]:
    whole: Any = cast("Any", Annotated)[(annotation, *metadata)] if metadata else annotation
    return TypeAdapter[Any](whole)


def _finding(error: ValidationError, raw: object) -> Finding:
    for detail in error.errors(include_url=False):
        refused = detail.get("ctx", {}).get("error")
        if isinstance(refused, Refused):
            return refused.finding
    return Finding(f"{kind_of(raw)} does not belong here", "See the field's description in the schema.")
