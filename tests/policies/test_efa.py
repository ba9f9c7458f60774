"""The policy `efa-not-identified`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, IN_CLUSTER, obj, release

SLUG = "efa-not-identified"
PLUGIN = release("efa", "aws-efa-k8s-device-plugin")


def training(**amounts: Any) -> Resource:
    said = {**AMOUNTS["limits"], **(amounts or {"vpc.amazonaws.com/efa": "1"})}
    resources = {"requests": {"cpu": "1"}, "limits": said}
    template = {"spec": {"containers": [{"name": "a", "image": "a:1", "resources": resources}]}}
    return obj("training", "Job", api="batch/v1", spec={"template": template})


def nodes(interface: Any = None, *, template: bool = True) -> tuple[Resource, ...]:
    said = {"networkInterfaces": interface} if interface is not None else {}
    made = Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", said)
    content = {"clusterName": "demo", "amiType": "CUSTOM", "launchTemplate": {"id": UNKNOWN}}
    sources = {"clusterName": "cluster", "launchTemplate": "template"}
    if not template:
        return (Resource("aws:eks/nodeGroup:NodeGroup", "nodes", {"clusterName": "demo", "amiType": "CUSTOM"}),)
    return made, Resource("aws:eks/nodeGroup:NodeGroup", "nodes", content, sources=sources)


EFA = [{"interfaceType": "efa"}]


def test_with_plugin_and_interfaces_it_passes(pack: Pack) -> None:
    assert pack.of_stack(*IN_CLUSTER, PLUGIN, *nodes(EFA), training()) == {}
    assert pack.of_stack(*IN_CLUSTER, *nodes(EFA), training(memory="1Gi")) == {}


def test_without_the_device_plugin_it_is_refused(pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, *nodes(EFA), training())
    ((name, message),) = found.pop(SLUG)
    assert name == "training"
    assert "no device plugin for EFA is in the cluster" in message
    assert found == {}
    template = {"spec": {"containers": [{"name": "a", "image": "a:1", "resources": AMOUNTS}]}}
    spec = {"selector": {}, "template": template}
    plugin = obj("aws-efa-k8s-device-plugin-daemonset", "DaemonSet", api="apps/v1", spec=spec)
    assert pack.of_stack(*IN_CLUSTER, plugin, *nodes(EFA), training()) == {}


@pytest.mark.parametrize(
    ("around", "refused"),
    [
        (nodes(EFA), False),
        (nodes([{"interfaceType": "efa-only"}]), False),
        (nodes([{"interfaceType": UNKNOWN}]), False),
        (nodes([{"interfaceType": "interface"}]), True),
        (nodes(), True),
        (nodes(template=False), True),
        ((), False),
    ],
    ids=["efa", "efa-only", "unknown", "plain", "none", "no-template", "no-nodes"],
)
def test_some_node_has_the_interfaces(around: tuple[Resource, ...], refused: bool, pack: Pack) -> None:
    assert (SLUG in pack.of_stack(*IN_CLUSTER, PLUGIN, *around, training())) == refused


def test_karpenter_sets_them_up_by_itself(pack: Pack) -> None:
    types = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["p5.48xlarge"]}]
    spec = {"template": {"spec": {"requirements": types}}, "limits": {"cpu": "400"}}
    kinds = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
    pool = obj("pool", "NodePool", "kinds", api="karpenter.sh/v1", spec=spec)
    assert SLUG not in pack.of_stack(*IN_CLUSTER, PLUGIN, kinds, pool, *nodes(), training())


def test_a_cluster_of_somebody_else_and_what_is_not_known_are_not_judged(pack: Pack) -> None:
    assert pack.of_stack(training()) == {}
    assert set(pack.of_stack(*IN_CLUSTER, PLUGIN, *nodes(UNKNOWN), training())) == {"unknown"}
