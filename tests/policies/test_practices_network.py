"""What is asked of a network, and where popular checks of the same are wrong."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

WORLD, DNS, ENDPOINT = "sg-no-world-admin", "vpc-dns-attributes", "endpoint-private-dns"
GROUP, RULE = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/securityGroupRule:SecurityGroupRule"
DIRECTED = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
NATIVE, NATIVE_RULE = "aws-native:ec2:SecurityGroup", "aws-native:ec2:SecurityGroupIngress"


def rule(first: Any, last: Any = None, protocol: Any = "tcp", **source: Any) -> dict[str, Any]:
    ranges = source or {"cidrBlocks": ["0.0.0.0/0"]}
    return {"protocol": protocol, "fromPort": first, "toPort": first if last is None else last, **ranges}


def told(pack: Pack, *rules: dict[str, Any]) -> list[str]:
    found = pack.advice(GROUP, {"ingress": list(rules)}).get(WORLD, [])
    return [message.partition(";")[0] for message in found]


@pytest.mark.parametrize(
    ("open_to_all", "what"),
    [
        pytest.param(rule(22), "SSH", id="ssh"),
        pytest.param(rule("22"), "SSH", id="as-text"),
        pytest.param(rule(20, 25, "6"), "SSH", id="within-a-range"),
        pytest.param(rule(3389), "remote desktops", id="remote-desktop"),
        pytest.param(rule(10250), "the kubelet", id="kubelet"),
        pytest.param(rule(30000), "NodePorts", id="the-first-node-port"),
        pytest.param(rule(32767), "NodePorts", id="the-last-node-port"),
        pytest.param(rule(30080, 30080), "NodePorts", id="a-node-port"),
        pytest.param(rule(10000, 65535), "the kubelet and NodePorts", id="two-of-them"),
        pytest.param(rule(0, 65535), "every port", id="every-port"),
        pytest.param(rule(0, 0, "-1"), "every port", id="everything"),
        pytest.param(rule(22, ipv6CidrBlocks=["::/0"]), "SSH", id="by-ipv6"),
        pytest.param(rule(22, cidrBlocks=["0.0.0.0/1", "128.0.0.0/1"]), "SSH", id="in-halves"),
        pytest.param(rule(22, cidrBlocks=["0.0.0.0/0", UNKNOWN]), "SSH", id="whatever-the-unknown-is"),
        pytest.param(rule(22, cidrBlocks=["10.0.0.1/0"]), "SSH", id="by-an-address-in-it"),
        pytest.param(rule(22, cidrBlocks=["no-range", "0.0.0.0/0"]), "SSH", id="beside-what-is-no-range"),
        pytest.param(rule(22, ipv6CidrBlocks=["2000::/3"]), "SSH", id="all-that-is-given-out-of-ipv6"),
    ],
)
def test_ports_of_administration_that_are_open_to_all_are_told(
    pack: Pack, open_to_all: dict[str, Any], what: str
) -> None:
    assert told(pack, rule(443), open_to_all) == [f"ingress[1]: it admits the internet to {what}"]


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(rule(443), id="a-load-balancer-s"),
        pytest.param(rule(80), id="its-redirect"),
        pytest.param(rule(22, cidrBlocks=["203.0.113.0/24"]), id="a-narrow-public-range"),
        pytest.param(rule(22, cidrBlocks=["10.0.0.0/8"]), id="a-private-range"),
        pytest.param(rule(0, 0, "-1", securityGroups=["sg-1"]), id="another-group"),
        pytest.param(rule(-1, -1, "icmp"), id="pings"),
        pytest.param(rule(29000, 29999), id="below-node-ports"),
        pytest.param(rule(32768, 40000), id="above-node-ports"),
    ],
)
def test_what_outsiders_may_reach_is_not(pack: Pack, sound: dict[str, Any]) -> None:
    """Prowler fails load balancers' groups, AWS-0107 once failed narrow public ranges."""
    assert pack.advice(GROUP, {"ingress": [sound]}) == {}


