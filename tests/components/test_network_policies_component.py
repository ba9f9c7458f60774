"""A namespace is closed, and never to what every pod needs."""

from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from configs import CLUSTER, NAMED, NETWORK, here
from pulumi_kubernetes.core.v1 import Namespace
from registrations import Registered, record

from pokayoke_eks import (
    Cluster,
    ClusterConfig,
    IdentityConfig,
    Network,
    NetworkConfig,
    NetworkPolicies,
    NetworkPoliciesConfig,
    WorkloadIdentity,
)
from pokayoke_eks.config import ConfigErrors
from pokayoke_rehearsal.doubles.kubernetes.initial import new_cluster

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
API_SERVER, CONTROL_PLANE, AGENT = "172.20.0.1", "10.0.7.9", "169.254.170.23"
"""The Service `kubernetes` in the range of the tests' cluster, an address in its private subnets, the agent."""
CONFIGS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "mesh": {"mesh": True},
    "much": {
        "webhook_ports": [9443],
        "ingress": [{"namespaces": ["gateway"], "ports": [8080]}, {"ranges": ["203.0.113.0/24"], "ports": [8443]}],
        "egress": [
            {"pods": {"app": "db"}, "ports": [5432]},
            {"ranges": ["0.0.0.0/0"], "ports": [123], "protocol": "UDP"},
        ],
    },
}


def policies(said: dict[str, Any]) -> Registered:
    shared = {**NAMED, "lifecycle": "disposable"}

    def program() -> None:
        network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), here())
        cluster = Cluster("demo", ClusterConfig.model_validate({**shared, **CLUSTER}), network=network, opts=here())
        home = Namespace("shop", metadata={"name": "shop"})
        NetworkPolicies("shop", NetworkPoliciesConfig.model_validate(said), cluster=cluster, namespace=home)

    return record(program)


@pytest.fixture(scope="module")
def made() -> dict[str, Registered]:
    return {name: policies(said) for name, said in CONFIGS.items()}


def rules(made: Registered, way: str, policy: str = "baseline") -> list[dict[str, Any]]:
    return next(one for one in made.of_type(POLICY) if one.name == f"shop-{policy}").inputs["spec"].get(way, [])


def reaches(rules: list[dict[str, Any]], peers: str, address: str, port: int, protocol: str = "TCP") -> bool:
    """Whether rules let an address through that is no pod's."""
    return any(
        any(ip_address(address) in ip_network(peer["ipBlock"]["cidr"]) for peer in rule[peers] if "ipBlock" in peer)
        and (not rule.get("ports") or {"port": port, "protocol": protocol} in rule["ports"])
        for rule in rules
    )


@pytest.mark.parametrize("config", CONFIGS)
def test_the_api_server_and_credentials_are_reached_whatever_is_stated(
    made: dict[str, Registered], config: str
) -> None:
    """`network-policy-blocks-api-server`"""
    out = rules(made[config], "egress")
    assert reaches(out, "to", API_SERVER, 443)
    assert reaches(out, "to", CONTROL_PLANE, 443)
    assert reaches(out, "to", AGENT, 80)
    assert not reaches(out, "to", "203.0.113.9", 443)


@pytest.mark.parametrize("config", CONFIGS)
def test_names_are_resolved_over_udp_and_tcp(made: dict[str, Registered], config: str) -> None:
    (dns,) = (rule for rule in rules(made[config], "egress") if "podSelector" in rule["to"][0])
    assert dns["to"][0]["podSelector"] == {"matchLabels": {"k8s-app": "kube-dns"}}
    assert dns["to"][0]["namespaceSelector"]["matchExpressions"][0]["values"] == ["kube-system"]
    assert dns["ports"] == [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]


