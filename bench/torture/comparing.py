"""Two states of one program as one: ids, random suffixes and times differ between runs, and nothing else may."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.engine.secrets import Vault
from pokayoke_rehearsal.engine.state import Resource

_RANDOM = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # UUID
    r"|(?<=-)[0-9a-f]{17}(?:\d{10})?"  # vpc-..., and a route in a table
    r"|(?<=-)[0-9a-f]{7,8}"  # what Pulumi appends to names
    r"|(?<=a-)[0-9a-z]{17}"  # a Pod Identity association
    r"|(?<=eks-system-)[0-9a-z]{8}|(?<=/)[0-9a-z]{8}(?:-[0-9a-z]{4})?$"  # a group of EKS's, and the end of its ARNs
    r"|(?=[a-z]*\d)[0-9a-z]{20,26}|[0-9a-f]{10}-[0-9a-f]{16}|[0-9a-f]{32,}"  # a profile, a DSQL cluster, balancers
    r"|[A-Z0-9]{20,32}"  # a hosted zone, a role
    r"|ns-\d+\.awsdns-\d+\.(?:com|net|org|co\.uk)"
    r"|ec2(?:-\d{1,3}){4}|\d{1,3}(?:\.\d{1,3}){3}(?!/)"
    r")(?![0-9A-Za-z])"
)
_OF_THE_MOMENT = frozenset(
    {
        *("created", "modified", "createDate", "createdAt", "modifiedAt", "associatedAt"),
        *("creationTimestamp", "lastTransitionTime", "resourceVersion", "uid"),
    }
)

Normalised = Mapping[str, Any]
"""Resources by URN."""


def normalised(resources: Iterable[Resource], vault: Vault) -> Normalised:
    """Each resource as the state file spells it, with every random part replaced by a number.

    A part has the same number wherever it stands: a resource that refers to another thing differs.
    """
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return numbers.setdefault(match[0], f"<{len(numbers)}>")

    exported = sorted((one.export(vault) for one in resources), key=lambda one: (one["urn"], one.get("id", "")))
    for one in exported:
        # What has an id of its own gives the order of numbers, so that lists may come in any.
        _RANDOM.sub(number, str(one.get("id", "")))
    return {one["urn"]: _settled(one, number) for one in exported}


def differences(one: Any, other: Any) -> dict[str, str]:
    """Where two normalised states differ, and how, by URN and path."""
    return dict(_differences("", one, other))


def _settled(value: Any, number: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(value, dict):
        kept = sorted(key for key in value if key not in _OF_THE_MOMENT)
        return {_RANDOM.sub(number, key): _settled(value[key], number) for key in kept}
    if isinstance(value, list):
        return sorted((_settled(item, number) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return _RANDOM.sub(number, value) if isinstance(value, str) else value


def _differences(path: str, one: Any, other: Any) -> Iterator[tuple[str, str]]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from _differences(f"{path} {key}".strip(), one.get(key), other.get(key))
    elif _items(one) == _items(other) != 0:
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from _differences(f"{path} {index}", left, right)
    elif one != other:
        yield path, f"{json.dumps(one)} became {json.dumps(other)}"


def _items(value: Any) -> int:
    return len(value) if isinstance(value, Sequence) and not isinstance(value, str) else 0
