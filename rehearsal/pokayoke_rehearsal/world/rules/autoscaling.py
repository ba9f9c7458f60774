"""Auto Scaling: machines of a self-managed node group become nodes of the cluster whose tag they carry."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
from __future__ import annotations

from typing import Any

from moto.autoscaling.models import AutoScalingBackend
from moto.eks.models import eks_backends

from pokayoke_rehearsal.world.rules.guard import guard


def install() -> None:
    """Puts the rule in place."""
    for method in ("create_auto_scaling_group", "update_auto_scaling_group", "delete_auto_scaling_group"):
        guard(AutoScalingBackend, method, after=_nodes_follow)


def _nodes_follow(scaling: Any, asked: dict[str, Any]) -> None:  # noqa: ARG001
    from pokayoke_rehearsal.world.eks.machines import sync_self_managed

    sync_self_managed(eks_backends[scaling.account_id][scaling.region_name])  # pyright: ignore[reportArgumentType]
