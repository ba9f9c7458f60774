"""What a rehearsal tells of clusters that live: who waited for what, which nodes came and why, and what it costs."""

from __future__ import annotations

import re

import pytest

from pokayoke_eks import instances
from pokayoke_rehearsal.engine import Act
from pokayoke_rehearsal.operating import Story, observe
from rehearsed import Inside, Stage

PROGRAM = """
import raw
import raw_lb

cluster = raw.Cluster(raw.Network())
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)
made_from = raw.node_class(cluster, nodes, karpenter.release)
general = raw.node_pool(cluster, made_from)
taints = [{"key": "dedicated", "value": "batch", "effect": "NoSchedule"}]
raw.node_pool(cluster, made_from, name="batch", node_class="general", types=["c7g.large", "c7g.xlarge"], taints=taints)
wide = [
    {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["t4g"]},
    {"key": "karpenter.k8s.aws/instance-cpu", "operator": "Gt", "values": ["1"]},
]
open_pool = raw.node_pool(cluster, made_from, name="open", node_class="general", requirements=wide, taints=taints)
first = raw.deployment(cluster, general)
tolerations = [{"operator": "Exists"}]
raw.deployment(cluster, open_pool, first, name="packed", pool="open", replicas=2, tolerations=tolerations)
raw.deployment(cluster, first, name="late", cpu="50m")
controller = raw_lb.Controller(cluster)
raw_lb.service(cluster, controller.release, first, selector={"app": "web"}, annotations={"scheme": "internal"})
raw.deployment(cluster, first, name="elsewhere", wait=False, nodeSelector={"kubernetes.io/arch": "riscv64"})
labels = {"app": "agent"}
agent = {"name": "agent", "image": "registry.example.com/agent:1", "resources": raw.LIMITED}
template = {"metadata": {"labels": labels}, "spec": {"containers": [agent]}}
metadata = {"name": "agent", "namespace": "default"}
spec = {"selector": {"matchLabels": labels}, "template": template}
raw.k8s.apps.v1.DaemonSet("agent", metadata=metadata, spec=spec, opts=cluster.after())
raw.k8s.core.v1.Pod(
    "greedy",
    metadata={"name": "greedy", "namespace": "default"},
    spec={
        "containers": [
            {"name": "kept", "image": "registry.example.com/a:1", "resources": {"limits": {"memory": "64Mi"}}},
            {"name": "free", "image": "registry.example.com/b:1"},
        ],
        "nodeSelector": {"eks.amazonaws.com/nodegroup": "nodes"},
    },
    opts=cluster.after(),
)
rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["configmaps"]}
policy = raw.k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
    "owned",
    metadata={"name": "owned"},
    spec={
        "matchConstraints": {"resourceRules": [rule]},
        "validations": [{"expression": "has(object.metadata.labels)", "message": "nobody owns it"}],
    },
    opts=cluster.after(),
)
bound = raw.k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
    "owned",
    metadata={"name": "everywhere"},
    spec={"policyName": "owned", "validationActions": ["Warn"]},
    opts=cluster.after(policy),
)
for name in ("one", "two"):
    metadata = {"name": name, "namespace": "default"}
    raw.k8s.core.v1.ConfigMap(name, metadata=metadata, opts=cluster.after(bound))
"""


@pytest.fixture(scope="module")
def story(stage: Stage) -> Story:
    played = stage.play(PROGRAM, [Act.UP], look=_observe)
    assert played.last.ok, played.told
    return played.seen[0]


def _observe(inside: Inside) -> Story:
    return observe(inside.world, inside.stores)


def _block(story: Story, beginning: str) -> list[str]:
    """A line that begins so, and what is indented below it."""
    lines = list(story.lines)
    (start,) = [index for index, line in enumerate(lines) if line.strip().startswith(beginning)]
    depth = len(lines[start]) - len(lines[start].lstrip())
    found = [lines[start].strip()]
    for line in lines[start + 1 :]:
        if len(line) - len(line.lstrip()) <= depth:
            break
        found.append(line.strip())
    return found


def _karpenters_node(story: Story) -> list[str]:
    (line,) = [line for line in story.lines if "of NodePool general" in line]
    return _block(story, line.strip())


def test_a_pod_waits_for_its_node_as_long_as_against_aws(story: Story) -> None:
    waited = _block(story, "Deployment default/web, 1 pod")
    assert [line.split()[0] for line in waited[1:]] == ["+0:00", "+0:10", "+0:48", "+0:58"]
    assert "0/2 nodes are available" in waited[1]
    assert "makes NodeClaim general-" in waited[2]
    assert waited[3].endswith("is Ready")
    assert waited[4].endswith("all are Ready  (assumed)")


