"""A stack at Kubernetes 1.35 moves to 1.36 in one `up`: in place, and one part after the other."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from company import Performers
from pokayoke_rehearsal.engine import Act, Result
from pokayoke_rehearsal.engine.events import StepStarted

OLD = {
    "kubernetes": "1.35",
    "bottlerocket": "1.64.0-0be31b34",
    "addons": {"kube-proxy": "v1.35.3-eksbuild.29", "coredns": "v1.13.2-eksbuild.31"},
}
NEW = {
    "kubernetes": "1.36",
    "bottlerocket": "1.65.0-0be31b34",
    "addons": {"kube-proxy": "v1.36.0-eksbuild.25", "coredns": "v1.14.6-eksbuild.4"},
}
"""What `pokayoke pins` writes beside the version."""
CONTROL_PLANE, NODE_GROUP = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
ADDON, CLASS = "aws:eks/addon:Addon", "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"


def config(repository: Path, versions: dict[str, Any]) -> dict[str, str]:
    """The dev stack's, with these versions and without what stands beside the cluster."""
    written = yaml.safe_load((repository / "Pulumi.dev.yaml").read_text())["config"]["pokayoke-eks:platform"]
    said = {key: value for key, value in written.items() if key not in ("edge", "dsql", "registry")}
    return {"pokayoke-eks:platform": json.dumps({**said, **versions})}


@pytest.fixture(scope="module")
def acts(repository: Path, performers: Performers) -> list[Result]:
    old, new = config(repository, OLD), config(repository, NEW)
    return performers.perform(
        repository / "infra", (Act.UP, new, Act.PREVIEW, Act.UP, Act.PREVIEW, Act.DESTROY), config=old
    )


def test_an_upgrade_replaces_nothing(acts: list[Result]) -> None:
    before, plan, upgrade, after, destroy = acts
    assert before.ok, before.failed
    assert plan.ok, plan.diagnostics
    assert set(plan.changes) == {"same", "update"}
    assert upgrade.ok, upgrade.failed
    assert upgrade.changes == plan.changes
    assert set(after.changes) == {"same"}
    assert destroy.ok, destroy.failed


def test_what_an_upgrade_changes_is_what_the_versions_are_of(acts: list[Result]) -> None:
    assert sorted({_type(step.urn) for step in _updates(acts[2])}) == sorted({CONTROL_PLANE, ADDON, NODE_GROUP, CLASS})


def test_the_order_is_control_plane_add_ons_system_nodes_pools(acts: list[Result]) -> None:
    """The add-ons that run on every node are before the nodes, those that nodes carry after them."""
    order = [(_type(step.urn), step.urn.rpartition("::")[2]) for step in _updates(acts[2])]
    names = [name.rpartition("-")[2] if kind == ADDON else kind for kind, name in order]
    assert names == [CONTROL_PLANE, "proxy", NODE_GROUP, "coredns", CLASS]


@pytest.fixture(scope="module")
def overtaken(repository: Path, performers: Performers) -> list[Result]:
    """STANDARD ended: EKS itself has moved the control plane, and the config says what was before."""
    small = {"name": "overtaken", "pools": []}
    old, new = config(repository, OLD | small), config(repository, NEW | small)
    eks = performers.client("eks")

    def move() -> None:
        eks.update_cluster_version(name="overtaken", version="1.36")

    steps = (Act.UP, move, new, Act.UP, old, Act.REFRESH, Act.PREVIEW, new, Act.UP)
    return performers.perform(repository / "infra", steps, config=old)


def test_a_cluster_that_eks_moved_past_the_config_wants_a_refresh_first(overtaken: list[Result]) -> None:
    blind, refresh = overtaken[1:3]
    assert not blind.ok
    assert "Unsupported Kubernetes minor version update from 1.36 to 1.36" in str(blind.failed[0])
    assert refresh.ok, refresh.failed
    assert [(one.path, one.was, one.now) for one in refresh.drift] == [("version", "1.35", "1.36")]


def test_a_plan_that_would_take_a_version_back_names_it(overtaken: list[Result]) -> None:
    plan = overtaken[3]
    assert any(_type(step.urn) == CONTROL_PLANE and step.diffs == ("version",) for step in _started(plan))


def test_after_a_refresh_the_config_follows_the_cluster_in_place(overtaken: list[Result]) -> None:
    (up,) = overtaken[4:]
    assert up.ok, up.failed
    assert set(up.changes) == {"same", "update"}
    assert {_type(step.urn) for step in _updates(up)} == {ADDON, NODE_GROUP}


def _started(result: Result) -> list[StepStarted]:
    return [step for step in result.steps if isinstance(step, StepStarted)]


def _updates(result: Result) -> list[StepStarted]:
    """Those of resources in the account and in the cluster: the component around the control plane changes with it, and
    a provider whenever the config does."""
    updates = [step for step in _started(result) if step.operation == "update"]
    return [step for step in updates if not _type(step.urn).startswith(("eks:index:", "pulumi:providers:"))]


def _type(urn: str) -> str:
    return urn.split("::")[2].rpartition("$")[2]
