"""What a user may say of gateways, their kinds and their controllers: refused at its field, with the way out."""

from typing import Any

import pytest
from moto.elbv2.ssl_policies import SSL_POLICIES

from pokayoke_eks import GatewayApiConfig, GatewayConfig, IstioConfig, LoadBalancerControllerConfig, RouteConfig
from pokayoke_eks.config import ConfigErrors
from pokayoke_eks.rules import combinations, system_nodes, tls_policies

LEGAL: dict[str, Any] = {
    "name": "demo",
    "region": "ap-northeast-2",
    "lifecycle": "disposable",
    "kubernetes": "1.36",
}


def test_what_is_left_out_is_the_tested_combination() -> None:
    row = combinations.COMBINATIONS[0]
    kinds = GatewayApiConfig.model_validate(LEGAL)
    assert (kinds.version, kinds.controller_version) == (row.gateway_api, row.load_balancer_controller)
    assert LoadBalancerControllerConfig.model_validate(LEGAL).version == row.load_balancer_controller
    assert IstioConfig.model_validate(LEGAL).version == row.istio


@pytest.mark.parametrize(
    ("model", "said", "text"),
    [
        (GatewayApiConfig, {"version": "v1.5.1"}, r"^version: Gateway API v1\.5\.1 is in no combination"),
        (GatewayApiConfig, {"version": "v1.6.1", "controller_version": "3.6.0"}, "is in no combination"),
        (GatewayApiConfig, {"manifest": "https://example.com/x.yaml"}, r"^manifest: .*is an address, not a file"),
        (GatewayApiConfig, {"manifest": "x.json"}, "is no YAML file"),
        (GatewayApiConfig, {"installed": True, "manifest": "x.yaml"}, r"^manifest: the cluster has these kinds"),
        (LoadBalancerControllerConfig, {"version": "2.17.0"}, r"Controller 2\.17\.0 is in no combination"),
        (LoadBalancerControllerConfig, {"tags": {"a=b": "c"}}, "takes no tag key with ="),
        (IstioConfig, {"version": "1.30.3"}, r"Istio 1\.30\.3 is in no combination"),
    ],
)
def test_what_could_not_work_is_refused(model: Any, said: dict[str, Any], text: str) -> None:
    with pytest.raises(ConfigErrors, match=text):
        model.model_validate({**LEGAL, **said})


def test_a_mesh_needs_larger_system_nodes_and_a_gateway_without_one_does_not() -> None:
    assert (system_nodes.smallest_type(), system_nodes.smallest_type(system_nodes.WITH_MESH)) == (
        "t4g.medium",
        "t4g.large",
    )


@pytest.mark.parametrize("name", ["ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS-1-2-2017-01", ""])
def test_no_listener_gets_a_policy_without_tls_1_3_or_with_less_than_1_2(name: str) -> None:
    finding = tls_policies.unfit_policy(name)
    assert finding is not None
    assert finding.slug == "nlb-tls-termination"
    assert tls_policies.unfit_policy(tls_policies.DEFAULT) is None


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"hosts": []}, "hosts: a certificate for no host means nothing"),
        ({"hosts": ["a.example.com", "a.example.com"]}, "named twice"),
        ({"hosts": [f"{index}.example.com" for index in range(17)]}, "a route takes 16"),
        ({"hosts": ["https://a.example.com"]}, "is an address"),
        ({"variant": "gce"}, "Write one of istio-ambient, nlb, alb"),
        ({"scheme": "public"}, "internet-facing or internal"),
        ({"gateway": "Edge"}, "cannot name a gateway"),
        ({"tls_policy": "ELBSecurityPolicy-2016-08"}, r"no TLS policy.*\[nlb-tls-termination\]"),
    ],
)
def test_a_gateway_that_could_not_work_is_refused_at_its_field(said: dict[str, Any], text: str) -> None:
    legal = {"name": "demo", "region": "ap-northeast-2", "lifecycle": "disposable", "hosts": ["a.example.com"]}
    GatewayConfig.model_validate(legal)
    with pytest.raises(ConfigErrors, match=text):
        GatewayConfig.model_validate({**legal, **said})


@pytest.mark.parametrize(
    "said", [{"port": 0}, {"port": 70000}, {"port": True}, {"path": "orders"}, {"service": "a_b"}, {"health": "//"}]
)
def test_a_route_that_could_not_work_is_refused(said: dict[str, Any]) -> None:
    legal = {"namespace": "shop", "service": "front", "port": 80}
    RouteConfig.model_validate(legal)
    with pytest.raises(ConfigErrors):
        RouteConfig.model_validate({**legal, **said})


def test_tls_policies_are_as_safe_as_said() -> None:
    for name, protocols in tls_policies.TLS_POLICIES.items():
        assert tuple(SSL_POLICIES[name]["ssl_protocols"]) == protocols
        assert all(one.startswith(("TLS_", "ECDHE-")) for one in SSL_POLICIES[name]["ciphers"])
