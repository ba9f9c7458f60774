"""What PublicGateway promises: a listener is one value, routes go where they say, and no variant pretends to more."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from edges import GATEWAY, HOSTS, LIFECYCLES, VARIANTS, edge
from moto.elbv2.ssl_policies import SSL_POLICIES
from registrations import Registered, Registration
from zones import CERTIFICATE

from pokayoke_eks import GatewayConfig, PublicGateway, RouteConfig
from pokayoke_eks.config import ConfigErrors
from pokayoke_eks.crds import refusal
from pokayoke_eks.rules import load_balancers, tls_policies

BALANCER = "kubernetes:gateway.k8s.aws/v1:LoadBalancerConfiguration"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
HTTP_ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
NAMESPACE = "kubernetes:core/v1:Namespace"
TARGETS = "kubernetes:gateway.k8s.aws/v1:TargetGroupConfiguration"
TLS_ROUTE = "kubernetes:gateway.networking.k8s.io/v1:TLSRoute"
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
ANYWHERE = pytest.mark.parametrize("variant", VARIANTS)
ROUTED = pytest.mark.parametrize("variant", ["istio-ambient", "alb"])


STATED = [
    RouteConfig.model_validate({"namespace": "shop", "service": "front", "port": 80, "health": "/healthz"}),
    RouteConfig.model_validate(
        {"namespace": "shop", "service": "orders", "port": 8080, "hosts": HOSTS[:1], "path": "/orders"}
    ),
]


@dataclass
class Stated:
    """What comes of a gateway about which everything is said."""

    made: Registered
    addresses: list[str]


@pytest.fixture(scope="module")
def stated() -> dict[str, Stated]:
    def one(variant: str) -> Stated:
        addresses: list[str] = []

        def more(gateway: PublicGateway) -> None:
            gateway.address.apply(addresses.append)
            gateway.routes("shop", STATED[:1] if variant == "nlb" else STATED)

        policy = "ELBSecurityPolicy-TLS13-1-3-2021-06"
        return Stated(edge(variant, more=more, latency=True, scheme="internal", tls_policy=policy), addresses)

    return {variant: one(variant) for variant in VARIANTS}


Edges = dict[tuple[str, str], Registered]


def told(made: Registered) -> dict[str, str]:
    """The annotations of the Service that istiod makes, without their prefix."""
    annotations = made.one(GATEWAY).inputs["spec"]["infrastructure"]["annotations"]
    assert all(key.startswith(PREFIX) for key in annotations)
    return {key.removeprefix(PREFIX): value for key, value in annotations.items()}


def pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in text.split(",") if pair)


def attributes(made: Registered, variant: str) -> dict[str, str]:
    """The balancer's."""
    if variant == "istio-ambient":
        return pairs(told(made)["attributes"])
    return {one["key"]: one["value"] for one in made.one(BALANCER).inputs["spec"]["loadBalancerAttributes"]}


def route_of(made: Registered, name: str) -> Registration:
    (found,) = [one for kind in (HTTP_ROUTE, TLS_ROUTE) for one in made.of_type(kind) if one.name == name]
    return found


# The listener, as one value


@ANYWHERE
@pytest.mark.parametrize("lifecycle", LIFECYCLES)
def test_the_api_server_takes_every_object(edges: Edges, variant: str, lifecycle: str) -> None:
    kinds = (GATEWAY, BALANCER, TARGETS, HTTP_ROUTE, TLS_ROUTE)
    objects = [dict(one.inputs) for kind in kinds for one in edges[variant, lifecycle].of_type(kind)]
    assert len(objects) >= 3
    assert not [found.message for obj in objects if (found := refusal(_whole(obj)))]


def _whole(value: Any) -> Any:
    """The wire has no whole numbers; objects in the cluster have."""
    if isinstance(value, dict):
        return {key: _whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_whole(item) for item in value]
    return int(value) if isinstance(value, float) else value


def test_the_nlb_before_istio_ends_tls_on_its_one_port(edges: Edges) -> None:
    made = edges["istio-ambient", "disposable"]
    annotations = told(made)
    assert annotations["ssl-cert"].endswith(f"certificate/{made.one(CERTIFICATE).name}")
    assert {key: annotations[key] for key in ("ssl-ports", "ssl-negotiation-policy", "scheme", "nlb-target-type")} == {
        "ssl-ports": "443",
        "ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "scheme": "internet-facing",
        "nlb-target-type": "ip",
    }
    assert (annotations["backend-protocol"], annotations["alpn-policy"]) == ("tcp", "HTTP2Preferred")
    listeners = {one["port"]: one["protocol"] for one in made.one(GATEWAY).inputs["spec"]["listeners"]}
    assert listeners == {443: "HTTP", 80: "HTTP"}


