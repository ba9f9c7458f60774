"""ExternalDNS: which records follow routes and Services, whose they are, and what stays when it may not or goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from kube_dns import NLB, NLB_ZONE, ROUTE, Dns
from kube_provider import REGION

from pokayoke_rehearsal.doubles.kubernetes.attachment import GATEWAY
from pokayoke_rehearsal.doubles.kubernetes.charts import Installation, ValuesError
from pokayoke_rehearsal.doubles.kubernetes.external_dns import charts, ownership, running
from pokayoke_rehearsal.doubles.kubernetes.external_dns.settings import settings_of
from pokayoke_rehearsal.doubles.kubernetes.helm import Helm
from pokayoke_rehearsal.doubles.kubernetes.manifests import gateway_api
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import at
from pokayoke_rehearsal.world.model import World
from pokayoke_rehearsal.world.moto_aws import MotoAws


@pytest.fixture(scope="module")
def started() -> Iterator[World]:
    """A world with AWS in it; starting that takes longer than all that is then asked of it."""
    made = World()
    made.waits.patience = 0.0
    made.start(lambda world: MotoAws(world))
    yield made
    made.stop()


@pytest.fixture
def world(started: World) -> Iterator[World]:
    """The world, without what other tests' clusters wait for."""
    started.waits.timers.clear()
    yield started
    client = started.client("route53", REGION)
    for zone in client.list_hosted_zones()["HostedZones"]:
        records = client.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
        changes = [
            {"Action": "DELETE", "ResourceRecordSet": one} for one in records if one["Type"] not in ("NS", "SOA")
        ]
        if changes:
            client.change_resource_record_sets(HostedZoneId=zone["Id"], ChangeBatch={"Changes": changes})
        client.delete_hosted_zone(Id=zone["Id"])


@pytest.fixture
def dns(world: World, nodes: Cluster, monkeypatch: pytest.MonkeyPatch) -> Dns:
    made = Dns(world, nodes)
    monkeypatch.setattr(running, "_aws", lambda _cluster, pod, _account, _name: made.aws(pod))
    for definition in gateway_api.standard_install("v1.6.1"):
        nodes.apply(definition, "me")
    listener = {"name": "https", "port": 443, "protocol": "HTTP"}
    gateway = {
        "apiVersion": GATEWAY.api_version,
        "kind": GATEWAY.kind,
        "metadata": {"name": "public", "namespace": "default"},
        "spec": {"gatewayClassName": "other", "listeners": [listener]},
    }
    nodes.set_status(nodes.apply(gateway, "me"), {"addresses": [{"type": "Hostname", "value": NLB}]})
    return made


def test_a_routes_host_gets_aliases_of_the_gateways_balancer_and_notes_of_their_owner(dns: Dns) -> None:
    dns.run()
    dns.route()
    found = dns.records()
    alias = {"HostedZoneId": NLB_ZONE, "DNSName": f"{NLB}.", "EvaluateTargetHealth": True}
    for kind in ("A", "AAAA"):
        assert found.pop(("shop.dev.example.com", kind))["AliasTarget"] == alias
        note = found.pop((f"external-dns-{kind.lower()}.shop.dev.example.com", "TXT"))
        said = "heritage=external-dns,external-dns/owner=demo,external-dns/resource=httproute/default/shop"
        assert [one["Value"] for one in note["ResourceRecords"]] == [f'"{said}"']
    assert not found


def test_records_go_with_their_route_once_time_passes(dns: Dns) -> None:
    dns.run()
    dns.route()
    dns.cluster.delete(ROUTE, "shop", "default")
    assert dns.records()
    dns.passes()
    assert not dns.records()


def test_records_stay_behind_when_the_program_goes_first(dns: Dns) -> None:
    dns.run()
    dns.route()
    stored = Helm(dns.cluster).find("external-dns", "default")
    assert stored is not None
    Helm(dns.cluster).uninstall(stored)
    dns.cluster.delete(ROUTE, "shop", "default")
    dns.passes()
    assert len(dns.records()) == 4


