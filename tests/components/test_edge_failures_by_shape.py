"""The documented failures that the edge holds by its shape: whatever gateway is legally asked for, the mistake is not
in what gets registered."""

import inspect
import json
from collections.abc import Callable, Mapping

import pytest
from edges import Edges
from invariants import by_slug, texts_in
from registrations import Registered, Registration

from pokayoke_eks import DemoBackend, GatewayApi, IstioAmbient, LoadBalancerController, PublicGateway
from pokayoke_eks.catalogue import FAILURES, Level
from pokayoke_eks.config.gateway import (
    GatewayApiConfig,
    GatewayConfig,
    IstioConfig,
    LoadBalancerControllerConfig,
    RouteConfig,
)
from pokayoke_eks.iam.load_balancer_controller import controller_policy
from pokayoke_eks.rules.text import literal_id, unresolved_placeholder
from pokayoke_eks.rules.tls_policies import TLS_POLICIES

API = "kubernetes:gateway.networking.k8s.io/v1:"
GATEWAY = f"{API}Gateway"
BALANCER = "kubernetes:gateway.k8s.aws/v1:LoadBalancerConfiguration"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
MANIFEST = "kubernetes:yaml/v2:ConfigFile"
RELEASE = "kubernetes:helm.sh/v3:Release"
SERVICE = "kubernetes:core/v1:Service"
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"


def controller(made: Registered) -> Registration:
    return made.one(RELEASE, name="aws-load-balancer-controller")


def told(gateway: Registration) -> Mapping[str, str]:
    """What the Service of a Gateway of class `istio` says of its NLB."""
    return {
        key.removeprefix(PREFIX): value
        for key, value in gateway.inputs["spec"]["infrastructure"].get("annotations", {}).items()
    }


def webhook_not_ready(made: Registered) -> None:
    """No Service asks the controller, and what makes it make a balancer comes after its release, which is there when
    its pods are ready."""
    release = controller(made)
    assert release.inputs["values"]["enableServiceMutatorWebhook"] is False
    assert release.inputs["atomic"] is True
    assert "skipAwait" not in release.inputs
    judged = [*made.of_type(GATEWAY), *made.of_type(BALANCER)]
    assert judged
    assert all(made.goes_before(one, release) for one in judged)


def in_tree_load_balancer(made: Registered) -> None:
    for one in made.of_type(SERVICE):
        assert one.inputs["spec"].get("type", "ClusterIP") == "ClusterIP"
    for one in made.of_type(GATEWAY):
        if one.inputs["spec"]["gatewayClassName"] == "istio":
            (overlays,) = made.of_type(CONFIG_MAP)
            assert json.loads(overlays.inputs["data"]["service"])["spec"]["loadBalancerClass"] == "service.k8s.aws/nlb"
            assert made.goes_before(one, overlays)
        else:
            classes = {found.inputs["metadata"]["name"] for found in made.of_type(f"{API}GatewayClass")}
            assert one.inputs["spec"]["gatewayClassName"] in classes
        assert made.goes_before(one, made.one("aws:eks/addon:Addon", addonName="eks-pod-identity-agent"))


def lbc_iam_incomplete(made: Registered) -> None:
    role = "demo-apne2-kube-system-aws-load-balancer-controller"
    attached = [
        one for one in made.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment") if one.inputs["role"] == role
    ]
    (policy,) = [
        one
        for one in made.of_type("aws:iam/policy:Policy")
        if any(held.inputs["policyArn"].endswith(f"/{one.name}") for held in attached)
    ]
    assert json.loads(policy.inputs["policy"]) == controller_policy("aws")
    assert all(made.goes_before(controller(made), one) for one in attached)


def nlb_tls_termination(made: Registered) -> None:
    """Certificate, port, policy, scheme and plain text behind, in any variant, or no Gateway at all."""
    issued = made.one("aws:acm/certificateValidation:CertificateValidation")
    for gateway in made.of_type(GATEWAY):
        assert made.goes_before(gateway, issued)
        listeners = {one["port"]: one["protocol"] for one in gateway.inputs["spec"]["listeners"]}
        if gateway.inputs["spec"]["gatewayClassName"] == "istio":
            said = told(gateway)
            assert said["ssl-cert"].startswith("arn:aws:acm:ap-northeast-2:")
            assert said["ssl-ports"] == "443"
            assert said["ssl-negotiation-policy"] in TLS_POLICIES
            assert (said["nlb-target-type"], said["backend-protocol"]) == ("ip", "tcp")
            assert said["scheme"] in ("internet-facing", "internal")
            assert set(listeners.values()) == {"HTTP"}
        else:
            spec = made.one(BALANCER).inputs["spec"]
            (listener,) = spec["listenerConfigurations"]
            assert listener["defaultCertificate"].startswith("arn:aws:acm:ap-northeast-2:")
            assert listener["sslPolicy"] in TLS_POLICIES
            assert listener["protocolPort"] == f"{listeners[443]}:443"
            assert spec["scheme"] in ("internet-facing", "internal")


def istio_gateway_chart_in_ambient(made: Registered) -> None:
    assert not [one.name for one in made.of_type(RELEASE) if one.inputs["chart"].rpartition("/")[2] == "gateway"]


