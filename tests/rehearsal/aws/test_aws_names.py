"""Zones, records and certificates: what Route 53 and ACM refuse, wait for, and leave."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cloud import REGION, Cloud, Resource, refused

from pokayoke_rehearsal.doubles.base import ProviderError

RECORD, ZONE = "aws:route53/record:Record", "aws:route53/zone:Zone"
CERTIFICATE = "aws:acm/certificate:Certificate"
ALB, NLB = "ZWKZPGTI48KDX", "ZIBE1TIR4HY56"
BALANCER = "web-0123456789abcdef.elb.ap-northeast-2.amazonaws.com"


def adopted(cloud: Cloud, name: str = "example.com") -> dict[str, Any]:
    return cloud.invoke("aws:route53/getZone:getZone", name=name)


def record(cloud: Cloud, name: str, zone: str, full: str = "www.dev.example.com", **said: Any) -> Resource:
    given = {"type": "A", "records": ["203.0.113.1"], "ttl": 60} | said
    return cloud.create(RECORD, name, zoneId=zone, name=full, **given)


@pytest.fixture
def zone(clean: Cloud) -> str:
    """A zone that the stack makes and delegates."""
    parent = adopted(clean)["zoneId"]
    made = clean.create(ZONE, "zone", name="dev.example.com", forceDestroy=True)
    record(clean, "delegation", parent, "dev.example.com", type="NS", records=made.outputs["nameServers"])
    return made.id


def test_a_zone_that_is_adopted_is_presumed_once_and_is_nobodys_leftover(clean: Cloud) -> None:
    first, again = adopted(clean, "example.net"), adopted(clean, "example.net.")
    public = clean.invoke("aws:route53/getZone:getZone", name="example.net", privateZone=False)
    assert first["zoneId"] == again["zoneId"] == public["zoneId"]
    assert "example.net" in [found.note for found in clean.world.presumed()]
    record(clean, "by-hand", first["zoneId"], "www.example.net")
    left = [(found.kind, found.id) for found in clean.world.leftovers()[0]]
    assert left == [("record", f"{first['zoneId']} www.example.net A")]


def test_a_private_zone_is_not_presumed(clean: Cloud) -> None:
    with refused("no matching Route 53 Hosted Zone found"):
        clean.invoke("aws:route53/getZone:getZone", name="internal.example.com", privateZone=True)


def test_each_zone_has_name_servers_of_its_own(clean: Cloud) -> None:
    one, other = clean.create(ZONE, "one", name="a.example.com"), clean.create(ZONE, "other", name="a.example.com")
    assert not set(one.outputs["nameServers"]) & set(other.outputs["nameServers"])


def test_a_second_record_of_a_name_is_refused_unless_it_may_overwrite(clean: Cloud, zone: str) -> None:
    record(clean, "first", zone)
    told = "[Tried to create resource record set [name='www.dev.example.com.', type='A'] but it already exists]"
    with refused(f"InvalidChangeBatch: {told}"):
        record(clean, "second", zone)
    record(clean, "third", zone, records=["203.0.113.3"], allowOverwrite=True)
    assert (clean.read("first") or {})["records"] == ["203.0.113.3"]


CONFLICTS: dict[str, dict[str, Any]] = {
    "RRSet of type CNAME with DNS name www.dev.example.com. is not permitted as it conflicts": {
        "type": "CNAME",
        "records": ["example.com"],
    },
    "cannot be created because a latency RRSet with the same name, type and region already exists.": {
        "latencyRoutingPolicies": [{"region": REGION}],
        "setIdentifier": "other",
    },
    "cannot be created because a non simple rrset exists with the same name and type.": {},
}


@pytest.mark.parametrize("told", CONFLICTS, ids=["a name beside a CNAME", "a region twice", "simple beside latency"])
def test_records_of_one_name_must_agree(clean: Cloud, zone: str, told: str) -> None:
    record(clean, "first", zone, latencyRoutingPolicies=[{"region": REGION}], setIdentifier="seoul")
    with refused(told):
        record(clean, "second", zone, **CONFLICTS[told])


def test_latency_records_of_two_regions_are_two_and_go_one_by_one(clean: Cloud, zone: str) -> None:
    for name, region in (("seoul", REGION), ("tokyo", "ap-northeast-1")):
        record(clean, name, zone, latencyRoutingPolicies=[{"region": region}], setIdentifier=name)
    clean.delete("tokyo")
    assert (clean.read("seoul") or {})["setIdentifier"] == "seoul"


@pytest.mark.parametrize("wrong", [ALB, "Z2O1EMRO9K5GLX"])
def test_an_alias_of_a_network_balancer_lies_in_the_zone_of_network_balancers(
    clean: Cloud, zone: str, wrong: str
) -> None:
    def alias(name: str, zone_id: str) -> Resource:
        target = {"name": BALANCER, "zoneId": zone_id, "evaluateTargetHealth": True}
        return clean.create(RECORD, name, zoneId=zone, name="www", type="A", aliases=[target])

    with refused(f"type A in zone {wrong}, but the alias target name does not lie within the target zone"):
        alias("wrong", wrong)
    right = clean.invoke("aws:lb/getHostedZoneId:getHostedZoneId", loadBalancerType="network")["id"]
    assert alias("right", right).outputs["aliases"][0]["zoneId"] == NLB


def test_a_zone_with_records_stays_unless_it_is_forced(clean: Cloud) -> None:
    kept = clean.create(ZONE, "kept", name="kept.example.com")
    record(clean, "sub", kept.id, "sub.kept.example.com", type="NS", records=["ns1.example.net"])
    with refused("HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets"):
        clean.delete("kept")


@pytest.mark.parametrize(
    "said", [{"records": ["203.0.113.1"], "aliases": []}, {"setIdentifier": "x"}, {"weightedRoutingPolicies": []}]
)
def test_a_record_that_contradicts_itself_is_refused_in_preview(clean: Cloud, said: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match="must be specified"):
        clean.check(RECORD, "odd", name="www", type="A", zoneId="Z1", **said)


def test_certificates_of_a_name_share_one_validation_record_in_all_regions(clean: Cloud) -> None:
    def asked(name: str, **said: Any) -> set[tuple[str, str]]:
        made = clean.create(CERTIFICATE, name, domainName="dev.example.com", validationMethod="DNS", **said)
        options = made.outputs["domainValidationOptions"]
        return {(one["resourceRecordName"], one["resourceRecordValue"]) for one in options}

    here = asked("here", subjectAlternativeNames=["*.dev.example.com"])
    assert len(here) == 1
    assert asked("there", region="ap-northeast-1") == here


def test_a_validation_names_the_records_that_it_was_not_given(clean: Cloud) -> None:
    made = clean.create(CERTIFICATE, "certificate", domainName="dev.example.com", validationMethod="DNS")
    asked = {"certificateArn": made.id, "validationRecordFqdns": ["other.dev.example.com"]}
    with refused("missing dev.example.com DNS validation record: _"):
        clean.create("aws:acm/certificateValidation:CertificateValidation", "issued", **asked)


def test_a_certificate_that_was_issued_stays_so_when_its_record_goes(clean: Cloud, zone: str) -> None:
    made = clean.create(CERTIFICATE, "certificate", domainName="dev.example.com", validationMethod="DNS")
    option = made.outputs["domainValidationOptions"][0]
    proof = {"type": "CNAME", "records": [option["resourceRecordValue"]]}
    record(clean, "proof", zone, option["resourceRecordName"], **proof)
    clean.create("aws:acm/certificateValidation:CertificateValidation", "issued", certificateArn=made.id)
    clean.delete("proof")
    assert (clean.read("certificate") or {})["status"] == "ISSUED"


def test_a_certificate_stays_while_a_balancer_serves_it(clean: Cloud, zone: str) -> None:
    made = clean.create(CERTIFICATE, "certificate", domainName="dev.example.com", validationMethod="DNS")
    option = made.outputs["domainValidationOptions"][0]
    proof = {"type": "CNAME", "records": [option["resourceRecordValue"]]}
    record(clean, "proof", zone, option["resourceRecordName"], **proof)
    vpc = clean.create("aws:ec2/vpc:Vpc", "vpc", cidrBlock="10.0.0.0/16").id
    subnet = clean.create("aws:ec2/subnet:Subnet", "subnet", vpcId=vpc, cidrBlock="10.0.0.0/24").id
    inside = {"subnets": [subnet], "loadBalancerType": "network", "internal": True}
    balancer = clean.create("aws:lb/loadBalancer:LoadBalancer", "balancer", **inside).id
    group = clean.create("aws:lb/targetGroup:TargetGroup", "group", vpcId=vpc, port=80, protocol="TCP").id
    front = {"loadBalancerArn": balancer, "port": 443, "protocol": "TLS", "certificateArn": made.id}
    forward = [{"type": "forward", "targetGroupArn": group}]
    clean.create("aws:lb/listener:Listener", "listener", **front, defaultActions=forward)
    with refused(f"ResourceInUseException: Certificate {made.id} in account 123456789012 is in use."):
        clean.delete("certificate")
