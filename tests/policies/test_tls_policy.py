"""The policy `nlb-tls-termination`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, TWO_CLUSTERS, lbc, release
from judging import members

from pokayoke_policies.eks import label
from pokayoke_policies.objects import CHART
from pokayoke_policies.raw import UNKNOWN as LATER
from pokayoke_policies.raw import NotKnownError
from pokayoke_policies.stack import Stack
from pokayoke_policies.tls import a_policy_is_said_or_set, configuration_has_a_policy, service_has_all_of_it

SLUG = "nlb-tls-termination"
SERVICE, GATEWAY = "kubernetes:core/v1:Service", "kubernetes:gateway.networking.k8s.io/v1:Gateway"
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
ARN = "arn:aws:acm:ap-northeast-2:123456789012:certificate/a"
WHOLE = {
    f"{PREFIX}type": "external",
    f"{PREFIX}nlb-target-type": "ip",
    f"{PREFIX}scheme": "internet-facing",
    f"{PREFIX}ssl-cert": ARN,
    f"{PREFIX}ssl-ports": "443",
    f"{PREFIX}ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
}
PORTS = [{"name": "http", "port": 80}, {"name": "https", "port": 443, "appProtocol": "http"}]
LISTENERS = [{"name": "http", "port": 80, "protocol": "HTTP"}, {"name": "https", "port": 443, "protocol": "HTTP"}]


def service(ports: Any = None, **annotations: Any) -> dict[str, Any]:
    spec = {"type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb", "ports": ports or PORTS}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"annotations": changed(annotations)}, "spec": spec}


def gateway(listeners: Any = None, *, own: bool = False, **annotations: Any) -> dict[str, Any]:
    said = changed(annotations)
    metadata: dict[str, Any] = {"name": "g", **({} if own else {"annotations": said})}
    spec = {"gatewayClassName": "istio", "listeners": listeners or LISTENERS}
    if own:
        spec["infrastructure"] = {"annotations": said}
    return {"apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": metadata, "spec": spec}


def changed(annotations: dict[str, Any]) -> dict[str, Any]:
    """All annotations with these values instead; None takes one out."""
    said = {**WHOLE, **{PREFIX + key.replace("_", "-"): value for key, value in annotations.items()}}
    return {key: value for key, value in said.items() if value is not None}


def test_all_of_it_passes_on_services_and_gateways(pack: Pack) -> None:
    assert pack.refusals(SERVICE, service()) == {}
    assert pack.refusals(GATEWAY, gateway()) == {}
    assert pack.refusals(GATEWAY, gateway(own=True)) == {}


@pytest.mark.parametrize(
    ("target", "backend", "told"),
    [
        ("http", None, ""),
        ("http", "ssl", "sends TLS to port 443, which speaks plain HTTP"),
        ("https", None, "port 443 expects TLS from its clients"),
        (8443, None, "port 443 expects TLS from its clients"),
        (None, None, "port 443 expects TLS from its clients"),
    ],
)
def test_what_a_services_port_leads_to_speaks_as_it_is_named(
    target: Any, backend: str | None, told: str, pack: Pack
) -> None:
    """As ingress-nginx has it behind a balancer that decrypts: appProtocol is the balancer's clients'."""
    ports = [{"name": "https", "port": 443, "appProtocol": "https", **({"targetPort": target} if target else {})}]
    found = pack.refusals(SERVICE, service(ports, backend_protocol=backend))
    assert bool(found) == bool(told)
    assert all(told in message for messages in found.values() for message in messages)


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        ({"ssl_ports": None}, "ssl-ports", "it is left out, so every port speaks TLS"),
        ({"ssl_ports": ""}, "ssl-ports", "it is left out"),
        ({"ssl_ports": "8443"}, "ssl-ports", "names no port that is there"),
        ({"ssl_ports": "*"}, "ssl-ports", "names no port that is there"),
        ({"ssl_cert": None}, "ssl-cert", "the ports of ssl-ports stay without TLS"),
        ({"ssl_negotiation_policy": "ELBSecurityPolicy-2016-08"}, "ssl-negotiation-policy", "TLS 1.0 or 1.1"),
        (
            {"ssl_negotiation_policy": "ELBSecurityPolicy-TLS-1-1-2017-01"},
            "ssl-negotiation-policy",
            "TLS 1.0 or 1.1",
        ),
        ({"scheme": "public"}, "scheme", "it knows no such value"),
        ({"nlb_target_type": "pod"}, "nlb-target-type", "it knows no such value"),
        ({"backend_protocol": "ssl"}, "backend-protocol", "sends TLS to port 443, which speaks plain HTTP"),
    ],
    ids=str,
)
def test_what_is_missing_or_wrong_is_named_by_its_annotation(
    change: dict[str, Any], key: str, said: str, pack: Pack
) -> None:
    for kind, made, path in (
        (SERVICE, service(**change), "metadata.annotations"),
        (GATEWAY, gateway(**change), "metadata.annotations"),
        (GATEWAY, gateway(own=True, **change), "spec.infrastructure.annotations"),
    ):
        found = pack.refusals(kind, made)
        (message,) = found.pop(SLUG)
        assert message.startswith(f"{path}.{PREFIX}{key}: ")
        assert said in message
        assert found == {}


@pytest.mark.parametrize(
    "change",
    [
        {"ssl_ports": "443,8443"},
        {"ssl_ports": "https"},
        {"ssl_ports": 443},
        {"ssl_cert": UNKNOWN},
        {"ssl_ports": UNKNOWN},
        {"ssl_negotiation_policy": UNKNOWN},
        {"ssl_negotiation_policy": "ELBSecurityPolicy-TLS13-1-3-2021-06"},
        {"ssl_negotiation_policy": "ELBSecurityPolicy-FS-1-2-Res-2020-10"},
        {"scheme": None, "nlb_target_type": None},
        {"ssl_cert": None, "ssl_ports": None, "ssl_negotiation_policy": None},
        {"backend_protocol": "tcp"},
        {"backend_protocol": UNKNOWN},
    ],
    ids=str,
)
def test_other_spellings_and_what_is_not_known_yet_pass(change: dict[str, Any], pack: Pack) -> None:
    assert pack.refusals(SERVICE, service(**change)) == {}
    assert pack.refusals(GATEWAY, gateway(**change)) == {}


def test_one_port_needs_no_list_of_ports(pack: Pack) -> None:
    assert pack.refusals(SERVICE, service([{"port": 443}], ssl_ports=None)) == {}
    assert SLUG in pack.refusals(GATEWAY, gateway([LISTENERS[1]], ssl_ports=None))  # Istio adds its status port.


def test_a_listener_that_expects_tls_itself_is_refused_behind_the_certificate(pack: Pack) -> None:
    for protocol in ("HTTPS", "TLS"):
        ending = [LISTENERS[0], {"name": "https", "port": 443, "protocol": protocol, "tls": {"mode": "Terminate"}}]
        (message,) = pack.refusals(GATEWAY, gateway(ending))[SLUG]
        assert "port 443 expects TLS from its clients, and the balancer sends what it decrypted" in message
        assert pack.refusals(GATEWAY, gateway(ending, backend_protocol="ssl")) == {}


def test_a_service_of_another_type_is_no_concern_of_it(pack: Pack) -> None:
    inner = service(ssl_ports=None)
    inner["spec"]["type"] = "ClusterIP"
    assert pack.refusals(SERVICE, inner) == {}


def test_annotations_in_a_releases_values_are_judged_wherever_they_are(pack: Pack) -> None:
    values = {"edge": [{"service": {"annotations": changed({"scheme": "public"})}}]}
    (message,) = pack.refusals(RELEASE, {"chart": "app", "values": values})[SLUG]
    assert message.startswith(f"values.edge[0].service.annotations.{PREFIX}scheme: ")
    nginx = {"controller": {"service": {"annotations": changed({"ssl_ports": None})}}}
    assert SLUG in pack.refusals(RELEASE, {"chart": "ingress-nginx", "values": nginx})
    assert pack.refusals(RELEASE, {"chart": "app", "values": {"service": {"annotations": WHOLE}}}) == {}


def test_a_configuration_of_the_controllers_own_gateways_has_a_policy(pack: Pack) -> None:
    kind = "kubernetes:gateway.k8s.aws/v1:LoadBalancerConfiguration"

    def configured(**said: Any) -> dict[str, Any]:
        return {"spec": {"listenerConfigurations": [{"protocolPort": "HTTP:80"}, {"protocolPort": "TLS:443", **said}]}}

    assert pack.refusals(kind, configured(sslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06")) == {}
    (message,) = pack.refusals(kind, configured(sslPolicy="ELBSecurityPolicy-2016-08"))[SLUG]
    assert message.startswith("spec.listenerConfigurations[1].sslPolicy: it still takes TLS 1")


LEFT_OUT = [
    Resource(SERVICE, "x", service(ssl_negotiation_policy=None), after=("lbc",), provider="kubernetes"),
    Resource(GATEWAY, "x", gateway(ssl_negotiation_policy=None), after=("lbc", "kinds"), provider="kubernetes"),
    Resource(
        "kubernetes:gateway.k8s.aws/v1:LoadBalancerConfiguration",
        "x",
        {"spec": {"listenerConfigurations": [{"protocolPort": "TLS:443", "defaultCertificate": ARN}]}},
        after=("lbc", "kinds"),
        provider="kubernetes",
    ),
    release("x", "app", "lbc", values={"service": {"annotations": changed({"ssl_negotiation_policy": None})}}),
]


@pytest.mark.parametrize("made", LEFT_OUT, ids=["service", "gateway", "configuration", "release"])
def test_a_policy_that_is_left_out_is_the_controllers_own_which_is_old(made: Resource, pack: Pack) -> None:
    kinds = Resource("kubernetes:yaml/v2:ConfigFile", "kinds", {}, provider="kubernetes")
    found = pack.of_stack(*IN_CLUSTER, kinds, *lbc(), made)
    ((name, message),) = found.pop(SLUG)
    assert name == "x"
    assert "it is left out, which means ELBSecurityPolicy-2016-08, and that still takes TLS 1.0 or 1.1" in message
    assert found == {}
    old = {"defaultSSLPolicy": "ELBSecurityPolicy-TLS-1-1-2017-01"}
    assert SLUG in pack.of_stack(*IN_CLUSTER, kinds, *lbc(values=old), made)
    sound = {"defaultSSLPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}
    assert pack.of_stack(*IN_CLUSTER, kinds, *lbc(values=sound), made) == {}


def test_ports_and_listeners_that_are_not_known_yet_are_not_missed(pack: Pack) -> None:
    assert pack.refusals(GATEWAY, gateway(UNKNOWN)) == {}
    assert pack.refusals(SERVICE, service(UNKNOWN, ssl_ports="8443")) == {}
    assert pack.refusals(SERVICE, service([UNKNOWN, *PORTS], ssl_ports="8443")) == {}
    assert pack.refusals(SERVICE, service([{"port": 443, "appProtocol": UNKNOWN}])) == {}


@pytest.mark.parametrize("number", [None, "443", LATER, float("nan"), float("inf")], ids=str)
def test_a_port_without_a_number_has_its_name(number: Any) -> None:
    ports = [{"port": 80}, {"name": "https", "port": number}]
    assert not list(service_has_all_of_it(service(ports, ssl_ports="https"), old_default=False))
    assert list(service_has_all_of_it(service(ports, ssl_ports="http"), old_default=False))


def test_a_manifest_in_values_is_judged_once_as_what_it_is(pack: Pack) -> None:
    wrong = service(scheme="public")
    (message,) = pack.refusals(RELEASE, {"chart": "app", "values": {"extra": wrong}})[SLUG]
    assert message.startswith(f"values.extra: metadata.annotations.{PREFIX}scheme: ")
    for word in ("apiVersion", "kind"):
        values = {"extra": {word: "v1", "annotations": changed({"scheme": "public"})}}
        assert SLUG in pack.refusals(RELEASE, {"chart": "app", "values": values})


def test_listeners_that_are_not_known_yet_are_named() -> None:
    configured = {"spec": {"listenerConfigurations": LATER}}
    with pytest.raises(NotKnownError, match=r"^spec\.listenerConfigurations$"):
        list(configuration_has_a_policy(configured, old_default=False))


def left_out(*resources: Resource) -> list[tuple[str, str]]:
    found = a_policy_is_said_or_set(Stack(members(resources)))
    return [(label(urn), finding.problem.partition(": ")[0]) for urn, finding in found]


def test_the_controller_of_another_cluster_sets_no_policy_here() -> None:
    said = service(ssl_negotiation_policy=None)
    places = zip(("a", "b"), ("in-two", "in-one"), strict=True)
    services = [Resource(SERVICE, name, said, provider=provider) for name, provider in places]
    _, sound = lbc(values={"defaultSSLPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"})
    path = f"metadata.annotations.{PREFIX}ssl-negotiation-policy"
    assert left_out(*TWO_CLUSTERS, replace(sound, provider="in-two", after=()), *services) == [("b", path)]


def test_what_is_not_known_of_one_hides_no_policy_that_another_leaves_out() -> None:
    kind = "kubernetes:gateway.k8s.aws/v1:LoadBalancerConfiguration"
    listeners = UNKNOWN, [{"protocolPort": "TLS:443"}]
    made = [
        Resource(kind, name, {"spec": {"listenerConfigurations": said}})
        for name, said in zip("ab", listeners, strict=True)
    ]
    assert left_out(*made) == [("b", "spec.listenerConfigurations[0].sslPolicy")]


@pytest.mark.parametrize("kind", [RELEASE, CHART])
def test_values_leave_a_policy_out_at_the_place_of_the_annotations(kind: str) -> None:
    values = {"service": {"annotations": changed({"ssl_negotiation_policy": None})}}
    path = f"values.service.annotations.{PREFIX}ssl-negotiation-policy"
    assert left_out(Resource(kind, "web", {"chart": "app", "values": values})) == [("web", path)]
