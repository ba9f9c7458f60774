"""The policy `startup-taint-deadlock`."""

import json
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, IN_CLUSTER, obj, release

SLUG = "startup-taint-deadlock"
POOL = "kubernetes:karpenter.sh/v1:NodePool"
KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
BASE = (*IN_CLUSTER, KINDS)
OWN = {"key": "example.com/agent-not-ready", "effect": "NoSchedule"}
CILIUM = {"key": "node.cilium.io/agent-not-ready", "value": "true", "effect": "NoExecute"}
EBS = {"key": "ebs.csi.aws.com/agent-not-ready", "effect": "NoExecute"}
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


def group(*taints: Any) -> Resource:
    said = {"clusterName": "demo", "amiType": "CUSTOM", "taints": list(taints)}
    return Resource("aws:eks/nodeGroup:NodeGroup", "group", said, sources={"clusterName": "cluster"})


def addon(name: str, values: Any = None) -> Resource:
    said = {"clusterName": "demo", "addonName": name, "configurationValues": values and json.dumps(values)}
    return Resource("aws:eks/addon:Addon", name, said, sources={"clusterName": "cluster"})


def test_a_startup_taint_that_nothing_takes_off_is_refused(pack: Pack) -> None:
    found = pack.of_stack(*BASE, pool([OWN]))
    ((name, message),) = found.pop(SLUG)
    assert name == "pool"
    assert "the startup taint example.com/agent-not-ready stays: nothing takes it off" in message
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
    ],
    ids=["cilium", "addon", "chart", "efs"],
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


def test_what_preview_cannot_tell_is_not_taken_for_absent(pack: Pack) -> None:
    for made in (
        (pool([{"key": UNKNOWN, "effect": "NoSchedule"}]),),
        (pool(UNKNOWN),),
        (pool([OWN]), daemon(UNKNOWN)),
    ):
        assert set(pack.of_stack(*BASE, *made)) == {"unknown"}
