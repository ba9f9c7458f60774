"""A chart of `helm.sh/v4` whose objects are not in the stack is judged by its values, once."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN as LATER
from analyzing import Pack, Resource
from clusters import AMOUNTS, IN_CLUSTER, LBC, identity, lbc, obj, release
from judging import refused

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.objects import CHART, RELEASE
from pokayoke_policies.policy import Rule
from pokayoke_policies.raw import NotKnownError
from pokayoke_policies.stack import Member, Stack
from pokayoke_policies.unrendered import with_charts

ISTIO = {"repositoryOpts": {"repo": "https://istio-release.storage.googleapis.com/charts"}}


def chart(name: str, of: str, *after: str, values: dict[str, Any] | None = None, **said: Any) -> Resource:
    """The release of the same inputs, as a chart."""
    return replace(release(name, of, *after, values=values, **said), type=CHART)


def within(parent: Resource, one: Resource) -> Resource:
    return replace(one, name=f"{parent.name}:{one.name}", parent=parent.name)


LIMITLESS = chart("karpenter", "oci://public.ecr.aws/karpenter/karpenter", values={"controller": {}})
GATEWAY = chart("ingress", "gateway", **ISTIO, values={"service": {"type": "LoadBalancer"}})
UNFILLED = chart("lbc", LBC, values={"clusterName": "${cluster}", "enableServiceMutatorWebhook": False})
LATEST = chart("shop", "oci://registry.example.com/shop", values={"image": {"repository": "r/shop", "tag": "latest"}})
GONE = chart("broker", "oci://registry-1.docker.io/bitnamicharts/rabbitmq")
TLS = {"service.beta.kubernetes.io/aws-load-balancer-ssl-ports": "443"}
HALF = chart("web", "oci://registry.example.com/web", values={"service": {"annotations": TLS}})
BARE = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a"},
    "spec": {"containers": [{"name": "a", "image": "a:1"}]},
}
EXTRA = chart("extra", "oci://registry.example.com/web", values={"extraObjects": [BARE]})
BY_VALUES = {
    "missing-resource-limits": LIMITLESS,
    "in-tree-load-balancer": GATEWAY,
    "unresolved-placeholder": UNFILLED,
    "mutable-image-tag": LATEST,
    "discontinued-image": GONE,
    "nlb-tls-termination": HALF,
}


@pytest.mark.parametrize("slug", BY_VALUES)
def test_a_chart_without_objects_is_judged_by_its_values_as_a_release_is(slug: str) -> None:
    one = BY_VALUES[slug]
    of_release = refused(*IN_CLUSTER, replace(one, type=RELEASE))
    assert one.name in of_release[slug]
    assert refused(*IN_CLUSTER, one) == of_release


@pytest.mark.parametrize("slug", BY_VALUES)
def test_a_chart_with_objects_is_judged_by_these_alone(slug: str) -> None:
    one = BY_VALUES[slug]
    assert slug not in refused(*IN_CLUSTER, one, within(one, obj("a", "ConfigMap")))


@pytest.mark.parametrize("slug", BY_VALUES)
def test_what_the_engine_shows_of_a_chart_today_is_refused_nothing(slug: str) -> None:
    assert slug not in refused(*IN_CLUSTER, replace(BY_VALUES[slug], properties={}))


def test_whole_manifests_in_values_are_judged_at_their_place(pack: Pack) -> None:
    ((name, message),) = pack.of_stack(*IN_CLUSTER, EXTRA)["missing-resource-limits"]
    assert name == "extra"
    assert message.startswith("values.extraObjects[0]: spec.containers[0]: ")


def test_values_that_are_not_known_yet_hide_no_other_chart(pack: Pack) -> None:
    later = replace(LIMITLESS, name="later", properties={**LIMITLESS.properties, "values": LATER})
    unread = chart("unread", "oci://registry.example.com/web", values={"extraObjects": [{**BARE, "spec": LATER}, BARE]})
    for stack in ((later, LIMITLESS), (LIMITLESS, later)):
        found = pack.of_stack(*IN_CLUSTER, *stack)
        assert [name for name, _ in found["missing-resource-limits"]] == ["karpenter"]
        assert len(found["unknown"]) >= 1
    found = pack.of_stack(*IN_CLUSTER, unread)
    assert [message[:27] for _, message in found["missing-resource-limits"]] == ["values.extraObjects[1]: spe"]


def test_a_rendered_object_is_judged_in_place_of_the_values() -> None:
    one = chart("shop", "oci://registry.example.com/shop", values={"image": {"repository": "r/shop", "tag": "latest"}})
    pod = obj("pod", "Pod", spec={"containers": [{"name": "a", "image": "r/shop:latest", "resources": AMOUNTS}]})
    assert refused(*IN_CLUSTER, one, within(one, pod))["mutable-image-tag"] == {"shop:pod"}


def test_the_services_of_a_chart_without_objects_wait_for_the_webhook() -> None:
    waiting = chart("ingress", "gateway", "lbc", **ISTIO, values={"service": {"type": "LoadBalancer"}})
    controller = lbc("agent", mutator=True)
    assert refused(*IN_CLUSTER, *controller, GATEWAY)["webhook-not-ready"] == {"ingress"}
    assert "webhook-not-ready" not in refused(*IN_CLUSTER, *controller, waiting)
    rendered = within(GATEWAY, obj("a", "ConfigMap"))
    assert "webhook-not-ready" not in refused(*IN_CLUSTER, *controller, GATEWAY, rendered)


def test_the_service_account_of_a_chart_without_objects_is_found_in_its_values() -> None:
    karpenter = chart("karpenter", "oci://public.ecr.aws/karpenter/karpenter", "identity")
    assert refused(*IN_CLUSTER, identity("karpenter"), karpenter) == {}
    elsewhere = refused(*IN_CLUSTER, identity("karpenter", namespace="karpenter"), karpenter)
    assert elsewhere == {"pod-identity-namespace-mismatch": {"karpenter"}}


def test_ids_and_kinds_are_looked_for_in_values_or_objects_and_not_in_both() -> None:
    vpc = Resource("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16"})
    one = chart("shop", "oci://registry.example.com/shop", values={"vpc": "vpc-0123456789abcdef0"})
    rendered = within(one, obj("map", "ConfigMap", data={"vpc": "vpc-0123456789abcdef0"}))
    outside = Resource("pulumi:providers:kubernetes", "kubernetes")
    assert refused(vpc, outside, one)["stale-vpc-id"] == {"shop"}
    assert refused(vpc, outside, one, rendered)["stale-vpc-id"] == {"shop:map"}
    assert "stale-vpc-id" not in refused(vpc, outside, one, within(one, obj("empty", "ConfigMap")))
    monitored = chart("dns", "external-dns", values={"serviceMonitor": {"enabled": True}})
    assert "crd-not-installed" in refused(*IN_CLUSTER, monitored)
    assert "crd-not-installed" not in refused(*IN_CLUSTER, monitored, within(monitored, obj("a", "ConfigMap")))


def test_the_agent_for_identities_is_found_among_the_objects_of_a_chart_of_which_nothing_else_is_shown() -> None:
    cluster, kubernetes, _ = IN_CLUSTER
    agent = Resource(CHART, "agent", provider="kubernetes")
    labels = {"app.kubernetes.io/name": "eks-pod-identity-agent"}
    spec = {"template": {"spec": {"containers": [{"name": "a", "image": "a:1", "resources": AMOUNTS}]}}}
    daemons = within(agent, obj("daemons", "DaemonSet", api="apps/v1", metadata={"labels": labels}, spec=spec))
    associated = (cluster, kubernetes, identity("web", namespace="shop"))
    other = within(agent, obj("map", "ConfigMap"))
    assert refused(*associated, agent) == {}, "it may well be the agent's"
    assert refused(*associated, agent, other) == {"pod-identity-namespace-mismatch": {"cluster"}}
    assert refused(*associated, agent, daemons) == {}


def test_what_another_cluster_is_brought_does_not_bring_this_one_the_agent() -> None:
    cluster, kubernetes, _ = IN_CLUSTER
    second = replace(cluster, name="second", properties={**cluster.properties, "name": "second"})
    there = Resource("pulumi:providers:kubernetes", "there", after=("second",))
    project = obj("app", "Application", api="argoproj.io/v1alpha1", spec={"source": {"repoURL": "https://example.com"}})
    stack = (cluster, kubernetes, second, there, identity("web", namespace="shop"))
    slug = "pod-identity-namespace-mismatch"
    assert refused(*stack, replace(project, provider="there"))[slug] == {"cluster"}
    assert slug not in refused(*stack, project)


ACCOUNT = obj("own", "ServiceAccount", metadata={"namespace": "shop", "name": "web"})


@pytest.mark.parametrize(
    ("beside", "is_refused"),
    [
        ((), True),
        ((chart("app", "oci://registry.example.com/app", namespace="shop"),), False),
        ((chart("app", "oci://registry.example.com/app", namespace="other"),), True),
        ((Resource(CHART, "app", provider="kubernetes"),), False),
        (
            (
                Resource(CHART, "app", provider="kubernetes"),
                Resource("kubernetes:core/v1:ConfigMap", "a", parent="app"),
            ),
            True,
        ),
        ((chart("lbc", LBC, values={"clusterName": "demo", "serviceAccount": {"name": "x"}}, namespace="shop"),), True),
    ],
    ids=["alone", "same-namespace", "another", "not-shown", "rendered", "known"],
)
def test_a_chart_without_objects_may_bring_the_account_of_an_association(
    beside: tuple[Resource, ...], is_refused: bool
) -> None:
    found = refused(*IN_CLUSTER, identity("app", namespace="shop"), ACCOUNT, *beside)
    assert ("identity" in found.get("pod-identity-namespace-mismatch", set())) is is_refused


@pytest.mark.parametrize("kind", [RELEASE, CHART])
@pytest.mark.parametrize(("namespace", "is_refused"), [("default", False), ("shop", True)])
def test_what_names_no_namespace_goes_to_the_default_one(kind: str, namespace: str, is_refused: bool) -> None:
    unnamed = Resource(kind, "app", {"chart": "oci://registry.example.com/app"}, provider="kubernetes")
    account = obj("own", "ServiceAccount", metadata={"namespace": namespace, "name": "web"})
    found = refused(*IN_CLUSTER, identity("app", namespace=namespace), account, unnamed)
    assert ("identity" in found.get("pod-identity-namespace-mismatch", set())) is is_refused


def member(name: str, kind: str, parent: str | None = None, *, protected: bool = False, **said: Any) -> Member:
    return Member(f"urn::{name}", kind, lambda: said, parent=parent, protected=protected)


def unsound(said: Any) -> Any:
    if said.get("version") is None:
        raise NotKnownError(("version",))
    yield Finding(f"version {said['version']}", "", "s")


def kept(said: Any, *, protected: bool) -> Any:
    yield Finding(f"{said['version']} is protected: {protected}", "", "s")


def between(stack: Stack) -> Any:
    yield "urn::all", Finding(str(len(stack.members)), "", "s")


def test_a_rule_keeps_its_own_judges_and_asks_those_of_releases_of_each_chart_without_objects() -> None:
    own = Rule("s", judges={RELEASE: (unsound,)}, protection={RELEASE: kept}, stack=(between,))
    rule = with_charts(own)
    assert (rule.slug, rule.judges, rule.protection) == (own.slug, own.judges, own.protection)
    stack = Stack(
        [
            member("a", CHART, version=1, protected=True),
            member("b", CHART, version=None),
            member("c", CHART, version=3),
            member("d", CHART, version=4),
            member("e", "kubernetes:core/v1:Pod", "urn::d"),
            member("f", RELEASE, version=6),
        ]
    )
    first, second = rule.stack
    assert first is between
    with pytest.raises(NotKnownError, match="version"):
        list(second(stack))
    asked = list(_until_unknown(second(stack)))
    assert asked == [
        ("urn::a", "1 is protected: True"),
        ("urn::a", "version 1"),
        ("urn::b", "None is protected: False"),
        ("urn::c", "3 is protected: False"),
        ("urn::c", "version 3"),
    ]


def _until_unknown(told: Any) -> Any:
    try:
        yield from ((urn, finding.problem) for urn, finding in told)
    except NotKnownError:
        return
