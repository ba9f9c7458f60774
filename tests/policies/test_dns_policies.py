"""The policies `stale-dns-record` and `alias-zone-mismatch`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, lbc, obj

STALE, ZONE = "stale-dns-record", "alias-zone-mismatch"
RECORD = "aws:route53/record:Record"
NLB = "k8s-edge-gateway-0123456789-0123456789abcdef.elb.ap-northeast-2.amazonaws.com"
ALB = "internal-k8s-shop-0123456789-1234567890.ap-northeast-2.elb.amazonaws.com"
IN_TREE = "a0123456789abcdef0123456789abcde-1234567890.ap-northeast-2.elb.amazonaws.com"
OWN_NLB = "shop-0123456789abcdef.elb.ap-northeast-2.amazonaws.com"
OWN_ALB = "dualstack.shop-1234567890.ap-northeast-2.elb.amazonaws.com"
NETWORK, APPLICATION, NETWORK_TOKYO = "ZIBE1TIR4HY56", "ZWKZPGTI48KDX", "Z31USIVHYNEOWT"
"""Hosted zones of balancers: of both kinds in Seoul, of Network Load Balancers in Tokyo."""


def alias(host: Any, zone: Any = UNKNOWN, **fields: Any) -> Resource:
    aliases = [{"name": host, "zoneId": zone, "evaluateTargetHealth": True}]
    return Resource(
        RECORD, "record", {"name": "x.example.com", "type": "A", "zoneId": "Z1", "aliases": aliases}, **fields
    )


def cname(*hosts: Any, kind: str = "CNAME", **fields: Any) -> Resource:
    said = {"name": "x.example.com", "type": kind, "zoneId": "Z1", "ttl": 60, "records": list(hosts)}
    return Resource(RECORD, "record", said, **fields)


@pytest.mark.parametrize("host", [NLB, ALB, IN_TREE, f"{NLB}."])
def test_a_record_at_a_balancer_of_a_controllers_making_is_refused(host: str, pack: Pack) -> None:
    for record, path in ((alias(host), "aliases[0].name"), (cname(host), "records[0]")):
        found = pack.of_stack(record)
        ((name, message),) = found.pop(STALE)
        assert name == "record"
        assert message.startswith(f"{path} points at")
        assert "a load balancer of a controller's making in ap-northeast-2" in message
        assert "Let ExternalDNS own the record" in message
        assert found == {}


@pytest.mark.parametrize(
    "record",
    [
        alias(OWN_NLB, NETWORK),
        alias(OWN_ALB, APPLICATION),
        alias("d111111abcdef8.cloudfront.net", "Z2FDTNDATAQYW2"),
        alias(UNKNOWN),
        cname("example.com"),
        cname(UNKNOWN),
        cname(NLB, kind="TXT"),
        cname("203.0.113.1", kind="A"),
    ],
    ids=["nlb", "alb", "cloudfront", "unknown", "cname", "unknown-cname", "txt", "address"],
)
def test_records_at_other_things_pass(record: Resource, pack: Pack) -> None:
    assert pack.of_stack(record) == {}


def test_a_record_whose_value_comes_from_an_object_in_the_cluster_is_refused_though_unknown(pack: Pack) -> None:
    service = obj("web", "Service", "lbc", spec={"type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb"})
    record = cname(UNKNOWN, sources={"records": "web"})
    ((_, message),) = pack.of_stack(*IN_CLUSTER, *lbc(), service, record)[STALE]
    assert "the load balancer of 'web', which a controller makes" in message
    settings = obj("settings", "ConfigMap", data={"host": "x"})
    assert pack.of_stack(*IN_CLUSTER, settings, cname(UNKNOWN, sources={"records": "settings"})) == {}


def test_a_balancer_that_an_object_of_the_stack_names_is_a_controllers(pack: Pack) -> None:
    key = "service.beta.kubernetes.io/aws-load-balancer-name"
    said = {"type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb"}
    service = obj("web", "Service", "lbc", metadata={"annotations": {key: "shop"}}, spec=said)
    assert STALE in pack.of_stack(*IN_CLUSTER, *lbc(), service, alias(OWN_NLB, NETWORK))


def test_a_balancer_that_the_stack_makes_itself_is_followed(pack: Pack) -> None:
    balancer = Resource("aws:lb/loadBalancer:LoadBalancer", "lb", {"loadBalancerType": "network"})
    assert pack.of_stack(balancer, alias(UNKNOWN, UNKNOWN, sources={"aliases": "lb"})) == {}


def test_the_native_providers_records_are_judged_too(pack: Pack) -> None:
    target = {"dnsName": NLB, "hostedZoneId": APPLICATION}
    said = {"name": "x", "type": "A", "hostedZoneId": "Z1", "aliasTarget": target}
    found = pack.of_stack(Resource("aws-native:route53:RecordSet", "r", said))
    assert set(found) == {STALE, ZONE}
    group = {"recordSets": [{"name": "x", "type": "CNAME", "resourceRecords": [ALB]}, said]}
    found = pack.of_stack(Resource("aws-native:route53:RecordSetGroup", "g", group))
    assert found[STALE][0][1].startswith("recordSets[0].resourceRecords[0] points at")
    assert found[ZONE][0][1].startswith("recordSets[1].aliasTarget.hostedZoneId: ")


@pytest.mark.parametrize(
    ("host", "zone", "said"),
    [
        (OWN_NLB, APPLICATION, "the hosted zone of Application and Classic Load Balancers in ap-northeast-2"),
        (OWN_ALB, NETWORK, "the hosted zone of Network Load Balancers in ap-northeast-2"),
        (OWN_NLB, NETWORK_TOKYO, "the hosted zone of Network Load Balancers in ap-northeast-1"),
        (OWN_NLB, "Z0123456789EXAMPLE", "is not the hosted zone of Network Load Balancers in ap-northeast-2"),
    ],
)
def test_an_alias_with_the_zone_of_another_kind_or_region_is_refused(
    host: str, zone: str, said: str, pack: Pack
) -> None:
    found = pack.of_stack(alias(host, zone))
    ((name, message),) = found.pop(ZONE)
    assert name == "record"
    assert message.startswith("aliases[0].zoneId: ")
    assert said in message
    assert found == {}


def test_a_balancer_whose_name_is_not_known_yet_is_judged_by_its_type(pack: Pack) -> None:
    seoul = Resource("pulumi:providers:aws", "seoul", {"region": "ap-northeast-2"})
    for kind, right, wrong in (("network", NETWORK, APPLICATION), ("application", APPLICATION, NETWORK)):
        said = {"loadBalancerType": kind}
        balancer = Resource("aws:lb/loadBalancer:LoadBalancer", "lb", said, provider="seoul")
        assert pack.of_stack(seoul, balancer, alias(UNKNOWN, right, sources={"aliases": "lb"})) == {}
        assert ZONE in pack.of_stack(seoul, balancer, alias(UNKNOWN, wrong, sources={"aliases": "lb"}))


def test_a_region_of_which_nothing_is_known_is_not_judged(pack: Pack) -> None:
    assert pack.of_stack(alias("shop-0123456789abcdef.elb.xx-north-1.amazonaws.com", "Z1")) == {}