def test_what_envoys_tell_of_themselves_is_asked_by_the_balancer_and_not_from_outside(
    edges: Edges,
) -> None:
    made = edges["istio-ambient", "disposable"]
    annotations = told(made)
    assert [annotations[f"healthcheck-{key}"] for key in ("protocol", "port", "path")] == [
        "http",
        "15021",
        "/healthz/ready",
    ]
    service = json.loads(made.one(CONFIG_MAP).inputs["data"]["service"])["spec"]
    assert service["ports"] == [{"$patch": "delete", "port": 15021}]
    assert service["loadBalancerClass"] == "service.k8s.aws/nlb"


def test_two_envoys_keep_apart_and_one_stays_while_nodes_are_drained(edges: Edges) -> None:
    made = edges["istio-ambient", "disposable"]
    said = {kind: json.loads(text)["spec"] for kind, text in made.one(CONFIG_MAP).inputs["data"].items()}
    assert said["deployment"]["replicas"] == 2
    assert said["podDisruptionBudget"] == {"minAvailable": 1}
    (container,) = said["deployment"]["template"]["spec"]["containers"]
    assert container["resources"]["limits"]["memory"] == container["resources"]["requests"]["memory"]
    leaving = container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert said["deployment"]["template"]["spec"]["terminationGracePeriodSeconds"] > leaving
    spread = said["deployment"]["template"]["spec"]["topologySpreadConstraints"]
    assert {one["whenUnsatisfiable"] for one in spread} == {"ScheduleAnyway"}
    reference = made.one(GATEWAY).inputs["spec"]["infrastructure"]["parametersRef"]
    assert reference == {"group": "", "kind": "ConfigMap", "name": made.one(CONFIG_MAP).inputs["metadata"]["name"]}


