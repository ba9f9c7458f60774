"""What is asked of a mesh in ambient mode."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack, Resource, told
from clusters import TWO_CLUSTERS, within

STRICT, WAYPOINT, HBONE = "mesh-mtls-strict", "mesh-l7-has-waypoint", "mesh-policy-admits-hbone"
PEERS = "kubernetes:security.istio.io/v1:PeerAuthentication"
POLICY, NETWORK = "kubernetes:security.istio.io/v1:AuthorizationPolicy", "kubernetes:networking.k8s.io/v1:NetworkPolicy"
REPOSITORY = {"repo": "https://istio-release.storage.googleapis.com/charts"}
ZTUNNEL = Resource(RELEASE, "ztunnel", {"chart": "ztunnel", "repositoryOpts": REPOSITORY})


@pytest.fixture
def pack() -> Pack:
    return Pack()


def peers(mode: Any, namespace: Any = "istio-system", **spec: Any) -> Resource:
    whole = {**({} if mode is None else {"mtls": {"mode": mode}}), **spec}
    return Resource(PEERS, "peers", {"metadata": {"name": "default", "namespace": namespace}, "spec": whole})


MODE = "spec.mtls.mode: "


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        pytest.param(peers("STRICT"), "", id="strict"),
        pytest.param(peers("PERMISSIVE"), "it is PERMISSIVE for the whole mesh", id="permissive"),
        pytest.param(peers("UNSET"), "it is left out, which means PERMISSIVE for the whole mesh", id="unset"),
        pytest.param(peers(None), "it is left out, which means PERMISSIVE for the whole mesh", id="left-out"),
        pytest.param(peers("PERMISSIVE", "shop"), "", id="of-a-namespace"),
        pytest.param(peers("PERMISSIVE", selector={"matchLabels": {"a": "b"}}), "", id="of-some-pods"),
        pytest.param(peers("DISABLE", "shop"), "it is DISABLE, which ambient mode does not know either", id="off"),
    ],
)
def test_the_mesh_takes_no_plain_text(pack: Pack, rule: Resource, message: str) -> None:
    assert told(pack, STRICT, rule) == ([("peers", MODE + message)] if message else [])


def test_a_mode_that_is_not_known_is_said(pack: Pack) -> None:
    found = pack.advice_on(peers(UNKNOWN))
    assert STRICT not in found
    assert found["unknown"]
    assert STRICT in pack.advice_on(ZTUNNEL, peers(UNKNOWN, "shop"))


def test_a_mesh_has_a_rule_for_all_of_it(pack: Pack) -> None:
    missing = [("ztunnel", "no PeerAuthentication is of the whole mesh")]
    assert told(pack, STRICT, ZTUNNEL) == missing
    assert told(pack, STRICT, ZTUNNEL, peers("STRICT", "shop")) == missing
    assert told(pack, STRICT, ZTUNNEL, peers("STRICT", selector={"matchLabels": {"a": "b"}})) == missing
    assert told(pack, STRICT, ZTUNNEL, peers("STRICT")) == []
    assert told(pack, STRICT) == []


def policy(*rules: dict[str, Any], **spec: Any) -> Resource:
    whole = {"selector": {"matchLabels": {"app": "web"}}, "rules": list(rules), **spec}
    return Resource(POLICY, "policy", {"metadata": {"name": "web", "namespace": "shop"}, "spec": whole})


METHODS = {"to": [{"operation": {"methods": ["GET"]}}]}


@pytest.mark.parametrize(
    ("rule", "sound"),
    [
        pytest.param(METHODS, False, id="methods"),
        pytest.param(
            {"to": [{"operation": {"ports": ["80"]}}, {"operation": {"notPaths": ["/x"]}}]}, False, id="paths"
        ),
        pytest.param({"from": [{"source": {"requestPrincipals": ["*"]}}]}, False, id="tokens"),
        pytest.param({"when": [{"key": "request.headers[x]", "values": ["y"]}]}, False, id="headers"),
        pytest.param({"to": [{"operation": {"ports": ["80"]}}]}, True, id="ports"),
        pytest.param({"from": [{"source": {"principals": ["*"], "namespaces": ["shop"]}}]}, True, id="identities"),
        pytest.param({"when": [{"key": "source.ip", "values": ["10.0.0.0/8"]}]}, True, id="addresses"),
        pytest.param({}, True, id="everything"),
    ],
)
def test_rules_on_http_go_to_a_waypoint(pack: Pack, rule: dict[str, Any], *, sound: bool) -> None:
    problem = [("policy", "spec.rules[1]: it judges HTTP")]
    assert told(pack, WAYPOINT, policy({}, rule), ZTUNNEL) == ([] if sound else problem)
    assert told(pack, WAYPOINT, policy({}, rule)) == []


@pytest.mark.parametrize("target", [{"targetRefs": [{"kind": "Service"}]}, {"targetRef": {"kind": "Gateway"}}])
def test_a_rule_with_a_target_is_a_waypoint_s(pack: Pack, target: dict[str, Any]) -> None:
    assert told(pack, WAYPOINT, policy(METHODS, **target), ZTUNNEL) == []


def test_rules_that_are_not_known_are_said(pack: Pack) -> None:
    found = pack.advice_on(policy(rules=UNKNOWN), ZTUNNEL)
    assert WAYPOINT not in found
    assert found["unknown"]


def namespace(mode: str = "ambient") -> Resource:
    labels = {"istio.io/dataplane-mode": mode, "pod-security.kubernetes.io/enforce": "restricted"}
    return Resource("kubernetes:core/v1:Namespace", "shop", {"metadata": {"name": "shop", "labels": labels}})


def network(*ingress: Any, name: str = "closed", to: dict[str, Any] | None = None, at: Any = "shop") -> Resource:
    spec = {"podSelector": to or {}, "ingress": list(ingress)}
    return Resource(NETWORK, name, {"metadata": {"name": name, "namespace": at}, "spec": spec})


def ports(*listed: Any) -> dict[str, Any]:
    return {"ports": [one if isinstance(one, dict) else {"port": one} for one in listed]}


WEB, TUNNEL = ports(8080), ports(15008)
SOME = {"matchLabels": {"app": "web"}}


@pytest.mark.parametrize(
    ("resources", "sound"),
    [
        pytest.param([network(WEB)], False, id="without"),
        pytest.param([network(WEB, TUNNEL)], True, id="beside"),
        pytest.param([network(ports(8080, 15008))], True, id="among-others"),
        pytest.param([network(ports({"port": 15000, "endPort": 15010}))], True, id="within-a-range"),
        pytest.param([network(ports({"port": 15000, "endPort": 15007}))], False, id="below"),
        pytest.param([network(ports(20000))], False, id="above"),
        pytest.param([network(ports({"port": UNKNOWN, "protocol": "UDP"}))], False, id="a-port-of-another-protocol"),
        pytest.param([network(ports({"port": 15008, "protocol": UNKNOWN}))], True, id="a-protocol-to-come"),
        pytest.param([network({"ports": [UNKNOWN]})], True, id="an-entry-to-come"),
        pytest.param([network(ports({"port": 15008, "protocol": "UDP"}))], False, id="of-another-protocol"),
        pytest.param([network(ports({"protocol": "TCP"}))], True, id="every-port-of-tcp"),
        pytest.param([network(ports("15008"))], True, id="as-text"),
        pytest.param([network(ports("hbone"))], True, id="by-name"),
        pytest.param([network({"from": [{"podSelector": {}}]})], True, id="every-port"),
        pytest.param([network()], True, id="nothing-is-meant-to-pass"),
        pytest.param([network(WEB), network(TUNNEL, name="mesh")], True, id="by-another-of-all-pods"),
        pytest.param([network(WEB, to=SOME), network(TUNNEL, name="mesh", to=SOME)], True, id="of-the-same-pods"),
        pytest.param([network(WEB), network(TUNNEL, name="mesh", to=SOME)], False, id="of-fewer-pods"),
        pytest.param([network(WEB), network(TUNNEL, name="mesh", at="other")], False, id="of-another-namespace"),
        pytest.param([network(WEB, at="other")], True, id="outside-the-mesh"),
        pytest.param([network(ports(UNKNOWN))], True, id="a-port-to-come"),
        pytest.param([network(UNKNOWN)], True, id="a-rule-to-come"),
        pytest.param([network({"ports": UNKNOWN})], True, id="ports-to-come"),
    ],
)
def test_the_tunnel_passes(pack: Pack, resources: list[Resource], *, sound: bool) -> None:
    problem = [("closed", "spec.ingress: no rule of it admits port 15008")]
    assert told(pack, HBONE, namespace(), *resources) == ([] if sound else problem)
    assert told(pack, HBONE, namespace("none"), *resources) == []


@pytest.mark.parametrize(
    "said",
    [
        network(WEB, at=UNKNOWN),
        Resource(NETWORK, "x", {"metadata": {"namespace": "shop"}, "spec": {"ingress": UNKNOWN}}),
    ],
)
def test_a_policy_that_is_not_known_is_said(pack: Pack, said: Resource) -> None:
    found = pack.advice_on(namespace(), said)
    assert HBONE not in found
    assert found["unknown"]


OTHERS = [
    Resource("kubernetes:example.com/v1:Peer", "other-peer", {"spec": {"mtls": {"mode": "DISABLE"}}}),
    Resource("kubernetes:example.com/v1:Rule", "other-rule", {"spec": {"rules": [METHODS]}}),
    Resource(
        "kubernetes:example.com/v1:Policy",
        "other-policy",
        {"metadata": {"namespace": "shop"}, "spec": {"podSelector": SOME, "ingress": [WEB]}},
    ),
    Resource(
        "kubernetes:core/v1:Pod",
        "other-namespace",
        {"metadata": {"name": "blog", "labels": {"istio.io/dataplane-mode": "ambient"}}, "spec": {}},
    ),
    Resource(RELEASE, "other-release", {"chart": "another"}),
]


def test_what_only_looks_like_it_is_no_part_of_the_mesh(pack: Pack) -> None:
    found = pack.advice_on(*OTHERS, ZTUNNEL, namespace(), network(WEB, at="blog"))
    assert not {WAYPOINT, HBONE} & found.keys()
    assert told(pack, WAYPOINT, policy(METHODS), OTHERS[-1]) == []
    assert [name for name, _ in told(pack, STRICT, *OTHERS, ZTUNNEL)] == ["ztunnel"]


def test_each_cluster_is_a_mesh_of_its_own(pack: Pack) -> None:
    there = [*TWO_CLUSTERS, *within("one", ZTUNNEL, namespace())]
    assert [name for name, _ in told(pack, STRICT, *there, *within("two", peers("STRICT")))] == ["ztunnel"]
    assert told(pack, STRICT, *there, *within("one", peers("STRICT"))) == []
    assert told(pack, WAYPOINT, *there, *within("two", policy(METHODS))) == []
    assert len(told(pack, WAYPOINT, *there, *within("one", policy(METHODS)))) == 1
    assert told(pack, HBONE, *there, *within("two", network(WEB))) == []
    assert "unknown" not in pack.advice_on(*there, *within("two", network(WEB, at=UNKNOWN)))
    assert len(told(pack, HBONE, *there, *within("one", network(WEB)), *within("two", network(TUNNEL, name="x")))) == 1