def stale_vpc_id(made: Registered) -> None:
    """The id is the network's own, and nobody could write another."""
    assert made.one("aws:ec2/vpc:Vpc").urn in controller(made).by_property["values"]
    for one in (*made.of_type(RELEASE), *made.of_type(GATEWAY), *made.of_type(BALANCER), *made.of_type(CONFIG_MAP)):
        assert not [text for text in texts_in(one.inputs) if literal_id(text)]


def vpc_delete_blocked(made: Registered) -> None:
    """Balancers go while what removes them still runs, and that before the network."""
    (wait,) = [one for one in made if one.name.endswith("-load-balancers-gone")]
    for one in (*made.of_type(GATEWAY), *made.of_type(f"{API}HTTPRoute"), *made.of_type(f"{API}TLSRoute")):
        assert made.goes_before(one, wait)
    assert made.goes_before(wait, controller(made))
    for kind in ("aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/internetGateway:InternetGateway"):
        assert all(made.goes_before(controller(made), one) for one in made.of_type(kind))


def crd_not_installed(made: Registered) -> None:
    owner = {"gateway.networking.k8s.io": "-gateway-api", "gateway.k8s.aws": "-gateway-kinds"}
    for one in made:
        group = one.type.removeprefix("kubernetes:").partition("/")[0]
        if group in owner:
            (kinds,) = [found for found in made.of_type(MANIFEST) if found.name.endswith(owner[group])]
            assert made.goes_before(one, kinds), one.name


def stale_dns_record(made: Registered) -> None:
    """No record but those that validate certificates and delegate the zone: a route's host gets its own."""
    for one in made.of_type("aws:route53/record:Record"):
        assert one.inputs["type"] in ("CNAME", "NS")
        assert "elb.amazonaws.com" not in json.dumps(one.inputs)
    for kind in ("HTTPRoute", "TLSRoute"):
        assert all(one.inputs["spec"]["hostnames"] for one in made.of_type(f"{API}{kind}"))


def public_registry_credentials(made: Registered) -> None:
    for one in made.of_type(RELEASE):
        assert one.inputs.get("repositoryOpts", {}).keys() <= {"repo"}
        assert not {"keyring", "verify"} & one.inputs.keys()


def missing_resource_limits(made: Registered) -> None:
    for name in ("aws-load-balancer-controller", "istiod", "cni", "ztunnel"):
        for one in made.of_type(RELEASE, name=name):
            resources = one.inputs["values"]["resources"]
            assert resources["limits"]["memory"] == resources["requests"]["memory"]
            assert resources["requests"]["cpu"]
    for deployment in made.of_type("kubernetes:apps/v1:Deployment"):
        for container in deployment.inputs["spec"]["template"]["spec"]["containers"]:
            assert container["resources"]["limits"] == container["resources"]["requests"]


def unresolved_placeholder_anywhere(made: Registered) -> None:
    for one in (*made.of_type(RELEASE), *made.of_type(GATEWAY), *made.of_type(BALANCER), *made.of_type(CONFIG_MAP)):
        assert not [text for text in texts_in(one.inputs) if unresolved_placeholder(text)]


INVARIANTS: dict[str, Callable[[Registered], None]] = {
    "unresolved-placeholder": unresolved_placeholder_anywhere,
    **by_slug(
        crd_not_installed,
        in_tree_load_balancer,
        istio_gateway_chart_in_ambient,
        lbc_iam_incomplete,
        missing_resource_limits,
        nlb_tls_termination,
        public_registry_credentials,
        stale_dns_record,
        stale_vpc_id,
        vpc_delete_blocked,
        webhook_not_ready,
    ),
}


@pytest.mark.parametrize("slug", INVARIANTS)
def test_no_legal_gateway_brings_it(edges: Edges, slug: str) -> None:
    for made in edges.values():
        INVARIANTS[slug](made)


@pytest.mark.parametrize("slug", INVARIANTS)
def test_it_is_documented_so(slug: str) -> None:
    assert {Level.SHAPE, Level.VALUE, Level.TEARDOWN} & set(FAILURES[slug].held)


def test_no_part_of_the_edge_takes_an_id_a_role_credentials_or_a_chart() -> None:
    """`stale-vpc-id`, `lbc-iam-incomplete`, `public-registry-credentials`, `istio-gateway-chart-in-ambient`"""
    parts = (GatewayApi, LoadBalancerController, IstioAmbient, PublicGateway, DemoBackend)
    configs = (GatewayApiConfig, LoadBalancerControllerConfig, IstioConfig, GatewayConfig, RouteConfig)
    taken = {word for part in parts for word in inspect.signature(part.__init__).parameters}
    taken |= {word for config in configs for name in config.model_fields for word in name.split("_")}
    words = {
        "vpc",
        "subnet",
        "subnets",
        "id",
        "role",
        "policies",
        "arn",
        "user",
        "password",
        "token",
        "chart",
        "values",
    }
    assert not taken & words


def test_no_gateway_can_be_had_before_its_controller_or_without_a_certificate() -> None:
    """`webhook-not-ready`, `nlb-tls-termination`"""
    parameters = inspect.signature(PublicGateway.__init__).parameters
    required = {name for name, one in parameters.items() if one.default is inspect.Parameter.empty}
    assert {"controller", "certificate"} <= required