def test_nothing_else_comes_in_and_nothing_else_goes_out(made: dict[str, Registered]) -> None:
    (baseline,) = made["nothing"].of_type(POLICY)
    assert baseline.inputs["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert baseline.inputs["spec"]["podSelector"] == {}
    assert rules(made["nothing"], "ingress") == []
    assert len(rules(made["nothing"], "egress")) == 3


def test_the_api_server_calls_webhooks_from_the_control_plane_s_subnets(made: dict[str, Registered]) -> None:
    """`webhook-not-ready`"""
    into = rules(made["much"], "ingress")
    assert reaches(into, "from", CONTROL_PLANE, 9443)
    assert not reaches(into, "from", CONTROL_PLANE, 8443)


def test_in_the_mesh_hbone_passes_both_ways_and_the_kubelet_s_probes_come_in(made: dict[str, Registered]) -> None:
    hbone = [{"port": 15008, "protocol": "TCP"}]
    into, out = rules(made["mesh"], "ingress"), rules(made["mesh"], "egress")
    assert any(rule.get("ports") == hbone for rule in into)
    assert any(rule.get("ports") == hbone for rule in out)
    assert reaches(into, "from", "169.254.7.127", 8080)


def test_what_is_stated_comes_on_top(made: dict[str, Registered]) -> None:
    into, out = rules(made["much"], "ingress", "allowed"), rules(made["much"], "egress", "allowed")
    assert into[0]["from"][0]["namespaceSelector"]["matchExpressions"][0]["values"] == ["gateway"]
    assert reaches(into, "from", "203.0.113.9", 8443)
    assert out[0]["to"] == [{"podSelector": {"matchLabels": {"app": "db"}}}]
    assert reaches(out, "to", "198.51.100.1", 123, "UDP")


@pytest.mark.parametrize("config", CONFIGS)
def test_the_api_server_takes_the_policies(made: dict[str, Registered], config: str) -> None:
    cluster, _ = new_cluster("demo", "1.36")
    cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}, "test")
    for one in made[config].of_type(POLICY):
        cluster.apply({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", **one.inputs}, "test")


def test_the_network_plugin_is_told_to_enforce_policies(made: dict[str, Registered]) -> None:
    """In text: the add-on's schema knows no true."""
    addon = made["nothing"].one("aws:eks/addon:Addon", addonName="vpc-cni")
    assert '"enableNetworkPolicy": "true"' in addon.inputs["configurationValues"]


def test_kube_system_gets_no_policies_of_one_owner() -> None:
    shared = {**NAMED, "lifecycle": "disposable"}

    def program() -> None:
        network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), here())
        cluster = Cluster("demo", ClusterConfig.model_validate({**shared, **CLUSTER}), network=network, opts=here())
        config = IdentityConfig(namespace="kube-system", service_account="orders")
        identity = WorkloadIdentity("orders", config, cluster=cluster, policies={})
        NetworkPolicies("orders", NetworkPoliciesConfig(), cluster=cluster, namespace=identity)

    with pytest.raises(ValueError, match="orders: kube-system holds pods of many owners"):
        record(program)


@pytest.mark.parametrize(
    ("traffic", "words"),
    [
        ({"ports": [80]}, "it is not said with whom"),
        ({"namespaces": ["shop"], "ranges": ["10.0.0.0/16"], "ports": [80]}, "it is said with whom twice"),
        ({"namespaces": ["shop"]}, "ports: it is missing"),
        ({"namespaces": ["shop"], "ports": []}, "these are 0 ports"),
        ({"namespaces": ["shop"], "ports": list(range(1, 26))}, "these are 25 ports"),
        ({"namespaces": ["shop"], "ports": [0]}, "0 is no port"),
        ({"namespaces": ["Shop"], "ports": [80]}, "'Shop' cannot name a namespace"),
        ({"namespaces": ["shop"], "ports": [80], "protocol": "ICMP"}, "is no protocol"),
    ],
    ids=["nobody", "twice", "no-ports", "empty-ports", "many-ports", "no-port", "no-namespace", "no-protocol"],
)
def test_traffic_that_means_nothing_is_refused(traffic: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigErrors, match=words):
        NetworkPoliciesConfig.model_validate({"egress": [traffic]})
