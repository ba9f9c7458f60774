"""Route 53 as the program sees it: the zones it may use, the records in them, and the batches that it sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.controller_aws import Aws, Need, RefusedError
from pokayoke_rehearsal.doubles.kubernetes.external_dns import ownership
from pokayoke_rehearsal.doubles.kubernetes.external_dns.settings import Settings
from pokayoke_rehearsal.doubles.kubernetes.external_dns.sources import Endpoint
from pokayoke_rehearsal.world.dns.balancers import zone_of

DEFAULT_TTL = 300

RecordSet = Mapping[str, Any]
Change = Mapping[str, Any]


@dataclass(frozen=True)
class Zone:
    """A hosted zone with its records."""

    id: str
    name: str
    records: Sequence[RecordSet]

    def covers(self, name: str) -> bool:
        """Whether a name is its own or below it."""
        return f".{name}".endswith(f".{self.name}")


@dataclass(frozen=True)
class Held:
    """A record that stands in a zone."""

    zone: Zone
    record: RecordSet
    owner: str
    """By its TXT record; empty for a record of nobody that ExternalDNS knows."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Name, type and set identifier."""
        return bare(self.record["Name"]), self.record["Type"], self.record.get("SetIdentifier", "")


def zones(aws: Aws, settings: Settings) -> list[Zone]:
    """The zones that the filters leave, with their records. Raises RefusedError."""
    listed = aws.call("route53:ListHostedZones")["HostedZones"]
    found: list[Zone] = []
    for one in listed:
        zone_id, name = one["Id"].rpartition("/")[2], bare(one["Name"])
        if _is_meant(settings, zone_id, name):
            need = Need("route53:ListResourceRecordSets", _arn(zone_id))
            records = aws.call("route53:ListResourceRecordSets", [need], HostedZoneId=zone_id)["ResourceRecordSets"]
            found.append(Zone(zone_id, name, records))
    return found


def held(zone: Zone, settings: Settings) -> Iterator[Held]:
    """The records of the types that the program manages, with their owners."""
    owners: dict[tuple[str, str], str] = {}
    for record in zone.records:
        for value in _values(record) if record["Type"] == "TXT" else []:
            owner = ownership.owner_in(value)
            if owner is not None:
                owners[bare(record["Name"]), record.get("SetIdentifier", "")] = owner
    for record in zone.records:
        if record["Type"] in settings.types and settings.may_use(bare(record["Name"])):
            name, kind, identifier = bare(record["Name"]), record["Type"], record.get("SetIdentifier", "")
            yield Held(zone, record, ownership.owner_of(settings, owners, name, kind, identifier))


def wanted(endpoint: Endpoint, zone: Zone) -> RecordSet:
    """The record set of an endpoint."""
    record: dict[str, Any] = {"Name": f"{endpoint.name}.", "Type": endpoint.type, **_routing(endpoint)}
    if endpoint.alias:
        target = endpoint.targets[0]
        alias = {"HostedZoneId": zone_of(target) or zone.id, "DNSName": f"{target}.", "EvaluateTargetHealth": True}
        return {**record, "AliasTarget": alias}
    values = [{"Value": target} for target in endpoint.targets]
    return {**record, "TTL": endpoint.ttl or DEFAULT_TTL, "ResourceRecords": values}


def noted(endpoint: Endpoint, settings: Settings) -> RecordSet:
    """The TXT record set that says whose an endpoint is."""
    kind = settings.alias_type if endpoint.alias and endpoint.type == "A" else endpoint.type
    name = ownership.txt_name(settings, endpoint.name, kind)
    value = {"Value": ownership.note(settings, endpoint.resource)}
    return {"Name": f"{name}.", "Type": "TXT", "TTL": DEFAULT_TTL, "ResourceRecords": [value], **_routing(endpoint)}


def note_of(found: Held, settings: Settings) -> RecordSet | None:
    """The TXT record set that stands beside a record."""
    name, kind, identifier = found.key
    names = {ownership.txt_name(settings, name, one) for one in (kind, *(["cname"] if kind == "A" else []))}
    own = [
        record
        for record in found.zone.records
        if record["Type"] == "TXT"
        and bare(record["Name"]) in names
        and record.get("SetIdentifier", "") == identifier
        and any(ownership.owner_in(value) == settings.owner for value in _values(record))
    ]
    return own[0] if own else None


def same(one: RecordSet, other: RecordSet) -> bool:
    """Whether two record sets say the same."""
    return _said(one) == _said(other)


def submit(aws: Aws, zone: Zone, groups: Sequence[Sequence[Change]]) -> str:
    """Sends changes as one batch, and, where that is refused, each record with its note by itself. Answers the last
    refusal, empty when all went well."""
    batches = [[change for group in groups for change in group], *(groups if len(groups) > 1 else ())]
    refused = _send(aws, zone, batches[0])
    if refused:
        refused = next(filter(None, [_send(aws, zone, batch) for batch in batches[1:]]), "" if batches[1:] else refused)
    return refused


def bare(name: str) -> str:
    """A name without the dot at its end, in small letters; asterisks as they are written, not as Route 53 does."""
    return name.rstrip(".").lower().replace("\\052", "*")


def _send(aws: Aws, zone: Zone, changes: Sequence[Change]) -> str:
    action = "route53:ChangeResourceRecordSets"
    context = {
        f"{action}NormalizedRecordNames": sorted({bare(one["ResourceRecordSet"]["Name"]) for one in changes}),
        f"{action}RecordTypes": sorted({str(one["ResourceRecordSet"]["Type"]) for one in changes}),
        f"{action}Actions": sorted({str(one["Action"]) for one in changes}),
    }
    try:
        need = Need(action, _arn(zone.id), context)
        aws.call(action, [need], HostedZoneId=zone.id, ChangeBatch={"Changes": list(changes)})
    except RefusedError as error:
        return f"Failure in zone {zone.name}. when submitting change batch: {error}"
    return ""


def _is_meant(settings: Settings, zone_id: str, name: str) -> bool:
    if settings.zones and zone_id not in settings.zones:
        return False
    # A zone above the filtered domain may hold it, too.
    return not settings.domains or any(
        f".{domain}".endswith(f".{name}") or f".{name}".endswith(f".{domain}") for domain in settings.domains
    )


def _routing(endpoint: Endpoint) -> dict[str, Any]:
    if not endpoint.set_identifier:
        return {}
    by: dict[str, Any] = {"Region": endpoint.region} if endpoint.region else {}
    by |= {"Weight": int(endpoint.weight)} if endpoint.weight.isdigit() else {}
    return {"SetIdentifier": endpoint.set_identifier, **by}


def _said(record: RecordSet) -> tuple[Any, ...]:
    alias = record.get("AliasTarget")
    target = (bare(alias["DNSName"]), alias["HostedZoneId"]) if alias else None
    routing = (record.get("SetIdentifier", ""), record.get("Region"), record.get("Weight"))
    lifetime = None if alias else record.get("TTL")
    return (bare(record["Name"]), record["Type"], target, sorted(_values(record)), lifetime, routing)


def _values(record: RecordSet) -> list[str]:
    return [str(one["Value"]) for one in record.get("ResourceRecords", [])]


def _arn(zone_id: str) -> str:
    return f"arn:aws:route53:::hostedzone/{zone_id}"
