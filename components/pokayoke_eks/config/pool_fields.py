"""The types of a pool's fields."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from ..rules import durations, labels, pools
from ..rules.finding import Finding, shown
from ..rules.quantities import quantity
from .errors import Refused, checked, refusal
from .fields import judged, number, text
from .plain import kind_of

LONGEST_NAME = 57
"""Karpenter names a node's claim after its pool, with six characters more, and Kubernetes takes 63 in a label."""
SMALLEST_DISK = 20
LARGEST_DISK = 16_384
"""GiB of the data volume: what Bottlerocket's images come with, and the most that every gp3 volume takes."""
_NAME = re.compile(r"[a-z](?:[a-z0-9-]*[a-z0-9])?", re.ASCII)
_FAMILY = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)


def _pool_name(value: object) -> str:
    name = text(value, "general")
    if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise refusal(
            f"{shown(name)} cannot name a NodePool and its nodes",
            f"Use at most {LONGEST_NAME} small letters, digits and hyphens; begin with a letter, end with no hyphen.",
        )
    return name


def _family(value: object) -> str:
    family = text(value, "m7g")
    if family.endswith(".*"):
        raise refusal(f"{shown(family)} is a pattern", f"Write the family alone: {family.removesuffix('.*')}.")
    if not _FAMILY.fullmatch(family):
        checked(pools.unknown_family(family))
    return family


def _cpu_count(value: object) -> int:
    if isinstance(value, str) and value.strip().startswith(("<", ">")):
        finding = Finding(
            "an open range brings machines of any size", "List the numbers, e.g. [2, 4].", pools.UNBOUNDED
        )
        raise Refused(finding)
    return number(value, 1, 1_024, "number of vCPUs", 2)


def _pods(value: object) -> int:
    return number(value, 5, 250, "number of pods that a node may have", 60)


def _disk_size(value: object) -> int:
    if isinstance(value, str) and (gib := re.fullmatch(r"(\d{1,6}) ?Gi?B?", value.strip())):
        raise refusal(f"{shown(value)} has a unit", f"Write the number of GiB alone: {gib.group(1)}.")
    return number(value, SMALLEST_DISK, LARGEST_DISK, "size of a node's volume in GiB", 50)


def _capacity(value: object) -> str:
    stated = text(value, "spot")
    if stated in pools.CAPACITY_TYPES:
        return stated
    folded = re.sub("[^a-z]", "", stated.lower())
    meant = {one.replace("-", ""): one for one in pools.CAPACITY_TYPES}.get(folded)
    hint = f"Did you mean {meant}?" if meant else f"Write {' or '.join(pools.CAPACITY_TYPES)}."
    raise Refused(Finding(f"there is no capacity type {shown(stated)} here", hint, pools.INCOMPATIBLE))


def _cores(value: object) -> str:
    return _amount(value, "32")


def _memory(value: object) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise refusal(f"{value:g} without a unit means {value:g} bytes", f"Write the unit, e.g. {value:g}Gi.")
    return _amount(value, "64Gi")


def _amount(value: object, example: str) -> str:
    stated = str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else text(value, example)
    amount = quantity(stated)
    if amount is None:
        raise refusal(f"{shown(stated)} is no amount as Kubernetes writes it", f"Write e.g. {example}.")
    if amount <= 0:
        raise refusal(f"{stated} lets no node come at all", f"Write e.g. {example}.")
    return stated


def _duration(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        raise refusal(f"{value} has no unit", f"Write e.g. {value}h.")
    duration = text(value, "720h")
    checked(durations.bad_duration(duration))
    return duration


def _effect(value: object) -> str:
    effect = text(value, "NoSchedule")
    if effect not in labels.EFFECTS:
        meant = {one.lower(): one for one in labels.EFFECTS}.get(re.sub("[^a-z]", "", effect.lower()))
        hint = f"Did you mean {meant}?" if meant else f"Write one of {', '.join(labels.EFFECTS)}."
        raise refusal(f"there is no effect {shown(effect)}", hint)
    return effect


def _label_value(value: object) -> str:
    if not isinstance(value, str):
        raise refusal(f"{kind_of(value)} stands where text belongs", "Put the value in quotes.")
    if value:
        checked(labels.bad_value(text(value, "batch")))
    return value


def _remover(value: object) -> str:
    if value is None or value == "":
        raise Refused(labels.WITHOUT_REMOVER)
    return text(value, "cilium")


def _schema(kind: str | list[str], **more: Any) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


_DURATION = r"^([0-9]+(s|m|h))+$"

PoolName = Annotated[
    str,
    BeforeValidator(_pool_name),
    _schema("string", pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", maxLength=LONGEST_NAME),
]
Family = Annotated[str, BeforeValidator(_family), _schema("string", pattern=r"^[a-z][a-z0-9-]*$")]
CpuCount = Annotated[int, BeforeValidator(_cpu_count), _schema("integer", minimum=1)]
Pods = Annotated[int, BeforeValidator(_pods), _schema("integer", minimum=5, maximum=250)]
DiskSize = Annotated[int, BeforeValidator(_disk_size), _schema("integer", minimum=SMALLEST_DISK, maximum=LARGEST_DISK)]
Capacity = Annotated[str, BeforeValidator(_capacity), _schema("string", enum=list(pools.CAPACITY_TYPES))]
Cores = Annotated[str, BeforeValidator(_cores), _schema(["integer", "number", "string"])]
Memory = Annotated[str, BeforeValidator(_memory), _schema("string", pattern=r"^[0-9.]+([KMGTPE]i?|k)$")]
Duration = Annotated[str, BeforeValidator(_duration), _schema("string", pattern=_DURATION)]
Effect = Annotated[str, BeforeValidator(_effect), _schema("string", enum=list(labels.EFFECTS))]
Key = Annotated[str, judged("dedicated", labels.bad_key), _schema("string")]
LabelValue = Annotated[str, BeforeValidator(_label_value), _schema("string", maxLength=63)]
Remover = Annotated[str, BeforeValidator(_remover), _schema("string")]
