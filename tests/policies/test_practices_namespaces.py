"""What is asked of namespaces."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, TWO_CLUSTERS, obj, release, within

SLUG = "ns-default-deny"
NETWORKING = "networking.k8s.io/v1"
IN, OUT = "what comes in", "what goes out"
SHOP = obj("shop", "Namespace")
POD = obj("web", "Pod", metadata={"namespace": "shop"}, spec={})
ALL = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@pytest.fixture
def pack(anew: Pack) -> Pack:
    """In which each rule with settings is made anew."""
    return anew


def policy(name: str = "base", namespace: Any = "shop", **spec: Any) -> Resource:
    said = {**ALL, **spec}
    return obj(name, "NetworkPolicy", api=NETWORKING, metadata={"namespace": namespace}, spec=said)


def told(pack: Pack, *resources: Resource) -> list[tuple[str, str]]:
    found = pack.advice_on(*IN_CLUSTER, *resources).get(SLUG, [])
    return [(name, message.partition(";")[0]) for name, message in found]


def is_judged(pack: Pack, *resources: Resource) -> bool:
    found = pack.advice_on(*IN_CLUSTER, *resources)
    return SLUG not in [policy for _, policy in found.get("unknown", [])]


def denies(*ways: str) -> list[tuple[str, str]]:
    return [("shop", f"no policy of all of its pods denies {' or '.join(ways)}")] if ways else []


@pytest.mark.parametrize(
    ("policies", "ways"),
    [
        pytest.param([], (IN, OUT), id="none"),
        pytest.param([policy()], (), id="both-ways"),
        pytest.param([policy(policyTypes=["Ingress"])], (OUT,), id="in"),
        pytest.param([policy(policyTypes=["Egress"])], (IN,), id="out"),
        pytest.param([policy("a", policyTypes=["Ingress"]), policy("b", policyTypes=["Egress"])], (), id="two"),
        pytest.param([policy(policyTypes=None, egress=[{"ports": [{"port": 53}]}])], (), id="by-its-rules"),
        pytest.param([policy(podSelector={"matchLabels": {"app": "web"}})], (IN, OUT), id="some-pods"),
        pytest.param(
            [policy(podSelector={"matchExpressions": [{"key": "a", "operator": "Exists"}]})],
            (IN, OUT),
            id="by-expressions",
        ),
        pytest.param([policy(namespace="blog")], (IN, OUT), id="elsewhere"),
        pytest.param([policy(ingress=[{}])], (IN,), id="everybody"),
        pytest.param([policy(ingress=[{"from": [], "ports": []}])], (IN,), id="everybody-at-length"),
        pytest.param(
            [policy(), policy("b", egress=[{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}])], (OUT,), id="undone"
        ),
        pytest.param(
            [policy(egress=[{"to": [{"ipBlock": {"cidr": one}} for one in ("0.0.0.0/1", "128.0.0.0/1")]}])],
            (OUT,),
            id="in-halves",
        ),
        pytest.param(
            [policy(egress=[{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}}]}])], (), id="but-some"
        ),
        pytest.param([policy(ingress=[{"ports": [{"port": 80}]}])], (), id="one-port"),
        pytest.param([policy(ingress=[{"from": [{"namespaceSelector": {}}]}])], (), id="pods"),
    ],
)
def test_what_nobody_let_through_is_denied(pack: Pack, policies: list[Resource], ways: tuple[str, ...]) -> None:
    assert told(pack, SHOP, POD, *policies) == denies(*ways)


@pytest.mark.parametrize(
    ("resources", "told_of"),
    [
        pytest.param([SHOP], False, id="no-pods"),
        pytest.param([POD], False, id="a-namespace-of-others"),
        pytest.param([SHOP, obj("web", "Deployment", api="apps/v1", metadata={"namespace": "shop"})], True, id="pods"),
        pytest.param([SHOP, release("web", "web", namespace="shop")], True, id="a-release"),
        pytest.param([SHOP, release("web", "web", namespace="blog")], False, id="a-release-elsewhere"),
        pytest.param(
            [SHOP, Resource("kubernetes:helm.sh/v4:Chart", "web", {"chart": "web", "namespace": "shop"})],
            True,
            id="a-chart",
        ),
        pytest.param(
            [SHOP, POD, obj("odd", "Namespace", metadata={"name": {"no": "name"}})], True, id="beside-no-name"
        ),
        pytest.param(
            [SHOP, POD, obj("all", "CiliumClusterwideNetworkPolicy", api="cilium.io/v2")], False, id="cilium-s-own"
        ),
    ],
)
def test_namespaces_are_the_stack_s_own_and_run_pods(pack: Pack, resources: list[Resource], told_of: bool) -> None:
    assert bool(told(pack, *resources)) is told_of


def test_those_of_the_system_may_be_open(pack: Pack) -> None:
    system = obj("istio-system", "Namespace")
    assert told(pack, system, release("ztunnel", "ztunnel", namespace="istio-system")) == []


def test_each_cluster_has_its_own(pack: Pack) -> None:
    one = within("one", SHOP, POD)
    other = within("two", obj("there", "Namespace", metadata={"name": "shop"}), policy())
    assert [name for name, _ in told(pack, *TWO_CLUSTERS, *one, *other)] == ["shop"]
    for hidden in (policy("hidden", UNKNOWN), policy("hidden", egress=UNKNOWN)):
        assert [name for name, _ in told(pack, *TWO_CLUSTERS, *one, *within("two", hidden))] == ["shop"]
    for runs in (POD, release("web", "web", namespace="shop")):
        assert told(pack, *TWO_CLUSTERS, *within("one", SHOP), *within("two", runs)) == []
    everywhere = obj("all", "GlobalNetworkPolicy", api="projectcalico.org/v3")
    assert told(pack, *TWO_CLUSTERS, *one, *within("two", everywhere)) != []
    assert told(pack, *TWO_CLUSTERS, *one, *within("one", everywhere)) == []


@pytest.mark.parametrize(
    ("resources", "judged"),
    [
        pytest.param([obj("shop", "Namespace", metadata={"name": UNKNOWN}), POD], True, id="another-name"),
        pytest.param([SHOP, POD, policy(egress=UNKNOWN)], False, id="rules"),
        pytest.param([SHOP, POD, policy(), policy("b", egress=UNKNOWN)], True, id="rules-beside"),
        pytest.param([SHOP, POD, policy(namespace=UNKNOWN)], False, id="a-policy-of-any"),
        pytest.param([SHOP, policy(namespace=UNKNOWN)], True, id="of-no-pods"),
        pytest.param([SHOP, release("web", "web", namespace=UNKNOWN)], False, id="pods-of-any"),
        pytest.param(
            [SHOP, policy(), release("web", "web", namespace=UNKNOWN)], True, id="pods-of-any-in-a-closed-one"
        ),
        pytest.param(
            [obj("shop", "Namespace", metadata={"name": UNKNOWN}), release("web", "web", namespace=UNKNOWN)],
            False,
            id="both",
        ),
    ],
)
def test_what_is_not_known_is_said(pack: Pack, resources: list[Resource], judged: bool) -> None:
    assert told(pack, *resources) == []
    assert is_judged(pack, *resources) is judged


def test_what_goes_out_may_be_left_open() -> None:
    pack = Pack()
    pack.configure(SLUG, "ADVISORY", {"egress": False, "systemNamespaces": ["blog"]})
    assert told(pack, SHOP, POD, policy(policyTypes=["Ingress"])) == []
    assert told(pack, SHOP, POD) == denies(IN)
    blog = obj("blog", "Namespace")
    assert told(pack, blog, obj("web", "Pod", metadata={"namespace": "blog"}, spec={})) == []


def test_a_namespace_in_a_list_is_told_by_its_place(pack: Pack) -> None:
    listed = obj("all", "NamespaceList", items=[SHOP.properties])
    assert told(pack, listed, POD)[0][1].startswith("items[0]: no policy")
