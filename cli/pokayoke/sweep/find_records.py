"""What ExternalDNS left behind in the platform's zone."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules import external_dns, names

from .leftover import Kind, Leftover, Place

_PREFIX, _, _ = external_dns.OWNERSHIP_PREFIX.partition("%")


def records(place: Place) -> Iterator[Leftover]:
    """The records that this cluster's ExternalDNS owns, and its notes of that."""
    if place.domain is None:
        return
    client = place.client("route53")
    for zone in client.list_hosted_zones_by_name(DNSName=place.domain)["HostedZones"]:
        if zone["Name"] != f"{place.domain}." or zone["Config"].get("PrivateZone"):
            continue
        pages = place.pages("route53", "list_resource_record_sets", HostedZoneId=zone["Id"])
        every = [one for page in pages for one in page["ResourceRecordSets"]]
        owned = [one for one in every if _is_owners_note(one, names.record_owner(place.cluster, place.region))]
        noted = {_noted(one) for one in owned}
        for one in every:
            if one in owned or _key(one) in noted:
                handle = {"zone": zone["Id"], "record": one}
                yield Leftover(Kind.RECORD, f"{_name(one)} {one['Type']}", place.region, place.domain, handle=handle)


def _is_owners_note(record: Any, owner: str) -> bool:
    texts = [one["Value"] for one in record.get("ResourceRecords", [])]
    return record["Type"] == "TXT" and external_dns.is_note_of(owner, texts)


def _noted(note: Any) -> tuple[str, str, str | None]:
    """Of which record a note speaks: its type is in the note's first label, an asterisk is spelt as a word."""
    first, _, name = _name(note).partition(".")
    kind = first.removeprefix(_PREFIX).upper()
    head, _, rest = name.partition(".")
    return kind, f"*.{rest}" if head == external_dns.WILDCARD else name, note.get("SetIdentifier")


def _key(record: Any) -> tuple[str, str, str | None]:
    return record["Type"], _name(record), record.get("SetIdentifier")


def _name(record: Any) -> str:
    return str(record["Name"]).rstrip(".").replace("\\052", "*")
