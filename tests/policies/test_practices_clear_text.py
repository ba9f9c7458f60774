"""What is asked of load balancers that speak HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, TWO_CLUSTERS, lbc, obj, within

SLUG = "lb-tls-terminated"
NLB = "service.beta.kubernetes.io/aws-load-balancer-"
ALB = "alb.ingress.kubernetes.io/"
SOUND, OLD = "ELBSecurityPolicy-TLS13-1-2-2021-06", "ELBSecurityPolicy-TLS-1-2-2017-01"
DEFAULT = "it is left out, which means ELBSecurityPolicy-2016-08"
BEFORE = "it is one of before TLS 1.3"


def told(pack: Pack, *resources: Resource) -> list[str]:
    return [message.partition(";")[0] for _, message in pack.advice_on(*resources).get(SLUG, [])]


def is_said_to_be_unknown(pack: Pack, *resources: Resource) -> bool:
    return SLUG in [policy for _, policy in pack.advice_on(*resources).get("unknown", [])]


def balancer(module: str = "lb", **said: Any) -> Resource:
    return Resource(f"aws:{module}/loadBalancer:LoadBalancer", "balancer", {"arn": "arn:aws:lb", **said})


def listener(module: str = "lb", action: Any = "forward", **said: Any) -> Resource:
    given = {"loadBalancerArn": "arn:aws:lb", "defaultActions": [{"type": action}], **said}
    return Resource(f"aws:{module}/listener:Listener", "listener", given)


FORWARDED = ["defaultActions[0].type: what comes by HTTP is sent on to the targets"]


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([balancer(), listener(protocol="HTTP")], FORWARDED, id="http"),
        pytest.param([balancer("alb"), listener("alb")], FORWARDED, id="by-default"),
        pytest.param([balancer(loadBalancerType="application"), listener()], FORWARDED, id="said-to-be-one"),
        pytest.param([balancer(internal="false"), listener()], FORWARDED, id="said-to-be-open"),
        pytest.param([balancer(internal="true"), listener()], [], id="internal"),
        pytest.param([balancer(loadBalancerType="network"), listener()], [], id="of-the-network"),
        pytest.param([listener()], [], id="of-others"),
        pytest.param([balancer(), listener(action="redirect")], [], id="redirected"),
        pytest.param([balancer(), listener(protocol="HTTPS", sslPolicy=SOUND)], [], id="https"),
        pytest.param([balancer(), listener(protocol="HTTPS", sslPolicy=OLD)], [f"sslPolicy: {BEFORE}"], id="old"),
        pytest.param([listener(protocol="TLS")], [f"sslPolicy: {DEFAULT}"], id="tls-by-default"),
        pytest.param(
            [listener(protocol="TLS", sslPolicy="ELBSecurityPolicy-TLS13-1-0-2021-06")],
            [f"sslPolicy: {BEFORE}"],
            id="with-the-oldest-too",
        ),
    ],
)
def test_a_listener_of_the_internet_is_encrypted(pack: Pack, resources: list[Resource], problems: list[str]) -> None:
    assert told(pack, *resources) == problems


def other_kind(one: Resource) -> Resource:
    """An object of somebody else's kind that says the same."""
    said = {**one.properties, "apiVersion": "example.com/v1", "kind": "Other"}
    return replace(one, type="kubernetes:example.com/v1:Other", properties=said)


def ingress(
    name: str = "web", of: str = "alb", scheme: Any = "internet-facing", group: Any = None, **said: Any
) -> Resource:
    """An Ingress of the controller; its annotations by the last parts of their names."""
    annotations = {f"{ALB}{key.replace('_', '-')}": one for key, one in said.items()}
    metadata = {
        "namespace": "shop",
        "annotations": {f"{ALB}scheme": scheme, f"{ALB}group.name": group, **annotations},
    }
    return obj(name, "Ingress", api="networking.k8s.io/v1", metadata=metadata, spec={"ingressClassName": of})


