"""The policy `unbounded-instance-size`."""

import copy
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack

from pokayoke_policies.node_pools import size_and_sum_are_bounded
from pokayoke_policies.raw import UNKNOWN as NOT_TOLD
from pokayoke_policies.raw import NotKnownError

SLUG = "unbounded-instance-size"
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
TYPES = {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["t4g.medium"]}


def pool(*requirements: Any, limits: Any = None) -> dict[str, Any]:
    spec: dict[str, Any] = {"template": {"spec": {"requirements": list(requirements)}}}
    spec["limits"] = {"cpu": "32", "memory": "64Gi"} if limits is None else limits
    return {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "p"}, "spec": spec}


def test_a_pool_that_lists_its_types_and_limits_passes(pack: Pack) -> None:
    assert pack.refusals(NODE_POOL, pool(TYPES)) == {}


@pytest.mark.parametrize(
    "requirement",
    [
        {"key": "karpenter.k8s.aws/instance-cpu", "operator": "In", "values": ["2", "4"]},
        {"key": "eks.amazonaws.com/instance-cpu", "operator": "In", "values": ["2", "4"]},
        {"key": "karpenter.k8s.aws/instance-size", "operator": "In", "values": ["large"]},
    ],
)
def test_sizes_that_are_listed_are_bounds_too(requirement: dict[str, Any], pack: Pack) -> None:
    assert pack.refusals(NODE_POOL, pool(requirement)) == {}


@pytest.mark.parametrize(
    "requirement",
    [
        {"key": "karpenter.k8s.aws/instance-cpu", "operator": "Gt", "values": ["1"]},
        {"key": "karpenter.k8s.aws/instance-cpu", "operator": "Lt", "values": ["33"]},
        {"key": "eks.amazonaws.com/instance-cpu", "operator": "Gt", "values": ["1"]},
        {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["t4g"]},
        {"key": "node.kubernetes.io/instance-type", "operator": "NotIn", "values": ["t4g.xlarge"]},
    ],
)
def test_an_open_range_is_refused(requirement: dict[str, Any], pack: Pack) -> None:
    found = pack.refusals(NODE_POOL, pool(requirement))
    (message,) = found.pop(SLUG)
    assert message.startswith("spec.template.spec.requirements: ")
    assert found == {}


def test_a_pool_without_requirements_or_limits_is_refused_for_both(pack: Pack) -> None:
    size, total = pack.refusals(NODE_POOL, pool(limits={}))[SLUG]
    assert "nothing says how large a node may be" in size
    assert "no limit on cpu" in total
    assert len(pack.refusals(NODE_POOL, {"spec": {}})[SLUG]) == 2


@pytest.mark.parametrize(("replicas", "bounded"), [(3, True), (0, True), (UNKNOWN, True), (None, False)])
def test_a_pool_that_says_its_number_of_nodes_needs_no_limit(replicas: Any, bounded: bool, pack: Pack) -> None:
    fixed = {"spec": {"replicas": replicas, "template": {"spec": {"requirements": [TYPES]}}}}
    assert (SLUG not in pack.refusals(NODE_POOL, fixed)) is bounded


@pytest.mark.parametrize(
    ("requirement", "lacks"),
    [
        (NOT_TOLD, "requirements"),
        ({**TYPES, "key": NOT_TOLD}, "requirements.key"),
        ({**TYPES, "operator": NOT_TOLD}, "requirements.operator"),
        ({**TYPES, "values": NOT_TOLD}, "requirements.values"),
    ],
    ids=["requirement", "key", "operator", "values"],
)
def test_a_requirement_that_is_not_told_is_named(requirement: Any, lacks: str) -> None:
    with pytest.raises(NotKnownError) as found:
        list(size_and_sum_are_bounded(pool(requirement)))
    assert ".".join(found.value.path) == lacks


def test_a_requirement_without_a_key_bounds_nothing() -> None:
    (found,) = size_and_sum_are_bounded(pool({**TYPES, "key": None}))
    assert "nothing says how large a node may be" in str(found)


def test_a_pool_is_judged_in_whatever_resource_it_comes(pack: Pack) -> None:
    listed = {"apiVersion": "v1", "kind": "List", "items": [pool(TYPES), pool()]}
    (message,) = pack.refusals("kubernetes:core/v1:List", listed)[SLUG]
    assert message.startswith("items[1]: spec.template.spec.requirements: ")
    unkinded = [{key: value for key, value in pool().items() if key not in ("kind", "apiVersion")}]
    assert SLUG in pack.refusals("kubernetes:karpenter.sh/v1:NodePoolList", {"kind": "NodePoolList", "items": unkinded})
    values = {"extra": {"objects": [pool(TYPES), pool()]}}
    (message,) = pack.refusals(RELEASE, {"chart": "app", "values": values})[SLUG]
    assert message.startswith("values.extra.objects[1]: ")


def test_what_preview_cannot_tell_is_not_taken_for_absent(pack: Pack) -> None:
    for path in (("spec",), ("spec", "template"), ("spec", "template", "spec", "requirements"), ("spec", "limits")):
        unknown = copy.deepcopy(pool(TYPES))
        parent: Any = unknown
        for key in path[:-1]:
            parent = parent[key]
        parent[path[-1]] = UNKNOWN
        found = pack.refusals(NODE_POOL, unknown)
        assert set(found) == {"unknown"}, path
        assert SLUG in found["unknown"]
    assert SLUG not in pack.refusals(NODE_POOL, pool({**TYPES, "values": [UNKNOWN]}))["unknown"]
    assert SLUG in pack.refusals(NODE_POOL, pool({**TYPES, "operator": UNKNOWN}))["unknown"]


def test_other_kinds_are_no_concern_of_it(pack: Pack) -> None:
    for kind in ("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "kubernetes:example.com/v1:NodePool"):
        assert pack.refusals(kind, {"apiVersion": "example.com/v1", "kind": "NodePool", "spec": {}}) == {}
