"""What PublicGateway promises of its balancer: a listener is one value, and only a retained environment keeps logs."""

import json
from typing import Any

import pytest
from edges import GATEWAY, LIFECYCLES, VARIANTS, Edges, Stated
from registrations import Registered
from zones import CERTIFICATE

from pokayoke_eks.crds import refusal

BALANCER = "kubernetes:gateway.k8s.aws/v1:LoadBalancerConfiguration"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
HTTP_ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"
TARGETS = "kubernetes:gateway.k8s.aws/v1:TargetGroupConfiguration"
TLS_ROUTE = "kubernetes:gateway.networking.k8s.io/v1:TLSRoute"
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
ANYWHERE = pytest.mark.parametrize("variant", VARIANTS)


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
