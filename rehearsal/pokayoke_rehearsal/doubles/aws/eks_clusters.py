"""EKS clusters and their add-ons."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Made, Resource
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import UNKNOWN, Difference, Inputs
from pokayoke_rehearsal.world.shapes import listed, mapped

LOG_TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
SAME = (
    "accessConfig",
    "bootstrapSelfManagedAddons",
    "computeConfig",
    "controlPlaneScalingConfig",
    "deletionProtection",
    "kubernetesNetworkConfig",
    "name",
    "outpostConfig",
    "remoteNetworkConfig",
    "roleArn",
    "storageConfig",
    "upgradePolicy",
    "version",
    "zonalShiftConfig",
)


class EksResource(Resource):
    """An EKS type; those with tags have an ARN in the state under `arn_key`."""

    service: ClassVar[str] = "eks"
    arn_key: ClassVar[str] = "arn"

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        eks, arn = site.client("eks"), state[self.arn_key]
        if gone:
            eks.untag_resource(resourceArn=arn, tagKeys=list(gone))
        if tags:
            eks.tag_resource(resourceArn=arn, tags=tags)


def present(inputs: Inputs, *keys: str, **renamed: str) -> dict[str, Any]:
    """The present inputs under the API's names, which for EKS are mostly Pulumi's own."""
    found = {key: inputs[key] for key in keys if key in inputs}
    return found | {parameter: inputs[key] for key, parameter in renamed.items() if key in inputs}


def stamp(moment: Any) -> str:
    return moment.isoformat() if moment is not None else ""


class Cluster(EksResource):
    pulumi_type = "aws:eks/cluster:Cluster"
    noun = "EKS Cluster"
    operation = "CreateCluster"
    tagged = True
    required = ("roleArn", "vpcConfig")
    autoname = Autoname(longest=100)
    replace = (
        "accessConfig.bootstrapClusterCreatorAdminPermissions",
        "bootstrapSelfManagedAddons",
        "encryptionConfig.provider",
        "encryptionConfig.resources",
        "kubernetesNetworkConfig.ipFamily",
        "kubernetesNetworkConfig.serviceIpv4Cidr",
        "outpostConfig",
        "roleArn",
    )
    computed = (
        "accessConfig",
        "arn",
        "certificateAuthority",
        "clusterId",
        "createdAt",
        "endpoint",
        "identities",
        "kubernetesNetworkConfig",
        "platformVersion",
        "status",
        "upgradePolicy",
        "version",
    )

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        found = present(inputs, *SAME, vpcConfig="resourcesVpcConfig")
        if "encryptionConfig" in inputs:
            found["encryptionConfig"] = _encryption(inputs)
        if "enabledClusterLogTypes" in inputs:
            found["logging"] = {"clusterLogging": [{"types": inputs["enabledClusterLogTypes"], "enabled": True}]}
        return found

    def planned(self, site: Site, inputs: Inputs) -> Inputs:
        network: Inputs = {} if inputs["vpcConfig"] is UNKNOWN else inputs["vpcConfig"]
        return {"vpcConfig": {**network, "clusterSecurityGroupId": UNKNOWN, "vpcId": UNKNOWN}}

    def kept(self, olds: Inputs, news: Inputs) -> Inputs:
        network: Inputs = {} if news["vpcConfig"] is UNKNOWN else news["vpcConfig"]
        return {"vpcConfig": {**mapped(olds, "vpcConfig"), **network}}

    def create(self, site: Site, inputs: Inputs) -> Made:
        answer = site.client("eks").create_cluster(**self.parameters(inputs), tags=mapped(inputs, "tags"))
        return inputs["name"], self._outputs(answer["cluster"], inputs)

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        return self._outputs(site.client("eks").describe_cluster(name=resource_id)["cluster"], known)

    def _outputs(self, cluster: dict[str, Any], known: Inputs) -> Inputs:
        enabled = [
            kind for setup in cluster["logging"]["clusterLogging"] if setup["enabled"] for kind in setup["types"]
        ]
        outputs: Inputs = {
            "accessConfig": cluster["accessConfig"],
            "arn": cluster["arn"],
            "certificateAuthority": {"data": cluster["certificateAuthority"]["data"]},
            "createdAt": stamp(cluster["createdAt"]),
            "deletionProtection": cluster["deletionProtection"],
            "enabledClusterLogTypes": known.get("enabledClusterLogTypes", enabled),
            "endpoint": cluster["endpoint"],
            "identities": [{"oidcs": [{"issuer": cluster["identity"]["oidc"]["issuer"]}]}],
            "kubernetesNetworkConfig": cluster["kubernetesNetworkConfig"],
            "name": cluster["name"],
            "platformVersion": cluster["platformVersion"],
            "roleArn": cluster["roleArn"],
            "status": cluster["status"],
            "tags": cluster["tags"],
            "upgradePolicy": cluster["upgradePolicy"],
            "version": cluster["version"],
            "vpcConfig": cluster["resourcesVpcConfig"],
        }
        if cluster.get("encryptionConfig"):
            outputs["encryptionConfig"] = cluster["encryptionConfig"][0]
        return outputs

    def also_replacing(self, old_inputs: Inputs, news: Inputs, found: Difference) -> Collection[str]:
        """A version can only go up, and encryption can be added but not taken away (Terraform: CustomizeDiff)."""
        before, after = old_inputs.get("version"), news.get("version")
        down = isinstance(before, str) and isinstance(after, str) and _minor(after) < _minor(before)
        gone = "encryptionConfig" in found.removed
        return [*(["version"] if down else []), *(["encryptionConfig"] if gone else [])]

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        eks = site.client("eks")
        if "version" in changed and "version" in news:
            eks.update_cluster_version(name=resource_id, version=news["version"])
        if "vpcConfig" in changed:
            eks.update_cluster_config(name=resource_id, resourcesVpcConfig=news["vpcConfig"])
        if "enabledClusterLogTypes" in changed:
            on: list[str] = listed(news, "enabledClusterLogTypes")
            off = [kind for kind in LOG_TYPES if kind not in on]
            setups = [{"types": types, "enabled": enabled} for types, enabled in ((on, True), (off, False)) if types]
            eks.update_cluster_config(name=resource_id, logging={"clusterLogging": setups})
        if "accessConfig" in changed and "accessConfig" in news:
            mode = present(news["accessConfig"], "authenticationMode")
            eks.update_cluster_config(name=resource_id, accessConfig=mode)
        if "deletionProtection" in changed:
            eks.update_cluster_config(name=resource_id, deletionProtection=bool(news.get("deletionProtection")))
        for key in ("upgradePolicy", "zonalShiftConfig"):
            if key in changed and key in news:
                eks.update_cluster_config(name=resource_id, **{key: news[key]})
        auto = ("computeConfig", "kubernetesNetworkConfig", "storageConfig")
        if set(auto) & set(changed):
            eks.update_cluster_config(name=resource_id, **present(news, *auto))
        if "encryptionConfig" in changed and "encryptionConfig" in news:
            eks.associate_encryption_config(clusterName=resource_id, encryptionConfig=_encryption(news))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("eks").delete_cluster(name=resource_id)


class Addon(EksResource):
    pulumi_type = "aws:eks/addon:Addon"
    noun = "EKS Add-On"
    operation = "CreateAddon"
    tagged = True
    required = ("addonName", "clusterName")
    replace = ("addonName", "clusterName", "namespaceConfig")
    computed = ("addonVersion", "arn", "configurationValues", "createdAt", "modifiedAt")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return self._changeable(inputs, "resolveConflictsOnCreate") | present(inputs, "namespaceConfig")

    def create(self, site: Site, inputs: Inputs) -> Made:
        answer = site.client("eks").create_addon(**self.parameters(inputs), tags=mapped(inputs, "tags"))
        return f"{inputs['clusterName']}:{inputs['addonName']}", self._outputs(answer["addon"])

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        return self._outputs(self._describe(site, resource_id))

    def _outputs(self, addon: dict[str, Any]) -> Inputs:
        return {
            "addonName": addon["addonName"],
            "addonVersion": addon["addonVersion"],
            "arn": addon["addonArn"],
            "clusterName": addon["clusterName"],
            "configurationValues": addon.get("configurationValues", ""),
            "createdAt": stamp(addon["createdAt"]),
            "modifiedAt": stamp(addon["modifiedAt"]),
            "tags": addon["tags"],
        }

    def unsettled(self, site: Site, resource_id: str, state: Inputs) -> str:
        addon = self._describe(site, resource_id)
        if addon["status"] == "ACTIVE":
            return ""
        return unexpected(addon["status"], addon["health"]["issues"])

    def final(self, site: Site, resource_id: str) -> bool:
        return self._describe(site, resource_id)["status"] == "CREATE_FAILED"

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("eks").update_addon(**self._changeable(news, "resolveConflictsOnUpdate"))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        cluster, _, name = resource_id.partition(":")
        preserve = bool(state.get("preserve"))
        site.client("eks").delete_addon(clusterName=cluster, addonName=name, preserve=preserve)

    def _changeable(self, inputs: Inputs, conflicts: str) -> dict[str, Any]:
        found = present(
            inputs, "addonName", "addonVersion", "clusterName", "configurationValues", "serviceAccountRoleArn"
        )
        if "podIdentityAssociations" in inputs:
            found["podIdentityAssociations"] = inputs["podIdentityAssociations"]
        return found | present(inputs, **{conflicts: "resolveConflicts"})

    def _describe(self, site: Site, resource_id: str) -> dict[str, Any]:
        cluster, _, name = resource_id.partition(":")
        return site.client("eks").describe_addon(clusterName=cluster, addonName=name)["addon"]


def unexpected(status: str, issues: list[Inputs]) -> str:
    """What the real provider says when it waited for ACTIVE in vain."""
    last = "; ".join(f"{issue['code']}: {issue['message']}" for issue in issues)
    return f"unexpected state '{status}', wanted target 'ACTIVE'. last error: {last}"


def _encryption(inputs: Inputs) -> list[Any]:
    return [inputs["encryptionConfig"]]


def _minor(version: str) -> int:
    return int(version.partition(".")[2] or 0)
