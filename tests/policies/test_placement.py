"""The policy `incompatible-requirements`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, obj, release
from judging import refused

SLUG = "incompatible-requirements"
POOL = "kubernetes:karpenter.sh/v1:NodePool"
KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
TYPE, ARCH = "node.kubernetes.io/instance-type", "kubernetes.io/arch"
CAPACITY = "karpenter.sh/capacity-type"


def needs(key: str, *values: Any, operator: str = "In") -> dict[str, Any]:
    return {"key": key, "operator": operator, "values": list(values)}


ARM = needs(TYPE, "m7g.large", "m7g.xlarge")


def pool(*requirements: Any, labels: Any = None, taints: Any = None) -> Resource:
    template: dict[str, Any] = {"spec": {"requirements": list(requirements) or [ARM], "taints": taints or []}}
    if labels:
        template["metadata"] = {"labels": labels}
    spec = {"template": template, "limits": {"cpu": "32"}}
    return obj("pool", "NodePool", "kinds", api="karpenter.sh/v1", spec=spec)


def named(name: Any) -> Resource:
    spec = pool().properties["spec"]
    return obj("pool", "NodePool", "kinds", api="karpenter.sh/v1", metadata={"name": name}, spec=spec)


def web(cpu: Any = "100m", memory: Any = "64Mi", **pod: Any) -> Resource:
    amounts = {"cpu": cpu, "memory": memory}
    containers = [{"name": "a", "image": "a:1", "resources": {"requests": amounts, "limits": amounts}}]
    template = {"spec": {"containers": containers, **pod}}
    return obj("web", "Deployment", api="apps/v1", spec={"selector": {}, "template": template})


def affinity(*terms: Any) -> dict[str, Any]:
    selector = {"nodeSelectorTerms": [{"matchExpressions": list(term)} for term in terms]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": selector}}


def group(*, template: bool = False, **said: Any) -> Resource:
    if template:
        said["launchTemplate"] = {"id": "lt-1"}
    content = {"clusterName": "demo", "instanceTypes": ["m7i.large"], "amiType": "AL2023_x86_64_STANDARD", **said}
    return Resource("aws:eks/nodeGroup:NodeGroup", "group", content, sources={"clusterName": "cluster"})


BASE = (*IN_CLUSTER, KINDS)


def test_a_selector_that_no_node_meets_is_refused(pack: Pack) -> None:
    found = pack.of_stack(*BASE, pool(), web(nodeSelector={ARCH: "amd64"}))
    ((name, message),) = found.pop(SLUG)
    assert name == "web"
    assert "no node of the stack can take its pods ('pool': none of its instance types is one that is" in message
    assert found == {}


@pytest.mark.parametrize(
    ("pod", "fits"),
    [
        ({}, True),
        ({"nodeSelector": {ARCH: "arm64"}}, True),
        ({"nodeSelector": {"karpenter.sh/nodepool": "pool"}}, True),
        ({"nodeSelector": {"karpenter.sh/nodepool": "other"}}, False),
        ({"nodeSelector": {TYPE: "m7g.large"}}, True),
        ({"nodeSelector": {TYPE: "m7g.2xlarge"}}, False),
        ({"nodeSelector": {"karpenter.k8s.aws/instance-family": "m7g"}}, True),
        ({"nodeSelector": {"karpenter.k8s.aws/instance-cpu": 4.0}}, True),
        ({"nodeSelector": {"karpenter.k8s.aws/instance-category": "c"}}, False),
        ({"nodeSelector": {"topology.kubernetes.io/zone": "ap-northeast-2a"}}, True),
        ({"nodeSelector": {"team": "shop"}}, False),
        ({"affinity": affinity([needs(ARCH, "amd64")])}, False),
        ({"affinity": affinity([needs(ARCH, "amd64")], [needs(ARCH, "amd64", "arm64")])}, True),
        ({"affinity": affinity([needs(ARCH, "arm64", operator="NotIn")])}, False),
        ({"affinity": affinity([needs("team", "shop", operator="NotIn")])}, True),
        ({"affinity": affinity([needs("team", operator="DoesNotExist")])}, True),
        ({"affinity": affinity([needs("team", operator="Exists")])}, False),
        ({"affinity": affinity([needs("karpenter.k8s.aws/instance-cpu", "2", operator="Gt")])}, True),
        ({"affinity": affinity([needs("karpenter.k8s.aws/instance-cpu", "4", operator="Gt")])}, False),
        ({"cpu": "3"}, True),
        ({"cpu": "4"}, False),
        ({"cpu": 2.0, "memory": "12Gi"}, True),
        ({"memory": "16Gi"}, False),
        ({"nodeName": "node-1", "nodeSelector": {"team": "shop"}}, True),
        ({"containers": [{"resources": {"requests": {"cpu": "3"}}}]}, True),
        ({"containers": [{"resources": {"requests": {"cpu": "4"}}}]}, False),
        ({"containers": [{"resources": {"limits": {"cpu": "4"}}}]}, False),
        ({"containers": [{"resources": {"requests": {"cpu": "3"}, "limits": {"cpu": "4"}}}]}, True),
        ({"containers": [{"resources": {"requests": {"cpu": "2"}}}] * 2}, False),
        ({"containers": [{"name": "a"}] * 4}, True),
    ],
    ids=str,
)
def test_selector_affinity_and_requests_are_measured_against_a_pool(pod: Any, fits: bool, pack: Pack) -> None:
    assert set(pack.of_stack(*BASE, pool(), web(**pod))) == (set() if fits else {SLUG})


@pytest.mark.parametrize(
    ("made", "pod", "fits"),
    [
        (pool(labels={"team": "shop"}), {"nodeSelector": {"team": "shop"}}, True),
        (pool(labels={"team": "other"}), {"nodeSelector": {"team": "shop"}}, False),
        (pool(ARM, needs("team", "shop", "web")), {"nodeSelector": {"team": "shop"}}, True),
        (pool(ARM, needs("team", operator="Exists")), {"nodeSelector": {"team": "shop"}}, True),
        (pool(ARM, needs(CAPACITY, "on-demand")), {"nodeSelector": {CAPACITY: "spot"}}, False),
        (pool(ARM), {"nodeSelector": {CAPACITY: "spot"}}, True),
        (
            pool(needs("karpenter.k8s.aws/instance-family", "m7g"), needs("karpenter.k8s.aws/instance-cpu", "2")),
            {"cpu": "4"},
            False,
        ),
        (pool(needs(TYPE, "never-heard.large")), {"cpu": "400"}, True),
        (pool(ARM, {"key": "team"}), {"nodeSelector": {"team": "shop"}}, False),
        (named("fleet"), {"nodeSelector": {"karpenter.sh/nodepool": "fleet"}}, True),
        (named("fleet"), {"nodeSelector": {"karpenter.sh/nodepool": "pool"}}, False),
        (named(UNKNOWN), {"nodeSelector": {"karpenter.sh/nodepool": "pool"}}, True),
    ],
    ids=[
        *("label", "other-label", "requirement", "any", "capacity", "capacity-unsaid", "family", "unknown-type"),
        *("no-operator", "name", "other-name", "name-not-known"),
    ],
)
def test_what_a_pool_says_of_its_nodes_counts(made: Resource, pod: Any, fits: bool, pack: Pack) -> None:
    assert (SLUG in pack.of_stack(*BASE, made, web(**pod))) != fits


def test_a_taint_that_is_not_tolerated_keeps_a_pod_off(pack: Pack) -> None:
    tainted = pool(taints=[{"key": "gpu", "value": "true", "effect": "NoSchedule"}])
    ((_, message),) = pack.of_stack(*BASE, tainted, web())[SLUG]
    assert "'pool': its taint gpu:NoSchedule is not tolerated" in message
    assert pack.of_stack(*BASE, tainted, web(tolerations=[{"key": "gpu", "operator": "Exists"}])) == {}
    soft = pool(taints=[{"key": "gpu", "effect": "PreferNoSchedule"}])
    assert pack.of_stack(*BASE, soft, web()) == {}


def test_a_node_group_takes_pods_too(pack: Pack) -> None:
    wanted = web(nodeSelector={ARCH: "amd64"})
    assert pack.of_stack(*BASE, pool(), group(), wanted) == {}
    assert SLUG in pack.of_stack(*BASE, pool(), group(), web(nodeSelector={"team": "shop"}))
    assert pack.of_stack(*BASE, pool(), group(labels={"team": "shop"}), web(nodeSelector={"team": "shop"})) == {}
    eks = group(taints=[{"key": "a", "effect": "NO_SCHEDULE"}])
    assert SLUG in pack.of_stack(*BASE, eks, web())
    assert SLUG in pack.of_stack(*BASE, group(), web(nodeSelector={"karpenter.sh/nodepool": "pool"}))


@pytest.mark.parametrize(
    ("types", "by_template", "arch", "fits"),
    [
        (["m7i.large"], {}, "amd64", True),
        (["m7i.large"], {}, "arm64", False),
        (None, {"instanceType": "m7g.large"}, "arm64", True),
        (None, {"instanceType": "m7g.large"}, "amd64", False),
        (None, {"instanceType": UNKNOWN}, "amd64", True),
        (None, {}, "amd64", True),
        (["m7i.large"], {"instanceType": "m7g.large"}, "amd64", True),
    ],
    ids=["own", "other", "of-the-template", "other-of-the-template", "not-known", "none", "both"],
)
def test_the_types_of_a_node_group_stand_in_it_or_in_its_launch_template(
    types: Any, by_template: Any, arch: str, fits: bool
) -> None:
    template = Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", {"id": "lt-1", **by_template})
    one = group(template=bool(by_template), instanceTypes=types)
    assert (SLUG in refused(*IN_CLUSTER, template, one, web(nodeSelector={ARCH: arch}))) != fits


def test_user_data_of_a_template_may_give_its_nodes_labels(pack: Pack) -> None:
    def template(**said: Any) -> Resource:
        return Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", {"id": "lt-1", **said})

    lost = web(nodeSelector={"team": "shop"})
    assert SLUG not in refused(*IN_CLUSTER, template(userData="IyE="), group(template=True), lost)
    ((_, message),) = pack.of_stack(*IN_CLUSTER, template(), group(template=True), lost)[SLUG]
    assert "('group': it has no team that is asked for)" in message


def test_another_clusters_nodes_are_none_of_this_one() -> None:
    other = Resource(CLUSTER.type, "other", {**CLUSTER.properties, "name": "other"})
    its_own = group(labels={"team": "shop"}, clusterName="other")
    elsewhere = Resource(its_own.type, "elsewhere", its_own.properties, sources={"clusterName": "other"})
    lost = web(nodeSelector={"team": "shop"})
    assert refused(*BASE, other, pool(), elsewhere, lost)[SLUG] == {"web"}
    provider = Resource("pulumi:providers:kubernetes", "far", after=("other",))
    labelled = pool(labels={"team": "shop"})
    far = Resource(labelled.type, "far-pool", labelled.properties, after=("kinds",), provider="far")
    assert refused(*BASE, other, provider, pool(), far, lost)[SLUG] == {"web"}


def test_where_fargate_may_take_a_pod_nothing_is_said() -> None:
    other = Resource(CLUSTER.type, "other", {**CLUSTER.properties, "name": "other"})
    lost = web(nodeSelector={"team": "shop"})

    def fargate(cluster: str) -> Resource:
        kind = "aws:eks/fargateProfile:FargateProfile"
        return Resource(kind, "fargate", {"clusterName": cluster, "selectors": [{"namespace": "web"}]})

    assert SLUG not in refused(*BASE, pool(), fargate("demo"), lost)
    assert refused(*BASE, other, pool(), fargate("other"), lost)[SLUG] == {"web"}


def test_which_taints_a_charts_pods_tolerate_is_theirs_to_say() -> None:
    tainted = pool(labels={"team": "shop"}, taints=[{"key": "gpu", "effect": "NoSchedule"}])
    assert SLUG not in refused(*BASE, tainted, release("app", "app", values={"nodeSelector": {"team": "shop"}}))


def test_a_chart_whose_selector_is_not_known_keeps_no_other_from_being_judged(pack: Pack) -> None:
    unknown = release("a", "a", values={"nodeSelector": {"team": UNKNOWN}})
    found = pack.of_stack(*BASE, pool(), unknown, release("b", "b", values={"nodeSelector": {"team": "shop"}}))
    assert [name for name, _ in found[SLUG]] == ["b"]
    assert "unknown" in found


def test_a_charts_selector_counts(pack: Pack) -> None:
    chart = release("app", "app", values={"nodeSelector": {"team": "shop"}})
    ((name, message),) = pack.of_stack(*BASE, pool(), chart)[SLUG]
    assert (name, message.partition(": ")[0]) == ("app", "values.nodeSelector")
    assert pack.of_stack(*BASE, pool(labels={"team": "shop"}), chart) == {}


def test_clusters_whose_nodes_the_stack_does_not_tell_are_not_judged(pack: Pack) -> None:
    lost = web(nodeSelector={"team": "shop"})
    assert pack.of_stack(*BASE, lost) == {}
    assert pack.of_stack(KINDS, pool(), lost) == {}
    auto = Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, "computeConfig": {"enabled": True}})
    assert pack.of_stack(auto, *BASE[1:], pool(), lost) == {}
    asg = Resource("aws:autoscaling/group:Group", "own", {})
    assert pack.of_stack(*BASE, asg, pool(), lost) == {}
    daemon = Resource("kubernetes:apps/v1:DaemonSet", "agent", lost.properties, provider="kubernetes")
    assert pack.of_stack(*BASE, pool(), daemon) == {}


@pytest.mark.parametrize(
    ("requirements", "told"),
    [
        ([ARM, needs(CAPACITY, "ondemand")], "there is no capacity type 'ondemand'"),
        ([ARM, needs("karpenter.k8s.aws/instance-famly", "m7g")], "no node has the label"),
        (
            [
                needs("karpenter.k8s.aws/instance-family", "m7g"),
                needs(ARCH, "amd64"),
                needs(TYPE, "x", operator="NotIn"),
            ],
            "exclude one another",
        ),
        ([needs("karpenter.k8s.aws/instance-family", "m7g"), needs("karpenter.k8s.aws/instance-cpu", "3")], "exclude"),
    ],
    ids=["capacity", "label", "architecture", "size"],
)
def test_a_pool_of_which_no_node_can_come_is_refused(requirements: Any, told: str, pack: Pack) -> None:
    found = pack.refusals(POOL, pool(*requirements).properties)
    (message,) = found[SLUG]
    assert message.startswith("spec.template.spec.requirements")
    assert told in message


def test_listed_types_of_another_architecture_are_the_other_policys() -> None:
    assert refused(*BASE, pool(ARM, needs(ARCH, "amd64"))) == {"ami-architecture-mismatch": {"pool"}}


def test_a_pool_whose_requirements_go_together_passes(pack: Pack) -> None:
    whole = [needs("karpenter.k8s.aws/instance-category", "m"), needs("karpenter.k8s.aws/instance-cpu", 2.0, "4")]
    assert pack.refusals(POOL, pool(*whole, needs(ARCH, "arm64"), needs(CAPACITY, "spot")).properties) == {}
    assert pack.refusals(POOL, pool(needs(TYPE, "never-heard.large")).properties) == {}


def test_what_cannot_be_told_is_said_and_the_rest_is_judged(pack: Pack) -> None:
    for made in (
        (pool(), web(nodeSelector={ARCH: UNKNOWN})),
        (pool(), web(tolerations=[UNKNOWN])),
        (pool(taints=[UNKNOWN]), web()),
        (pool(), group(labels=UNKNOWN), web()),
    ):
        assert SLUG not in pack.of_stack(*BASE, *made)
    lost = web(nodeSelector={"team": "shop"})
    other = Resource(lost.type, "other", web(nodeSelector=UNKNOWN).properties, provider="kubernetes")
    found = pack.of_stack(*BASE, pool(), lost, other)
    assert set(found) == {SLUG, "unknown"}
