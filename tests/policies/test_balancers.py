"""What of a stack makes load balancers, and what may bring their controller unseen."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Resource
from clusters import CLUSTER, IN_CLUSTER, TWO_CLUSTERS, crds, gateway, ingress, lbc, obj, release, service, within
from judging import members

from pokayoke_eks.rules.balancing import Controller
from pokayoke_policies.balancers import brings_its_own, is_of_a_folder, makers, may_come_otherwise, with_objects
from pokayoke_policies.eks import label
from pokayoke_policies.objects import CHART
from pokayoke_policies.stack import Member, Stack

OURS, IN_TREE, UNSAID = Controller.OURS, Controller.IN_TREE, Controller.UNSAID
HERE = "urn:pulumi:s::p::aws:eks/cluster:Cluster::cluster"
ONE = "urn:pulumi:s::p::aws:eks/cluster:Cluster::one"
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
OLD = {f"{PREFIX}type": "nlb"}
ASKED = {"service": {"type": "LoadBalancer"}}


def stack(*resources: Resource) -> Stack:
    return Stack(members(resources))


def made(*resources: Resource) -> list[tuple[str, str, str | None, Controller, bool]]:
    found = makers(stack(*IN_CLUSTER, *resources))
    return [(label(one.member.urn), one.place, one.cluster, one.controller, one.istio) for one in found]


def named(name: str, content: Resource) -> Resource:
    return Resource(content.type, name, content.properties, provider="kubernetes")


# EKS Auto Mode


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ({}, False),
        ({"computeConfig": {"enabled": True}}, True),
        ({"computeConfig": {"enabled": False}}, False),
        ({"computeConfig": {"enabled": UNKNOWN}}, True),
        ({"computeConfig": UNKNOWN}, True),
        ({"kubernetesNetworkConfig": UNKNOWN}, True),
        ({"kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": True}}}, True),
        ({"kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": False}}}, False),
        ({"kubernetesNetworkConfig": {"elasticLoadBalancing": {"enabled": UNKNOWN}}}, True),
    ],
    ids=str,
)
def test_a_cluster_in_auto_mode_brings_its_own_controller_and_so_may_any_where_none_is_told(
    said: dict[str, Any], own: bool
) -> None:
    around = stack(Resource(CLUSTER.type, "cluster", said))
    assert brings_its_own(around, HERE) is own
    assert brings_its_own(around, None) is own


# What is not to be seen


def test_gitops_of_another_cluster_brings_nothing_into_this_one() -> None:
    argo = obj("platform", "Application", api="argoproj.io/v1alpha1")
    assert not may_come_otherwise(stack(*TWO_CLUSTERS, *within("two", argo)), ONE)
    assert may_come_otherwise(stack(*TWO_CLUSTERS, *within("one", argo)), ONE)


def test_files_may_bring_a_controller_until_they_are_rendered() -> None:
    inside = Resource(service().type, "gateway-api:web/web", service().properties, parent="gateway-api")
    assert may_come_otherwise(stack(*IN_CLUSTER, crds()), HERE)
    assert not may_come_otherwise(stack(*IN_CLUSTER, crds(), inside), HERE)


@pytest.mark.parametrize("chart", ["./charts/app", "/charts/app", "~/charts/app", UNKNOWN])
def test_a_chart_from_a_folder_holds_what_nobody_knows(chart: str) -> None:
    (told,) = members((release("app", chart),))
    (public,) = members((release("app", "app"),))
    assert is_of_a_folder(told)
    assert not is_of_a_folder(public)


@pytest.mark.parametrize(
    ("kind", "name", "rendered"),
    [
        ("kubernetes:yaml/v2:ConfigGroup", "all:web/web", True),
        ("kubernetes:yaml/v2:ConfigGroup", "web", False),
        ("kubernetes:helm.sh/v4:Chart", "all:web/web", True),
        ("kubernetes:helm.sh/v4:Chart", "web", False),
        ("kubernetes:helm.sh/v3:Chart", "web/web", True),
        ("kubernetes:yaml:ConfigFile", "web", True),
    ],
)
def test_what_a_component_renders_is_told_from_what_somebody_puts_under_it(
    kind: str, name: str, rendered: bool
) -> None:
    around = stack(
        Resource(kind, "all"), Resource(service().type, name, parent="all"), Resource(service().type, "alone")
    )
    assert with_objects(around) == ({f"urn:pulumi:s::p::{kind}::all"} if rendered else set())


# What makes load balancers


def test_only_the_kinds_that_have_controllers_make_balancers() -> None:
    spec = {
        "type": "LoadBalancer",
        "ingressClassName": "alb",
        "gatewayClassName": "istio",
        "controller": "ingress.k8s.aws/alb",
        "controllerName": "gateway.k8s.aws/nlb",
    }
    edge = obj("public", "Edge", api="example.com/v1", metadata={"annotations": OLD}, spec=spec)
    patched = obj("patched", "Edge", api="example.com/v1", metadata={"annotations": OLD})
    public = ingress(ingressClassName="public"), gateway(gatewayClassName="public")
    assert made(edge, patched, *public) == []


@pytest.mark.parametrize(
    ("annotations", "spec", "makes"),
    [
        (OLD, {}, True),
        (OLD, {"type": "LoadBalancer"}, True),
        (OLD, {"type": "ClusterIP"}, False),
        (OLD, {"loadBalancerClass": "tailscale"}, False),
        ({f"{PREFIX}type": "external"}, {}, False),
        ({}, {}, False),
    ],
    ids=str,
)
def test_a_patch_asks_for_the_old_controller_where_it_says_so(
    annotations: dict[str, Any], spec: dict[str, Any], makes: bool
) -> None:
    patch = obj("web", "ServicePatch", metadata={"annotations": annotations}, spec=spec)
    assert made(patch) == ([("web", "", HERE, IN_TREE, False)] if makes else [])


def test_an_ingress_names_its_class_by_the_old_annotation_too() -> None:
    metadata = {"annotations": {"kubernetes.io/ingress.class": "alb"}}
    old = obj("web", "Ingress", api="networking.k8s.io/v1", metadata=metadata)
    assert made(old) == [("web", "", HERE, OURS, False)]


def test_a_service_in_a_list_is_told_with_its_place() -> None:
    items = Resource("kubernetes:core/v1:List", "all", {"items": [service().properties]}, provider="kubernetes")
    assert made(items) == [("all", "items[0]: ", HERE, UNSAID, False)]


def test_a_gateway_of_no_known_class_does_not_hide_the_next() -> None:
    unknown, told = named("a", gateway(gatewayClassName=UNKNOWN)), named("b", gateway())
    assert made(unknown, told) == [("b", "", HERE, UNSAID, True)]


@pytest.mark.parametrize(
    ("text", "who"), [("spec: {loadBalancerClass: service.k8s.aws/nlb}", OURS), ("spec: {}", UNSAID)]
)
def test_a_gateways_own_overlay_and_no_other_says_who_makes_its_balancer(text: str, who: Controller) -> None:
    overlay = gateway(infrastructure={"parametersRef": {"kind": "ConfigMap", "name": "overlay"}})
    mine, others = (obj(name, "ConfigMap", data={"service": said}) for name, said in (("overlay", text), ("a", "")))
    lookalike = obj("set", "DaemonSet", api="apps/v1", metadata={"name": "overlay"})
    assert made(overlay, others, lookalike, mine) == [("gateway", "", HERE, who, True)]
    assert made(overlay, others) == []


def test_the_controllers_own_values_and_those_that_are_not_seen_ask_for_nothing() -> None:
    own = lbc(values=ASKED)
    unseen = release("edge", "ingress-nginx", valueYamlFiles=["values.yaml"])
    assert made(*own, unseen, release("web", "app", values=ASKED)) == [("web", "values.service: ", HERE, UNSAID, False)]


def test_a_chart_that_is_not_rendered_yet_is_judged_by_its_values() -> None:
    chart = Resource(CHART, "web", {"chart": "app", "values": ASKED}, provider="kubernetes")
    assert made(chart) == [("web", "values.service: ", HERE, UNSAID, False)]
    assert made(chart, Resource(ingress().type, "web:web", {"spec": {}}, parent="web")) == []


def test_a_member_of_no_package_of_kubernetes_renders_nothing() -> None:
    outer = Member("urn:pulumi:s::p::aws:eks/cluster:Cluster::a", "aws:eks/cluster:Cluster", dict, parent="component")
    assert with_objects(Stack([outer])) == set()