def test_upsert_only_deletes_nothing(dns: Dns) -> None:
    dns.run(policy="upsert-only")
    dns.route()
    dns.cluster.delete(ROUTE, "shop", "default")
    dns.passes()
    assert len(dns.records()) == 4


def test_a_record_follows_the_gateway_to_another_balancer(dns: Dns) -> None:
    dns.run()
    dns.route()
    other = "k8s-edge-9z8y." + NLB.partition(".")[2]
    gateway = dns.cluster.get(GATEWAY, "public", "default")
    dns.cluster.set_status(gateway, {"addresses": [{"type": "Hostname", "value": other}]})
    assert dns.records()["shop.dev.example.com", "A"]["AliasTarget"]["DNSName"] == f"{other}."


@pytest.mark.parametrize("note", ["", "heritage=external-dns,external-dns/owner=other"], ids=["nobody", "other-owner"])
def test_a_name_that_is_somebody_elses_is_left_alone(dns: Dns, note: str) -> None:
    dns.put("shop.dev.example.com", "A", "203.0.113.1")
    if note:
        dns.put("external-dns-a.shop.dev.example.com", "TXT", f'"{note}"')
    dns.run()
    dns.route()
    dns.passes()
    (record,) = dns.records("A", "AAAA").values()
    assert record["ResourceRecords"] == [{"Value": "203.0.113.1"}]


@pytest.mark.parametrize(
    "host", ["shop.example.org", "shop.prod.example.com"], ids=["another-domain", "outside-of-the-filter"]
)
def test_a_host_that_no_filter_or_zone_lets_through_gets_no_record(dns: Dns, host: str) -> None:
    dns.run()
    dns.route(host)
    assert not dns.records()


def test_a_route_that_no_listener_took_gets_no_record(dns: Dns) -> None:
    dns.run()
    dns.route()
    dns.cluster.edit(dns.cluster.get(ROUTE, "shop", "default"), lambda route: route.pop("status"))
    dns.passes()
    assert not dns.records()


def test_records_of_several_regions_differ_by_their_identifier_and_region(dns: Dns) -> None:
    dns.run(extraArgs={"txt-wildcard-replacement": "any"})
    dns.route("*.dev.example.com", **{"set-identifier": "demo-apne2", "aws-region": REGION})
    found = dns.records()
    assert {(one["SetIdentifier"], one["Region"]) for one in found.values()} == {("demo-apne2", REGION)}
    assert {name for name, _ in found} == {
        "*.dev.example.com",
        "external-dns-a.any.dev.example.com",
        "external-dns-aaaa.any.dev.example.com",
    }
    dns.cluster.delete(ROUTE, "shop", "default")
    dns.passes()
    assert not dns.records()