def test_open_egress_is_nobody_s_business(pack: Pack) -> None:
    """AWS-0104 and CKV_AWS_382 fail it; nodes need it."""
    assert pack.advice(GROUP, {"egress": [rule(0, 0, "-1")]}) == {}
    assert WORLD not in pack.advice(RULE, {"type": "egress", **rule(0, 0, "-1")})


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        pytest.param("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {"ingress": [rule(22)]}, id="default"),
        pytest.param(RULE, {"type": "ingress", **rule(22)}, id="rule"),
        pytest.param(DIRECTED, {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"}, id="v4"),
        pytest.param(DIRECTED, {"ipProtocol": "-1", "cidrIpv6": "::/0"}, id="v6"),
        pytest.param(NATIVE, {"securityGroupIngress": [{"ipProtocol": "-1", "cidrIp": "0.0.0.0/0"}]}, id="native"),
        pytest.param(NATIVE_RULE, {"ipProtocol": "-1", "cidrIpv6": "::/0"}, id="native-rule"),
    ],
)
def test_rules_are_judged_wherever_they_are_written(pack: Pack, kind: str, said: dict[str, Any]) -> None:
    (message,) = pack.advice(kind, said)[WORLD]
    assert message.startswith("ingress[0]: it admits" if "ngress" in "".join(said) else "it admits")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"ingress": UNKNOWN}, id="the-rules"),
        pytest.param({"ingress": [UNKNOWN]}, id="a-rule"),
        pytest.param({"ingress": [rule(22, cidrBlocks=[UNKNOWN])]}, id="a-range"),
        pytest.param({"ingress": [rule(22, cidrBlocks=UNKNOWN)]}, id="the-ranges"),
        pytest.param({"ingress": [rule(UNKNOWN)]}, id="a-port"),
    ],
)
def test_what_is_not_known_is_said_and_hides_no_other(pack: Pack, said: dict[str, Any]) -> None:
    assert pack.advice(GROUP, said) == {"unknown": [WORLD]}
    rules = said["ingress"]
    if isinstance(rules, list):
        assert len(pack.advice(GROUP, {"ingress": [*rules, rule(22)]})[WORLD]) == 1


def network(**said: Any) -> Resource:
    return Resource("aws:ec2/vpc:Vpc", "network", said)


CLUSTER = Resource("aws:eks/cluster:Cluster", "cluster", {"name": "demo"}, after=("network",))
NAMED = {"enableDnsHostnames": True}


@pytest.mark.parametrize(
    ("said", "messages"),
    [
        ({}, ["enableDnsHostnames: it is left out, which means false"]),
        ({"enableDnsHostnames": "false"}, ["enableDnsHostnames: it is off"]),
        ({**NAMED, "enableDnsSupport": False}, ["enableDnsSupport: it is off"]),
        (NAMED, []),
        ({**NAMED, "enableDnsSupport": "true"}, []),
    ],
)
def test_a_cluster_s_network_gives_names(pack: Pack, said: dict[str, Any], messages: list[str]) -> None:
    found = pack.advice_on(network(**said), CLUSTER).get(DNS, [])
    assert [message.partition(";")[0] for _, message in found] == messages
    assert {name for name, _ in found} <= {"network"}


def test_a_network_without_a_cluster_needs_none(pack: Pack) -> None:
    assert DNS not in pack.advice_on(network())


def endpoint(**said: Any) -> dict[str, Any]:
    whole = {"serviceName": "com.amazonaws.eu-west-1.ecr.api", "vpcEndpointType": "Interface", **said}
    return {"privateDnsEnabled": True, "securityGroupIds": ["sg-1"], **whole}


KIND = "aws:ec2/vpcEndpoint:VpcEndpoint"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"privateDnsEnabled": None}, "privateDnsEnabled: it is left out, which means false"),
        ({"privateDnsEnabled": False}, "privateDnsEnabled: it is off"),
        ({"securityGroupIds": []}, "securityGroupIds: it is left out, and the VPC's default group admits only itself"),
    ],
)
def test_an_endpoint_that_nobody_finds_is_told(pack: Pack, said: dict[str, Any], place: str) -> None:
    (message,) = pack.advice(KIND, endpoint(**said))[ENDPOINT]
    assert message.startswith(f"{place}; ")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"securityGroupIds": UNKNOWN},
        {"privateDnsEnabled": None, "vpcEndpointType": "Gateway"},
        {"privateDnsEnabled": None, "serviceName": "com.amazonaws.eu-west-1.s3"},
        {"privateDnsEnabled": None, "serviceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-1"},
        {"privateDnsEnabled": None, "serviceName": "example.com"},
    ],
)
def test_an_endpoint_with_names_or_of_a_service_that_has_none_is_not(pack: Pack, said: dict[str, Any]) -> None:
    assert pack.advice(KIND, endpoint(**said)) == {}
