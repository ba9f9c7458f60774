"""Generated cases: valid objects changed along the upstream schema, the same ones every time.

A change respects the schema about as often as it breaks it, so that rules on objects that fit their schema are met too.
"""

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from crd_bases_balancers import BASES as BALANCER_BASES
from crd_bases_gateways import BASES as GATEWAY_BASES
from crd_bases_karpenter import BASES as KARPENTER_BASES
from crd_hints import KEYS, Hints, hints_of
from crd_oracle import Oracle, rules_of

Schema = dict[str, Any]
_Spot = tuple[Any, Any, Schema, tuple[str, ...]]

ANYWHERE = {"EC2NodeClass": 60, "NodePool": 40, "NodeClaim": 20, "Gateway": 60, "HTTPRoute": 60}
"""How many cases of each kind change any fields; 30 of the others."""

BASES = {**KARPENTER_BASES, **GATEWAY_BASES, **BALANCER_BASES}

PRECEDED = (
    "Listener name must be unique within the Gateway",
    "Port for TLS configuration must be unique within the Gateway",
    "type must be one of ['Exact', 'PathPrefix', 'RegularExpression']",
    "Only forward, redirect, authenticate-oidc, authenticate-cognito, jwt-validation, and fixed-response action types"
    " are supported",
)
"""Rules that no object reaches which would break them: a list's keys, or an enum, have refused it before."""

_TRIES = 3000

_TEXTS = (
    "",
    "a",
    "A-b_c.9",
    "5m",
    "10%",
    "500m",
    "-1Gi",
    "16Gi",
    "1e3",
    "x" * 64,
    "ä",
    "a b",
    "a\n",
    "100.00%",
    "101%",
)
_OTHER_TYPES = (None, "text", 7, 1.5, True, [], ["a"], {}, {"a": "b"}, [None])


@dataclass(frozen=True)
class Case:
    """One generated object, and how it came about."""

    name: str
    kind: str
    changes: tuple[str, ...]
    object: dict[str, Any]
    before: dict[str, Any] | None = None
    """What the object replaces, where a rule on changes is tried."""


def generated_cases(kind: str, oracle: Oracle) -> Iterator[Case]:
    """The cases of a kind: some changed anywhere, and for each CEL rule one that breaks it, one changed there that does
    not, and one as it comes. Raises LookupError for a rule that no change breaks."""
    for number in range(ANYWHERE.get(kind, 30)):
        yield replace(_case(kind, oracle.schema, f"anywhere {number}", ("spec",), steps_below=99), before=None)
    for path, message, rule in rules_of(oracle.spec, "spec"):
        wanted = {False} if message in PRECEDED else {True, False}
        for number in range(_TRIES):
            about = tuple(path.replace("[]", ".*").split("."))
            case = _case(kind, oracle.schema, f"{path}: {message} {number}", about, steps_below=1 + number % 2)
            case = case if "oldSelf" in rule else replace(case, before=None)
            breaks = oracle.breaks(case.object, case.before, path, message)
            if number == 0 or breaks in wanted:
                wanted.discard(breaks)
                yield case
            if not wanted:
                break
        else:
            raise LookupError(f"no case for {wanted} of the rule {message!r} at {path}")


def case_named(name: str, schema: Schema) -> Case:
    """The generated case of a name, made anew. Whether it has something before it, is for the caller to know."""
    kind, _, told = name.partition(" ")
    path, colon, said = told.partition(": ")
    if not colon:
        return replace(_case(kind, schema, told, ("spec",), steps_below=99), before=None)
    about = tuple(path.replace("[]", ".*").split("."))
    return _case(kind, schema, told, about, steps_below=1 + int(said.rpartition(" ")[2]) % 2)


def _case(kind: str, schema: Schema, name: str, about: tuple[str, ...], steps_below: int) -> Case:
    chance = random.Random(f"{kind} {name}")  # noqa: S311
    maker = _Maker(chance, hints_of(kind))
    there = [base for base in BASES[kind] if _about(schema, base, about, steps_below)]
    before = chance.choice(there)
    obj = copy.deepcopy(before)
    changes: list[str] = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        spots = _about(schema, obj, about, steps_below) or _about(schema, obj, ("spec",), steps_below)
        changes.append(maker.change(*chance.choice(spots)))
    return Case(f"{kind} {name}", kind, tuple(changes), obj, before)


