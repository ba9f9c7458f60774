"""The table of all functions (data sources) that the `aws` double knows, and the general ones."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from pokayoke_rehearsal.doubles.aws import (
    functions_dns,
    functions_ec2,
    functions_eks,
    functions_existing,
    functions_load_balancers,
    functions_machines,
    policy_document,
)
from pokayoke_rehearsal.doubles.aws.resource import tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs, ProviderError
from pokayoke_rehearsal.world import public_registry

Function = Callable[[Site, Inputs], Inputs]


def get_caller_identity(site: Site, args: Inputs) -> Inputs:  # noqa: ARG001
    identity = site.client("sts").get_caller_identity()
    account = identity["Account"]
    return {"accountId": account, "arn": identity["Arn"], "id": account, "userId": identity["UserId"]}


def get_partition(site: Site, args: Inputs) -> Inputs:  # noqa: ARG001
    suffix = "amazonaws.com.cn" if site.partition == "aws-cn" else "amazonaws.com"
    reverse = ".".join(reversed(suffix.split(".")))
    partition = site.partition
    return {"dnsSuffix": suffix, "id": partition, "partition": partition, "reverseDnsPrefix": reverse}


def get_region(site: Site, args: Inputs) -> Inputs:
    name: str = args.get("name") or site.region
    endpoint = f"ec2.{name}.amazonaws.com"
    return {"description": name, "endpoint": endpoint, "id": name, "name": name, "region": name}


def get_default_tags(site: Site, args: Inputs) -> Inputs:  # noqa: ARG001
    return {"id": site.partition, "tags": dict(site.default_tags)}


def get_role(site: Site, args: Inputs) -> Inputs:
    role: dict[str, Any] = site.client("iam").get_role(RoleName=args["name"])["Role"]
    return {
        "arn": role["Arn"],
        "assumeRolePolicy": policy_document.text_of(role["AssumeRolePolicyDocument"]),
        "createDate": role["CreateDate"].isoformat(),
        "description": role.get("Description", ""),
        "id": role["RoleName"],
        "maxSessionDuration": role.get("MaxSessionDuration", 3600),
        "name": role["RoleName"],
        "path": role["Path"],
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
        "roleLastUseds": [],
        "tags": tag_map(role.get("Tags")),
        "uniqueId": role["RoleId"],
    }


def get_parameter(site: Site, args: Inputs) -> Inputs:
    name: str = args["name"]
    found: dict[str, Any]
    if name.startswith("/aws/service/"):
        value = functions_machines.public_parameter(name)
        if value is None:
            raise ProviderError(f"reading SSM Parameter ({name}): the rehearsal does not know this public parameter")
        found = {"ARN": f"arn:{site.partition}:ssm:{site.region}::parameter{name}", "Type": "String", "Version": 1}
        found["Value"] = value
    else:
        found = site.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    return {
        "arn": found["ARN"],
        "id": name,
        "insecureValue": found["Value"] if found["Type"] != "SecureString" else "",
        "name": name,
        "type": found["Type"],
        "value": found["Value"],
        "version": found["Version"],
        "withDecryption": args.get("withDecryption", True),
    }


def get_public_registry_password(site: Site, args: Inputs) -> Inputs:  # noqa: ARG001
    if site.region != public_registry.REGION:
        host = f"api.ecr-public.{site.region}.amazonaws.com"
        sent = f'request send failed, Post "https://{host}/": dial tcp: lookup {host}: no such host'
        reason = f"operation error ECR PUBLIC: GetAuthorizationToken, {sent}"
        raise ProviderError(f"reading ECR Public Authorization Token: {reason}")
    password = site.world.public_registry.password()
    token = base64.b64encode(f"{public_registry.USER}:{password}".encode()).decode()
    expires = datetime.now(UTC) + timedelta(hours=12)
    return {
        "authorizationToken": token,
        "expiresAt": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "id": site.region,
        "password": password,
        "region": site.region,
        "userName": public_registry.USER,
    }


FUNCTIONS: dict[str, Function] = {
    "aws:ec2/getAmi:getAmi": functions_machines.get_ami,
    "aws:ec2/getInstanceType:getInstanceType": functions_machines.get_instance_type,
    "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": functions_machines.get_instance_type_offerings,
    "aws:ec2/getNatGateways:getNatGateways": functions_existing.get_nat_gateways,
    "aws:ec2/getRouteTable:getRouteTable": functions_ec2.get_route_table,
    "aws:ec2/getRouteTables:getRouteTables": functions_ec2.get_route_tables,
    "aws:ec2/getSecurityGroup:getSecurityGroup": functions_ec2.get_security_group,
    "aws:ec2/getSubnet:getSubnet": functions_ec2.get_subnet,
    "aws:ec2/getSubnets:getSubnets": functions_ec2.get_subnets,
    "aws:ec2/getVpc:getVpc": functions_ec2.get_vpc,
    "aws:ec2/getVpcs:getVpcs": functions_existing.get_vpcs,
    "aws:ecrpublic/getAuthorizationToken:getAuthorizationToken": get_public_registry_password,
    "aws:eks/getAddon:getAddon": functions_existing.get_addon,
    "aws:eks/getAddonVersion:getAddonVersion": functions_eks.get_addon_version,
    "aws:eks/getCluster:getCluster": functions_eks.get_cluster,
    "aws:eks/getClusters:getClusters": functions_existing.get_clusters,
    "aws:eks/getNodeGroup:getNodeGroup": functions_existing.get_node_group,
    "aws:eks/getNodeGroups:getNodeGroups": functions_existing.get_node_groups,
    "aws:iam/getPolicyDocument:getPolicyDocument": policy_document.get_policy_document,
    "aws:iam/getRole:getRole": get_role,
    "aws:index/getAvailabilityZones:getAvailabilityZones": functions_ec2.get_availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:index/getDefaultTags:getDefaultTags": get_default_tags,
    "aws:index/getPartition:getPartition": get_partition,
    "aws:index/getRegion:getRegion": get_region,
    "aws:elb/getHostedZoneId:getHostedZoneId": functions_load_balancers.get_classic_hosted_zone_id,
    "aws:lb/getHostedZoneId:getHostedZoneId": functions_load_balancers.get_hosted_zone_id,
    "aws:lb/getLoadBalancer:getLoadBalancer": functions_load_balancers.get_load_balancer,
    "aws:alb/getLoadBalancer:getLoadBalancer": functions_load_balancers.get_load_balancer,
    "aws:route53/getZone:getZone": functions_dns.get_zone,
    "aws:ssm/getParameter:getParameter": get_parameter,
}
