"""What pods under NetworkPolicies reach, peer by peer and port by port."""

from typing import Any

import pytest

from pokayoke_eks.rules.network_policies import ALWAYS, IDENTITY, Need, Place, covers, cut_off, restricts

API, DNS = ALWAYS[0], ALWAYS[1]


def reached(rule: Any, need: Need) -> bool:
    return cut_off([{"egress": [rule]}], [need]) is None


def block(cidr: Any, *excepted: Any) -> dict[str, Any]:
    return {"to": [{"ipBlock": {"cidr": cidr, "except": list(excepted)}}]}


@pytest.mark.parametrize(
    ("policy", "directions"),
    [
        ({}, {"Ingress"}),
        ({"egress": []}, {"Ingress"}),
        ({"egress": [{}]}, {"Ingress", "Egress"}),
        ({"policyTypes": ["Egress"]}, {"Egress"}),
        ({"policyTypes": [], "egress": [{}]}, set()),
    ],
)
def test_directions_follow_from_what_a_policy_has_where_it_does_not_say(
    policy: dict[str, Any], directions: set[str]
) -> None:
    assert {one for one in ("Ingress", "Egress") if restricts(policy, one)} == directions


@pytest.mark.parametrize(
    ("selector", "other", "covered"),
    [
        ({}, {"matchLabels": {"app": "web"}}, True),
        ({"matchLabels": {"app": "web"}}, {"matchLabels": {"app": "web", "tier": "a"}}, True),
        ({"matchLabels": {"app": "web", "tier": "a"}}, {"matchLabels": {"app": "web"}}, False),
        ({"matchLabels": {"app": "web"}}, {"matchLabels": {"app": "db"}}, False),
        ({"matchLabels": {"app": "web"}}, {}, False),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, {"matchLabels": {"a": "b"}}, False),
        ({"matchExpressions": [{"key": "a"}]}, {"matchExpressions": [{"key": "a"}]}, True),
    ],
    ids=range(7),
)
def test_a_selector_covers_another_where_that_is_sure(selector: Any, other: Any, covered: bool) -> None:
    assert covers(selector, other) is covered


@pytest.mark.parametrize(
    ("cidr", "excepted", "through"),
    [
        ("10.0.0.0/8", [], True),
        ("10.0.0.7/8", [], True),
        ("10.1.2.3", [], True),
        ("0.0.0.0/0", [], True),
        ("203.0.113.0/24", [], False),
        ("10.0.0.0/16", ["10.0.0.0/8"], False),
        ("10.0.0.0/16", ["10.0.0.0/16"], False),
        ("10.0.0.0/16", ["10.0.1.0/24"], True),
        ("8.0.0.0/5", ["10.0.0.0/8"], False),
        ("8.0.0.0/5", ["10.0.0.0/9"], True),
        ("10.0.0.0/16", ["junk", None, "10.0.0.0/8"], False),
        ("10.0.0.0/16", ["fd00::/8", "10.0.0.0/8"], False),
        ("junk", [], True),
        (None, [], True),
        (5, [], True),
        ("fd00::/8", [], True),
    ],
    ids=str,
)
def test_the_api_server_is_behind_a_block_of_private_addresses(cidr: Any, excepted: Any, through: bool) -> None:
    assert reached(block(cidr, *excepted), API) is through


@pytest.mark.parametrize(
    ("cidr", "excepted", "through"),
    [
        ("169.254.170.23/32", [], True),
        ("0.0.0.0/0", [], True),
        ("0.0.0.0/0", ["10.0.0.0/8"], True),
        ("0.0.0.0/0", ["169.254.0.0/16"], False),
        ("0.0.0.0/0", ["10.0.0.0/8", "169.254.170.23/32"], False),
        ("10.0.0.0/8", [], False),
        ("169.254.169.254/32", [], False),
    ],
    ids=str,
)
def test_the_agent_of_pod_identity_has_an_address_of_its_own(cidr: str, excepted: Any, through: bool) -> None:
    assert reached(block(cidr, *excepted), IDENTITY) is through


def test_one_block_of_several_is_enough() -> None:
    peers = [*block("203.0.113.0/24")["to"], *block("10.0.0.0/8")["to"]]
    assert reached({"to": peers}, API)
    assert reached({"to": []}, API)


def test_peers_by_selector_are_pods_such_as_those_of_dns_and_never_the_api_server() -> None:
    peer = {"to": [{"namespaceSelector": {}}]}
    assert reached(peer, DNS)
    assert not reached(peer, API)
    assert not reached(peer, IDENTITY)


@pytest.mark.parametrize(
    ("port", "through"),
    [
        ({}, False),
        ({"protocol": "UDP"}, True),
        ({"port": 53}, False),
        ({"port": 53, "protocol": "UDP"}, True),
        ({"port": 53.0, "protocol": "UDP"}, True),
        ({"port": "dns", "protocol": "UDP"}, True),
        ({"port": 53, "protocol": "TCP"}, False),
        ({"port": 54, "protocol": "UDP"}, False),
        ({"port": 53, "endPort": 60, "protocol": "UDP"}, True),
        ({"port": 50, "endPort": 53, "protocol": "UDP"}, True),
        ({"port": 54, "endPort": 60, "protocol": "UDP"}, False),
        ({"port": 50, "endPort": 52, "protocol": "UDP"}, False),
        ({"port": 53, "protocol": None}, True),
    ],
    ids=str,
)
def test_a_port_without_a_protocol_is_of_tcp(port: Any, through: bool) -> None:
    assert reached({"ports": [port]}, Need(Place.DNS, 53, "UDP")) is through


def test_each_place_is_named_once_with_what_to_allow() -> None:
    finding = cut_off([{"egress": []}], ALWAYS)
    assert finding is not None
    assert finding.problem == ("its pods do not get through to the API server (TCP 443), DNS (UDP 53), DNS (TCP 53)")
    assert finding.remedy.count("kube-system") == 1
    assert "ports: [{port: 443}]}, {to: [{namespaceSelector" in finding.remedy