def kind(controller: str = "ingress.k8s.aws/alb", **parameters: Any) -> list[Resource]:
    spec = {"controller": controller, "parameters": {"kind": "IngressClassParams", "name": "ours"}}
    made = obj("public", "IngressClass", api="networking.k8s.io/v1", spec=spec)
    return [made, obj("ours", "IngressClassParams", api="elbv2.k8s.aws/v1beta1", spec=parameters)]


BOTH = json.dumps([{"HTTP": 80}, {"HTTPS": 443}])
HTTPS = json.dumps([{"HTTPS": 443}])
AT = f"metadata.annotations.{ALB}"
PLAIN = f"{AT}ssl-redirect: it is left out, and the load balancer sends what comes by HTTP on to the pods"
WEAK = f"{AT}ssl-policy: {DEFAULT}"
LONG_AGO = obj(
    "web",
    "Ingress",
    api="networking.k8s.io/v1",
    metadata={"annotations": {f"{ALB}scheme": "internet-facing", "kubernetes.io/ingress.class": "alb"}},
)
REDIRECT = {"actions.to_https": '{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS"}}'}


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([ingress()], [PLAIN], id="by-default"),
        pytest.param([ingress(listen_ports=BOTH, ssl_policy=SOUND)], [PLAIN], id="both"),
        pytest.param([ingress(listen_ports=BOTH, ssl_policy=SOUND, ssl_redirect="443")], [], id="redirected"),
        pytest.param([ingress(listen_ports=BOTH, ssl_policy=SOUND, **REDIRECT)], [], id="redirected-by-an-action"),
        pytest.param([ingress(certificate_arn="arn:aws:acm", ssl_policy=SOUND)], [], id="with-a-certificate"),
        pytest.param([ingress(certificate_arn="arn:aws:acm")], [WEAK], id="with-a-certificate-alone"),
        pytest.param([ingress(**{"actions.blue": "forward", "healthcheck_path": "/redirect"})], [PLAIN], id="sent-on"),
        pytest.param([LONG_AGO], [PLAIN], id="of-a-class-as-it-was-said-long-ago"),
        pytest.param([other_kind(ingress())], [], id="no-ingress"),
        pytest.param([ingress(listen_ports=HTTPS)], [WEAK], id="left-to-the-default"),
        pytest.param([ingress(listen_ports=HTTPS), *lbc(values={"defaultSSLPolicy": SOUND})], [], id="a-sound-default"),
        pytest.param([ingress(listen_ports=HTTPS, ssl_policy=OLD)], [f"{AT}ssl-policy: {BEFORE}"], id="old"),
        pytest.param([ingress(scheme="internal")], [], id="internal"),
        pytest.param([ingress(scheme=None)], [], id="internal-by-default"),
        pytest.param([ingress(of="nginx")], [], id="of-another-controller"),
        pytest.param([ingress(of="public"), *kind("k8s.io/ingress-nginx")], [], id="of-another-s-class"),
        pytest.param([ingress(of="public"), *kind()], [PLAIN], id="of-a-class"),
        pytest.param([ingress(of="public"), kind()[0]], [PLAIN], id="of-a-class-with-parameters-of-others"),
        pytest.param([ingress(of="public"), *kind(scheme="internal")], [], id="of-an-internal-class"),
        pytest.param(
            [ingress(of="public", scheme=None), *kind(scheme="internet-facing")], [PLAIN], id="of-an-open-class"
        ),
        pytest.param([ingress(of="public"), *kind(sslRedirectPort="443")], [], id="redirected-by-its-class"),
        pytest.param(
            [ingress(of="public"), *kind(certificateArn=["arn:aws:acm"], sslPolicy=SOUND)],
            [],
            id="encrypted-by-its-class",
        ),
        pytest.param(
            [ingress(group="shop"), ingress("other", group="shop", ssl_redirect="443")],
            [],
            id="redirected-by-its-group",
        ),
        pytest.param(
            [ingress(group="shop"), ingress("other", group="blog", ssl_redirect="443")],
            [PLAIN],
            id="beside-another-group",
        ),
        pytest.param(
            [
                ingress(of="public"),
                ingress("other", group="shop", ssl_redirect="443"),
                *kind(group={"name": "shop"}),
            ],
            [],
            id="in-the-group-of-its-class",
        ),
        pytest.param(
            [
                ingress(group="shop"),
                ingress("other", of="public", ssl_redirect="443"),
                *kind(group={"name": "shop"}),
            ],
            [],
            id="beside-a-class-of-its-group",
        ),
    ],
)
def test_an_ingress_of_the_internet_is_encrypted(pack: Pack, resources: list[Resource], problems: list[str]) -> None:
    assert told(pack, *IN_CLUSTER, *resources) == problems


