"""The policies `in-tree-load-balancer` and `vpc-delete-blocked`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import (
    CLUSTER,
    IN_CLUSTER,
    TWO_CLUSTERS,
    crds,
    gateway,
    identity,
    ingress,
    lbc,
    obj,
    release,
    service,
    within,
)
from judging import refused

IN_TREE, WEBHOOK, TEARDOWN = "in-tree-load-balancer", "webhook-not-ready", "vpc-delete-blocked"
NLB = "service.k8s.aws/nlb"
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
EXTERNAL = {f"{PREFIX}type": "external"}
AUTO = Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, "computeConfig": {"enabled": True}})


# in-tree-load-balancer


@pytest.mark.parametrize(
    ("annotations", "spec"),
    [
        ({}, {"loadBalancerClass": NLB}),
        ({}, {"loadBalancerClass": UNKNOWN}),
        (EXTERNAL, {}),
        ({f"{PREFIX}type": "nlb-ip"}, {}),
        ({}, {"type": "ClusterIP"}),
        ({}, {"type": UNKNOWN}),
    ],
    ids=str,
)
def test_a_service_that_names_the_controller_passes(
    annotations: dict[str, Any], spec: dict[str, Any], pack: Pack
) -> None:
    assert pack.of_stack(*IN_CLUSTER, *lbc(), service("lbc", annotations=annotations, **spec)) == {}


@pytest.mark.parametrize(
    ("annotations", "how"),
    [
        ({}, "names no controller"),
        ({f"{PREFIX}type": "nlb"}, "asks for the old one"),
        ({f"{PREFIX}scheme": "internal"}, "names no controller"),
    ],
    ids=str,
)
def test_a_service_that_names_none_is_refused_with_and_without_the_cluster(
    annotations: dict[str, Any], how: str, pack: Pack
) -> None:
    for around in ((), IN_CLUSTER):
        found = pack.of_stack(*around, service(annotations=annotations))
        ((name, message),) = found.pop(IN_TREE)
        assert name == "web"
        assert message.startswith(f"spec.loadBalancerClass: a Service of type LoadBalancer {how}: the one in")
        assert f"Set loadBalancerClass: {NLB}" in message
        assert found == {}


def test_the_controllers_webhook_names_it_where_it_is_on_and_there_before(pack: Pack) -> None:
    assert pack.of_stack(*IN_CLUSTER, *lbc(mutator=True), service("lbc")) == {}
    assert IN_TREE in pack.of_stack(*IN_CLUSTER, *lbc(mutator=True), service())
    ((_, message),) = pack.of_stack(*IN_CLUSTER, *lbc(mutator=False), service("lbc"))[IN_TREE]
    assert "the webhook that would name it is off" in message


@pytest.mark.parametrize("made", [service(loadBalancerClass=NLB), ingress()], ids=["service", "ingress"])
def test_what_is_for_the_controller_needs_it_where_the_stack_makes_the_cluster(made: Resource, pack: Pack) -> None:
    ((_, message),) = pack.of_stack(*IN_CLUSTER, made)[IN_TREE]
    problem, _, _ = message.partition(" [")
    assert (
        problem == "it is for the AWS Load Balancer Controller, which nothing in the stack installs: it stays pending"
    )
    assert "Install aws-load-balancer-controller" in message
    assert pack.of_stack(made) == {}
    assert pack.of_stack(AUTO, *IN_CLUSTER[1:], made) == {}


def test_what_gitops_or_a_chart_of_ones_own_may_install_is_not_missed(pack: Pack) -> None:
    argo = obj("platform", "Application", api="argoproj.io/v1alpha1", of="")
    assert IN_TREE not in pack.of_stack(*IN_CLUSTER, argo, ingress())
    assert IN_TREE not in pack.of_stack(*IN_CLUSTER, release("platform", "./charts/platform"), ingress())
    assert IN_TREE in pack.of_stack(*IN_CLUSTER, release("app", "app"), ingress())


def test_what_another_cluster_is_brought_brings_this_one_no_controller() -> None:
    argo = obj("platform", "Application", api="argoproj.io/v1alpha1")
    (one, *others) = TWO_CLUSTERS
    auto = Resource(one.type, "one", {**one.properties, **AUTO.properties})
    assert IN_TREE in refused(*TWO_CLUSTERS, *within("one", argo), *within("two", ingress()))
    assert IN_TREE not in refused(*TWO_CLUSTERS, *within("one", argo, ingress()))
    assert IN_TREE in refused(auto, *others, *within("two", service()))
    assert IN_TREE not in refused(auto, *others, *within("one", service()))
    webhook = replace(lbc(mutator=True)[1], after=())
    assert IN_TREE in refused(*TWO_CLUSTERS, *within("two", webhook), *within("one", service("lbc")))
    assert IN_TREE not in refused(*TWO_CLUSTERS, *within("one", webhook, service("lbc")))


def test_another_class_and_another_controller_are_no_concern_of_it(pack: Pack) -> None:
    nginx = obj("i", "Ingress", api="networking.k8s.io/v1", spec={"ingressClassName": "nginx"})
    assert pack.of_stack(*IN_CLUSTER, service(loadBalancerClass="tailscale"), nginx) == {}


def test_a_renamed_class_of_ingresses_is_the_controllers_too(pack: Pack) -> None:
    said = {"controller": "ingress.k8s.aws/alb"}
    own = obj("public", "IngressClass", api="networking.k8s.io/v1", spec=said)
    assert IN_TREE in pack.of_stack(*IN_CLUSTER, own, ingress(ingressClassName="public"))


@pytest.mark.parametrize(
    ("chart", "values", "path"),
    [
        ("app", {"service": {"type": "LoadBalancer"}}, "values.service"),
        ("app", {"main": {"service": {"type": "LoadBalancer", "annotations": {}}}}, "values.main.service"),
        ("ingress-nginx", {}, "values.controller.service"),
        ("oci://ghcr.io/istio/release/charts/gateway", {}, "values.service"),
    ],
)
def test_a_release_is_judged_by_its_values(chart: str, values: dict[str, Any], path: str, pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, release("edge", chart, values=values))
    ((_, message),) = found.pop(IN_TREE)
    assert message.startswith(f"{path}: a Service of type LoadBalancer")
    assert found == {}


@pytest.mark.parametrize(
    ("chart", "values"),
    [
        ("app", {"service": {"type": "LoadBalancer", "loadBalancerClass": NLB}}),
        ("app", {"service": {"type": "LoadBalancer", "spec": {"loadBalancerClass": NLB}}}),
        ("app", {"service": {"type": "LoadBalancer", "annotations": EXTERNAL}}),
        ("ingress-nginx", {"controller": {"service": {"annotations": EXTERNAL}}}),
        ("ingress-nginx", {"controller": {"service": {"type": "ClusterIP"}}}),
        ("oci://registry.example.com/gateway", {}),
    ],
    ids=str,
)
def test_a_release_that_names_the_controller_passes(chart: str, values: dict[str, Any], pack: Pack) -> None:
    assert pack.of_stack(*IN_CLUSTER, *lbc(), release("edge", chart, "lbc", values=values)) == {}


def test_the_service_that_istiod_makes_of_a_gateway_is_judged_too(pack: Pack) -> None:
    around = (*IN_CLUSTER, crds())
    ((_, message),) = pack.of_stack(*around, gateway("gateway-api"))[IN_TREE]
    assert message.startswith("spec.infrastructure.annotations: the Service that istiod makes of it names no")
    assert f"Set {PREFIX}type: external in spec.infrastructure.annotations" in message
    named = gateway("gateway-api", "lbc", infrastructure={"annotations": EXTERNAL})
    assert pack.of_stack(*around, *lbc(), named) == {}
    assert pack.of_stack(*around, *lbc(), gateway("gateway-api", "lbc", annotations=EXTERNAL)) == {}
    inner = {"networking.istio.io/service-type": "ClusterIP"}
    assert pack.of_stack(*around, gateway("gateway-api", annotations=inner)) == {}
    overlay = gateway("gateway-api", "lbc", infrastructure={"parametersRef": {"kind": "ConfigMap", "name": "o"}})
    text = f"spec: {{loadBalancerClass: {NLB}}}"
    assert pack.of_stack(*around, *lbc(), overlay, obj("o", "ConfigMap", data={"service": text})) == {}


# vpc-delete-blocked


@pytest.mark.parametrize(
    "made",
    [
        service(loadBalancerClass=NLB),
        ingress(),
        obj("binding", "TargetGroupBinding", "gateway-api", api="elbv2.k8s.aws/v1beta1"),
        gateway("gateway-api", infrastructure={"annotations": EXTERNAL}),
        release("edge", "app", values={"service": {"type": "LoadBalancer", "loadBalancerClass": NLB}}),
    ],
    ids=["service", "ingress", "binding", "gateway", "release"],
)
def test_what_makes_a_balancer_depends_on_the_controllers_release(made: Resource, pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, crds(), *lbc(), made)
    ((name, message),) = found.pop(TEARDOWN)
    assert name == made.name
    assert "it does not depend on 'lbc': on destroy the load balancer controller may go first" in message
    assert set(found) <= {WEBHOOK}


def test_a_component_or_a_wait_in_between_is_a_dependency_too(pack: Pack) -> None:
    wait = Resource("pulumi-python:dynamic/pokayoke:Waiting", "wait", after=("lbc",))
    assert pack.of_stack(*IN_CLUSTER, *lbc(), wait, ingress("wait")) == {}
    component = Resource("my:index:App", "app", after=("lbc",))
    inside = Resource(ingress().type, "ingress", ingress().properties, parent="app", provider="kubernetes")
    assert pack.of_stack(*IN_CLUSTER, *lbc(), component, inside) == {}
    child = Resource(ingress().type, "ingress", ingress().properties, parent="lbc", provider="kubernetes")
    assert pack.of_stack(*IN_CLUSTER, *lbc(), child) == {}


def test_a_controller_of_another_stack_is_not_judged(pack: Pack) -> None:
    assert pack.of_stack(ingress(), service(loadBalancerClass=NLB)) == {}


def test_pools_depend_on_karpenters_release(pack: Pack) -> None:
    karpenter = release("karpenter", "oci://public.ecr.aws/karpenter/karpenter", "identity")
    kinds = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
    around = (*IN_CLUSTER, identity("karpenter"), kinds)
    said = {"amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}]}
    node_class = obj("class", "EC2NodeClass", "kinds", api="karpenter.k8s.aws/v1", spec=said)
    found = pack.of_stack(*around, karpenter, node_class)
    ((name, message),) = found.pop(TEARDOWN)
    assert name == "class"
    assert "its machines" in message
    assert found == {}
    ordered = obj("class", "EC2NodeClass", "kinds", "karpenter", api="karpenter.k8s.aws/v1", spec=said)
    assert pack.of_stack(*around, karpenter, ordered) == {}


KARPENTER = release("karpenter", "oci://public.ecr.aws/karpenter/karpenter")
NODE_CLASS = obj("class", "EC2NodeClass", api="karpenter.k8s.aws/v1", spec={})
(_, CONTROLLER), ISTIOD = lbc(), release("istiod", "oci://ghcr.io/istio/release/charts/istiod")


@pytest.mark.parametrize(
    ("made", "controller", "told"),
    [
        (
            service(loadBalancerClass=NLB),
            CONTROLLER,
            "the load balancer controller may go first, and its load balancer",
        ),
        (gateway(), ISTIOD, "the istio/istiod may go first, and its load balancer"),
        (NODE_CLASS, KARPENTER, "the karpenter may go first, and its machines"),
    ],
    ids=["balancer", "gateway", "machines"],
)
def test_what_a_cluster_holds_waits_for_its_own_controller(
    made: Resource, controller: Resource, told: str, pack: Pack
) -> None:
    controller = replace(controller, after=(), sources={})
    held = Resource("kubernetes:core/v1:List", "list", {"items": [made.properties]})
    beside = obj("map", "ConfigMap")
    found = pack.of_stack(*TWO_CLUSTERS, *within("one", held, controller, beside))
    ((name, message),) = found[TEARDOWN]
    assert name == "list"
    expected = f"items[0]: dependsOn: it does not depend on '{controller.name}': on destroy {told}, with their"
    assert message.startswith(expected)
    assert TEARDOWN not in refused(*TWO_CLUSTERS, *within("one", held), *within("two", controller))
    elsewhere = within("two", replace(controller, name="elsewhere"))
    waiting = within("one", replace(held, after=("elsewhere",)), controller)
    assert TEARDOWN in refused(*TWO_CLUSTERS, *elsewhere, *waiting)


def test_a_gateway_of_the_controllers_own_class_is_known_by_its_class(pack: Pack) -> None:
    said = {"controllerName": "gateway.k8s.aws/nlb"}
    own = obj("edge", "GatewayClass", "class-kind", api="gateway.networking.k8s.io/v1", spec=said)
    kinds = [
        obj(
            name,
            "CustomResourceDefinition",
            api="apiextensions.k8s.io/v1",
            spec={"group": "gateway.networking.k8s.io", "names": {"kind": kind}},
        )
        for name, kind in (("class-kind", "GatewayClass"), ("gateway-api", "Gateway"))
    ]
    around = (*IN_CLUSTER, *kinds, own)
    assert set(pack.of_stack(*around, gateway("gateway-api", gatewayClassName="edge"))) == {IN_TREE}
    unordered = pack.of_stack(*around, *lbc(), gateway("gateway-api", gatewayClassName="edge"))
    assert set(unordered) == {TEARDOWN}
    assert pack.of_stack(*around, *lbc(), gateway("gateway-api", "lbc", gatewayClassName="edge")) == {}
    assert pack.of_stack(*around, gateway("gateway-api", gatewayClassName="unknown")) == {}
    assert pack.of_stack(*around, gateway("gateway-api", gatewayClassName=UNKNOWN)) == {}


def test_a_controller_that_comes_rendered_is_one(pack: Pack) -> None:
    labels = {"app.kubernetes.io/name": "aws-load-balancer-controller"}
    container = {"name": "c", "image": "c:1", "resources": {"requests": {"cpu": 1}, "limits": {"memory": 1}}}
    spec = {"serviceAccountName": "aws-load-balancer-controller", "containers": [container]}
    template = {"metadata": {"labels": labels}, "spec": spec}
    metadata = {"labels": labels, "namespace": "kube-system"}
    account = identity("aws-load-balancer-controller")
    pods = obj("pods", "Deployment", "identity", api="apps/v1", metadata=metadata, spec={"template": template})
    made = service(loadBalancerClass=NLB)
    assert set(pack.of_stack(*IN_CLUSTER, account, pods, made)) == {TEARDOWN}
    assert pack.of_stack(*IN_CLUSTER, account, pods, service("pods", loadBalancerClass=NLB)) == {}


def test_another_clusters_controller_is_another(pack: Pack) -> None:
    there = Resource(CLUSTER.type, "tokyo", {**CLUSTER.properties, "name": "tokyo"})
    provider = Resource("pulumi:providers:kubernetes", "there", after=("tokyo",))
    agent = Resource(IN_CLUSTER[2].type, "agent-2", {"clusterName": "tokyo", "addonName": "eks-pod-identity-agent"})
    made = Resource(ingress().type, "ingress", ingress().properties, provider="there")
    found = pack.of_stack(*IN_CLUSTER, *lbc(), there, provider, agent, made)
    assert set(found) == {IN_TREE}
