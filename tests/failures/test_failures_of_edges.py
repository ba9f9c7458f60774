"""Naive mistakes with records, made with raw resources, and what is seen of them."""

from __future__ import annotations

import pytest

from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Played, Stage

PROGRAM = """
import raw, raw_edge
cluster = raw.Cluster(raw.Network())
dns = raw_edge.ExternalDns(cluster)
raw_edge.external_dns(cluster, dns.release, namespace="default")
raw_edge.named_service(cluster, dns.release)
"""


@pytest.fixture(scope="module")
def played(stage: Stage) -> Played:
    """ExternalDNS that goes as soon as what it served is gone, and another one whose service account has no role."""
    return stage.play(PROGRAM, [Act.UP, Act.DESTROY], look=lambda inside: (records(inside), warnings(inside)))


def warnings(inside: Inside) -> list[str]:
    told = [str(one["message"]) for one in inside.objects("Event")] if inside.has_cluster else []
    return [one for one in told if "Route 53" in one]


def records(inside: Inside) -> list[str]:
    client = inside.client("route53")
    return [
        f"{one['Name']} {one['Type']}"
        for zone in client.list_hosted_zones()["HostedZones"]
        for one in client.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
        if one["Type"] not in ("NS", "SOA")
    ]


def test_records_outlive_an_external_dns_that_goes_with_what_it_served(played: Played) -> None:
    """`stale-dns-record`"""
    written = ["cname-tcp.dev.example.com. TXT", "tcp.dev.example.com. CNAME"]
    assert [found for found, _ in played.seen] == [written, written]
    assert not played.results[1].ok
    assert "HostedZoneNotEmpty" in played.told
    assert {one.kind for one in played.left} == {"hosted zone", "record"}


def test_an_external_dns_without_a_role_runs_and_writes_nothing(played: Played) -> None:
    """`pod-identity-namespace-mismatch`: nothing fails, which is what makes it hard to find."""
    _, told = played.seen[0]
    (warning,) = told
    assert "records retrieval failed: operation error Route 53: ListHostedZones" in warning
    assert "no EC2 IMDS role found" in warning
