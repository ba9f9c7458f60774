"""What a gateway's routes promise: they go where they say, and no variant pretends to more than it can."""

import pytest
from edges import GATEWAY, HOSTS, STATED, VARIANTS, Edges, Stated, edge
from registrations import Registered, Registration

from pokayoke_eks.rules import load_balancers

HTTP_ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
NAMESPACE = "kubernetes:core/v1:Namespace"
TARGETS = "kubernetes:gateway.k8s.aws/v1:TargetGroupConfiguration"
TLS_ROUTE = "kubernetes:gateway.networking.k8s.io/v1:TLSRoute"
ANYWHERE = pytest.mark.parametrize("variant", VARIANTS)
ROUTED = pytest.mark.parametrize("variant", ["istio-ambient", "alb"])


def route_of(made: Registered, name: str) -> Registration:
    (found,) = [one for kind in (HTTP_ROUTE, TLS_ROUTE) for one in made.of_type(kind) if one.name == name]
    return found


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
        next(one for one in policies if {"name": name, "namespace": "demo"}.items() <= one.inputs["metadata"].items())
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
