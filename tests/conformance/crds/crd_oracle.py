"""An API server's verdict on a custom object, reached without any of our code, by the upstream CRD: `jsonschema` over
its structural schema, Google's CEL engine over its rules.

It says what is wrong and where, not in which words; those are held by the recorded answers.
"""

import datetime
import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from cel_expr_python import cel
from cel_expr_python.ext import ext_strings

from pokayoke_eks.crds import KINDS

Schema = dict[str, Any]

_BLOCKING = {"type", "anyOf", "oneOf", "enum", "required", "maxLength", "maxItems", "maxProperties", "date-time"}
_HIGHEST = {"int32": 2**31, "int64": 2**63}


@dataclass(frozen=True)
class Verdict:
    """`status`: 200 accepted, 422 invalid, 500 not well-typed. `faults`: (path, what) of an invalid object; of a broken
    rule its message, of any other fault its keyword."""

    status: int
    faults: frozenset[tuple[str, str]] = frozenset()
    blocked: bool = False


class Oracle:
    """The verdict by one upstream CRD."""

    def __init__(self, crd: Mapping[str, Any], name: str = "v1") -> None:
        (version,) = (one for one in crd["spec"]["versions"] if one["name"] == name)
        self.schema: Schema = version["schema"]["openAPIV3Schema"]
        self.scalable = "scale" in version.get("subresources", {})
        self.namespaced = crd["spec"]["scope"] == "Namespaced"
        self.spec: Schema = self.schema["properties"]["spec"]
        self._types, self._values = (
            _Validator(change(self.spec), format_checker=_FORMATS) for change in (_closed, _open)
        )

    def verdict(self, obj: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> Verdict:
        """What the API server answers to the object, or to the change of `old` into it."""
        spec = self.spec
        if obj["spec"] is None:
            return Verdict(422 if "spec" in self.schema.get("required", ()) else 200)
        if any(_is_typing_error(error) for error in self._types.iter_errors(obj["spec"])):
            return Verdict(500)
        now, before = _stored(spec, obj["spec"]), None if old is None else _stored(spec, old["spec"])
        errors = list(self._values.iter_errors(now))
        faults = {(_path(error), _keyword(error)) for error in errors}
        if self.scalable and isinstance(now.get("replicas"), int) and not 0 <= now["replicas"] < 2**31:
            faults.add((".spec.replicas", "scale"))
        if {_keyword(error) for error in errors} & _BLOCKING:
            return Verdict(422, frozenset(faults), blocked=True)
        faults |= set(_broken_rules(spec, now, before, "spec"))
        return Verdict(422 if faults else 200, frozenset(faults))

    def breaks(self, obj: Mapping[str, Any], old: Mapping[str, Any] | None, path: str, message: str) -> bool:
        """Whether the object breaks the rule with this message that stands at this path of the schema."""
        if not self._may_break(obj, old, message):
            return False
        faults = self.verdict(obj, old).faults
        return (path, message) in {(re.sub(r"\[\d+\]", "[]", where), what) for where, what in faults}

    def _may_break(self, obj: Mapping[str, Any], old: Mapping[str, Any] | None, message: str) -> bool:
        # Quick: this rule alone, on an object that may be ill-typed.
        spec = self.spec
        return any(_broken_rules(spec, obj["spec"], old and old["spec"], "spec", only=message))


def oracle_of(path: Path, kind: str) -> Oracle:
    """The judge by the CRD in a file, of the version that our model is of."""
    (version,) = (api_version.rpartition("/")[2] for api_version, known in KINDS if known == kind)
    return Oracle(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader), version)


def rules_of(schema: Schema, path: str = "") -> Iterator[tuple[str, str, str]]:
    """Every CEL rule in a schema: where it stands, its message, its text."""
    for rule in schema.get("x-kubernetes-validations", ()):
        yield path, rule["message"], rule["rule"]
    for name, child in schema.get("properties", {}).items():
        yield from rules_of(child, f"{path}.{name}" if path else name)
    if "items" in schema:
        yield from rules_of(schema["items"], f"{path}[]")
    if isinstance(schema.get("additionalProperties"), dict):
        yield from rules_of(schema["additionalProperties"], f"{path}{{}}")


def _stored(schema: Schema, value: Any) -> Any:
    if isinstance(value, dict):
        known = schema.get("properties", {})
        filled = {name: child["default"] for name, child in known.items() if "default" in child}
        filled.update({name: one for name, one in value.items() if one is not None})
        return {
            name: _stored(known.get(name) or schema.get("additionalProperties") or {}, one)
            for name, one in filled.items()
        }
    if isinstance(value, list):
        return [_stored(schema.get("items", {}), one) for one in value]
    return value


