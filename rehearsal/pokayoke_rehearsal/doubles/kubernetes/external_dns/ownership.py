"""Whose a record is: the TXT record beside it says so.

Source: kubernetes-sigs/external-dns v0.22.0, registry/mapper/mapper.go, registry/txt/registry.go, endpoint/labels.go.
"""

from __future__ import annotations

from collections.abc import Mapping

from pokayoke_rehearsal.doubles.kubernetes.external_dns.settings import Settings

_TEMPLATE = "%{record_type}"


def txt_name(settings: Settings, name: str, kind: str) -> str:
    """The name of the TXT record of a record of this name and type."""
    kind = kind.lower()
    first, dot, rest = name.partition(".")
    if settings.wildcard and first == "*":
        first = settings.wildcard
    if _TEMPLATE not in settings.txt_prefix + settings.txt_suffix:
        first = f"{kind}-{first}"
    prefix, suffix = (affix.replace(_TEMPLATE, kind) for affix in (settings.txt_prefix, settings.txt_suffix))
    return f"{prefix}{first}{suffix}{dot}{rest}"


def note(settings: Settings, resource: str) -> str:
    """What the TXT record says, in its quotes."""
    labels = {"owner": settings.owner, "resource": resource}
    listed = ",".join(f"external-dns/{key}={value}" for key, value in sorted(labels.items()))
    return f'"heritage=external-dns,{listed}"'


def owner_in(value: str) -> str | None:
    """The owner that a TXT record's value names, None for a value that is none of ExternalDNS's."""
    said = [part.partition("=") for part in value.strip('"').split(",")]
    labels = {key: label for key, _, label in said}
    return labels.get("external-dns/owner", "") if labels.get("heritage") == "external-dns" else None


def owner_of(
    settings: Settings, owners: Mapping[tuple[str, str], str], name: str, kind: str, set_identifier: str
) -> str:
    """The owner of a record, by the owners that TXT records of a name and set identifier state; empty for none."""
    kinds = {"a": ("a", "cname")}.get(kind.lower(), (kind.lower(),))
    found = (owners.get((txt_name(settings, name, one), set_identifier)) for one in kinds)
    return next((owner for owner in found if owner is not None), "")
