"""What ExternalDNS may do: upstream's actions, on one zone.

Source: kubernetes-sigs/external-dns v0.22.0, `docs/tutorials/aws.md`, both policies. What differs from the minimal one,
and why:
- Changes and records are of the platform's zone, not of every zone in the account: the zone is one that we know.
- Changes are of the types of records that it is told to manage, and of the TXT records that say whose they are: so it
  can never take the zone's delegations, mail or name servers. The condition is that of upstream's second policy.
- Upstream lists tags of zones for a filter by tag. It is granted, on the zone, though the platform filters by id.
"""

from collections.abc import Sequence

from .document import Document, allow, document

VERSION = "0.22.0"
"""The version whose permissions these are."""


def records_policy(zone_arn: str, record_types: Sequence[str]) -> Document:
    """Keep records of these types in one zone."""
    changes = allow("ChangeRecords", ["route53:ChangeResourceRecordSets"], [zone_arn])
    types = {"route53:ChangeResourceRecordSetsRecordTypes": [*record_types, "TXT"]}
    return document(
        {**changes, "Condition": {"ForAllValues:StringEquals": types}},
        allow("ReadZone", ["route53:ListResourceRecordSets", "route53:ListTagsForResources"], [zone_arn]),
        # There is no narrower resource for it (upstream has the same).
        allow("FindZone", ["route53:ListHostedZones"], ["*"]),
    )
