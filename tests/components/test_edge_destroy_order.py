"""A destroy of a platform with a gateway leaves no balancer, no record and nothing that a finalizer holds: its order is
in the registered graph."""

import pytest
from edges import LIFECYCLES, VARIANTS, Edges
from registrations import Registered, Registration
from test_destroy_order import EGRESS, NODE_GROUP, Pick, addon, of, together

RELEASE = "kubernetes:helm.sh/v3:Release"
ROUTES = together(
    of("kubernetes:gateway.networking.k8s.io/v1:HTTPRoute"), of("kubernetes:gateway.networking.k8s.io/v1:TLSRoute")
)
GATEWAY = of("kubernetes:gateway.networking.k8s.io/v1:Gateway")
BALANCER = of("kubernetes:gateway.k8s.aws/v1:LoadBalancerConfiguration")
CLASSES = of("kubernetes:gateway.networking.k8s.io/v1:GatewayClass")
CONTROLLER = of(RELEASE, name="aws-load-balancer-controller")
RECORDS = of(RELEASE, name="external-dns")
KINDS = of("kubernetes:yaml/v2:ConfigFile")
MESH = together(*(of(RELEASE, name=name) for name in ("base", "istiod", "cni", "ztunnel")))
POOLS = of("kubernetes:karpenter.sh/v1:NodePool")
DEMO = together(of("kubernetes:apps/v1:Deployment"), of("kubernetes:core/v1:Service"))
CERTIFICATE = together(of("aws:acm/certificate:Certificate"), of("aws:acm/certificateValidation:CertificateValidation"))
VPC = of("aws:ec2/vpc:Vpc")


def named(*ends: str) -> Pick:
    return lambda made: [one for one in made if one.name.endswith(ends)]


def home(made: Registered) -> list[Registration]:
    """The gateway's namespace: gone when all is that was made in it."""
    return [one for one in made if one.name == "demo-edge"]


BALANCERS_GONE = named("-load-balancers-gone")
RECORDS_GONE = named("-records-gone")


def identity(made: Registered) -> list[Registration]:
    """Whom the controller runs as, and what it may do."""
    named_so = [one for one in made if one.name.startswith("demo-aws-load-balancer-controller")]
    return [one for one in named_so if one.type.startswith("aws:") or one.type.endswith("ServiceAccount")]


@pytest.mark.parametrize("lifecycle", LIFECYCLES)
@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param(ROUTES, GATEWAY, id="routes before their gateway"),
        pytest.param(ROUTES, RECORDS_GONE, id="routes before the wait for their records"),
        pytest.param(RECORDS_GONE, RECORDS, id="records before what removes them"),
        pytest.param(named("-demo-route"), DEMO, id="a route before what it leads to"),
        pytest.param(GATEWAY, home, id="the gateway before its namespace"),
        pytest.param(home, BALANCERS_GONE, id="what holds a balancer before the wait for balancers"),
        pytest.param(home, CERTIFICATE, id="the balancer before its certificate"),
        pytest.param(home, CLASSES, id="the gateway before its class"),
        pytest.param(CLASSES, CONTROLLER, id="classes before the controller that lets them go"),
        pytest.param(BALANCERS_GONE, CONTROLLER, id="balancers before the controller that removes them"),
        pytest.param(CONTROLLER, KINDS, id="the controller before its kinds"),
        pytest.param(CONTROLLER, identity, id="the controller before its identity"),
        pytest.param(
            CONTROLLER, addon("eks-pod-identity-agent", "coredns"), id="the controller before its credentials"
        ),
        pytest.param(CONTROLLER, NODE_GROUP, id="the controller before the nodes under it"),
        pytest.param(CONTROLLER, EGRESS, id="the controller before its way out"),
        pytest.param(home, POOLS, id="the gateway's pods before the nodes under them"),
        pytest.param(DEMO, POOLS, id="the demo before the nodes under it"),
        pytest.param(together(CONTROLLER, KINDS, home), VPC, id="all of it before the network"),
    ],
)
def test_on_destroy_of_the_edge(edges: Edges, variant: str, lifecycle: str, earlier: Pick, later: Pick) -> None:
    assert_order(edges[variant, lifecycle], earlier, later)


@pytest.mark.parametrize("lifecycle", LIFECYCLES)
@pytest.mark.parametrize(
    ("variant", "earlier", "later"),
    [
        pytest.param("istio-ambient", home, MESH, id="the Envoys before the mesh"),
        pytest.param("istio-ambient", MESH, named("-gateway-api"), id="the mesh before its kinds"),
        pytest.param("istio-ambient", MESH, NODE_GROUP, id="the mesh before the nodes under it"),
        pytest.param("nlb", GATEWAY, BALANCER, id="an NLB before what it was told"),
        pytest.param("alb", GATEWAY, BALANCER, id="an ALB before what it was told"),
    ],
)
def test_on_destroy_of_one_variant(edges: Edges, variant: str, lifecycle: str, earlier: Pick, later: Pick) -> None:
    assert_order(edges[variant, lifecycle], earlier, later)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_balancer_before_the_bucket_that_it_writes_to(edges: Edges, variant: str) -> None:
    made = edges[variant, "retained"]
    assert_order(made, home, together(of("aws:s3/bucket:Bucket"), of("aws:s3/bucketPolicy:BucketPolicy")))


def assert_order(made: Registered, earlier: Pick, later: Pick) -> None:
    first, then = earlier(made), later(made)
    assert first
    assert then
    wrong = [(a.name, b.name) for a in first for b in then if not made.goes_before(a, b)]
    assert not wrong


def test_nothing_of_the_edge_needs_a_hook_to_be_deleted(edges: Edges) -> None:
    """A delete hook in the state makes a plain `pulumi destroy` refuse."""
    assert not [one.urn for made in edges.values() for one in made if one.hooks]
