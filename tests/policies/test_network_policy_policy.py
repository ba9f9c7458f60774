"""The policy `network-policy-blocks-api-server`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, IN_CLUSTER, LBC, TWO_CLUSTERS, identity, lbc, obj, release, within

SLUG = "network-policy-blocks-api-server"
API = {"to": [{"ipBlock": {"cidr": "172.20.0.1/32"}}, {"ipBlock": {"cidr": "10.0.0.0/16"}}], "ports": [{"port": 443}]}
DNS = {
    "to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
    "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
}
IDENTITY = {"to": [{"ipBlock": {"cidr": "169.254.170.23/32"}}], "ports": [{"port": 80}]}
LOGGED = {"ports": [{"port": 443}, {"port": 80}], "to": [{"namespaceSelector": {}}]}
"""The rule of the log: 443 and 80 to every namespace; the API server is in none."""


def policy(*egress: Any, name: str = "policy", selector: Any = None, namespace: Any = "web", **spec: Any) -> Resource:
    said = {"podSelector": selector or {}, "policyTypes": ["Egress"], "egress": list(egress), **spec}
    metadata = {"namespace": namespace}
    return obj(name, "NetworkPolicy", api="networking.k8s.io/v1", metadata=metadata, spec=said)


def of(label: str) -> dict[str, Any]:
    return {"matchLabels": {"app.kubernetes.io/name": label}}


def test_egress_with_what_every_pod_needs_passes(pack: Pack) -> None:
    assert pack.of_stack(*IN_CLUSTER, policy(API, DNS)) == {}
    assert pack.of_stack(*IN_CLUSTER, policy({})) == {}
    everywhere = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}]}
    assert pack.of_stack(*IN_CLUSTER, policy(everywhere)) == {}


def test_the_policy_of_the_log_is_refused(pack: Pack) -> None:
    found = pack.of_stack(policy(LOGGED, name="alb-controller-egress", selector=of(LBC), namespace="kube-system"))
    ((name, message),) = found.pop(SLUG)
    assert name == "alb-controller-egress"
    assert message.startswith("spec.egress: ")
    assert "do not get through to the API server (TCP 443), DNS (UDP 53), DNS (TCP 53)" in message
    assert "Add to egress: [{to: [{ipBlock: {cidr: the Service range}}" in message
    assert found == {}


@pytest.mark.parametrize(
    ("egress", "missing"),
    [
        ([DNS], "the API server (TCP 443)"),
        ([API], "DNS (UDP 53), DNS (TCP 53)"),
        ([API, {**DNS, "ports": [{"port": 53, "protocol": "UDP"}]}], "DNS (TCP 53)"),
        ([{**API, "ports": [{"port": 80}]}, DNS], "the API server (TCP 443)"),
        ([{**API, "ports": [{"port": 443, "protocol": "UDP"}]}, DNS], "the API server (TCP 443)"),
        ([{"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]}, DNS], "the API server (TCP 443)"),
        ([{"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}}]}, DNS], "the API server (TCP 443)"),
        ([], "the API server (TCP 443), DNS (UDP 53), DNS (TCP 53)"),
    ],
    ids=["dns-alone", "no-dns", "no-tcp", "another-port", "udp", "internet-alone", "excepted", "deny-all"],
)
def test_what_is_cut_off_is_named(egress: list[Any], missing: str, pack: Pack) -> None:
    ((_, message),) = pack.of_stack(policy(*egress))[SLUG]
    assert f"do not get through to {missing} [" in message


@pytest.mark.parametrize(
    "ports",
    [None, [{"port": 400, "endPort": 500}], [{"port": "https"}], [{"protocol": "TCP"}], [{"port": UNKNOWN}]],
    ids=str,
)
def test_ports_are_read_in_every_spelling(ports: Any, pack: Pack) -> None:
    rule = {key: value for key, value in {**API, "ports": ports}.items() if value is not None}
    assert pack.of_stack(policy(rule, DNS)) == {}


def test_policies_of_a_namespace_add_up(pack: Pack) -> None:
    deny = policy(name="deny")
    assert pack.of_stack(deny, policy(API, name="api"), policy(DNS, name="dns")) == {}
    assert pack.of_stack(deny, policy(API, DNS, name="api", namespace="shop"))[SLUG][0][0] == "deny"
    web = policy(API, name="web", selector=of("web"))
    ((name, _),) = pack.of_stack(web, policy(API, DNS, name="other", selector=of("other")))[SLUG]
    assert name == "web"
    assert pack.of_stack(web, policy(DNS, API, name="all")) == {}
    apart = [*within("one", deny), *within("two", policy(API, DNS, name="elsewhere"))]
    assert [name for name, _ in pack.of_stack(*TWO_CLUSTERS, *apart)[SLUG]] == ["deny"]
    of_some = [*within("one", web), *within("two", policy(API, DNS, name="elsewhere", selector=of("web")))]
    assert [name for name, _ in pack.of_stack(*TWO_CLUSTERS, *of_some)[SLUG]] == ["web"]


def test_only_egress_that_is_restricted_is_judged(pack: Pack) -> None:
    elsewhere = {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]}
    calicos = obj("other", "NetworkPolicy", api="projectcalico.org/v3", spec={"egress": [elsewhere]})
    assert SLUG not in pack.of_stack(calicos)
    assert pack.of_stack(policy(policyTypes=["Ingress"])) == {}
    said = {"podSelector": {}, "ingress": []}
    inward = obj("inward", "NetworkPolicy", api="networking.k8s.io/v1", spec=said)
    assert pack.of_stack(inward) == {}
    unsaid = obj("unsaid", "NetworkPolicy", api="networking.k8s.io/v1", spec={"podSelector": {}, "egress": [DNS]})
    assert SLUG in pack.of_stack(unsaid)


def test_pods_with_an_identity_reach_the_agent(pack: Pack) -> None:
    around = (*IN_CLUSTER, identity("app", namespace="web"))
    ((_, message),) = pack.of_stack(*around, policy(API, DNS))[SLUG]
    assert "do not get through to the Pod Identity agent (TCP 80)" in message
    assert pack.of_stack(*around, policy(API, DNS, IDENTITY)) == {}
    assert pack.of_stack(*around, policy(API, DNS, namespace="shop")) == {}
    bound = replace(identity("app", namespace="web"), sources={"clusterName": "one"})
    assert SLUG in pack.of_stack(*TWO_CLUSTERS, bound, *within("one", policy(API, DNS)))
    assert SLUG not in pack.of_stack(*TWO_CLUSTERS, bound, *within("two", policy(API, DNS)))


def redis(
    token: Any, name: str = "redis", namespace: str = "web", labels: Any = None, kind: str = "StatefulSet"
) -> Resource:
    said = {"containers": [{"name": "a", "image": "a:1", "resources": AMOUNTS}]}
    template = {
        "metadata": {"labels": of("redis")["matchLabels"] if labels is None else labels},
        "spec": said if token is None else {**said, "automountServiceAccountToken": token},
    }
    return obj(name, kind, api="apps/v1", metadata={"namespace": namespace}, spec={"template": template})


@pytest.mark.parametrize(
    ("pods", "reach"),
    [
        ([redis(False)], False),
        ([redis("false", kind="Deployment")], False),
        ([redis(False), redis(False, "other")], False),
        ([redis(False), redis(True, "other", labels={"app": "other"})], False),
        ([redis(False), redis(True, "other", namespace="shop")], False),
        ([redis(True)], True),
        ([redis(None)], True),
        ([redis(UNKNOWN)], True),
        ([redis(False), redis(None, "other")], True),
        ([redis(False, namespace="shop")], True),
        ([redis(False, labels={"app": "other"})], True),
        ([redis(False, labels=UNKNOWN)], True),
    ],
    ids=[
        *("none", "spelt", "none-of-two", "another-label", "another-namespace"),
        *("token", "default", "unknown", "one-of-two", "elsewhere", "others", "unknown-labels"),
    ],
)
def test_pods_that_mount_no_token_need_no_api_server(pods: list[Resource], reach: bool, pack: Pack) -> None:
    found = pack.of_stack(*pods, policy(DNS, selector=of("redis"))).get(SLUG, [])
    assert ["the API server (TCP 443)" in message for _, message in found] == [True] * reach
    ((_, message),) = pack.of_stack(*pods, policy(selector=of("redis")))[SLUG]
    assert "DNS (UDP 53), DNS (TCP 53)" in message


def test_of_a_whole_namespace_nobody_tells_that_no_pod_asks_the_api_server(pack: Pack) -> None:
    assert SLUG in pack.of_stack(redis(False), policy(DNS))


def test_pods_of_another_cluster_do_not_count(pack: Pack) -> None:
    on = policy(DNS, selector=of("redis"))
    assert SLUG not in pack.of_stack(*TWO_CLUSTERS, *within("one", redis(False), on))
    assert SLUG in pack.of_stack(*TWO_CLUSTERS, *within("two", redis(False)), *within("one", on))


def test_the_api_server_reaches_the_webhook_of_the_controller(pack: Pack) -> None:
    around = (*IN_CLUSTER, *lbc())
    inward = {"policyTypes": ["Ingress"], "namespace": "kube-system"}
    ((_, message),) = pack.of_stack(*around, policy(**inward, ingress=[]))[SLUG]
    assert message.startswith("spec.ingress: ")
    assert f"does not get through to the webhook of {LBC} on 9443" in message
    namespaces = [{"from": [{"namespaceSelector": {}}], "ports": [{"port": 9443}]}]
    assert SLUG in pack.of_stack(*around, policy(**inward, ingress=namespaces))
    blocks = [{"from": [{"ipBlock": {"cidr": "10.0.0.0/16"}}], "ports": [{"port": 9443}]}]
    assert pack.of_stack(*around, policy(**inward, ingress=blocks)) == {}
    assert pack.of_stack(*around, policy(**inward, selector=of("other"), ingress=[])) == {}
    assert SLUG in pack.of_stack(*around, policy(**inward, selector=of(LBC), ingress=[]))
    opened = policy(**inward, name="opened", selector=of(LBC), ingress=blocks)
    assert pack.of_stack(*around, policy(**inward, ingress=[]), opened) == {}
    controller = within("one", release("lbc", LBC))
    assert SLUG in pack.of_stack(*TWO_CLUSTERS, *controller, *within("one", policy(**inward, ingress=[])))
    assert SLUG not in pack.of_stack(*TWO_CLUSTERS, *controller, *within("two", policy(**inward, ingress=[])))


def test_pods_of_other_charts_have_no_webhook_and_istiod_goes_by_its_own_label(pack: Pack) -> None:
    closed = policy(policyTypes=["Ingress"], ingress=[], namespace="kube-system")
    assert SLUG not in pack.of_stack(*IN_CLUSTER, release("app", "podinfo"), closed)
    repository = {"repo": "https://istio-release.storage.googleapis.com/charts"}
    around = (*IN_CLUSTER, release("istiod", "istiod", repositoryOpts=repository))
    of_it = {"policyTypes": ["Ingress"], "ingress": [], "namespace": "kube-system"}
    assert SLUG in pack.of_stack(*around, policy(**of_it, selector={"matchLabels": {"app": "istiod"}}))
    assert SLUG not in pack.of_stack(*around, policy(**of_it, selector=of("istiod")))


def test_a_namespace_that_the_stack_makes_is_known_by_where_its_name_comes_from(pack: Pack) -> None:
    home = obj("home", "Namespace", metadata={"name": "web"})
    said = policy(DNS, namespace=UNKNOWN)
    inside = Resource(said.type, "inside", said.properties, None, sources={"metadata": "home"}, provider="kubernetes")
    assert set(pack.of_stack(*IN_CLUSTER, home, inside)) == {SLUG}
    assert pack.of_stack(*IN_CLUSTER, home, inside, policy(API, name="api")) == {}
    assert set(pack.of_stack(policy(DNS, namespace=UNKNOWN))) == {"unknown"}


@pytest.mark.parametrize(
    "later",
    [
        {"spec": {"policyTypes": ["Egress"], "egress": UNKNOWN}},
        {"spec": {"policyTypes": UNKNOWN, "egress": [DNS]}},
        {"spec": {"policyTypes": ["Egress"], "egress": [DNS], "ingress": UNKNOWN}},
        {"spec": {"policyTypes": ["Egress"], "egress": [DNS], "podSelector": UNKNOWN}},
        {"spec": {"policyTypes": ["Egress"], "egress": [DNS], "podSelector": {"matchLabels": UNKNOWN}}},
        {"spec": {"policyTypes": ["Egress"], "egress": [DNS]}, "metadata": UNKNOWN},
    ],
    ids=["egress", "types", "ingress", "selector", "labels", "metadata"],
)
def test_a_policy_is_judged_where_all_is_known_of_it(later: dict[str, Any], pack: Pack) -> None:
    made = policy()
    assert set(pack.of_stack(replace(made, properties={**made.properties, **later}))) == {"unknown"}


def test_what_is_not_known_yet_is_said_and_refuses_nothing(pack: Pack) -> None:
    hidden = obj("hidden", "NetworkPolicy", api="networking.k8s.io/v1", metadata={"namespace": "web"}, spec=UNKNOWN)
    assert set(pack.of_stack(hidden, policy(DNS))) == {"unknown"}
    assert set(pack.of_stack(hidden, policy(DNS, namespace="shop"))) == {"unknown", SLUG}
    last = policy(DNS, name="shop", namespace="shop")
    assert [name for name, _ in pack.of_stack(hidden, policy(DNS), last)[SLUG]] == ["shop"]
    for where, slugs in (("one", {"unknown"}), ("two", {"unknown", SLUG})):
        found = pack.of_stack(*TWO_CLUSTERS, *within("one", hidden), *within(where, policy(DNS)))
        assert {"unknown", SLUG} & set(found) == slugs
    block = {"to": [{"ipBlock": {"cidr": UNKNOWN}}], "ports": [{"port": 443}]}
    assert pack.of_stack(policy(block, DNS)) == {}


def test_a_policy_of_which_the_namespace_is_unknown_hides_those_of_its_own_cluster_alone(pack: Pack) -> None:
    untold = policy(API, DNS, name="untold", namespace=UNKNOWN)
    deny = policy(name="deny")
    assert SLUG not in pack.of_stack(*TWO_CLUSTERS, *within("one", deny, untold))
    assert [name for name, _ in pack.of_stack(*TWO_CLUSTERS, *within("one", deny), *within("two", untold))[SLUG]] == [
        "deny"
    ]