def test_what_is_said_in_another_cluster_is_not_said_here(pack: Pack) -> None:
    redirecting = ingress("other", group="shop", ssl_redirect="443")
    one = within("one", ingress(group="shop"))
    assert told(pack, *TWO_CLUSTERS, *one, *within("two", redirecting)) == [PLAIN]
    assert told(pack, *TWO_CLUSTERS, *one, *within("one", redirecting)) == []
    assert told(pack, *TWO_CLUSTERS, *one, *within("one", other_kind(redirecting))) == [PLAIN]
    assert told(pack, *TWO_CLUSTERS, *within("one", ingress(of="public")), *within("two", *kind())) == []
    far = within("two", replace(kind(scheme="internal")[1], name="a-class-elsewhere"))
    near = within("one", ingress(of="public"), *kind())
    assert told(pack, *TWO_CLUSTERS, *far, *near) == [PLAIN]
    sound = within("two", replace(lbc(values={"defaultSSLPolicy": SOUND})[1], after=()))
    assert told(pack, *TWO_CLUSTERS, *within("one", ingress(listen_ports=HTTPS)), *sound) == [WEAK]


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([balancer(), listener(protocol=UNKNOWN)], id="protocol"),
        pytest.param([balancer(internal=UNKNOWN), listener()], id="internal"),
        pytest.param([ingress(scheme=UNKNOWN)], id="scheme"),
        pytest.param([ingress(listen_ports=UNKNOWN)], id="ports"),
        pytest.param([ingress(ssl_redirect=UNKNOWN)], id="redirect"),
        pytest.param([ingress(group=UNKNOWN)], id="group"),
        pytest.param([ingress(listen_ports=HTTPS, ssl_policy=UNKNOWN)], id="policy"),
    ],
)
def test_what_is_not_known_is_said(pack: Pack, resources: list[Resource]) -> None:
    assert told(pack, *IN_CLUSTER, *resources) == []
    assert is_said_to_be_unknown(pack, *IN_CLUSTER, *resources)


def test_a_redirect_that_is_not_known_hides_no_other_ingress(pack: Pack) -> None:
    resources = [ingress(group="shop"), ingress("other", scheme="internal", ssl_redirect=UNKNOWN)]
    assert told(pack, *IN_CLUSTER, *resources) == [PLAIN]


GATEWAYS = "gateway.networking.k8s.io/v1"
EDGE = {"namespace": "edge"}
HTTP = {"name": "http", "port": 80, "protocol": "HTTP"}
TLS = {"name": "https", "port": 443, "protocol": "HTTPS", "tls": {"options": {"x": "y"}}}
SENT_ON = "spec.listeners[0].protocol: it is HTTP, and 'route' sends what comes by it on to pods"


def gateway(*listeners: Any, by: str = "gateway.k8s.aws/alb", scheme: Any = "internet-facing") -> list[Resource]:
    """A Gateway with its class and its configuration."""
    spec = {
        "gatewayClassName": "alb",
        "listeners": list(listeners),
        "infrastructure": {"parametersRef": {"kind": "LoadBalancerConfiguration", "name": "edge"}},
    }
    return [
        obj("alb", "GatewayClass", api=GATEWAYS, spec={"controllerName": by}),
        obj("edge", "Gateway", api=GATEWAYS, metadata=EDGE, spec=spec),
        obj(
            "edge-balancer",
            "LoadBalancerConfiguration",
            api="gateway.k8s.aws/v1beta1",
            metadata={**EDGE, "name": "edge"},
            spec={"scheme": scheme},
        ),
    ]


