"""Managed node groups and Fargate profiles."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pokayoke_rehearsal.doubles.aws.eks_clusters import EksResource, present, unexpected
from pokayoke_rehearsal.doubles.aws.resource import Autoname
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs
from pokayoke_rehearsal.world.shapes import listed, mapped

SAME = (
    "amiType",
    "capacityType",
    "clusterName",
    "diskSize",
    "instanceTypes",
    "labels",
    "launchTemplate",
    "nodeRepairConfig",
    "releaseVersion",
    "scalingConfig",
    "taints",
    "updateConfig",
    "version",
    "warmPoolConfig",
)


class NodeGroup(EksResource):
    pulumi_type = "aws:eks/nodeGroup:NodeGroup"
    noun = "EKS Node Group"
    operation = "CreateNodegroup"
    tagged = True
    required = ("clusterName", "nodeRoleArn", "scalingConfig", "subnetIds")
    autoname = Autoname(key="nodeGroupName", longest=63, prefix_key="nodeGroupNamePrefix")
    replace = (
        "amiType",
        "capacityType",
        "clusterName",
        "diskSize",
        "instanceTypes",
        "launchTemplate.id",
        "launchTemplate.name",
        "nodeRoleArn",
        "remoteAccess",
        "subnetIds",
    )
    computed = (
        "amiType",
        "arn",
        "capacityType",
        "diskSize",
        "instanceTypes",
        "nodeRepairConfig",
        "releaseVersion",
        "resources",
        "status",
        "updateConfig",
        "version",
    )

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        renamed = {"nodeGroupName": "nodegroupName", "nodeRoleArn": "nodeRole", "subnetIds": "subnets"}
        found = present(inputs, *SAME, **renamed)
        if "remoteAccess" in inputs:
            keys = {"ec2SshKey": "ec2SshKey", "sourceSecurityGroupIds": "sourceSecurityGroups"}
            found["remoteAccess"] = present(inputs["remoteAccess"], **keys)
        return found

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("eks").create_nodegroup(**self.parameters(inputs), tags=mapped(inputs, "tags"))
        return f"{inputs['clusterName']}:{inputs['nodeGroupName']}"

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        group = self._describe(site, resource_id)
        outputs: Inputs = present(
            group,
            "amiType",
            "capacityType",
            "diskSize",
            "instanceTypes",
            "nodeRepairConfig",
            "releaseVersion",
            "version",
        )
        return outputs | {
            "arn": group["nodegroupArn"],
            "clusterName": group["clusterName"],
            "labels": group["labels"],
            "nodeGroupName": group["nodegroupName"],
            "nodeRoleArn": group["nodeRole"],
            "resources": [
                {"autoscalingGroups": group["resources"]["autoScalingGroups"], "remoteAccessSecurityGroupId": ""}
            ],
            "scalingConfig": group["scalingConfig"],
            "status": group["status"],
            "subnetIds": group["subnets"],
            "tags": group["tags"],
            "updateConfig": group["updateConfig"],
        }

    def unsettled(self, site: Site, resource_id: str, state: Inputs) -> str:
        group = self._describe(site, resource_id)
        if group["status"] == "ACTIVE":
            return ""
        return unexpected(group["status"], group["health"]["issues"])

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        cluster, _, name = resource_id.partition(":")
        here = {"clusterName": cluster, "nodegroupName": name}
        eks = site.client("eks")
        if {"launchTemplate", "releaseVersion", "version"} & set(changed):
            wanted = present(news, "launchTemplate", "releaseVersion", "version")
            eks.update_nodegroup_version(**here, **wanted, force=bool(news.get("forceUpdateVersion")))
        change: dict[str, Any] = present(
            {key: news[key] for key in changed if key in news}, "scalingConfig", "updateConfig"
        )
        change |= present({key: news[key] for key in changed if key in news}, "nodeRepairConfig")
        if "labels" in changed:
            before, after = mapped(olds, "labels"), mapped(news, "labels")
            gone = [key for key in before if key not in after]
            change["labels"] = {"addOrUpdateLabels": after, "removeLabels": gone}
        if "taints" in changed:
            before, after = listed(olds, "taints"), listed(news, "taints")
            gone = [taint for taint in before if taint not in after]
            change["taints"] = {"addOrUpdateTaints": after, "removeTaints": gone}
        if change:
            eks.update_nodegroup_config(**here, **change)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        cluster, _, name = resource_id.partition(":")
        site.client("eks").delete_nodegroup(clusterName=cluster, nodegroupName=name)

    def _describe(self, site: Site, resource_id: str) -> dict[str, Any]:
        cluster, _, name = resource_id.partition(":")
        return site.client("eks").describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]


class FargateProfile(EksResource):
    pulumi_type = "aws:eks/fargateProfile:FargateProfile"
    noun = "EKS Fargate Profile"
    operation = "CreateFargateProfile"
    tagged = True
    required = ("clusterName", "podExecutionRoleArn", "selectors")
    autoname = Autoname(key="fargateProfileName", longest=63, prefix_key="fargateProfileNamePrefix")
    replace = ("clusterName", "podExecutionRoleArn", "selectors", "subnetIds")
    computed = ("arn", "status")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        same = ("clusterName", "fargateProfileName", "podExecutionRoleArn", "selectors")
        return present(inputs, *same, subnetIds="subnets")

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("eks").create_fargate_profile(**self.parameters(inputs), tags=mapped(inputs, "tags"))
        return f"{inputs['clusterName']}:{inputs['fargateProfileName']}"

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        cluster, _, name = resource_id.partition(":")
        answer = site.client("eks").describe_fargate_profile(clusterName=cluster, fargateProfileName=name)
        profile = answer["fargateProfile"]
        return {
            "arn": profile["fargateProfileArn"],
            "clusterName": cluster,
            "fargateProfileName": name,
            "podExecutionRoleArn": profile["podExecutionRoleArn"],
            "status": profile["status"],
            "subnetIds": profile["subnets"],
            "tags": profile["tags"],
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        """Only tags change in place."""

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        cluster, _, name = resource_id.partition(":")
        site.client("eks").delete_fargate_profile(clusterName=cluster, fargateProfileName=name)