def test_a_pod_for_which_there_is_room_waits_for_no_node(story: Story) -> None:
    waited = _block(story, "Deployment default/late, 1 pod")
    assert [line.split()[0] for line in waited[1:]] == ["+0:00", "+0:10"]
    assert waited[1].endswith("has room")


def test_a_balancer_takes_its_time_until_its_targets_are_registered(story: Story) -> None:
    _, active, registered = _block(story, "Service default/web, since it was applied")
    assert active.startswith("+2:37  network load balancer k8s-default-web-")
    assert registered == "+4:52  its targets are registered"


def test_what_the_api_server_warned_of_is_told_once_a_policy_and_is_no_trouble(story: Story) -> None:
    (told,) = story.warnings
    assert re.fullmatch(
        r'\S+ in ap-northeast-2: configmaps "(one|two)" and 1 more: '
        "Validation failed for ValidatingAdmissionPolicy 'owned' with binding 'everywhere': nobody owns it",
        told,
    )
    assert not any("nobody owns it" in trouble for trouble in story.troubles)
    assert story.plain()["warnings"] == [told]


def test_every_time_has_its_source(story: Story) -> None:
    sources = _block(story, "where the times are from")
    assert any("38 s after its launch" in source for source in sources)
    assert any(source.startswith("assumption: no source was found; 10 s to pull an image") for source in sources)


def test_a_node_is_explained_by_the_pod_that_it_came_for_and_by_what_it_was_cheaper_than(story: Story) -> None:
    node, came_for, why = _karpenters_node(story)
    assert "t4g.large spot in ap-northeast-2" in node
    assert came_for.startswith("came for Pod default/web-")
    assert came_for.endswith("which asks for 1500m CPU and 512Mi")
    assert why.startswith("of 8 offerings (2 types in 2 zones, spot before on-demand) 8 hold it, 8 within")
    assert "by list price: t4g.large spot $0.0672, before m7g.large spot $0.0816, t4g.large on-demand" in why


def test_a_daemon_set_that_a_node_s_taints_keep_away_is_told_of(story: Story) -> None:
    """`startup-taint-deadlock`"""
    away = [line.strip() for line in story.lines if "no pod of" in line]
    assert away == ["no pod of DaemonSet default/agent runs there: node(s) had untolerated taint {dedicated: batch}"]


def test_a_pool_without_a_node_tells_which_would_come_for_a_small_pod(story: Story) -> None:
    (told,) = _block(story, "NodePool batch has no node")
    assert "for a pod that asks for 100m CPU and 128Mi a c7g.large spot would come" in told


def test_the_sum_is_that_of_what_is_listed_and_says_where_prices_are_from(story: Story) -> None:
    told, *parts = _block(story, "costs about")
    listed = {what: float(price) for price, what in (re.fullmatch(r"\$([\d.]+)\s+(.*)", one).groups() for one in parts)}
    assert listed["control plane in standard support"] == 0.1
    assert listed["NAT gateways"] == 0.045
    assert listed["load balancers"] == 0.0225
    assert listed["nodes t4g.large, 2 at $0.0672"] == 0.1344
    assert "nodes t4g.large spot (at most: the price on demand)" in listed
    assert sum(listed.values()) == pytest.approx(story.usd_per_hour)
    assert instances.PRICE_REGION in told
    assert str(instances.PRICE_DATE) in told
    assert story.headline.endswith(f"about ${story.usd_per_hour} an hour")


def test_a_pod_that_no_node_takes_is_a_trouble_with_what_karpenter_says_of_it(story: Story) -> None:
    (told,) = [told for told in story.troubles if told.startswith("Pod default/elsewhere-")]
    assert "nodes are available" in told
    assert 'incompatible with nodepool "general", incompatible requirements' in told


def test_a_container_that_nobody_has_limited_is_a_trouble_and_the_one_beside_it_is_none(story: Story) -> None:
    """`missing-resource-limits`"""
    told = [told for told in story.troubles if "No resource limits" in told]
    assert told == [
        "Pod default/greedy, container free: No resource limits specified for this container (QoS class Burstable)"
    ]


def test_a_node_larger_than_its_pods_need_is_a_trouble_where_the_pool_leaves_sizes_open(story: Story) -> None:
    """`unbounded-instance-size`"""
    (told,) = [told for told in story.troubles if "leaves the size of its nodes open" in told]
    assert "a t4g.xlarge at $0.1344 an hour came, since NodePool open" in told
    assert "(karpenter.k8s.aws/instance-cpu Gt 1)" in told
    assert told.endswith("a t4g.small at $0.0168 an hour holds any of its 2 pods")


def test_nothing_else_is_a_trouble(story: Story) -> None:
    assert len(story.troubles) == 3