def route(*filters: Any, rules: Any = None, **parent: Any) -> Resource:
    spec = {
        "parentRefs": [{"name": "edge", "namespace": "edge", **parent}],
        "rules": rules or [{"filters": [{"type": "X"}, *filters], "backendRefs": [{"name": "web"}]}],
    }
    return obj("route", "HTTPRoute", api=GATEWAYS, metadata={"namespace": "shop"}, spec=spec)


TO_HTTPS = {"type": "RequestRedirect", "requestRedirect": {"scheme": "https"}}


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([*gateway(HTTP), route()], [SENT_ON], id="http"),
        pytest.param([*gateway(HTTP)], [], id="without-routes"),
        pytest.param([*gateway(HTTP), route(TO_HTTPS)], [], id="redirected"),
        pytest.param([*gateway(HTTP), route(rules=[{"filters": [TO_HTTPS]}, {}])], [SENT_ON], id="redirected-in-part"),
        pytest.param([*gateway(TLS), route()], [], id="https"),
        pytest.param([*gateway(HTTP, TLS), route(sectionName="http")], [SENT_ON], id="by-name"),
        pytest.param([*gateway(HTTP, TLS), route(sectionName="https")], [], id="by-the-name-of-another"),
        pytest.param([*gateway(HTTP, TLS), route(port=80)], [SENT_ON], id="by-port"),
        pytest.param([*gateway(HTTP, TLS), route(port=443)], [], id="by-the-port-of-another"),
        pytest.param([*gateway(HTTP), route(namespace="other")], [], id="of-another-gateway"),
        pytest.param([*gateway(HTTP, scheme="internal"), route()], [], id="internal"),
        pytest.param([*gateway(HTTP)[:2], route()], [], id="internal-by-default"),
        pytest.param([*gateway(HTTP, by="istio.io/gateway-controller"), route()], [], id="of-a-mesh"),
        pytest.param(
            gateway({**TLS, "tls": {"certificateRefs": [{"name": "web"}]}}, scheme="internal"),
            [
                "spec.listeners[0].tls.certificateRefs: the controller looks for certificates elsewhere, and does not "
                "see it"
            ],
            id="a-certificate-that-nobody-sees",
        ),
    ],
)
def test_a_gateway_of_the_internet_is_encrypted(pack: Pack, resources: list[Resource], problems: list[str]) -> None:
    assert told(pack, *IN_CLUSTER, *resources) == problems


def meshed(*listeners: Any, infrastructure: bool = True, scheme: Any = "internet-facing", **said: Any) -> Resource:
    """A Gateway of Istio; the annotations of its balancer by the last parts of their names."""
    named = {f"{NLB}{key.replace('_', '-')}": one for key, one in {"scheme": scheme, **said}.items()}
    spec = {"gatewayClassName": "istio", "listeners": list(listeners)}
    if infrastructure:
        return obj(
            "edge", "Gateway", api=GATEWAYS, metadata=EDGE, spec={**spec, "infrastructure": {"annotations": named}}
        )
    return obj("edge", "Gateway", api=GATEWAYS, metadata={**EDGE, "annotations": named}, spec=spec)


ENDED = {"name": "https", "port": 443, "protocol": "HTTP"}
AT_443 = {"ssl_cert": UNKNOWN, "ssl_ports": "443"}


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([meshed(HTTP), route()], [SENT_ON], id="http"),
        pytest.param([meshed(HTTP, infrastructure=False), route()], [SENT_ON], id="by-its-own-annotations"),
        pytest.param([meshed(HTTP, ENDED, **AT_443), route()], [SENT_ON], id="beside-tls"),
        pytest.param([meshed(HTTP, ENDED, **AT_443), route(sectionName="https")], [], id="tls"),
        pytest.param([meshed(HTTP, ENDED, **AT_443), route(TO_HTTPS, sectionName="http")], [], id="redirected"),
        pytest.param([meshed(HTTP, ssl_cert="arn:aws:acm"), route()], [], id="tls-everywhere"),
        pytest.param([meshed(HTTP, ssl_cert="arn:aws:acm", ssl_ports="443,80 "), route()], [], id="tls-at-both"),
        pytest.param([meshed(HTTP, ssl_cert="arn:aws:acm", ssl_ports="http"), route()], [], id="tls-by-name"),
        pytest.param([meshed(HTTP, ssl_ports="80"), route()], [SENT_ON], id="no-certificate"),
        pytest.param([meshed(TLS), route()], [], id="tls-of-its-own"),
        pytest.param([meshed(HTTP, scheme="internal"), route()], [], id="internal"),
        pytest.param([other_kind(meshed(HTTP)), route()], [], id="no-gateway"),
        pytest.param([meshed(HTTP), route(namespace="other")], [], id="of-another-gateway"),
    ],
)
def test_a_gateway_of_a_mesh_is_encrypted_by_its_balancer(
    pack: Pack, resources: list[Resource], problems: list[str]
) -> None:
    assert told(pack, *IN_CLUSTER, *resources) == problems


