"""What is asked of the nodes that Karpenter runs on."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource, told
from clusters import CLUSTER, IN_CLUSTER, KUBERNETES, TWO_CLUSTERS, release, within

SLUG = "nodes-host-karpenter"


def nodes(size: Any = 2, name: str = "nodes", cluster: str = "cluster", **said: Any) -> Resource:
    scaling = {"minSize": 0, "desiredSize": size, "maxSize": 5}
    properties = {"clusterName": cluster, "scalingConfig": scaling, **said}
    return Resource("aws:eks/nodeGroup:NodeGroup", name, properties, sources={"clusterName": cluster})


def karpenter(**values: Any) -> Resource:
    return release("karpenter", "oci://public.ecr.aws/karpenter/karpenter", values=values)


def taint(key: str, effect: str = "NO_SCHEDULE") -> dict[str, Any]:
    return {"taints": [{"key": key, "effect": effect}]}


def few(nodes: int, wanted: int = 2, pods: int = 2) -> list[tuple[str, str]]:
    problem = f"its {pods} pods want {wanted} nodes of node groups, and these have {nodes} for them"
    return [("karpenter", f"values.replicas: {problem}")]


SOFT = {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}}
PROFILE = Resource("aws:eks/fargateProfile:FargateProfile", "profile", {}, sources={"clusterName": "cluster"})
OTHERS = Resource("aws:autoscaling/group:Group", "workers", {})
TOLERANT = [{"key": "for", "operator": "Exists"}]


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([nodes(), karpenter()], [], id="two"),
        pytest.param([nodes(1), nodes("1", "more"), karpenter()], [], id="of-two-groups"),
        pytest.param([nodes(1), karpenter()], few(1), id="one"),
        pytest.param([karpenter()], few(0), id="none"),
        pytest.param([nodes(1), nodes(0, "more"), karpenter()], few(1), id="one-and-none"),
        pytest.param([nodes(1), karpenter(replicas=1)], [], id="one-for-one"),
        pytest.param([nodes(), karpenter(replicas="3")], few(2, 3, 3), id="two-for-three"),
        pytest.param([karpenter(replicas=0)], [], id="none-for-none"),
        pytest.param([nodes(1), karpenter(affinity=SOFT)], [], id="together"),
        pytest.param([karpenter(affinity=SOFT)], few(0, 1), id="together-nowhere"),
        pytest.param([karpenter(affinity=SOFT, replicas=0)], [], id="none-together"),
        pytest.param([nodes(1), karpenter(affinity={"nodeAffinity": {}})], few(1), id="still-apart"),
        pytest.param([nodes(**taint("for")), karpenter()], few(0), id="kept-off"),
        pytest.param([nodes(**taint("for", "PREFER_NO_SCHEDULE")), karpenter()], [], id="rather-kept-off"),
        pytest.param([nodes(**taint("CriticalAddonsOnly")), karpenter()], [], id="for-it"),
        pytest.param([nodes(**taint("for")), karpenter(tolerations=TOLERANT)], [], id="let-in"),
        pytest.param(
            [nodes(**taint("CriticalAddonsOnly")), karpenter(tolerations=TOLERANT)], few(0), id="let-in-no-more"
        ),
        pytest.param([nodes(**taint("for")), karpenter(tolerations=UNKNOWN)], [], id="let-in-perhaps"),
        pytest.param([nodes(1), karpenter(), release("scaler", "cluster-autoscaler")], [], id="scaled"),
        pytest.param([karpenter(), PROFILE], [], id="on-fargate"),
        pytest.param([karpenter(), OTHERS], [], id="on-nodes-of-ones-own"),
        pytest.param([nodes(0), release("other", "other")], [], id="no-karpenter"),
    ],
)
def test_its_pods_find_a_node_each(pack: Pack, resources: list[Resource], problems: list[tuple[str, str]]) -> None:
    assert told(pack, SLUG, *IN_CLUSTER, *resources) == problems


def test_in_auto_mode_it_needs_none(pack: Pack) -> None:
    auto = Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, "computeConfig": {"enabled": True}})
    assert told(pack, SLUG, auto, KUBERNETES, karpenter()) == []


def test_a_cluster_of_others_may_have_nodes(pack: Pack) -> None:
    elsewhere = Resource(KUBERNETES.type, "kubernetes", {})
    assert told(pack, SLUG, elsewhere, karpenter()) == []


def test_nodes_of_another_cluster_are_not_its(pack: Pack) -> None:
    made = [*TWO_CLUSTERS, nodes(cluster="one")]
    assert told(pack, SLUG, *made, *within("two", karpenter())) == few(0)
    assert told(pack, SLUG, *made, *within("one", karpenter())) == []
    profile = Resource(PROFILE.type, "profile", {}, sources={"clusterName": "one"})
    scaled = [nodes(1, "few", "two"), *within("one", release("scaler", "cluster-autoscaler"))]
    assert told(pack, SLUG, *made, profile, *scaled, *within("two", karpenter())) == few(1)
    one, *others = made
    auto = Resource(one.type, one.name, {**one.properties, "computeConfig": {"enabled": True}})
    assert told(pack, SLUG, auto, *others, *within("two", karpenter())) == few(0)


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([nodes(UNKNOWN), karpenter()], id="size"),
        pytest.param([nodes(1), karpenter(replicas=UNKNOWN)], id="replicas"),
        pytest.param([nodes(1, taints=UNKNOWN), karpenter()], id="taints"),
        pytest.param([nodes(1), karpenter(affinity=UNKNOWN)], id="affinity"),
    ],
)
def test_what_is_not_known_is_said(pack: Pack, resources: list[Resource]) -> None:
    found = pack.advice_on(*IN_CLUSTER, *resources)
    assert SLUG not in found
    assert SLUG in [policy for _, policy in found["unknown"]]


@pytest.mark.parametrize(
    ("sizes", "problems"),
    [
        pytest.param((1, 2, 3), [], id="in-order"),
        pytest.param((2, 2, 2), [], id="the-same"),
        pytest.param(("3", 2, 3), [("minSize", "desiredSize")], id="least-above-the-first"),
        pytest.param((1, 4, 3), [("desiredSize", "maxSize")], id="first-above-the-most"),
        pytest.param((4, None, 3), [("minSize", "maxSize")], id="least-above-the-most"),
    ],
)
def test_sizes_of_a_group_are_in_order(pack: Pack, sizes: tuple[Any, ...], problems: list[tuple[str, str]]) -> None:
    scaling = dict(zip(("minSize", "desiredSize", "maxSize"), sizes, strict=True))
    said = pack.advice("aws:eks/nodeGroup:NodeGroup", {"scalingConfig": scaling}).get(SLUG, [])
    expected = [f"scalingConfig.{low}: it is more than {high}, and EKS refuses that" for low, high in problems]
    assert [message.partition(";")[0] for message in said] == expected
