"""The policy `efa-not-identified`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, IN_CLUSTER, TWO_CLUSTERS, obj, release, within
from judging import refused

SLUG = "efa-not-identified"
PLUGIN = release("efa", "aws-efa-k8s-device-plugin")


def training(**amounts: Any) -> Resource:
    said = {**AMOUNTS["limits"], **(amounts or {"vpc.amazonaws.com/efa": "1"})}
    resources = {"requests": {"cpu": "1"}, "limits": said}
    template = {"spec": {"containers": [{"name": "a", "image": "a:1", "resources": resources}]}}
    return obj("training", "Job", api="batch/v1", spec={"template": template})


def nodes(interface: Any = None) -> tuple[Resource, ...]:
    said = {"networkInterfaces": interface} if interface is not None else {}
    made = Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", said)
    content = {"clusterName": "demo", "amiType": "CUSTOM", "launchTemplate": {"id": UNKNOWN}}
    sources = {"clusterName": "cluster", "launchTemplate": "template"}
    return made, Resource("aws:eks/nodeGroup:NodeGroup", "nodes", content, sources=sources)


def untemplated(**said: Any) -> Resource:
    return Resource("aws:eks/nodeGroup:NodeGroup", "plain", {"clusterName": "demo", "amiType": "CUSTOM", **said})


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


NAME = "aws-efa-k8s-device-plugin-daemonset"


@pytest.mark.parametrize(
    ("name", "kind", "is_refused"),
    [(NAME, "DaemonSet", False), (UNKNOWN, "DaemonSet", False), ("other", "DaemonSet", True), (NAME, "Job", True)],
    ids=["plugin", "not-known", "other", "another-kind"],
)
def test_the_device_plugin_may_come_as_its_daemon_set(name: str, kind: str, is_refused: bool, pack: Pack) -> None:
    template = {"spec": {"containers": [{"name": "a", "image": "a:1", "resources": AMOUNTS}]}}
    spec = {"selector": {}, "template": template}
    api = "apps/v1" if kind == "DaemonSet" else "batch/v1"
    plugin = obj("plugin", kind, api=api, metadata={"name": name}, spec=spec)
    plugin = replace(plugin, properties={**plugin.properties, "metadata": {"name": name}})
    assert set(pack.of_stack(*IN_CLUSTER, plugin, *nodes(EFA), training())) == ({SLUG} if is_refused else set())


def test_what_is_requested_is_asked_for_too() -> None:
    (container,) = (made := training()).properties["spec"]["template"]["spec"]["containers"]
    asked = {**AMOUNTS, "requests": {"cpu": "1", "vpc.amazonaws.com/efa": "1"}}
    spec = {"template": {"spec": {"containers": [{**container, "resources": asked}]}}}
    assert SLUG in refused(*IN_CLUSTER, replace(made, properties={**made.properties, "spec": spec}))


def test_plugin_pools_and_nodes_of_another_cluster_offer_nothing_here() -> None:
    def judged(plugin: str, daemons: str, pool: str, group: str) -> bool:
        types = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["p5.48xlarge"]}]
        pools = obj("pool", "NodePool", api="karpenter.sh/v1", spec={"template": {"spec": {"requirements": types}}})
        template, nodes_of_one = nodes(EFA)
        of_group = replace(nodes_of_one, sources={**nodes_of_one.sources, "clusterName": group})
        plain = untemplated(clusterName="one")
        brought = [
            *(within(plugin, PLUGIN) if plugin else ()),
            *(within(daemons, obj(NAME, "DaemonSet", api="apps/v1")) if daemons else ()),
            *(within(pool, pools) if pool else ()),
            *((template, of_group, plain) if group else (plain,)),
        ]
        return SLUG in refused(*TWO_CLUSTERS, *brought, *within("one", training()))

    assert not judged("one", "", "", "one")
    assert not judged("", "one", "one", "")
    assert not judged("one", "", "one", "two")
    assert judged("two", "", "", "one")
    assert judged("", "two", "", "one")
    assert judged("one", "", "two", "")
    assert judged("one", "", "", "two")


@pytest.mark.parametrize(
    ("around", "is_refused"),
    [
        (nodes(EFA), False),
        (nodes([{"interfaceType": "efa-only"}]), False),
        (nodes([{"interfaceType": UNKNOWN}]), False),
        (nodes([UNKNOWN]), False),
        ((*nodes(EFA), untemplated()), False),
        ((untemplated(launchTemplate={"id": "lt-1"}),), False),
        (nodes([{"interfaceType": "interface"}]), True),
        (nodes(), True),
        ((untemplated(),), True),
        ((), False),
    ],
    ids=[
        *("efa", "efa-only", "unknown", "entry-unknown", "one-group", "of-another-stack"),
        *("plain", "none", "no-template", "no-nodes"),
    ],
)
def test_some_node_has_the_interfaces(around: tuple[Resource, ...], is_refused: bool, pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, PLUGIN, *around, training())
    assert set(found) == ({SLUG} if is_refused else set())


def test_karpenter_sets_them_up_by_itself(pack: Pack) -> None:
    types = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["p5.48xlarge"]}]
    spec = {"template": {"spec": {"requirements": types}}, "limits": {"cpu": "400"}}
    kinds = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
    pool = obj("pool", "NodePool", "kinds", api="karpenter.sh/v1", spec=spec)
    assert SLUG not in pack.of_stack(*IN_CLUSTER, PLUGIN, kinds, pool, *nodes(), training())


def test_a_cluster_of_somebody_else_and_what_is_not_known_are_not_judged(pack: Pack) -> None:
    assert pack.of_stack(training()) == {}
    assert set(pack.of_stack(*IN_CLUSTER, PLUGIN, *nodes(UNKNOWN), training())) == {"unknown"}
