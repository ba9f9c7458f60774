"""The policy `startup-taint-deadlock`."""

import json
from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, CLUSTER, IN_CLUSTER, obj, release
from judging import refused

SLUG = "startup-taint-deadlock"
POOL = "kubernetes:karpenter.sh/v1:NodePool"
KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
BASE = (*IN_CLUSTER, KINDS)
OWN = {"key": "example.com/agent-not-ready", "effect": "NoSchedule"}
CILIUM = {"key": "node.cilium.io/agent-not-ready", "value": "true", "effect": "NoExecute"}
EBS = {"key": "ebs.csi.aws.com/agent-not-ready", "effect": "NoExecute"}
S3 = {"key": "s3.csi.aws.com/agent-not-ready", "effect": "NoExecute"}
GPU = {"key": "nvidia.com/gpu", "value": "true", "effect": "NoSchedule"}
TYPES = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["m7g.large"]}]


def pool(startup: Any = None, taints: Any = None, **metadata: Any) -> Resource:
    said = {"requirements": TYPES, "startupTaints": startup, "taints": taints}
    spec = {"template": {"spec": {key: one for key, one in said.items() if one is not None}}, "limits": {"cpu": "32"}}
    return obj("pool", "NodePool", "kinds", api="karpenter.sh/v1", metadata=metadata, spec=spec)


def daemon(*tolerations: Any, kind: str = "DaemonSet", **pod: Any) -> Resource:
    containers = [{"name": "a", "image": "a:1", "resources": AMOUNTS}]
    said = {"containers": containers, "tolerations": list(tolerations), **pod}
    return obj("agent", kind, api="apps/v1", spec={"selector": {}, "template": {"spec": said}})


def group(*taints: Any, name: str = "group", of: str = "cluster") -> Resource:
    said = {"clusterName": "demo", "amiType": "CUSTOM", "taints": list(taints)}
    return Resource("aws:eks/nodeGroup:NodeGroup", name, said, sources={"clusterName": of})


def addon(name: str, values: Any = None, of: str = "cluster") -> Resource:
    said = {"clusterName": "demo", "addonName": name, "configurationValues": values and json.dumps(values)}
    return Resource("aws:eks/addon:Addon", name, said, sources={"clusterName": of})


OTHER = (
    Resource(CLUSTER.type, "other", {**CLUSTER.properties, "name": "other"}),
    Resource("pulumi:providers:kubernetes", "far", after=("other",)),
)
"""A second cluster, and the way into it."""


def far(one: Resource) -> Resource:
    """The same in the second cluster."""
    return replace(one, provider="far")


def judged(*resources: Resource) -> bool:
    return SLUG in refused(*BASE, *resources)


def test_a_startup_taint_that_nothing_takes_off_is_refused(pack: Pack) -> None:
    found = pack.of_stack(*BASE, pool([OWN]))
    ((name, message),) = found.pop(SLUG)
    assert name == "pool"
    assert message.startswith("spec.template.spec.startupTaints: the startup taint example.com/agent-not-ready stays: ")
    assert "pokayoke-eks/startup-taints-removed-by" in message
    assert found == {}
    assert pack.of_stack(*BASE, pool()) == {}


@pytest.mark.parametrize(
    "remover",
    [
        daemon(OWN),
        daemon({"key": OWN["key"], "operator": "Exists"}),
        obj(
            "untaint",
            "Deployment",
            api="apps/v1",
            spec={
                "selector": {},
                "template": {
                    "spec": {
                        "containers": [
                            {"name": "a", "image": "a:1", "args": [f"--taint={OWN['key']}"], "resources": AMOUNTS}
                        ]
                    }
                },
            },
        ),
        obj("config", "ConfigMap", data={"config.yaml": f"taintKey: {OWN['key']}"}),
        release("nidhogg", "nidhogg", values={"config": {"taints": [OWN["key"]]}}),
    ],
    ids=["daemonset", "daemonset-exists", "controller", "configured", "chart"],
)
def test_whoever_names_the_taint_may_take_it_off(remover: Resource, pack: Pack) -> None:
    assert SLUG not in pack.of_stack(*BASE, pool([OWN]), remover)


