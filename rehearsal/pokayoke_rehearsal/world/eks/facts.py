"""What EKS knows of a cluster, as controllers and operators see it: plain facts read from its state and from moto."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pokayoke_rehearsal.world.model import World

if TYPE_CHECKING:
    from pokayoke_rehearsal.world.eks.state import Cluster as EksState


class EksCluster:
    """What EKS knows of a cluster."""

    def __init__(self, world: World, state: EksState) -> None:
        self._world, self._state = world, state

    @property
    def arn(self) -> str:
        return str(self._state.shape["arn"])

    @property
    def name(self) -> str:
        return str(self._state.name)

    @property
    def support_type(self) -> str:
        """Of its upgrade policy: STANDARD or EXTENDED."""
        return str(self._state.shape["upgradePolicy"]["supportType"])

    @property
    def vpc(self) -> str:
        return str(self._state.shape["resourcesVpcConfig"]["vpcId"])

    @property
    def version(self) -> str:
        return self._state.version

    @property
    def security_group(self) -> str:
        """The group that EKS made."""
        return str(self._state.shape["resourcesVpcConfig"]["clusterSecurityGroupId"])

    def association(self, namespace: str, service_account: str) -> str | None:
        """The ARN of the role that a Pod Identity association gives to a service account."""
        for found in getattr(self._state, "associations", {}).values():
            if (found["namespace"], found["serviceAccount"]) == (namespace, service_account):
                return str(found["roleArn"])
        return None

    def runs(self, addon: str) -> bool:
        """Whether an add-on is there, managed or not."""
        return self._state.runs(addon)

    def role_of_addon(self, addon: str) -> str | None:
        """The ARN of the role that a managed add-on's service account has by its annotation (IRSA)."""
        return self._state.addons.get(addon, {}).get("serviceAccountRoleArn")

    def admits_nodes_of(self, role_arn: str) -> bool:
        """Whether machines with this role may register as nodes."""
        if self._state.authentication_mode == "CONFIG_MAP":
            return True
        entry = self._state.entries.get(role_arn)
        return entry is not None and entry.shape["type"] == "EC2_LINUX"

    def blocked(self, ec2: Any, groups: Iterable[str], address: str) -> str:
        """Why a machine with these groups and the control plane do not reach each other, empty when they do."""
        from pokayoke_rehearsal.world.eks import ports

        return ports.blocked(ec2, self._state, groups, address)

    def group_of(self, node_group: str) -> tuple[str, int] | None:
        """Role ARN and IMDS hop limit of a managed node group's machines."""
        group = self._state.node_groups.get(node_group)
        if group is None:
            return None
        return str(group.shape["nodeRole"]), _hop_limit(self._world, self._state.region, group.shape)


def _hop_limit(world: World, region: str, shape: Mapping[str, Any]) -> int:
    """What EKS gives managed nodes: one hop for AL2023 and Bottlerocket, two for AL2, or what the template says."""
    default = 2 if str(shape["amiType"]).startswith("AL2_") else 1
    named = shape.get("launchTemplate")
    if not named:
        return default
    from moto.ec2.models import ec2_backends

    templates: dict[str, Any] = ec2_backends[world.account][region].launch_templates
    for template in templates.values():
        if template.id == named.get("id") or template.name == named.get("name"):
            options = template.latest_version().data.get("MetadataOptions") or {}
            return int(options.get("HttpPutResponseHopLimit") or default)
    return default
