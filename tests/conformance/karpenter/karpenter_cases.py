"""Generated cases: valid objects changed along the upstream schema, the same ones every time.

A change respects the schema about as often as it breaks it, so that rules on objects that fit their schema are met too.
"""

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from karpenter_bases import BASES
from karpenter_oracle import Oracle, rules_of

Schema = dict[str, Any]
_Spot = tuple[Any, Any, Schema, tuple[str, ...]]

ANYWHERE = {"EC2NodeClass": 60, "NodePool": 40, "NodeClaim": 20}
"""How many cases of each kind change any fields."""

_TRIES = 3000

_NAMED: dict[str, tuple[Any, ...]] = {
    "alias": (
        "al2@latest",
        "al2023@v20240703",
        "bottlerocket@v1.65.0",
        "windows2019@latest",
        "windows2022@10.0",
        "windows2025@latest",
        "windows2019",
        "ubuntu@latest",
        "@latest",
        "al2023@",
        "bottlerocket@a@b",
        "bottlerocket@" + "9" * 18,
    ),
    "id": ("subnet-1", "sg-1", "ami-1", "cr-1", "pg-1", "xsubnet-1 ", "sg-", "AMI-1", "cr-1\n"),
    "consolidateAfter": ("0s", "1h5m", "Never", "5 minutes", "", "5d"),
    "expireAfter": ("720h", "Never", "never", "1.5h"),
    "terminationGracePeriod": ("1h", "Never", "1h30m10s", "h"),
    "nodes": ("0", "100%", "101%", "10 %", "-1", "5"),
    "schedule": ("@daily", "@reboot", "0 9 * * mon-fri", "* * *", "0 0 1 1 1 extra"),
    "duration": ("8h", "30m", "1h30m0s", "8h30", "90s", "1d"),
    "volumeSize": ("20Gi", "59001Gi", "64000G", "16Ti", "Ti", "65T", "20Mi", "0Gi", "20"),
    "timeAdded": ("2026-01-02T03:04:05Z", "2026-02-30T03:04:05Z", "2026-01-02", "2026-01-02T25:00:00Z"),
    "ownerID": ("123456789012", "12345", "12345678901x"),
    "operator": ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Gte", "Lte", "in"),
    "values": ([], ["a"], ["5"], ["-5"], ["5", "6"], ["x"], ["9" * 20], ["5.5"]),
    "effect": ("NoSchedule", "PreferNoSchedule", "NoExecute", "Never"),
    "role": ("", "demo"),
    "instanceProfile": ("", "demo"),
    "snapshotID": ("", "snap-1"),
}
_KEYS = (
    "team",
    "example.com/team",
    "kubernetes.io/arch",
    "kubernetes.io/hostname",
    "karpenter.sh/nodepool",
    "karpenter.sh/capacity-type",
    "karpenter.sh/mine",
    "x.karpenter.sh/mine",
    "karpenter.k8s.aws/instance-cpu",
    "karpenter.k8s.aws/instance-pods",
    "notkarpenter.k8s.aws/mine",
    "a b",
    "/team",
    "team/",
    "Example.com/team",
    "",
)
_MAP_KEYS: dict[str, tuple[str, ...]] = {
    "labels": _KEYS,
    "limits": ("nodes", "cpu", "memory", "nvidia.com/gpu"),
    "kubeReserved": ("cpu", "memory", "gpu", "pid"),
    "systemReserved": ("cpu", "ephemeral-storage", "disk"),
    "evictionHard": ("memory.available", "pid.available", "memory"),
    "evictionSoft": ("memory.available", "nodefs.inodesFree", "disk"),
    "evictionSoftGracePeriod": ("memory.available", "imagefs.available", "disk"),
    "tags": (
        "team",
        "",
        "eks:eks-cluster-name",
        "kubernetes.io/cluster/demo",
        "karpenter.sh/nodepool",
        "karpenter.sh/nodeclaim",
        "karpenter.k8s.aws/ec2nodeclass",
    ),
}
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
    for number in range(ANYWHERE[kind]):
        yield replace(_case(kind, oracle.schema, f"anywhere {number}", ("spec",), steps_below=99), before=None)
    for path, message, rule in rules_of(oracle.schema):
        wanted = {True, False}
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