def _broken_rules(schema: Schema, value: Any, old: Any, path: str, only: str = "") -> Iterator[tuple[str, str]]:
    for rule in schema.get("x-kubernetes-validations", ()):
        if ("oldSelf" in rule["rule"] and old is None) or only not in ("", rule["message"]):
            continue
        result = _compiled(rule["rule"]).eval(data={"self": value, "oldSelf": old})
        if result.value() is not True:
            yield path, rule["message"]
    if isinstance(value, dict):
        for name, one in value.items():
            child = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if child:
                yield from _broken_rules(
                    child, one, old.get(name) if isinstance(old, dict) else None, f"{path}.{name}", only
                )
    elif isinstance(value, list) and "items" in schema:
        for index, one in enumerate(value):
            yield from _broken_rules(schema["items"], one, None, f"{path}[{index}]", only)


@cache
def _compiled(expression: str) -> cel.Expression:
    return _environment().compile(expression)


@cache
def _environment() -> cel.Env:
    # `find` and `isIP` are functions of Kubernetes' own CEL library; none of these rules uses another one.
    text = cel.Type.STRING
    find = cel.Overload("string_find_string", return_type=text, parameters=[text, text], is_member=True, impl=_find)
    is_ip = cel.Overload("is_ip_string", return_type=cel.Type.BOOL, parameters=[text], impl=_is_ip)
    return cel.NewEnv(
        variables={"self": cel.Type.DYN, "oldSelf": cel.Type.DYN, "text": text, "pattern": text},
        extensions=[ext_strings.ExtStrings()],
        functions=[cel.FunctionDecl("find", [find]), cel.FunctionDecl("isIP", [is_ip])],
    )


def _find(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    return found.group() if found else ""


def _is_ip(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text and getattr(address, "ipv4_mapped", None) is None


def _pattern(validator: Any, pattern: str, value: Any, schema: Schema) -> Iterator[jsonschema.ValidationError]:
    # By CEL's own RE2, which is the dialect of the API server's patterns.
    too_long = isinstance(value, str) and len(value) > schema.get("maxLength", len(value))
    too_short = isinstance(value, str) and len(value) < schema.get("minLength", 0)
    if not isinstance(value, str) or too_long or too_short:
        return
    if not _compiled("text.matches(pattern)").eval(data={"text": value, "pattern": pattern}).value():
        yield jsonschema.ValidationError(f"{value!r} does not match")


def _keys(validator: Any, keys: list[str], value: Any, schema: Schema) -> Iterator[jsonschema.ValidationError]:
    found = [[item.get(key) for key in keys] if isinstance(item, dict) else None for item in value or []]
    missing = any(isinstance(item, dict) and not set(keys) <= set(item) for item in value or [])
    if None in found or missing or any(one in found[:index] for index, one in enumerate(found)):
        yield jsonschema.ValidationError("not a map of items")


_Validator = jsonschema.validators.extend(
    jsonschema.Draft4Validator, {"pattern": _pattern, "x-kubernetes-list-map-keys": _keys}
)
_FORMATS = jsonschema.FormatChecker(formats=())


@_FORMATS.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -_HIGHEST["int32"] <= value < _HIGHEST["int32"]


@_FORMATS.checks("int64")
def _is_int64(value: object) -> bool:
    return not isinstance(value, int) or -_HIGHEST["int64"] <= value < _HIGHEST["int64"]


@_FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or bool(datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ"))


@_FORMATS.checks("ipv4")
@_FORMATS.checks("ipv6")
def _is_address(value: object) -> bool:
    return not isinstance(value, str) or _is_ip(value)


def _open(schema: Schema) -> Schema:
    return {key: _mapped(key, value, _open) for key, value in schema.items()}


def _closed(schema: Schema) -> Schema:
    if schema.get("x-kubernetes-int-or-string"):
        return {}
    mapped = {key: _mapped(key, value, _closed) for key, value in schema.items()}
    if "properties" in mapped and "additionalProperties" not in mapped:
        mapped["additionalProperties"] = False
    if mapped.get("x-kubernetes-list-type") == "set":
        mapped["uniqueItems"] = True
        mapped["items"] = {**mapped["items"], "not": {"type": "null"}}
    return mapped


def _mapped(key: str, value: Any, change: Any) -> Any:
    if key == "properties":
        return {name: change(child) for name, child in value.items()}
    if key in ("items", "additionalProperties") and isinstance(value, dict):
        return change(value)
    return value


def _is_typing_error(error: jsonschema.ValidationError) -> bool:
    if error.validator in ("additionalProperties", "uniqueItems", "not", "x-kubernetes-list-map-keys"):
        return True
    # Server-side apply tells integers from other numbers as little as dates from other scalars.
    is_number = isinstance(error.instance, float) and error.validator_value == "integer"
    is_scalar = "date-time" in error.schema.get("format", "") and not isinstance(error.instance, dict | list)
    return error.validator == "type" and error.instance is not None and not is_number and not is_scalar


def _keyword(error: jsonschema.ValidationError) -> str:
    if error.validator == "format":
        return "date-time" if error.validator_value == "date-time" else "format"
    return str(error.validator)


def _path(error: jsonschema.ValidationError) -> str:
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    if error.validator == "required":
        return f"spec{steps}.{error.message.split(chr(39))[1]}"
    return f"spec{steps}"
