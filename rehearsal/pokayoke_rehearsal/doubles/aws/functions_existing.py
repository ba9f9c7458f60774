"""Functions that list what is there, and tell of parts of clusters that somebody else made."""

from __future__ import annotations

from typing import Any

from pokayoke_rehearsal.doubles.aws.eks_clusters import stamp
from pokayoke_rehearsal.doubles.aws.functions_ec2 import filters_of
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs
from pokayoke_rehearsal.world.shapes import listed, mapped


def get_vpcs(site: Site, args: Inputs) -> Inputs:
    found: list[dict[str, Any]] = site.client("ec2").describe_vpcs(Filters=filters_of(args))["Vpcs"]
    ids = sorted(vpc["VpcId"] for vpc in found)
    return {"id": site.region, "ids": ids, "region": site.region, "tags": mapped(args, "tags")}


def get_nat_gateways(site: Site, args: Inputs) -> Inputs:
    wanted = filters_of(args)
    if "vpcId" in args:
        wanted.append({"Name": "vpc-id", "Values": [args["vpcId"]]})
    found: list[dict[str, Any]] = site.client("ec2").describe_nat_gateways(Filter=wanted)["NatGateways"]
    ids = sorted(nat["NatGatewayId"] for nat in found)
    return {"id": site.region, "ids": ids, "region": site.region, "tags": mapped(args, "tags")}


def get_clusters(site: Site, args: Inputs) -> Inputs:  # noqa: ARG001
    names: list[str] = site.client("eks").list_clusters()["clusters"]
    return {"id": site.region, "names": names, "region": site.region}


def get_node_groups(site: Site, args: Inputs) -> Inputs:
    cluster: str = args["clusterName"]
    names: list[str] = site.client("eks").list_nodegroups(clusterName=cluster)["nodegroups"]
    return {"clusterName": cluster, "id": cluster, "names": names, "region": site.region}


def get_node_group(site: Site, args: Inputs) -> Inputs:
    cluster, name = args["clusterName"], args["nodeGroupName"]
    found: dict[str, Any] = site.client("eks").describe_nodegroup(clusterName=cluster, nodegroupName=name)["nodegroup"]
    taints = [{"effect": "", "key": "", "value": "", **taint} for taint in listed(found, "taints")]
    return {
        "amiType": found.get("amiType", ""),
        "arn": found["nodegroupArn"],
        "capacityType": found.get("capacityType", ""),
        "clusterName": cluster,
        "diskSize": found.get("diskSize") or 0,
        "id": f"{cluster}:{name}",
        "instanceTypes": found.get("instanceTypes") or [],
        "labels": found.get("labels") or {},
        "nodeGroupName": name,
        "nodeRoleArn": found["nodeRole"],
        "region": site.region,
        "releaseVersion": found.get("releaseVersion", ""),
        "scalingConfigs": [found["scalingConfig"]],
        "status": found["status"],
        "subnetIds": found["subnets"],
        "tags": found["tags"],
        "taints": taints,
        "version": found.get("version", ""),
    }


def get_addon(site: Site, args: Inputs) -> Inputs:
    cluster, name = args["clusterName"], args["addonName"]
    found: dict[str, Any] = site.client("eks").describe_addon(clusterName=cluster, addonName=name)["addon"]
    return {
        "addonName": name,
        "addonVersion": found["addonVersion"],
        "arn": found["addonArn"],
        "clusterName": cluster,
        "configurationValues": found.get("configurationValues", ""),
        "createdAt": stamp(found["createdAt"]),
        "id": f"{cluster}:{name}",
        "modifiedAt": stamp(found["modifiedAt"]),
        "podIdentityAssociations": [],
        "region": site.region,
        "serviceAccountRoleArn": found.get("serviceAccountRoleArn", ""),
        "tags": found["tags"],
    }
