"""Fargate profiles."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from pokayoke_rehearsal.world.eks import access, cloud
from pokayoke_rehearsal.world.eks.state import Shape, in_use, invalid, not_found, now, random_text
from pokayoke_rehearsal.world.eks.store import Backend
from pokayoke_rehearsal.world.shapes import listed, mapped


class FargateOperations(Backend):
    """CreateFargateProfile, DescribeFargateProfile, DeleteFargateProfile, ListFargateProfiles."""

    def create_fargate_profile(self, asked: Shape) -> Shape:
        cluster, name = self.cluster(asked["clusterName"]), asked["fargateProfileName"]
        if name in cluster.fargate_profiles:
            raise in_use("A Fargate Profile already exists with this name in this cluster.")
        selectors = listed(asked, "selectors")
        if not selectors:
            raise invalid("Fargate Profile requires at least one selector.")
        if not all(selector.get("namespace") for selector in selectors):
            raise invalid("Fargate Profile must have at least one selector with at least one namespace value.")
        cloud.require_trust(asked["podExecutionRoleArn"], "eks-fargate-pods.amazonaws.com", self.account_id)
        subnets = asked.get("subnets") or cluster.shape["resourcesVpcConfig"]["subnetIds"]
        for subnet_id in subnets:
            cloud.subnet(self, subnet_id)
        profile: Shape = {
            "fargateProfileName": name,
            "fargateProfileArn": f"arn:{self.partition}:eks:{self.region_name}:{self.account_id}:fargateprofile/"
            f"{cluster.name}/{name}/{random_text(8)}",
            "clusterName": cluster.name,
            "createdAt": now(),
            "podExecutionRoleArn": asked["podExecutionRoleArn"],
            "subnets": subnets,
            "selectors": selectors,
            "status": "ACTIVE",
            "tags": mapped(asked, "tags"),
            "health": {"issues": []},
        }
        cluster.fargate_profiles[name] = profile
        access.admit_nodes(cluster, asked["podExecutionRoleArn"], "FARGATE_LINUX")
        return {"fargateProfile": profile}

    def describe_fargate_profile(self, asked: Shape) -> Shape:
        return {"fargateProfile": self._profile(asked)}

    def list_fargate_profiles(self, asked: Shape) -> Shape:
        return {"fargateProfileNames": sorted(self.cluster(asked["clusterName"]).fargate_profiles)}

    def delete_fargate_profile(self, asked: Shape) -> Shape:
        profile = self._profile(asked)
        cluster = self.cluster(asked["clusterName"])
        del cluster.fargate_profiles[asked["fargateProfileName"]]
        role = profile["podExecutionRoleArn"]
        used = any(other["podExecutionRoleArn"] == role for other in cluster.fargate_profiles.values())
        access.dismiss_nodes(cluster, role, used)
        return {"fargateProfile": profile | {"status": "DELETING"}}

    def _profile(self, asked: Shape) -> Shape:
        profile = self.cluster(asked["clusterName"]).fargate_profiles.get(asked["fargateProfileName"])
        if profile is None:
            raise not_found(f"No Fargate Profile found with name: {asked['fargateProfileName']}.")
        return profile
