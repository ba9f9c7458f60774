"""Functions about EKS."""

from __future__ import annotations

from typing import Any

from pokayoke_rehearsal.doubles.aws.eks_clusters import stamp
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs, ProviderError


def get_addon_version(site: Site, args: Inputs) -> Inputs:
    """The default build of an add-on for a Kubernetes version, or the newest when `mostRecent`."""
    addon, kubernetes = args["addonName"], args["kubernetesVersion"]
    eks = site.client("eks")
    answer = eks.describe_addon_versions(addonName=addon, kubernetesVersion=kubernetes)["addons"]
    versions: list[dict[str, Any]] = answer[0]["addonVersions"] if answer else []
    if not versions:
        raise ProviderError(f"reading EKS Add-On version info ({addon}, {kubernetes}): couldn't find resource")
    default = [one for one in versions if any(fits["defaultVersion"] for fits in one["compatibilities"])]
    chosen = versions[0] if args.get("mostRecent") or not default else default[0]
    return {
        "addonName": addon,
        "id": addon,
        "kubernetesVersion": kubernetes,
        "mostRecent": bool(args.get("mostRecent")),
        "region": site.region,
        "version": chosen["addonVersion"],
    }


def get_cluster(site: Site, args: Inputs) -> Inputs:
    cluster: dict[str, Any] = site.client("eks").describe_cluster(name=args["name"])["cluster"]
    enabled = [kind for setup in cluster["logging"]["clusterLogging"] if setup["enabled"] for kind in setup["types"]]
    return {
        "accessConfigs": [cluster["accessConfig"]],
        "arn": cluster["arn"],
        "certificateAuthorities": [cluster["certificateAuthority"]],
        "clusterId": "",
        "createdAt": stamp(cluster["createdAt"]),
        "deletionProtection": cluster["deletionProtection"],
        "enabledClusterLogTypes": enabled,
        "endpoint": cluster["endpoint"],
        "id": cluster["name"],
        "identities": [{"oidcs": [cluster["identity"]["oidc"]]}],
        "kubernetesNetworkConfigs": [cluster["kubernetesNetworkConfig"]],
        "name": cluster["name"],
        "platformVersion": cluster["platformVersion"],
        "region": site.region,
        "roleArn": cluster["roleArn"],
        "status": cluster["status"],
        "tags": cluster["tags"],
        "upgradePolicies": [cluster["upgradePolicy"]],
        "version": cluster["version"],
        "vpcConfig": cluster["resourcesVpcConfig"],
    }
