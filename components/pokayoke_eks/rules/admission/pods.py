"""The pod in every built-in kind that makes pods."""

from ..workloads import POD_SPECS
from .guardrail import Kinds, text

SERVED = {kind: path for kind, path in POD_SPECS.items() if not kind.startswith("extensions/")}
"""Without the group that no supported version serves."""


def kinds() -> tuple[Kinds, ...]:
    """Those kinds, by their groups."""
    groups: dict[str, list[str]] = {}
    for kind in SERVED:
        group, name = kind.split("/")
        groups.setdefault("" if group == "core" else group, []).append(f"{name.lower()}s")
    return tuple(Kinds(group, tuple(names)) for group, names in groups.items())


def variables() -> dict[str, str]:
    """CEL by name: `pod` is the pod's spec, and `path` where the object has it."""
    pods = {kind: f"object.{'.'.join(f'?{step}' for step in path)}.orValue({{}})" for kind, path in SERVED.items()}
    return {"pod": _chosen(pods), "path": _chosen({kind: text(".".join(path)) for kind, path in SERVED.items()})}


def each(group: str, condition: str, told: str = "") -> str:
    """CEL for the places of those containers of a group for which a condition on `c` holds, and what is `told` of c."""
    more = f" + {told}" if told else ""
    listed = f"variables.pod.?{group}.orValue([])"
    return f"{listed}.filter(c, {condition}).map(c, variables.path + '.{group} ' + c.name{more})"


def _chosen(of: dict[str, str]) -> str:
    *_, last = of.values()
    tests = [f"request.kind.kind in [{text(kind.split('/')[1])}] ? {of[kind]} : " for kind in of if of[kind] != last]
    return "".join(tests) + last
