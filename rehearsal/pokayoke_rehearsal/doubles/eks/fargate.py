"""The Fargate profile of a cluster whose pods run without nodes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.children import Custom, child_of
from pokayoke_rehearsal.doubles.eks.control_plane import ControlPlane
from pokayoke_rehearsal.doubles.eks.service_role import ServiceRole
from pokayoke_rehearsal.doubles.eks.subnets import worker_subnets
from pokayoke_rehearsal.doubles.eks.values import Args, Value, given, output, pick

_POLICIES = ("AmazonEKSFargatePodExecutionRolePolicy",)
_NAMESPACES = ({"namespace": "default"}, {"namespace": "kube-system"})


def fargate_profile(
    name: str, args: Args, cluster: Custom, plane: ControlPlane, config_map: Custom | None, parent: pulumi.Resource
) -> pulumi.Output[Any]:
    """The profile, or nothing; `fargate` is true, or says role, selectors and subnets."""

    def register(wish: Value) -> Custom | None:
        if not given(wish):
            return None
        settings: Args = {} if wish is True else wish
        role = settings.get("podExecutionRoleArn")
        if not given(role):
            made = ServiceRole(
                f"{name}-podExecutionRole",
                "eks-fargate-pods.amazonaws.com",
                _POLICIES,
                partition=plane.partition,
                parent=parent,
                tags=args.get("tags"),
            )
            role = pick(made.attached, "arn")
        own = settings.get("subnetIds")

        async def subnets(found: Sequence[str]) -> list[str]:
            return await worker_subnets(parent, own or found)

        return Custom(
            "aws:eks/fargateProfile:FargateProfile",
            _name(name),
            {
                "clusterName": cluster.out("name"),
                "podExecutionRoleArn": role,
                "selectors": settings["selectors"] if given(settings.get("selectors")) else list(_NAMESPACES),
                "subnetIds": output(plane.subnet_ids).apply(subnets),
            },
            child_of(parent, depends_on=[config_map] if config_map else None),
        )

    return output(args.get("fargate")).apply(register)


def _name(name: str) -> str:
    # AWS reserves the prefix "eks-" for itself.
    if name == "eks" or re.match("eks-", name, re.IGNORECASE):
        return f"{name.replace('-', '_', 1)}fargateProfile"
    return f"{name}-fargateProfile"
