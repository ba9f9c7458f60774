"""What the API server takes although it is wrong, our own rules refuse (facts: a real server was asked)."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from crd_handpicked import CLASS, GONE, POOL, edited

from pokayoke_eks import crds
from pokayoke_eks.rules.karpenter import (
    INCOMPATIBLE,
    SECURITY_GROUPS,
    SUBNETS,
    UNBOUNDED,
    WELL_KNOWN_KEYS,
    node_pool_objections,
    selector_objections,
)

REQUIREMENTS = "spec.template.spec.requirements"
CPU, TYPE = "karpenter.k8s.aws/instance-cpu", "node.kubernetes.io/instance-type"
BOUNDED = edited(
    POOL,
    {
        REQUIREMENTS: [
            {"key": "kubernetes.io/arch", "operator": "In", "values": ["arm64"]},
            {"key": TYPE, "operator": "In", "values": ["t4g.large", "m7g.large"]},
            {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["spot", "on-demand"]},
            {"key": "example.com/team", "operator": "In", "values": ["a"]},
        ],
        "spec.limits": {"cpu": "32", "memory": "64Gi"},
    },
)


def requiring(**requirement: Any) -> dict[str, Any]:
    """A sound pool with one requirement more."""
    return edited(BOUNDED, {f"{REQUIREMENTS}.3": requirement})


def sized_by(*requirements: Mapping[str, Any]) -> dict[str, Any]:
    """A sound pool, but for what says how large its nodes are."""
    return edited(BOUNDED, {REQUIREMENTS: list(requirements)})


WRONG = (
    (
        CLASS,
        {"spec.subnetSelectorTerms": [{"id": "subnet-1"}, {"tags": {}}]},
        "spec.subnetSelectorTerms[1].tags",
        SUBNETS,
    ),
    (
        CLASS,
        {"spec.securityGroupSelectorTerms": [{"tags": {}}]},
        "spec.securityGroupSelectorTerms[0].tags",
        SECURITY_GROUPS,
    ),
    (
        CLASS,
        {"spec.subnetSelectorTerms": [{"id": "subnet-1"}, {"id": "subnet-2", "tags": {"a": "b"}}]},
        "spec.subnetSelectorTerms[1]",
        SUBNETS,
    ),
    (
        CLASS,
        {"spec.securityGroupSelectorTerms": [{"id": "sg-1"}, {"id": "sg-2", "name": "b"}]},
        "spec.securityGroupSelectorTerms[1]",
        SECURITY_GROUPS,
    ),
    (BOUNDED, {f"{REQUIREMENTS}.2.values": ["spot", "ondemand"]}, f"{REQUIREMENTS}[2].values[1]", INCOMPATIBLE),
    (BOUNDED, {f"{REQUIREMENTS}.3.key": "node.kubernetes.io/instance-family"}, f"{REQUIREMENTS}[3].key", INCOMPATIBLE),
    (BOUNDED, {f"{REQUIREMENTS}.3.key": "topology.k8s.aws/zone"}, f"{REQUIREMENTS}[3].key", INCOMPATIBLE),
    (BOUNDED, {f"{REQUIREMENTS}.1": {"key": CPU, "operator": "Gt", "values": ["1"]}}, REQUIREMENTS, UNBOUNDED),
    (BOUNDED, {f"{REQUIREMENTS}.1": {"key": CPU, "operator": "Gte", "values": ["1"]}}, REQUIREMENTS, UNBOUNDED),
    (BOUNDED, {f"{REQUIREMENTS}.1": {"key": CPU, "operator": "Lt", "values": ["96"]}}, REQUIREMENTS, UNBOUNDED),
    (BOUNDED, {f"{REQUIREMENTS}.1": {"key": CPU, "operator": "Lte", "values": ["96"]}}, REQUIREMENTS, UNBOUNDED),
    (BOUNDED, {f"{REQUIREMENTS}.1": {"key": CPU, "operator": "Exists"}}, REQUIREMENTS, UNBOUNDED),
    (
        BOUNDED,
        {f"{REQUIREMENTS}.1": {"key": TYPE, "operator": "NotIn", "values": ["t4g.nano"]}},
        REQUIREMENTS,
        UNBOUNDED,
    ),
    (BOUNDED, {REQUIREMENTS: []}, REQUIREMENTS, UNBOUNDED),
    (BOUNDED, {"spec.limits": GONE}, "spec.limits", UNBOUNDED),
    (BOUNDED, {"spec.limits": {"memory": "64Gi"}}, "spec.limits", UNBOUNDED),
)


@pytest.mark.parametrize(("base", "edit", "path", "slug"), WRONG, ids=[str(edit)[:70] for _, edit, _, _ in WRONG])
def test_it_is_taken_by_the_server_and_refused_by_us(
    base: dict[str, Any], edit: Mapping[str, Any], path: str, slug: str
) -> None:
    wrong = edited(base, edit)
    assert crds.refusal(wrong) is None
    (objection,) = objections(wrong)
    assert (objection.path, objection.finding.slug) == (path, slug)


RIGHT = (
    CLASS,
    edited(CLASS, {"spec.subnetSelectorTerms": [{"tags": {"karpenter.sh/discovery": "demo"}}]}),
    BOUNDED,
    requiring(key=CPU, operator="Lt", values=["9"]),
    requiring(key="node-restriction.kubernetes.io/team", operator="In", values=["a"]),
    requiring(key="nothing-but-a-name", operator="Exists"),
    requiring(key="beta.kubernetes.io/arch", operator="Exists"),
    requiring(key="mykubernetes.io/team", operator="Exists"),
    sized_by({"key": CPU, "operator": "In", "values": ["2", "4"]}),
    sized_by({"key": "karpenter.k8s.aws/instance-size", "operator": "In", "values": ["large"]}),
    edited(BOUNDED, {"spec.limits": {"nodes": "3"}, "spec.replicas": 3}),
)


@pytest.mark.parametrize("manifest", RIGHT, ids=range(len(RIGHT)))
def test_what_is_sound_is_taken_by_both(manifest: dict[str, Any]) -> None:
    assert crds.refusal(manifest) is None
    assert objections(manifest) == []


def test_an_objection_says_where_what_which_failure_and_how_to_mend_it() -> None:
    (objection,) = objections(requiring(key="node.kubernetes.io/instance-famly", operator="Exists"))
    assert str(objection) == (
        f"{REQUIREMENTS}[3].key: no node has the label 'node.kubernetes.io/instance-famly'"
        " [incompatible-requirements]. Did you mean 'karpenter.k8s.aws/instance-family'?"
    )


@pytest.mark.parametrize("junk", [None, 5, "x", [], {}, {"spec": None}, {"spec": {"template": [None]}}])
def test_manifests_of_any_shape_are_judged_without_an_error(junk: Any) -> None:
    manifest = {**junk, "kind": "NodePool"} if isinstance(junk, dict) else {"kind": "NodePool", "spec": junk}
    assert all(objection.finding.slug == UNBOUNDED for objection in node_pool_objections(manifest))
    wrapped = {"spec": {"template": {"spec": {"requirements": [junk]}}, "subnetSelectorTerms": [junk]}}
    assert [*node_pool_objections(wrapped), *selector_objections(wrapped)]


@pytest.mark.upstream
def test_the_well_known_keys_are_those_of_the_facts(shared: Path) -> None:
    facts = (shared / "facts" / "karpenter.md").read_text()
    (line,) = (line for line in facts.splitlines() if line.startswith("- Well-known requirement keys accepted"))
    plain = {key for key in re.findall(r"`([a-z0-9.-]+/[a-z-]+)`", line) if not key.endswith("instance-pods")}
    assert plain == {key for key in WELL_KNOWN_KEYS if not key.startswith("karpenter.k8s.aws/")} - {
        "topology.kubernetes.io/region"
    }


def objections(manifest: dict[str, Any]) -> list[Any]:
    judge = selector_objections if manifest["kind"] == "EC2NodeClass" else node_pool_objections
    return judge(manifest)
