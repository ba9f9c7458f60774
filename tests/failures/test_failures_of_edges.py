"""Naive mistakes with gateways and records, made with raw resources, and the logged errors seen."""

from __future__ import annotations

import pytest

from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Played, Stage

PROGRAM = """
import raw, raw_edge
cluster = raw.Cluster(raw.Network())
dns = raw_edge.ExternalDns(cluster)
raw_edge.named_service(cluster, dns.release)

istiod = raw_edge.istio(cluster, "istiod", profile="ambient", autoscaleEnabled=False)
raw_edge.istio(cluster, "gateway", istiod)
"""


@pytest.fixture(scope="module")
def played(stage: Stage) -> Played:
    """The old gateway chart beside ambient; and ExternalDNS that goes as soon as what it served is gone."""
    return stage.play(PROGRAM, [Act.UP, Act.DESTROY], look=records)


def records(inside: Inside) -> list[str]:
    client = inside.client("route53")
    return [
        f"{one['Name']} {one['Type']}"
        for zone in client.list_hosted_zones()["HostedZones"]
        for one in client.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
        if one["Type"] not in ("NS", "SOA")
    ]


def test_the_old_gateway_chart_stays_without_a_pod_beside_ambient(played: Played) -> None:
    """`istio-gateway-chart-in-ambient`"""
    up = played.results[0]
    (failed,) = up.failed
    assert "gateway" in str(failed)
    assert "ImagePullBackOff" in played.told


def test_records_outlive_an_external_dns_that_goes_with_what_it_served(played: Played) -> None:
    """`stale-dns-record`"""
    written = ["cname-tcp.dev.example.com. TXT", "tcp.dev.example.com. CNAME"]
    assert played.seen == [written, written]
    assert not played.results[1].ok
    assert "HostedZoneNotEmpty" in played.told
    assert {one.kind for one in played.left} == {"hosted zone", "record"}