def test_a_class_may_open_all_of_its_gateways(pack: Pack) -> None:
    ref = {"parametersRef": {"kind": "LoadBalancerConfiguration", "name": "open", "namespace": "edge"}}
    spec = {"controllerName": "gateway.k8s.aws/alb", **ref}
    of_class = obj(
        "open",
        "LoadBalancerConfiguration",
        api="gateway.k8s.aws/v1beta1",
        metadata=EDGE,
        spec={"scheme": "internet-facing"},
    )
    made = [obj("alb", "GatewayClass", api=GATEWAYS, spec=spec), gateway(HTTP)[1], of_class]
    assert told(pack, *IN_CLUSTER, *made, route()) == [SENT_ON]


def test_what_is_no_gateway_or_route_or_class_is_passed_over(pack: Pack) -> None:
    kinds, made, config = gateway(HTTP)
    for others in ([other_kind(kinds), made, config], [kinds, other_kind(made), config], [kinds, made, config]):
        sent_on = other_kind(route()) if made in others and kinds in others else route()
        assert told(pack, *IN_CLUSTER, *others, sent_on) == []


@pytest.mark.parametrize(
    ("resources", "remedy"),
    [
        pytest.param([listener(protocol="TLS")], f"Set it to {SOUND}.", id="policy"),
        pytest.param([ingress()], f'Set {ALB}ssl-redirect: "443"', id="ingress"),
        pytest.param([*gateway(HTTP), route()], "Attach to it by sectionName", id="gateway"),
        pytest.param(
            gateway({**TLS, "tls": {"certificateRefs": [{"name": "web"}]}}),
            "Name its ARN in a LoadBalancerConfiguration",
            id="certificate",
        ),
    ],
)
def test_each_is_mended_in_its_own_way(pack: Pack, resources: list[Resource], remedy: str) -> None:
    ((_, message),) = pack.advice_on(*IN_CLUSTER, *resources)[SLUG]
    assert f"]. {remedy}" in message


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param(gateway({**HTTP, "protocol": UNKNOWN}), id="protocol"),
        pytest.param([*gateway(HTTP, scheme=UNKNOWN), route()], id="scheme"),
        pytest.param([*gateway(HTTP), route(sectionName=UNKNOWN)], id="section"),
        pytest.param([*gateway(HTTP), route(rules=UNKNOWN)], id="rules"),
        pytest.param([meshed(HTTP, scheme=UNKNOWN), route()], id="scheme-of-a-mesh"),
        pytest.param([meshed(HTTP, ssl_cert="x", ssl_ports=UNKNOWN), route()], id="ports-of-a-mesh"),
        pytest.param([meshed({**HTTP, "protocol": UNKNOWN}), route()], id="protocol-of-a-mesh"),
        pytest.param([meshed({**HTTP, "port": UNKNOWN}), route()], id="port-of-a-mesh"),
    ],
)
def test_what_is_not_known_of_a_gateway_is_said(pack: Pack, resources: list[Resource]) -> None:
    assert told(pack, *IN_CLUSTER, *resources) == []
    assert is_said_to_be_unknown(pack, *IN_CLUSTER, *resources)
