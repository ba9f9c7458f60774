"""The policies `stale-dns-record` and `alias-zone-mismatch`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, lbc, obj
from judging import refused

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
        alias(UNKNOWN, NETWORK),
        cname("example.com"),
        cname(UNKNOWN),
        cname(NLB, kind="TXT"),
        cname("203.0.113.1", kind="A"),
    ],
    ids=["nlb", "alb", "cloudfront", "unknown", "unknown-with-zone", "cname", "unknown-cname", "txt", "address"],
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


SET, SETS = "aws-native:route53:RecordSet", "aws-native:route53:RecordSetGroup"


@pytest.mark.parametrize(
    ("kind", "said", "key", "path"),
    [
        (RECORD, {"type": "CNAME", "records": UNKNOWN}, "records", "records"),
        (RECORD, {"type": "CNAME", "records": [UNKNOWN]}, "records", "records[0]"),
        (RECORD, {"type": "A", "aliases": UNKNOWN}, "aliases", "aliases.name"),
        (RECORD, {"type": "AAAA", "aliases": [UNKNOWN]}, "aliases", "aliases[0].name"),
        (SET, {"type": "A", "aliasTarget": {"dnsName": UNKNOWN}}, "aliasTarget", "aliasTarget.dnsName"),
        (SET, {"type": "A", "aliasTarget": UNKNOWN}, "aliasTarget", "aliasTarget.dnsName"),
        (SET, {"type": "CNAME", "resourceRecords": UNKNOWN}, "resourceRecords", "resourceRecords"),
        (SETS, {"type": "A", "aliasTarget": {"dnsName": UNKNOWN}}, "recordSets", "recordSets[0].aliasTarget.dnsName"),
        (SETS, {"type": "CNAME", "resourceRecords": [UNKNOWN]}, "recordSets", "recordSets[0].resourceRecords[0]"),
    ],
    ids=lambda value: value.rpartition(":")[2] if isinstance(value, str) else "said",
)
def test_where_a_value_comes_from_tells_of_every_spelling_of_a_record(
    kind: str, said: dict[str, Any], key: str, path: str, pack: Pack
) -> None:
    service = obj("web", "Service", "lbc", spec={"type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb"})
    content = {"recordSets": [said]} if kind == SETS else {"name": "x.example.com", **said}
    record = Resource(kind, "record", content, sources={key: "web"})
    ((name, message),) = pack.of_stack(*IN_CLUSTER, *lbc(), service, record)[STALE]
    assert (name, message.partition(" points at ")[0]) == ("record", path)


def test_records_of_which_nothing_is_known_are_not_judged() -> None:
    service = obj("web", "Service", spec={"type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb"})
    for kind, said in ((SETS, {"recordSets": [UNKNOWN]}), (SETS, {"recordSets": UNKNOWN}), (RECORD, {"type": UNKNOWN})):
        record = Resource(kind, "record", said, sources={"recordSets": "web", "records": "web", "aliases": "web"})
        assert STALE not in refused(*IN_CLUSTER, service, record)


OF_INGRESS = {"annotations": {"alb.ingress.kubernetes.io/load-balancer-name": "shop"}}
OF_SERVICE = {"annotations": {"service.beta.kubernetes.io/aws-load-balancer-name": "shop"}}


@pytest.mark.parametrize(
    "maker",
    [
        obj("a", "Ingress", api="networking.k8s.io/v1", metadata=OF_INGRESS),
        obj("a", "Service", metadata=OF_SERVICE),
        obj("a", "Gateway", api="gateway.networking.k8s.io/v1", spec={"infrastructure": OF_SERVICE}),
        obj("a", "LoadBalancerConfiguration", api="gateway.k8s.aws/v1beta1", spec={"loadBalancerName": "shop"}),
    ],
    ids=["ingress", "service", "gateway", "configuration"],
)
def test_the_name_of_a_balancer_may_be_given_in_every_maker_of_one(maker: Resource) -> None:
    assert refused(*IN_CLUSTER, maker, alias(OWN_NLB, NETWORK))[STALE] == {"record"}
    assert STALE not in refused(*IN_CLUSTER, maker, alias(OWN_NLB.replace("shop", "other"), NETWORK))


def test_an_annotation_of_another_kind_names_no_balancer() -> None:
    maker = obj("a", "Service", metadata={"annotations": {"example.com/name": "shop", "load-balancer-name": "shop"}})
    assert STALE not in refused(*IN_CLUSTER, maker, alias(OWN_NLB, NETWORK))
    other = obj("a", "Other", api="example.com/v1", spec={"loadBalancerName": "shop"})
    assert STALE not in refused(*IN_CLUSTER, other, alias(OWN_NLB, NETWORK))


@pytest.mark.parametrize(
    ("kind", "said", "judged"),
    [
        ("lb", {}, True),
        ("alb", {"loadBalancerType": "application"}, True),
        ("elb", {}, True),
        ("lb", {"loadBalancerType": "gateway"}, False),
        ("lb", {"loadBalancerType": UNKNOWN}, False),
    ],
    ids=["unsaid", "application", "classic", "gateway", "not-known"],
)
def test_the_kind_of_an_unnamed_balancer_follows_from_its_resource(kind: str, said: Any, judged: bool) -> None:
    balancer = Resource(f"aws:{kind}/loadBalancer:LoadBalancer", "lb", {"region": "ap-northeast-2", **said})
    for zone, wrong in ((NETWORK, True), (APPLICATION, False)):
        found = refused(balancer, alias(UNKNOWN, zone, sources={"aliases": "lb"}))
        assert (ZONE in found) == (judged and wrong)


def test_one_of_several_balancers_is_not_guessed() -> None:
    several = [Resource("aws:lb/loadBalancer:LoadBalancer", name, {"region": "ap-northeast-2"}) for name in "ab"]
    assert ZONE not in refused(*several, alias(UNKNOWN, NETWORK, sources={"aliases": ("a", "b")}))
    bucket = Resource("aws:s3/bucket:Bucket", "bucket", {"region": "ap-northeast-2"})
    assert ZONE in refused(several[0], bucket, alias(UNKNOWN, NETWORK, sources={"aliases": ("a", "bucket")}))
    assert ZONE not in refused(bucket, alias(UNKNOWN, NETWORK, sources={"aliases": "bucket"}))
    regionless = Resource("aws:lb/loadBalancer:LoadBalancer", "a", {})
    assert ZONE not in refused(regionless, alias(UNKNOWN, NETWORK, sources={"aliases": "a"}))


def test_a_record_of_another_type_keeps_no_other_from_being_judged() -> None:
    text = Resource(RECORD, "a", cname("x", kind="TXT").properties)
    assert refused(text, cname(NLB))[STALE] == {"record"}
