"""Which latency belongs to an operation on a resource of a state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pokayoke_rehearsal.forecast.aws import AWS, BY_INPUT
from pokayoke_rehearsal.forecast.kubernetes import AWAITED, KUBERNETES, RELEASE, WAITING
from pokayoke_rehearsal.forecast.latency import Latency, guess

NOTHING = Latency(0, 0, "no call of a provider", 0)
_CALL = guess(1, 1, "an API call without a wait")


def latency(resource: Mapping[str, Any]) -> Latency:
    """The latency of a resource as `pulumi stack export` shapes it."""
    kind = str(resource["type"])
    inputs = cast("Mapping[str, Any]", resource.get("inputs") or {})
    if not resource.get("custom") or kind.startswith("pulumi:providers:"):
        return NOTHING
    if kind == WAITING:
        return _waiting(inputs)
    if kind == RELEASE:
        chart = str(inputs.get("chart", "")).rpartition("/")[2]
        return KUBERNETES.get(f"{RELEASE}#{chart}", KUBERNETES[RELEASE])
    if kind in BY_INPUT:
        value = inputs.get(BY_INPUT[kind], "")
        named = f"{kind}#{str(value).lower() if isinstance(value, bool) else value}"
        return AWS.get(named) or AWS[kind]
    found = AWS.get(kind) or KUBERNETES.get(kind)
    return found or (KUBERNETES["kubernetes"] if kind.startswith("kubernetes:") else _CALL)


def seconds(resource: Mapping[str, Any], operation: str) -> float:
    """How long the engine's operation on a resource takes."""
    found = latency(resource)
    if operation in ("create", "create-replacement"):
        return found.create
    if operation in ("delete", "delete-replaced"):
        return found.delete
    return found.update if operation == "update" else 0.0


def _waiting(inputs: Mapping[str, Any]) -> Latency:
    before = [_awaited(one) for one in _conditions(inputs, "beforeReady")]
    after = [_awaited(one) for one in _conditions(inputs, "beforeGone")]
    return Latency(
        max((one.create for one in before), default=0),
        max((one.delete for one in after), default=0),
        "; ".join(dict.fromkeys(one.source for one in (*before, *after))) or NOTHING.source,
        assumed=any(one.assumed for one in (*before, *after)),
    )


def _conditions(inputs: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    return cast("Sequence[Mapping[str, Any]]", inputs.get(key) or ())


def _awaited(condition: Mapping[str, Any]) -> Latency:
    return AWAITED.get(str(condition.get("of") or condition.get("kind")), _CALL)