@pytest.mark.parametrize(("variant", "port"), [("nlb", "TLS:443"), ("alb", "HTTPS:443")])
def test_a_balancer_of_the_controller_ends_tls_with_the_certificate(edges: Edges, variant: str, port: str) -> None:
    made = edges[variant, "disposable"]
    spec = made.one(BALANCER).inputs["spec"]
    (listener,) = spec["listenerConfigurations"]
    assert listener["protocolPort"] == port
    assert listener["defaultCertificate"].endswith(f"certificate/{made.one(CERTIFICATE).name}")
    assert listener["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert spec["scheme"] == "internet-facing"
    (defaults,) = [one for one in made.of_type(TARGETS) if "targetReference" not in one.inputs["spec"]]
    assert spec["defaultTargetGroupConfiguration"] == {"name": defaults.inputs["metadata"]["name"]}
    said = defaults.inputs["spec"]["defaultConfiguration"]
    assert (said["targetType"], said["protocol"]) == ("ip", "TCP" if variant == "nlb" else "HTTP")
    assert made.one(GATEWAY).inputs["spec"]["gatewayClassName"] == variant


@ANYWHERE
def test_a_balancer_stands_in_the_network_s_own_subnets_by_their_ids(
    edges: Edges, stated: dict[str, Stated], variant: str
) -> None:
    """Public ones where it faces the internet, else private ones; whatever tags somebody forgot or gave twice."""
    for made, kind in ((edges[variant, "disposable"], "public"), (stated[variant].made, "private")):
        if variant == "istio-ambient":
            found = told(made)["subnets"].split(",")
        else:
            found = [one["identifier"] for one in made.one(BALANCER).inputs["spec"]["loadBalancerSubnets"]]
        assert found == [f"demo-{kind}-{zone}-id" for zone in "abc"]


def test_applications_behind_an_nlb_see_who_asks(edges: Edges) -> None:
    assert pairs(told(edges["istio-ambient", "disposable"])["target-group-attributes"]) == {
        "preserve_client_ip.enabled": "true"
    }
    (said,) = [
        one.inputs["spec"]["defaultConfiguration"]["targetGroupAttributes"]
        for one in edges["nlb", "disposable"].of_type(TARGETS)
        if "targetReference" not in one.inputs["spec"]
    ]
    assert said == [{"key": "preserve_client_ip.enabled", "value": "true"}]


@ANYWHERE
@pytest.mark.parametrize("lifecycle", LIFECYCLES)
def test_no_balancer_ever_refuses_to_be_deleted(edges: Edges, variant: str, lifecycle: str) -> None:
    """Not even in a retained environment: its Gateway would never be gone. Pulumi protects that one."""
    assert attributes(edges[variant, lifecycle], variant)["deletion_protection.enabled"] == "false"


@ANYWHERE
def test_a_policy_and_a_scheme_that_are_stated_reach_the_balancer(stated: dict[str, Stated], variant: str) -> None:
    made = stated[variant].made
    if variant == "istio-ambient":
        found = (told(made)["ssl-negotiation-policy"], told(made)["scheme"])
    else:
        spec = made.one(BALANCER).inputs["spec"]
        found = (spec["listenerConfigurations"][0]["sslPolicy"], spec["scheme"])
    assert found == ("ELBSecurityPolicy-TLS13-1-3-2021-06", "internal")


@ANYWHERE
def test_the_address_is_the_balancer_s_once_it_has_one(stated: dict[str, Stated], variant: str) -> None:
    assert stated[variant].addresses == ["edge.elb.amazonaws.com"]
    gateway = stated[variant].made.one(GATEWAY)
    assert json.loads(gateway.inputs["metadata"]["annotations"]["pulumi.com/waitFor"]) == [
        "condition=Programmed",
        "jsonpath={.status.addresses[0].value}",
    ]
    assert gateway.timeouts["create"] == gateway.timeouts["delete"] == "20m"


def test_another_variant_s_gateway_can_come_before_the_old_one_goes(edges: Edges) -> None:
    """Were it the same object, the balancer of the other controller would be nobody's any more."""
    names = [
        {
            (one.type, one.inputs["metadata"]["name"])
            for kind in (GATEWAY, BALANCER, TARGETS, CONFIG_MAP)
            for one in edges[variant, "disposable"].of_type(kind)
            if one.inputs["metadata"]["namespace"] == "edge"
        }
        for variant in VARIANTS
    ]
    assert [len(found) for found in names] == [2, 3, 3]
    assert len(set().union(*names)) == 8


# Access logs


@ANYWHERE
def test_only_a_retained_environment_keeps_what_was_asked_of_the_balancer(edges: Edges, variant: str) -> None:
    assert not edges[variant, "disposable"].of_type(BUCKET)
    assert attributes(edges[variant, "disposable"], variant)["access_logs.s3.enabled"] == "false"
    made = edges[variant, "retained"]
    bucket = made.one(BUCKET)
    said = attributes(made, variant)
    assert (said["access_logs.s3.enabled"], said["access_logs.s3.bucket"]) == ("true", bucket.inputs["bucket"])
    assert bucket.inputs["bucket"] == "demo-apne2-edge-logs-123456789012"
    assert bucket.inputs["forceDestroy"] is False


@pytest.mark.parametrize(
    ("variant", "writer"),
    [
        ("istio-ambient", "delivery.logs.amazonaws.com"),
        ("nlb", "delivery.logs.amazonaws.com"),
        ("alb", "logdelivery.elasticloadbalancing.amazonaws.com"),
    ],
)
def test_the_balancer_s_kind_and_nobody_else_writes_the_logs(edges: Edges, variant: str, writer: str) -> None:
    made = edges[variant, "retained"]
    statements = json.loads(made.one(BUCKET_POLICY).inputs["policy"])["Statement"]
    allowed = [one for one in statements if one["Effect"] == "Allow"]
    assert {one["Principal"]["Service"] for one in allowed} == {writer}
    (put,) = [one for one in allowed if one["Action"] == "s3:PutObject"]
    assert put["Resource"].endswith("/edge/AWSLogs/123456789012/*")
    assert attributes(made, variant)["access_logs.s3.prefix"] == "edge"
    (denied,) = [one for one in statements if one["Effect"] == "Deny"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_bucket_is_closed_encrypted_and_emptied_in_time(edges: Edges) -> None:
    made = edges["alb", "retained"]
    closed = made.one("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs
    assert all(closed[key] for key in closed if key != "bucket")
    (rule,) = made.one("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration").inputs[
        "rules"
    ]
    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    (kept,) = made.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"]
    assert kept["expiration"] == {"days": 90}


# Routes


@ROUTED
def test_the_redirect_is_bound_to_the_plain_port_and_the_routes_to_the_other(edges: Edges, variant: str) -> None:
    made = edges[variant, "disposable"]
    redirect, route = route_of(made, "demo-redirect").inputs["spec"], route_of(made, "demo-demo-route").inputs["spec"]
    assert [one["sectionName"] for one in redirect["parentRefs"]] == ["http"]
    assert [one["sectionName"] for one in route["parentRefs"]] == ["https"]
    assert redirect["rules"][0]["filters"][0]["requestRedirect"] == {"scheme": "https", "statusCode": 301}
    assert redirect["hostnames"] == route["hostnames"] == HOSTS


def test_behind_an_nlb_the_application_learns_that_tls_was_used(edges: Edges) -> None:
    (rule,) = route_of(edges["istio-ambient", "disposable"], "demo-demo-route").inputs["spec"]["rules"]
    (said,) = rule["filters"]
    assert said["requestHeaderModifier"] == {"set": [{"name": "X-Forwarded-Proto", "value": "https"}]}


def test_an_nlb_alone_has_one_route_of_its_own_kind_and_its_plain_port_is_closed(
    edges: Edges,
) -> None:
    made = edges["nlb", "disposable"]
    assert [one["port"] for one in made.one(GATEWAY).inputs["spec"]["listeners"]] == [443]
    assert not made.of_type(HTTP_ROUTE)
    spec = made.one(TLS_ROUTE).inputs["spec"]
    assert spec["hostnames"] == HOSTS
    assert spec["rules"] == [{"backendRefs": [{"name": "demo", "port": 80}]}]


@ROUTED
def test_hosts_and_paths_go_to_their_services(stated: dict[str, Stated], variant: str) -> None:
    front, orders = (route_of(stated[variant].made, f"demo-{name}-route").inputs for name in ("shop", "shop-2"))
    assert (front["spec"]["hostnames"], orders["spec"]["hostnames"]) == (HOSTS, HOSTS[:1])
    (rule,) = orders["spec"]["rules"]
    assert rule["matches"] == [{"path": {"type": "PathPrefix", "value": "/orders"}}]
    assert rule["backendRefs"] == [{"name": "orders", "port": 8080}]
    assert front["metadata"]["namespace"] == "shop"


@pytest.mark.parametrize("variant", ["nlb", "alb"])
def test_a_balancer_without_envoys_asks_the_service_s_own_path_for_its_health(
    stated: dict[str, Stated], variant: str
) -> None:
    found = [one.inputs for one in stated[variant].made.of_type(TARGETS) if "targetReference" in one.inputs["spec"]]
    health = next(one for one in found if one["metadata"] == {"name": "front", "namespace": "shop"})
    assert health["spec"]["defaultConfiguration"]["healthCheckConfig"]["healthCheckPath"] == "/healthz"


@ANYWHERE
def test_only_namespaces_that_are_labelled_for_a_gateway_get_its_traffic(edges: Edges, variant: str) -> None:
    made = edges[variant, "disposable"]
    labels = {
        one.inputs["metadata"]["name"]: one.inputs["metadata"].get("labels", {}) for one in made.of_type(NAMESPACE)
    }
    for listener in made.one(GATEWAY).inputs["spec"]["listeners"]:
        said = listener["allowedRoutes"]["namespaces"]
        assert said["from"] == "Selector"
        admitted = {
            name for name, carried in labels.items() if said["selector"]["matchLabels"].items() <= carried.items()
        }
        assert admitted == {"edge", "demo"}
    assert labels["demo"].get("istio.io/dataplane-mode") == ("ambient" if variant == "istio-ambient" else None)


@ANYWHERE
def test_every_route_says_how_records_of_several_regions_differ(
    edges: Edges, stated: dict[str, Stated], variant: str
) -> None:
    assert annotated(edges[variant, "disposable"]) == [{}]
    assert annotated(stated[variant].made) == [
        {
            "external-dns.kubernetes.io/set-identifier": "demo-apne2",
            "external-dns.kubernetes.io/aws-region": "ap-northeast-2",
        }
    ]


def annotated(made: Registered) -> list[dict[str, str]]:
    """The different annotations of all routes, the redirect's too: it has the same hosts."""
    routes = [*made.of_type(HTTP_ROUTE), *made.of_type(TLS_ROUTE)]
    assert len(routes) == len(made.of_type(TLS_ROUTE)) or len(routes) > 1
    found: list[dict[str, str]] = []
    for one in routes:
        said = dict(one.inputs["metadata"].get("annotations", {}))
        found += [] if said in found else [said]
    return found


# What cannot be


@pytest.mark.parametrize(
    ("path", "hosts", "others", "text"),
    [
        ("/orders", HOSTS, 0, "does not see the path '/orders'"),
        ("/", HOSTS[:1], 0, "does not tell hosts apart"),
        ("/", HOSTS, 1, "has one Service a port"),
    ],
    ids=["path", "host", "second service"],
)
def test_what_an_nlb_alone_cannot_do_is_told_with_what_can(path: str, hosts: list[str], others: int, text: str) -> None:
    finding = load_balancers.cannot_route("nlb", path=path, hosts=hosts, of=HOSTS, others=others)
    assert finding is not None
    assert text in finding.problem
    assert "istio-ambient or alb" in finding.remedy
    for variant in ("istio-ambient", "alb"):
        assert load_balancers.cannot_route(variant, path=path, hosts=hosts, of=HOSTS, others=others) is None


def test_no_second_route_is_made_where_an_nlb_has_one_already() -> None:
    with pytest.raises(ValueError, match="has one Service a port"):
        edge("nlb", more=lambda gateway: gateway.routes("shop", STATED[:1] * 2))


def test_a_route_for_a_host_of_somebody_else_s_is_refused() -> None:
    finding = load_balancers.not_served(["shop.example.com", "a.dev.example.com"], HOSTS)
    assert finding is not None
    assert finding.problem == "the gateway does not answer to shop.example.com"
    assert load_balancers.not_served(["a.dev.example.com"], HOSTS) is None


@pytest.mark.parametrize(
    ("host", "certified", "fits"),
    [
        ("a.example.com", ["a.example.com"], True),
        ("a.example.com", ["*.example.com"], True),
        ("*.example.com", ["*.example.com"], True),
        ("*.example.com", ["a.example.com"], False),
        ("a.b.example.com", ["*.example.com"], False),
        ("example.com", ["*.example.com"], False),
    ],
)
def test_a_wildcard_stands_for_one_label(host: str, certified: list[str], fits: bool) -> None:
    assert (load_balancers.not_certified([host], certified) is None) == fits


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


# The demo


@ANYWHERE
def test_the_demo_s_pods_are_what_the_platform_asks_of_pods(edges: Edges, variant: str) -> None:
    made = edges[variant, "disposable"]
    pod = made.one("kubernetes:apps/v1:Deployment").inputs["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["resources"]["requests"] == container["resources"]["limits"]
    assert "@sha256:" in container["image"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    (home,) = [one for one in made.of_type(NAMESPACE) if one.inputs["metadata"]["name"] == "demo"]
    assert home.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@ANYWHERE
def test_the_gateway_reaches_the_demo_s_pods_and_nobody_else(edges: Edges, variant: str) -> None:
    """In the mesh over HBONE too; past it the targets are the pods, and whoever asks is who they see."""
    made = edges[variant, "disposable"]
    policies = made.of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")
    baseline, allowed = (
        next(one for one in policies if one.inputs["metadata"] == {"name": name, "namespace": "demo"})
        for name in ("baseline", "allowed")
    )
    (rule,) = allowed.inputs["spec"]["ingress"]
    assert rule["ports"] == [{"port": 8080, "protocol": "TCP"}]
    assert allowed.inputs["spec"]["egress"] == []
    if variant == "istio-ambient":
        assert rule["from"][0]["namespaceSelector"]["matchExpressions"][0]["values"] == ["edge"]
        assert {port["port"] for one in baseline.inputs["spec"]["ingress"] for port in one.get("ports", ())} == {15008}
    else:
        assert rule["from"] == [{"ipBlock": {"cidr": "0.0.0.0/0"}}]
        assert baseline.inputs["spec"]["ingress"] == []
    deployment = made.one("kubernetes:apps/v1:Deployment")
    assert all(made.goes_before(deployment, policy) for policy in (baseline, allowed))