def test_a_remover_of_elsewhere_is_named_in_an_annotation(pack: Pack) -> None:
    said = {"pokayoke-eks/startup-taints-removed-by": "example.com/agent-not-ready=the agents' stack"}
    assert pack.of_stack(*BASE, pool([OWN], annotations=said)) == {}
    assert SLUG in pack.of_stack(*BASE, pool([CILIUM], annotations=said))


@pytest.mark.parametrize(
    ("taint", "installed"),
    [
        (CILIUM, release("cilium", "cilium")),
        (EBS, addon("aws-ebs-csi-driver")),
        (EBS, release("ebs", "aws-ebs-csi-driver")),
        ({"key": "efs.csi.aws.com/agent-not-ready", "effect": "NoExecute"}, addon("aws-efs-csi-driver")),
        (S3, addon("aws-mountpoint-s3-csi-driver")),
        (
            {"key": "cni.istio.io/not-ready", "effect": "NoSchedule"},
            release("istiod", "istiod", repositoryOpts={"repo": "https://istio-release.storage.googleapis.com/charts"}),
        ),
    ],
    ids=["cilium", "addon", "chart", "efs", "s3", "istio"],
)
def test_known_agents_take_their_own_taints_off(taint: Any, installed: Resource, pack: Pack) -> None:
    assert SLUG not in pack.of_stack(*BASE, pool([taint]), installed)
    ((_, message),) = pack.of_stack(*BASE, pool([taint]))[SLUG]
    assert "is not installed" in message


def test_a_remover_that_another_taint_keeps_off_is_refused(pack: Pack) -> None:
    found = pack.of_stack(*BASE, pool([OWN], [GPU]), daemon(OWN))
    ((name, message),) = found.pop(SLUG)
    assert name == "pool"
    assert "the DaemonSet 'agent' does not tolerate the taint nvidia.com/gpu:NoSchedule, and so the startup" in message
    assert found == {}
    assert pack.of_stack(*BASE, pool([OWN], [GPU]), daemon(OWN, {"operator": "Exists"})) == {}


@pytest.mark.parametrize(
    ("values", "kept_off"),
    [
        (None, False),
        ({"tolerations": [{"operator": "Exists"}]}, False),
        ({"tolerations": [{"key": "node.cilium.io/agent-not-ready", "operator": "Exists"}]}, True),
        ({"tolerations": UNKNOWN}, False),
    ],
    ids=str,
)
def test_tolerations_in_values_count(values: Any, kept_off: bool, pack: Pack) -> None:
    found = pack.of_stack(*BASE, pool([CILIUM], [GPU]), release("cilium", "cilium", values=values))
    assert (SLUG in found) == kept_off


@pytest.mark.parametrize(
    ("node", "kept_off"),
    [
        ({}, False),
        ({"tolerateAllTaints": False}, True),
        ({"tolerateAllTaints": False, "tolerations": [{"operator": "Exists"}]}, False),
    ],
    ids=str,
)
def test_the_configuration_of_an_addon_counts(node: Any, kept_off: bool, pack: Pack) -> None:
    found = pack.of_stack(*BASE, pool([EBS], [GPU]), addon("aws-ebs-csi-driver", {"node": node}))
    assert (SLUG in found) == kept_off


@pytest.mark.parametrize(
    ("toleration", "passes"),
    [
        ({"key": "nvidia.com/gpu", "operator": "Exists"}, True),
        ({"key": "nvidia.com/gpu", "operator": "Equal", "value": "true", "effect": "NoSchedule"}, True),
        ({"key": "nvidia.com/gpu", "value": "true"}, True),
        ({"operator": "Exists", "effect": "NoSchedule"}, True),
        ({"operator": "Exists", "effect": "NoExecute"}, False),
        ({"key": "nvidia.com/gpu", "value": "false"}, False),
        ({"key": "dedicated", "operator": "Exists"}, False),
    ],
    ids=str,
)
def test_a_daemonset_that_nodes_need_tolerates_the_taints_of_pools(toleration: Any, passes: bool, pack: Pack) -> None:
    needed = daemon(toleration, priorityClassName="system-node-critical")
    assert (SLUG in pack.of_stack(*BASE, pool(taints=[GPU]), needed)) != passes
    eks = {**GPU, "effect": "NO_SCHEDULE"}
    assert (SLUG in pack.of_stack(*BASE, group(eks), needed)) != passes