def test_a_service_gives_its_host_by_annotation(dns: Dns) -> None:
    dns.run()
    meta = {"name": "tcp", "namespace": "default"}
    meta |= {"annotations": {"external-dns.kubernetes.io/hostname": "tcp.dev.example.com"}}
    spec = {"type": "LoadBalancer", "ports": [{"port": 5432}], "selector": {"app": "tcp"}}
    service = dns.cluster.apply({"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec}, "me")
    dns.cluster.set_status(service, {"loadBalancer": {"ingress": [{"hostname": "elsewhere.example.net"}]}})
    found = dns.records("CNAME")["tcp.dev.example.com", "CNAME"]
    assert (found["TTL"], found["ResourceRecords"]) == (300, [{"Value": "elsewhere.example.net"}])


def test_the_old_annotations_are_read_by_the_old_program_alone(dns: Dns) -> None:
    dns.run("1.21.1")
    dns.route(**{"set-identifier": "new-key"})
    assert all("SetIdentifier" not in one for one in dns.records().values())
    assert ("external-dns-cname.shop.dev.example.com", "TXT") in dns.records()


@pytest.mark.parametrize(
    ("version", "source", "told"),
    [
        ("1.21.1", "gateway-tlsroute", "failed to sync *v1alpha2.TLSRoute after 1m0s: context deadline exceeded"),
        ("1.22.0", "gateway-tcproute", "failed to sync *v1alpha2.TCPRoute after 1m0s: context deadline exceeded"),
        ("1.22.0", "gateway-tlsroute", ""),
    ],
)
def test_a_program_that_reads_kinds_as_nobody_serves_them_does_not_start(
    dns: Dns, version: str, source: str, told: str
) -> None:
    dns.run(version, sources=[source])
    (pod,) = dns.cluster.list("", "Pod", "default")
    waiting = at(pod, "status", "containerStatuses", 0, "state", "waiting")
    assert (waiting["message"] if waiting else "") == told


@pytest.mark.parametrize(
    ("less", "told"),
    [
        ({"types": ("CNAME",)}, "is not authorized to perform: route53:ChangeResourceRecordSets"),
        ({"zone": "Z000000000"}, "is not authorized to perform: route53:ListResourceRecordSets"),
    ],
    ids=["types", "zone"],
)
def test_what_the_role_lacks_is_told_and_tried_again(dns: Dns, less: dict[str, Any], told: str) -> None:
    dns.documents = [dns.policy(**less)]
    dns.run()
    dns.route()
    assert not dns.records()
    assert told in dns.told()
    dns.documents = [dns.policy()]
    dns.passes()
    assert len(dns.records()) == 4


def test_one_refused_record_does_not_hold_up_the_others(dns: Dns) -> None:
    dns.put("shop.dev.example.com", "TXT", '"verified"')
    dns.run()
    meta = {"name": "shop", "namespace": "default"}
    meta |= {"annotations": {"external-dns.kubernetes.io/hostname": "shop.dev.example.com,free.dev.example.com"}}
    spec = {"type": "LoadBalancer", "ports": [{"port": 80}], "selector": {"app": "shop"}}
    service = dns.cluster.apply({"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": spec}, "me")
    dns.cluster.set_status(service, {"loadBalancer": {"ingress": [{"hostname": "elsewhere.example.net"}]}})
    assert list(dns.records("CNAME")) == [("free.dev.example.com", "CNAME")]
    assert "RRSet of type CNAME with DNS name shop.dev.example.com. is not permitted" in dns.told()


@pytest.mark.parametrize(
    ("flags", "kind", "name"),
    [
        ({}, "A", "a-shop.dev.example.com"),
        ({"txtPrefix": "x-"}, "AAAA", "x-aaaa-shop.dev.example.com"),
        ({"txtPrefix": "%{record_type}-of."}, "A", "a-of.shop.dev.example.com"),
        ({"txtSuffix": "-y"}, "CNAME", "cname-shop-y.dev.example.com"),
    ],
)
def test_a_note_stands_where_its_prefix_or_suffix_puts_it(flags: dict[str, str], kind: str, name: str) -> None:
    rendered = charts.external_dns(Installation("external-dns", "default", "1.22.0", flags))
    (deployment,) = (obj for obj in rendered.objects if obj["kind"] == "Deployment")
    pod = deployment["spec"]["template"]
    assert ownership.txt_name(settings_of(pod), "shop.dev.example.com", kind) == name


def test_values_that_the_chart_refuses() -> None:
    for values, told in (
        ({"policy": "all"}, "policy must be one of"),
        ({"txtPrefix": "a", "txtSuffix": "b"}, "exclusive"),
    ):
        with pytest.raises(ValuesError, match=told):
            charts.external_dns(Installation("external-dns", "default", "1.22.0", values))


@pytest.mark.upstream
def test_the_defaults_that_matter_are_those_of_the_chart(shared: Path) -> None:
    stated = yaml.safe_load((shared / "data" / "charts" / "external-dns" / "values.yaml").read_text())
    for key, value in charts._DEFAULTS.items():
        if key in ("image", "serviceAccount", "service", "provider"):
            assert value.items() <= {**stated[key], "annotations": {}}.items(), key
        else:
            assert stated[key] == value, key
