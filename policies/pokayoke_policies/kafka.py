"""The policy `kafka-advertised-address`: a broker tells its clients where they find it."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.kafka import SLUG, bad_address
from pokayoke_eks.rules.workloads import POD_SPECS

from .policy import Rule
from .raw import UNKNOWN, NotKnownError, entries_at, list_of, mapping_of, over
from .references import texts_in

_BY_OTHER_MEANS = ("server.properties", "advertised.listeners", "ADVERTISED_LISTENERS", "/kafka/config")


def brokers_tell_where_they_are(path: tuple[str, ...], workload: Mapping[str, Any]) -> Iterator[Finding]:
    """Every container that its variables show to be a broker, unless a script or a file may set the address."""

    def judged(found: tuple[tuple[str, ...], Any]) -> Iterator[Finding]:
        place, raw = found
        container = mapping_of(raw, *place)
        env = _variables(container, place)
        finding = bad_address(env) if not _is_set_elsewhere(container) else None
        if finding:
            yield finding.at(f"{'.'.join(place)}.env: ")

    yield from over(entries_at(workload, path, "containers"), judged)


RULE = Rule(SLUG, kinds={kind: (partial(brokers_tell_where_they_are, path),) for kind, path in POD_SPECS.items()})


def _variables(container: Mapping[str, Any], place: tuple[str, ...]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for raw in list_of(container.get("env"), *place, "env"):
        one = mapping_of(raw, *place, "env")
        name, value = one.get("name"), one.get("value")
        if name is UNKNOWN:
            raise NotKnownError((*place, "env"))
        found[str(name)] = value if isinstance(value, str) else None
    return found


def _is_set_elsewhere(container: Mapping[str, Any]) -> bool:
    if container.get("envFrom"):
        return True
    said = [container.get(key) for key in ("command", "args", "volumeMounts")]
    return UNKNOWN in said or any(mark in text for text in texts_in(said) for mark in _BY_OTHER_MEANS)
