"""What the rules of Karpenter's own kinds say, to the word, where the API server's conformance tests do not ask."""

from typing import Any

import pytest

from pokayoke_eks.rules.karpenter import node_pool_objections, selector_objections

REQUIREMENTS = "spec.template.spec.requirements"
LIMITED = {"limits": {"cpu": "32"}}
BOUND = {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["t4g.medium"]}


def said(*requirements: Any) -> list[str]:
    spec = {**LIMITED, "template": {"spec": {"requirements": list(requirements)}}}
    return [str(objection) for objection in node_pool_objections({"spec": spec})]


@pytest.mark.parametrize(
    ("key", "remedy"),
    [
        ("karpenter.sh/capacity-typ", "Did you mean 'karpenter.sh/capacity-type'?"),
        ("karpenter.k8s.aws/instance-cpus", "Did you mean 'karpenter.k8s.aws/instance-cpu'?"),
        ("kubernetes.io/qqq", "Use a well-known key, or a domain of your own."),
    ],
)
def test_a_label_that_no_node_has_brings_the_one_that_was_meant(key: str, remedy: str) -> None:
    (refused,) = said(BOUND, {"key": key, "operator": "Exists"})
    assert refused.endswith(remedy)


def test_a_domain_ends_at_the_last_slash_and_what_follows_a_reserved_one_is_left_to_the_server() -> None:
    assert said(BOUND, {"key": "kubernetes.io/a/zone", "operator": "Exists"}) == []


def test_capacity_types_are_all_named_where_one_is_wrong() -> None:
    (refused,) = said(BOUND, {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["ondemand"]})
    assert refused == (
        f"{REQUIREMENTS}[1].values[0]: there is no capacity type 'ondemand' [incompatible-requirements]. "
        "Write on-demand, reserved or spot."
    )


def test_every_open_range_of_sizes_is_named() -> None:
    ranges = [
        {"key": "karpenter.k8s.aws/instance-cpu", "operator": "Gt", "values": ["1"]},
        {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["m7g"]},
        {"key": "node.kubernetes.io/instance-type", "operator": "NotIn", "values": ["m7g.metal"]},
    ]
    (refused,) = said(*ranges)
    assert refused.startswith(
        f"{REQUIREMENTS}: karpenter.k8s.aws/instance-cpu Gt is an open range; "
        "node.kubernetes.io/instance-type NotIn is an open range ["
    )


@pytest.mark.parametrize(
    ("term", "where"),
    [
        ({"tags": {}}, "spec.subnetSelectorTerms[0].tags"),
        ({"id": "subnet-1", "tags": {}}, "spec.subnetSelectorTerms[0]"),
        ({"name": "nodes", "tags": {}}, None),
        ({"tags": {"team": "a"}}, None),
    ],
    ids=str,
)
def test_a_term_is_objected_to_once(term: dict[str, Any], where: str | None) -> None:
    found = selector_objections({"spec": {"subnetSelectorTerms": [term]}})
    assert [one.path for one in found] == ([where] if where else [])