def _case(kind: str, schema: Schema, name: str, about: tuple[str, ...], steps_below: int) -> Case:
    chance = random.Random(f"{kind} {name}")  # noqa: S311
    there = [base for base in BASES[kind] if _about(schema, base, about, steps_below)]
    before = chance.choice(there)
    obj = copy.deepcopy(before)
    changes: list[str] = []
    for _ in range(chance.choice((1, 1, 2, 3))):
        spots = _about(schema, obj, about, steps_below) or _about(schema, obj, ("spec",), steps_below)
        changes.append(_change(chance, *chance.choice(spots)))
    return Case(f"{kind} {name}", kind, tuple(changes), obj, before)


def _change(chance: random.Random, holder: Any, key: Any, spot: Schema, where: tuple[str, ...]) -> str:
    value = holder[key]
    action = chance.choice(("replace", "replace", "replace", "remove", "add", "add", "add", "retype", "unknown"))
    if action == "remove" and where != ("spec",):
        holder.pop(key)
    elif action == "retype":
        holder[key] = copy.deepcopy(chance.choice(_OTHER_TYPES))
    elif action == "unknown" and isinstance(value, dict) and "properties" in spot:
        value["notDeclared"] = "x"
    elif action == "add" and isinstance(value, dict):
        _add_field(chance, spot, value, key)
    elif action == "add" and isinstance(value, list):
        _add_item(chance, spot, value, key)
    elif isinstance(value, dict | list):
        action = "empty"
        value.clear()
    else:
        action = "replace"
        holder[key] = _made(chance, spot, key)
    return f"{action} {'.'.join(where)}"


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


def _add_field(chance: random.Random, schema: Schema, value: dict[str, Any], key: Any) -> None:
    if "properties" in schema:
        name = chance.choice(sorted(schema["properties"]))
        value[name] = _made(chance, schema["properties"][name], name)
    elif "additionalProperties" in schema:
        name = chance.choice(_MAP_KEYS.get(key, _KEYS))
        value[name] = _made(chance, schema["additionalProperties"], key)
        if chance.random() < 0.1:
            value.update({f"key-{number}": "v" for number in range(schema.get("maxProperties", 30) + 1)})


def _add_item(chance: random.Random, schema: Schema, value: list[Any], key: Any) -> None:
    if value and chance.random() < 0.4:
        value.append(copy.deepcopy(chance.choice(value)))
    elif value and chance.random() < 0.15:
        value.extend(copy.deepcopy(value[0]) for _ in range(schema.get("maxItems", 30) + 1))
    elif schema.get("items"):
        value.append(_made(chance, schema["items"], key))


def _made(chance: random.Random, schema: Schema, name: Any) -> Any:
    if name in _NAMED and chance.random() < 0.9:
        return copy.deepcopy(chance.choice(_NAMED[name]))
    if schema.get("x-kubernetes-int-or-string"):
        return chance.choice((4, -4, *_TEXTS))
    if "enum" in schema:
        return chance.choice((*schema["enum"], *schema["enum"], "Other"))
    match schema["type"]:
        case "object":
            made: dict[str, Any] = {}
            names = set(schema.get("required", ()))
            if "properties" in schema:
                names.add(chance.choice(sorted(schema["properties"])))
            made.update({one: _made(chance, schema["properties"][one], one) for one in sorted(names)})
            if "additionalProperties" in schema:
                made[chance.choice(_MAP_KEYS.get(name, _KEYS))] = _made(chance, schema["additionalProperties"], name)
            return made
        case "array":
            return [_made(chance, schema["items"], name) for _ in range(chance.choice((0, 1, 1, 2)))]
        case "integer":
            low, high = schema.get("minimum", 0), schema.get("maximum", 5)
            return chance.choice((low, low, high, high, low - 1, high + 1, 0, 1, 2**31, 1.5))
        case "boolean":
            return chance.random() < 0.5
        case _:
            return chance.choice(_KEYS if name == "key" else _TEXTS)
