"""The policy `image-architecture-mismatch`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import AMOUNTS, IN_CLUSTER, obj, release

SLUG = "image-architecture-mismatch"
KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
BASE = (*IN_CLUSTER, KINDS)
ARCH = "kubernetes.io/arch"


def pool(name: str, *types: str, taints: Any = None) -> Resource:
    listed = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": list(types)}]
    spec = {"template": {"spec": {"requirements": listed, "taints": taints or []}}, "limits": {"cpu": "32"}}
    return obj(name, "NodePool", "kinds", api="karpenter.sh/v1", spec=spec)


def shop(image: Any = "registry.example.com/shop:1.0.0", **pod: Any) -> Resource:
    containers = [{"name": "a", "image": image, "resources": AMOUNTS}]
    spec = {"selector": {}, "template": {"spec": {"containers": containers, **pod}}}
    return obj("shop", "Deployment", api="apps/v1", spec=spec)


ARM, INTEL = pool("arm", "m7g.large"), pool("intel", "m7i.large")


def either() -> dict[str, Any]:
    term = {"matchExpressions": [{"key": ARCH, "operator": "In", "values": ["amd64", "arm64"]}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}}


@pytest.mark.parametrize(
    ("nodes", "pod", "refused"),
    [
        ((ARM, INTEL), {}, True),
        ((ARM, INTEL), {"nodeSelector": {ARCH: "arm64"}}, False),
        ((ARM, INTEL), {"affinity": either()}, False),
        ((ARM, INTEL), {"nodeSelector": {"karpenter.sh/nodepool": "arm"}}, False),
        ((ARM,), {}, False),
        ((INTEL,), {}, False),
        ((ARM, pool("tainted", "m7i.large", taints=[{"key": "a", "effect": "NoSchedule"}])), {}, False),
        ((pool("both", "m7g.large", "m7i.large"),), {}, True),
        ((), {}, False),
    ],
    ids=["both", "selector", "either", "pool", "arm", "intel", "tainted", "mixed-pool", "no-nodes"],
)
def test_where_nodes_are_of_both_a_workload_says_on_which_it_runs(
    nodes: tuple[Resource, ...], pod: Any, refused: bool, pack: Pack
) -> None:
    found = pack.of_stack(*BASE, *nodes, shop(**pod))
    assert (SLUG in found) == refused
    for name, message in found.get(SLUG, ()):
        assert name == "shop"
        assert "the nodes that take it are amd64 and arm64, and nothing says for which its images are" in message


@pytest.mark.parametrize(
    ("image", "refused"),
    [
        ("registry.example.com/shop:1.0.0-arm64", True),
        ("arm64v8/nginx:1.29", True),
        ("registry.example.com/shop-aarch64:1.0.0", True),
        ("registry.example.com/shop:1.0.0-amd64", False),
        ("registry.example.com/shop:1.0.0-amd64-arm64", False),
        ("registry.example.com/farm64:1.0.0", False),
        (UNKNOWN, False),
    ],
)
def test_an_image_that_is_by_its_name_for_other_nodes_is_refused(image: Any, refused: bool, pack: Pack) -> None:
    found = pack.of_stack(*BASE, INTEL, shop(image))
    assert (SLUG in found) == refused
    assert all("for arm64 by its name, and the nodes are amd64" in message for _, message in found.get(SLUG, ()))


def test_an_image_for_everybody_is_taken_to_be_for_both(pack: Pack) -> None:
    assert pack.of_stack(*BASE, ARM, INTEL, shop("public.ecr.aws/nginx/nginx:1.29")) == {}
    assert pack.of_stack(*BASE, ARM, INTEL, shop("nginx:1.29")) == {}
    own = "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/shop:1.0.0"
    assert SLUG in pack.of_stack(*BASE, ARM, INTEL, shop(own))


def test_clusters_of_others_are_not_judged(pack: Pack) -> None:
    assert pack.of_stack(KINDS, ARM, INTEL, shop()) == {}
    unsized = Resource(
        "aws:eks/nodeGroup:NodeGroup",
        "group",
        {"clusterName": "demo", "amiType": "CUSTOM"},
        sources={"clusterName": "cluster"},
    )
    assert SLUG not in pack.of_stack(*BASE, ARM, unsized, shop())


def test_a_selector_that_is_not_known_yet_is_said_to_be_unknown(pack: Pack) -> None:
    assert set(pack.of_stack(*BASE, ARM, INTEL, shop(nodeSelector=UNKNOWN))) == {"unknown"}


def test_workloads_are_told_apart_by_what_they_ask_for(pack: Pack) -> None:
    settled = replace(shop(nodeSelector={ARCH: "arm64"}), name="settled")
    assert [name for name, _ in pack.of_stack(*BASE, ARM, INTEL, settled, shop())[SLUG]] == ["shop"]


def test_containers_that_are_not_known_yet_hide_no_others(pack: Pack) -> None:
    assert SLUG in pack.of_stack(*BASE, ARM, INTEL, shop(initContainers=UNKNOWN))


def test_nodes_that_are_not_known_yet_are_said_to_be_unknown(pack: Pack) -> None:
    found = pack.of_stack(*BASE, ARM, pool("intel", "m7i.large", taints=UNKNOWN), shop())
    assert set(found) == {"unknown"}
    assert SLUG in {policy for _, policy in found["unknown"]}