def test_a_daemonset_that_is_meant_for_some_nodes_alone_is_not_judged(pack: Pack) -> None:
    around = (*BASE, pool(taints=[GPU]))
    critical: dict[str, Any] = {"priorityClassName": "system-node-critical"}
    assert SLUG in pack.of_stack(*around, daemon(nodeSelector={"kubernetes.io/os": "linux"}, **critical))
    assert pack.of_stack(*around, daemon(nodeSelector={"team": "shop"}, **critical)) == {}
    assert pack.of_stack(*around, daemon()) == {}
    soft = {**GPU, "effect": "PreferNoSchedule"}
    assert pack.of_stack(*BASE, pool(taints=[soft]), daemon(**critical)) == {}


def test_a_node_groups_startup_taint_needs_its_remover_too(pack: Pack) -> None:
    taint = {**CILIUM, "effect": "NO_EXECUTE"}
    assert SLUG in pack.of_stack(*BASE, group(taint))
    assert SLUG not in pack.of_stack(*BASE, group(taint), release("cilium", "cilium"))


@pytest.mark.parametrize("key", ["node.kubernetes.io/not-ready", "karpenter.sh/unregistered"])
def test_a_taint_of_kubernetes_or_karpenter_is_refused(key: str, pack: Pack) -> None:
    (message,) = pack.refusals(POOL, pool([{"key": key, "effect": "NoExecute"}]).properties)[SLUG]
    assert message.startswith("spec.template.spec.startupTaints[0]: ")
    assert "is put on and taken off by others" in message
    (message,) = pack.refusals(POOL, pool(taints=[{"key": key, "effect": "NoExecute"}]).properties)[SLUG]
    assert message.startswith("spec.template.spec.taints[0]: ")


def test_what_preview_cannot_tell_is_not_taken_for_absent(pack: Pack) -> None:
    for made in (
        (pool([{"key": UNKNOWN, "effect": "NoSchedule"}]),),
        (pool(UNKNOWN),),
        (pool([OWN]), daemon(UNKNOWN)),
    ):
        assert set(pack.of_stack(*BASE, *made)) == {"unknown"}


def test_whoever_does_not_name_the_taint_does_not_take_it_off() -> None:
    assert judged(pool([OWN]), daemon(), obj("config", "ConfigMap", data={"a": "b"}))
    assert judged(pool([OWN]), addon("coredns", {"tolerations": [OWN]}))


def test_a_chart_that_is_no_agent_need_not_get_onto_the_node() -> None:
    assert not judged(pool([OWN], [GPU]), release("app", "app", values={"tolerations": [OWN]}))


@pytest.mark.parametrize(
    ("taint", "remover"),
    [
        (OWN, daemon(OWN)),
        (OWN, obj("config", "ConfigMap", data={"taint": OWN["key"]})),
        (OWN, release("nidhogg", "nidhogg", values={"taint": OWN["key"]})),
        (CILIUM, release("cilium", "cilium")),
        (
            {"key": "cni.istio.io/not-ready", "effect": "NoSchedule"},
            release("istiod", "istiod", repositoryOpts={"repo": "https://istio-release.storage.googleapis.com/charts"}),
        ),
    ],
    ids=["daemonset", "configured", "chart", "agent", "istio"],
)
def test_what_runs_in_another_cluster_takes_nothing_off(taint: Any, remover: Resource) -> None:
    assert judged(*OTHER, pool([taint]), far(remover))
    assert not judged(*OTHER, far(pool([taint])), far(remover))


def test_a_pool_of_which_no_cluster_is_told_may_be_in_any() -> None:
    lost, settings = replace(pool([OWN]), provider=""), obj("config", "ConfigMap", data={"taint": OWN["key"]})
    assert judged(*OTHER, lost)
    assert not judged(*OTHER, lost, settings)
    assert not judged(*OTHER, lost, far(settings))
    assert not judged(*OTHER, far(pool([OWN])), replace(settings, provider=""))


