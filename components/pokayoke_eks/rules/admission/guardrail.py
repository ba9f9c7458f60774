"""What a cluster refuses for one documented failure, as an admission policy says it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..finding import Finding

WRITES = ("CREATE", "UPDATE")


@dataclass(frozen=True, slots=True)
class Kinds:
    """Resources of one API group, by their plural names; `*` is all of them, without their subresources."""

    group: str
    resources: tuple[str, ...]
    operations: tuple[str, ...] = WRITES
    scope: str = "*"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`found` is CEL for a list of texts, one for each place that is wrong; the first one is told."""

    found: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Guardrail:
    """One admission policy. `conditions` and `variables` are CEL by name; all conditions must hold for it to judge.

    Where `unless` holds, also CEL, nothing is refused. Only there and in variables and refusals is `namespaceObject`
    what it says (kubernetes/kubernetes, staging/src/k8s.io/apiserver, pkg/admission/plugin/webhook/matchconditions/
    matcher.go: to conditions it is null).
    """

    name: str
    kinds: tuple[Kinds, ...]
    refusals: tuple[Refusal, ...]
    conditions: Mapping[str, str] = field(default_factory=dict[str, str])
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    unless: str = "false"
    without: tuple[Kinds, ...] = ()
    namespaces: tuple[str, ...] = ()
    """Only these are judged, where it is for some."""


def certain(finding: Finding | None) -> Finding:
    """The finding of an example that the rule in Python refuses; raises ValueError where it does not."""
    if finding is None:
        raise ValueError("the rule has nothing against its own example")
    return finding


def text(value: str) -> str:
    """A text as CEL writes it."""
    return json.dumps(value)


def texts(values: Sequence[str]) -> str:
    """A list of texts as CEL writes it."""
    return f"[{', '.join(map(text, values))}]"