def _about(schema: Schema, obj: dict[str, Any], path: tuple[str, ...], steps_below: int) -> list[_Spot]:
    """The spots at a path and so many steps below it."""
    return [
        spot
        for spot in _spots(schema["properties"]["spec"], obj, "spec")
        if 0 <= len(spot[3]) - len(path) <= steps_below
        and all(wanted in (step, "*") for wanted, step in zip(path, spot[3], strict=False))
    ]


def _spots(schema: Schema, holder: Any, key: Any, where: tuple[str, ...] = ()) -> Iterator[_Spot]:
    value, here = holder[key], (*where, str(key))
    yield holder, key, schema, here
    if isinstance(value, dict):
        for name in value:
            child = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if child is not None:
                yield from _spots(child, value, name, here)
    elif isinstance(value, list) and "items" in schema:
        for index in range(len(value)):
            yield from _spots(schema["items"], value, index, here)


class _Maker:
    """Changes by chance, along a schema, with hints."""

    def __init__(self, chance: random.Random, hints: Hints) -> None:
        self._chance, self._hints = chance, hints

    def change(self, holder: Any, key: Any, spot: Schema, where: tuple[str, ...]) -> str:
        value = holder[key]
        action = self._chance.choice(
            ("replace", "replace", "replace", "remove", "add", "add", "add", "retype", "unknown")
        )
        if action == "remove" and where != ("spec",):
            holder.pop(key)
        elif action == "retype":
            holder[key] = copy.deepcopy(self._chance.choice(_OTHER_TYPES))
        elif action == "unknown" and isinstance(value, dict) and "properties" in spot:
            value["notDeclared"] = "x"
        elif action == "add" and isinstance(value, dict):
            self._add_field(spot, value, key)
        elif action == "add" and isinstance(value, list):
            self._add_item(spot, value, key)
        elif isinstance(value, dict | list):
            action = "empty"
            value.clear()
        else:
            action = "replace"
            holder[key] = self._made(spot, key)
        return f"{action} {'.'.join(where)}"

    def _add_field(self, schema: Schema, value: dict[str, Any], key: Any) -> None:
        if "properties" in schema:
            name = self._chance.choice(sorted(schema["properties"]))
            value[name] = self._made(schema["properties"][name], name)
        elif "additionalProperties" in schema:
            name = self._chance.choice(self._hints.keys.get(key, KEYS))
            value[name] = self._made(schema["additionalProperties"], key)
            if self._chance.random() < 0.1:
                value.update({f"key-{number}": "v" for number in range(schema.get("maxProperties", 30) + 1)})

    def _add_item(self, schema: Schema, value: list[Any], key: Any) -> None:
        if value and self._chance.random() < 0.4:
            value.append(copy.deepcopy(self._chance.choice(value)))
        elif value and self._chance.random() < 0.15:
            value.extend(copy.deepcopy(value[0]) for _ in range(schema.get("maxItems", 30) + 1))
        elif schema.get("items"):
            value.append(self._made(schema["items"], key))

    def _made(self, schema: Schema, name: Any) -> Any:
        if name in self._hints.values and self._chance.random() < 0.9:
            return copy.deepcopy(self._chance.choice(self._hints.values[name]))
        if schema.get("x-kubernetes-int-or-string"):
            return self._chance.choice((4, -4, *_TEXTS))
        if "enum" in schema:
            return self._chance.choice((*schema["enum"], *schema["enum"], "Other"))
        match schema["type"]:
            case "object":
                made: dict[str, Any] = {}
                names = set(schema.get("required", ()))
                if "properties" in schema:
                    names.add(self._chance.choice(sorted(schema["properties"])))
                made.update({one: self._made(schema["properties"][one], one) for one in sorted(names)})
                if "additionalProperties" in schema:
                    made[self._chance.choice(self._hints.keys.get(name, KEYS))] = self._made(
                        schema["additionalProperties"], name
                    )
                return made
            case "array":
                return [self._made(schema["items"], name) for _ in range(self._chance.choice((0, 1, 1, 2)))]
            case "integer":
                low, high = schema.get("minimum", 0), schema.get("maximum", 5)
                return self._chance.choice((low, low, high, high, low - 1, high + 1, 0, 1, 2**31, 1.5))
            case "boolean":
                return self._chance.random() < 0.5
            case _:
                return self._chance.choice(KEYS if name == "key" else _TEXTS)