def test_what_is_of_another_cluster_is_not_kept_off() -> None:
    needed = daemon(priorityClassName="system-node-critical")
    eks = {**GPU, "effect": "NO_SCHEDULE"}
    assert not judged(*OTHER, pool(taints=[GPU]), far(needed))
    assert not judged(*OTHER, group(eks, of="other"), needed)
    assert judged(*OTHER, group(eks, of="other"), far(needed))
    narrow = {"tolerations": [{"key": "dedicated", "operator": "Exists"}]}
    assert not judged(*OTHER, pool(taints=[GPU]), far(release("cilium", "cilium", values=narrow)))
    assert judged(*OTHER, pool([EBS]), addon("aws-ebs-csi-driver", of="other"))


def test_every_remover_is_judged_by_all_taints() -> None:
    around = pool([OWN, CILIUM], [GPU]), release("cilium", "cilium")
    assert judged(*around, daemon(OWN, {"operator": "Exists", "effect": "NoExecute"}))
    assert not judged(*around, daemon(OWN, {"operator": "Exists"}))


def test_a_needed_agent_is_told_by_name(pack: Pack) -> None:
    narrow = {"tolerations": [{"key": "dedicated", "operator": "Exists"}]}
    ((_, message),) = pack.of_stack(*BASE, pool(taints=[GPU]), release("cilium", "cilium", values=narrow))[SLUG]
    assert message.startswith("the DaemonSet 'cilium' does not tolerate the taint nvidia.com/gpu:NoSchedule, which")
    assert not judged(pool(taints=[GPU]), addon("aws-ebs-csi-driver", {"node": {"tolerateAllTaints": False}}))


@pytest.mark.parametrize(("name", "told"), [("own", "own"), (UNKNOWN, "agent")], ids=["known", "not-known"])
def test_a_daemonset_is_told_by_its_own_name(name: str, told: str, pack: Pack) -> None:
    needed = daemon(priorityClassName="system-node-critical")
    made = replace(needed, properties={**needed.properties, "metadata": {"name": name}})
    ((_, message),) = pack.of_stack(*BASE, group({**GPU, "effect": "NO_SCHEDULE"}), made)[SLUG]
    assert message.startswith(f"the DaemonSet '{told}' does not tolerate")


def test_an_agent_that_tolerates_one_taint_alone_is_kept_off_by_another() -> None:
    assert judged(pool([S3], [GPU]), addon("aws-mountpoint-s3-csi-driver", {"tolerations": [S3]}))
    assert not judged(pool([S3], [GPU]), addon("aws-mountpoint-s3-csi-driver"))


def test_a_daemonset_of_old_is_one_too() -> None:
    needed = daemon(priorityClassName="system-node-critical")
    assert judged(pool(taints=[GPU]), replace(needed, type="kubernetes:extensions/v1beta1:DaemonSet"))


def test_a_daemonset_with_an_affinity_to_nodes_is_not_everywhere() -> None:
    critical: dict[str, Any] = {"priorityClassName": "system-node-critical"}
    assert judged(pool(taints=[GPU]), daemon(affinity={"podAffinity": {"a": []}}, **critical))
    assert not judged(pool(taints=[GPU]), daemon(affinity={"nodeAffinity": {"a": []}}, **critical))


def test_pools_of_others_are_none_of_karpenters() -> None:
    made = pool([OWN])
    assert not judged(replace(made, type="kubernetes:example.com/v1:NodePool"))


def test_nodes_that_preview_cannot_tell_keep_no_others_from_being_judged(pack: Pack) -> None:
    eks, needed = {**GPU, "effect": "NO_SCHEDULE"}, daemon(priorityClassName="system-node-critical")
    groups = (group(UNKNOWN, name="a"), group(eks, name="b"))
    found = pack.of_stack(*BASE, *groups, needed)
    assert ([name for name, _ in found[SLUG]], "unknown" in found) == (["b"], True)
    pools = (replace(pool(UNKNOWN), name="a"), replace(pool(taints=[GPU]), name="b"))
    found = pack.of_stack(*BASE, *pools, needed)
    assert ([name for name, _ in found[SLUG]], "unknown" in found) == (["b"], True)


def test_where_no_nodes_are_told_nothing_is_asked_of_agents(pack: Pack) -> None:
    assert pack.of_stack(*IN_CLUSTER, daemon(UNKNOWN)) == {}
