"""Route 53: each zone has name servers of its own, and a batch of changes is right as a whole or nothing of it is done.

moto compares a CREATE only with CREATEs that were word for word the same, and deletes all records of a set identifier.
Texts as in the issues of their users: cli53 #213 and #317, harmony-ops #491, terraform-aws-open-next #24,
amazon.aws #2694, external-dns #732, boto #2887, terraform-provider-aws #1668, cloud-nuke #743; cert-manager #5388 for
multivalue answers beside others, after which the text for other policies is formed.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.route53.exceptions import Route53ClientError
from moto.route53.models import RecordSet, Route53Backend
from moto.route53.utils import validate_domain_name

from pokayoke_rehearsal.world.dns import balancers, zones
from pokayoke_rehearsal.world.rules.guard import guard

BATCH = "InvalidChangeBatch"
OTHER_VALUES = "the values provided do not match the current values"
POLICIES = ("weight", "region", "failover", "geo_location", "multi_value_answer")


def install() -> None:
    """Puts the rules in place."""
    guard(Route53Backend, "create_hosted_zone", after=_own_name_servers)
    guard(Route53Backend, "delete_hosted_zone", before=_only_its_own_records)
    Route53Backend.change_resource_record_sets = _change  # pyright: ignore[reportAttributeAccessIssue]


def _own_name_servers(route53: Any, asked: dict[str, Any]) -> None:
    *others, zone = route53.zones.values()
    if not asked["delegation_set_id"]:
        # moto also keeps the set, which nobody asked for.
        route53.delegation_sets = {
            key: held for key, held in route53.delegation_sets.items() if held is not zone.delegation_set
        }
        # The zone's NS record holds the same list.
        zone.delegation_set.name_servers[:] = zones.servers_of(
            zone.resource_id, {server for other in others for server in zones.servers(other)}
        )


def _only_its_own_records(route53: Any, asked: dict[str, Any]) -> None:
    zone = route53.get_hosted_zone(asked["id_"])
    own = list(zones.own_records(zone))
    if any(record not in own for record in zone.rrsets):
        text = "The specified hosted zone contains non-required resource record sets and so cannot be deleted."
        raise Route53ClientError("HostedZoneNotEmpty", text)


def _change(self: Any, zoneid: str, change_list: list[dict[str, Any]]) -> None:
    zone = self.get_hosted_zone(zoneid)
    held: list[Any] = list(zone.rrsets)
    refusals: list[str] = []
    for change in change_list:
        record = _record(change["ResourceRecordSet"])
        validate_domain_name(record.name, code=BATCH)
        if change["Action"] == "DELETE":
            refusals += _deleted(held, record)
        else:
            refusals += _put(zone, held, record, upsert=change["Action"] == "UPSERT")
    if refusals:
        raise Route53ClientError(BATCH, f"[{', '.join(refusals)}]")
    zone.rrsets = held


def _record(said: dict[str, Any]) -> Any:
    values = [one["Value"] for one in said.get("ResourceRecords") or []]
    record: Any = RecordSet({**said, "Name": zones.dotted(said["Name"]), "ResourceRecords": values})
    if record.alias_target:
        record.alias_target = {**record.alias_target, "DNSName": zones.dotted(record.alias_target["DNSName"])}
    return record


def _deleted(held: list[Any], record: Any) -> Iterator[str]:
    found = next((one for one in held if _key(one) == _key(record)), None)
    if found is None:
        yield f"Tried to delete resource record set {_named(record)} but it was not found"
    elif _content(found) != _content(record):
        yield f"Tried to delete resource record set {_named(record)} but {OTHER_VALUES}"
    else:
        held.remove(found)


def _put(zone: Any, held: list[Any], record: Any, *, upsert: bool) -> Iterator[str]:
    known = next((one for one in held if _key(one) == _key(record)), None)
    if known is not None and not upsert:
        yield f"Tried to create resource record set {_named(record)} but it already exists"
        return
    others = [one for one in held if one is not known]
    if refusals := [*_out_of_place(zone, record), *_conflicts(zone, others, record), *_aliased(record)]:
        yield from refusals
        return
    if known is not None:
        held.remove(known)
    held.append(record)


def _out_of_place(zone: Any, record: Any) -> Iterator[str]:
    if not zones.covers(zone, record.name):
        yield f"RRSet with DNS name {record.name} is not permitted in zone {zones.dotted(zone.name)}"


def _conflicts(zone: Any, others: list[Any], record: Any) -> Iterator[str]:
    same = [one for one in others if zones.dotted(one.name) == record.name]
    where = f"in zone {zones.dotted(zone.name)}"
    said = f"RRSet of type {record.type} with DNS name {record.name} is not permitted"
    if record.type == "CNAME" and any(one.type != "CNAME" for one in same):
        yield f"{said} as it conflicts with other records with the same DNS name {where}"
    elif record.type != "CNAME" and any(one.type == "CNAME" for one in same):
        yield f"{said} because a conflicting RRSet of type CNAME with the same DNS name already exists {where}"
    for one in same:
        if one.type != record.type:
            continue
        of_it = f"RRSet with DNS name {record.name}, type {record.type}, SetIdentifier {record.set_identifier}"
        if record.region and one.region == record.region:
            yield (
                f"{of_it}, and Region Name={record.region} cannot be created because a latency RRSet "
                "with the same name, type and region already exists."
            )
        elif _policy(one) != _policy(record):
            policy = (_policy(record) or "simple").replace("_", "")
            yield f"{of_it} cannot be created because a non {policy} rrset exists with the same name and type."


def _aliased(record: Any) -> Iterator[str]:
    target = record.alias_target
    if target and (zone := balancers.zone_of(target["DNSName"])) and zone != target["HostedZoneId"]:
        said = f"an alias that targets {target['DNSName']}, type {record.type} in zone {target['HostedZoneId']}"
        yield f"Tried to create {said}, but the alias target name does not lie within the target zone"
        yield f"Tried to create {said}, but that target was not found"


def _key(record: Any) -> tuple[str, str, str | None]:
    return zones.dotted(record.name), record.type, record.set_identifier


def _named(record: Any) -> str:
    of_set = f", set-identifier='{record.set_identifier}'" if record.set_identifier else ""
    return f"[name='{record.name}', type='{record.type}'{of_set}]"


def _content(record: Any) -> tuple[Any, ...]:
    alias = record.alias_target or {}
    target = (zones.dotted(alias["DNSName"]), alias["HostedZoneId"]) if alias else None
    return (str(record.ttl), sorted(record.records), target, _policy(record), record.region, record.health_check_id)


def _policy(record: Any) -> str:
    return next((name for name in POLICIES if getattr(record, name) not in (None, "", {}, False)), "")
