"""What is in moto and was not there when the world started: every collection of every backend against its first state.

Backends come into being when a region is first used, with a default VPC and the like; each is looked at as soon as it
is made. Walking the backends' own collections means that nothing is left over unseen because its kind is on no list.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportPrivateUsage=false
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, cast

from moto.core.base_backend import AccountSpecificBackend, BackendDict

from pokayoke_rehearsal.world.dns import zones
from pokayoke_rehearsal.world.load_balancers.owners import owner
from pokayoke_rehearsal.world.model import Leftover

# Collections whose members only hold what counts, by the attribute that holds it.
HOLDERS = {("ec2", "reservations"): "instances", ("events", "event_buses"): "rules"}
# What AWS calls the collections that moto calls otherwise.
NAMES = {
    ("acm", "_certificates"): "certificate",
    ("autoscaling", "autoscaling_groups"): "Auto Scaling group",
    ("ec2", "addresses"): "Elastic IP address",
    ("ec2", "enis"): "network interface",
    ("ec2", "groups"): "security group",
    ("ec2", "vpc_end_points"): "VPC endpoint",
    ("ec2", "vpcs"): "VPC",
    ("iam", "managed_policies"): "policy",
    ("iam", "open_id_providers"): "OIDC provider",
    ("logs", "groups"): "log group",
    ("route53", "zones"): "hosted zone",
}
# Collections of what is in another one too.
DOUBLED = {("iam", "aws_managed_policies")}
# Collections in which not every member counts, or more than its members does.
COUNTED = {("route53", "zones"): zones.counted}
# Public parameters, which moto makes when they are first asked for.
AWS_OWN = "/aws/service/"
ENDED = ("deleted", "delete_complete", "terminated")
# AWS keeps these after deletion, and they cost nothing.
PENDING = {"kms": "PendingDeletion"}

_AccountBackends: Any = AccountSpecificBackend
_Services: Any = BackendDict
Found = dict[tuple[str, str], Any]


class Inventory:
    """Knows the first state of every backend, and tells what was added to it since."""

    def __init__(self) -> None:
        self._first: dict[int, set[tuple[str, str]]] = {}
        self._watch()

    def leftovers(self) -> tuple[list[Leftover], list[Leftover]]:
        """What was added, and what of it is only pending deletion."""
        left: list[Leftover] = []
        pending: list[Leftover] = []
        for service, region, backend in _backends():
            first = self._first.get(id(backend), set())
            for (kind, key), thing in _resources(service, backend).items():
                if (kind, key) in first:
                    continue
                state = _state(thing)
                note = ", ".join(filter(None, (_note(thing), owner(service, backend, thing))))
                found = Leftover(service, _called(service, kind), key, region, note)
                if PENDING.get(service) == state:
                    pending.append(found)
                elif state.lower() not in ENDED:
                    left.append(found)
        return left, pending

    def presumed(self) -> list[Leftover]:
        """What the rehearsal made because a program took it for granted."""
        return [
            Leftover(service, "hosted zone", zone.resource_id, "", zones.bare(zone.name))
            for service, _, backend in _backends()
            if service == "route53"
            for zone in backend.zones.values()
            if zones.is_presumed(zone)
        ]

    def _watch(self) -> None:
        for service, _, backend in _backends():
            self._first[id(backend)] = set(_resources(service, backend))
        self._get = _AccountBackends.__getitem__
        _AccountBackends.__getitem__ = self._noticing(self._get)

    def _noticing(self, get: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
        def noticing(backends: Any, region_name: str) -> Any:
            backend = get(backends, region_name)
            if id(backend) not in self._first:
                self._first[id(backend)] = set(_resources(backends.service_name, backend))
            return backend

        return noticing

    def stop(self) -> None:
        """Stops noticing new backends."""
        _AccountBackends.__getitem__ = self._get


def _backends() -> Iterator[tuple[str, str, Any]]:
    for services in list(_Services._instances):
        for _, region, backend in services.iter_backends():
            yield services.service_name, "" if region == "aws" else region, backend


def _resources(service: str, backend: Any) -> Found:
    found: Found = {}
    for name, collection in vars(backend).items():
        if (service, name) in DOUBLED:
            continue
        holds = HOLDERS.get((service, name))
        for key, thing in _items(collection):
            if key.startswith(AWS_OWN):
                continue
            if counted := COUNTED.get((service, name)):
                found |= dict(counted(thing))
            elif holds is None:
                found[name, key] = thing
            else:
                found |= {(holds, inner): held for inner, held in _items(getattr(thing, holds))}
    return found


def _items(collection: Any) -> Iterator[tuple[str, Any]]:
    """The things in a collection of moto's, however deep: `{id: thing}`, `{zone: {id: thing}}`, `[thing]`."""
    if isinstance(collection, Mapping):
        for key, value in cast("Mapping[Any, Any]", collection).items():
            if isinstance(value, Mapping) and _holds_things(cast("Mapping[Any, Any]", value)):
                yield from _items(value)
            elif isinstance(value, list):
                # Versions of one thing, the newest last.
                yield from list(_items(value))[-1:]
            elif _is_thing(value):
                yield str(key), value
    elif isinstance(collection, list | set | tuple):
        for value in cast("list[Any]", collection):
            if _is_thing(value):
                yield _name(value), value


def _name(thing: Any) -> str:
    return str(getattr(thing, "id", None) or getattr(thing, "name", None) or getattr(thing, "arn", thing))


def _holds_things(value: Mapping[Any, Any]) -> bool:
    return all(_is_thing(item) or isinstance(item, Mapping) for item in value.values())


def _is_thing(value: Any) -> bool:
    return _is_of_a_thing(type(value))


@cache
def _is_of_a_thing(kind: type) -> bool:
    module: str = kind.__module__
    return module.startswith(("moto.", "pokayoke_rehearsal."))


def _state(thing: Any) -> str:
    for name in ("state", "key_state", "status"):
        value = getattr(thing, name, None)
        if isinstance(value, str):
            return value
    return ""


def _note(thing: Any) -> str:
    for name in ("name", "description"):
        value = getattr(thing, name, None)
        if isinstance(value, str) and value:
            return value
    return ""


def _called(service: str, kind: str) -> str:
    if (service, kind) in NAMES:
        return NAMES[service, kind]
    words = kind.strip("_").replace("_", " ")
    return words[:-3] + "y" if words.endswith("ies") else words[:-1] if words.endswith("s") else words
