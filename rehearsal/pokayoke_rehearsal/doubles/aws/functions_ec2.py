"""Functions about EC2: zones and networks."""

from __future__ import annotations

from typing import Any

from pokayoke_rehearsal.doubles.aws.resource import tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs, ProviderError
from pokayoke_rehearsal.world.shapes import listed, mapped


def get_availability_zones(site: Site, args: Inputs) -> Inputs:
    filters = {"Filters": filters_of(args)} if filters_of(args) else {}
    zones: list[dict[str, Any]] = site.client("ec2").describe_availability_zones(**filters)["AvailabilityZones"]
    zones = [
        zone
        for zone in zones
        if zone["ZoneName"] not in listed(args, "excludeNames")
        and zone["ZoneId"] not in listed(args, "excludeZoneIds")
        and args.get("state", zone["State"]) == zone["State"]
    ]
    zones.sort(key=lambda zone: zone["ZoneName"])
    return {
        "groupNames": [site.region],
        "id": site.region,
        "names": [zone["ZoneName"] for zone in zones],
        "region": site.region,
        "zoneIds": [zone["ZoneId"] for zone in zones],
    }


def get_vpc(site: Site, args: Inputs) -> Inputs:
    ec2, wanted = site.client("ec2"), filters_of(args)
    if "default" in args:
        wanted.append({"Name": "is-default", "Values": [str(args["default"]).lower()]})
    if "cidrBlock" in args:
        wanted.append({"Name": "cidr", "Values": [args["cidrBlock"]]})
    by_id = {"VpcIds": [args["id"]]} if "id" in args else {}
    vpc = _single(ec2.describe_vpcs(**by_id, Filters=wanted)["Vpcs"], "EC2 VPC")
    inside = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}, {"Name": "association.main", "Values": ["true"]}]
    tables: list[dict[str, Any]] = ec2.describe_route_tables(Filters=inside)["RouteTables"]
    return {
        "arn": site.arn("ec2", f"vpc/{vpc['VpcId']}"),
        "cidrBlock": vpc["CidrBlock"],
        "cidrBlockAssociations": [],
        "default": vpc["IsDefault"],
        "dhcpOptionsId": vpc.get("DhcpOptionsId", ""),
        "enableDnsHostnames": _attribute(ec2, vpc["VpcId"], "enableDnsHostnames"),
        "enableDnsSupport": _attribute(ec2, vpc["VpcId"], "enableDnsSupport"),
        "id": vpc["VpcId"],
        "instanceTenancy": vpc["InstanceTenancy"],
        "mainRouteTableId": tables[0]["RouteTableId"] if tables else "",
        "ownerId": vpc["OwnerId"],
        "region": site.region,
        "state": vpc["State"],
        "tags": tag_map(vpc.get("Tags")),
    }


def get_subnets(site: Site, args: Inputs) -> Inputs:
    subnets: list[dict[str, Any]] = site.client("ec2").describe_subnets(Filters=filters_of(args))["Subnets"]
    ids = sorted(subnet["SubnetId"] for subnet in subnets)
    return {"id": site.region, "ids": ids, "region": site.region, "tags": mapped(args, "tags")}


def get_subnet(site: Site, args: Inputs) -> Inputs:
    wanted = filters_of(args)
    for key, name in (("vpcId", "vpc-id"), ("availabilityZone", "availability-zone"), ("cidrBlock", "cidr-block")):
        if key in args:
            wanted.append({"Name": name, "Values": [args[key]]})
    by_id = {"SubnetIds": [args["id"]]} if "id" in args else {}
    subnet = _single(site.client("ec2").describe_subnets(**by_id, Filters=wanted)["Subnets"], "EC2 Subnet")
    return {
        "arn": site.arn("ec2", f"subnet/{subnet['SubnetId']}"),
        "availabilityZone": subnet["AvailabilityZone"],
        "availabilityZoneId": subnet["AvailabilityZoneId"],
        "availableIpAddressCount": subnet["AvailableIpAddressCount"],
        "cidrBlock": subnet["CidrBlock"],
        "defaultForAz": subnet["DefaultForAz"],
        "id": subnet["SubnetId"],
        "mapPublicIpOnLaunch": subnet["MapPublicIpOnLaunch"],
        "ownerId": subnet["OwnerId"],
        "region": site.region,
        "state": subnet["State"],
        "tags": tag_map(subnet.get("Tags")),
        "vpcId": subnet["VpcId"],
    }


def get_security_group(site: Site, args: Inputs) -> Inputs:
    wanted = filters_of(args)
    for key, name in (("vpcId", "vpc-id"), ("name", "group-name")):
        if key in args:
            wanted.append({"Name": name, "Values": [args[key]]})
    by_id = {"GroupIds": [args["id"]]} if "id" in args else {}
    answer = site.client("ec2").describe_security_groups(**by_id, Filters=wanted)
    group = _single(answer["SecurityGroups"], "EC2 Security Group")
    return {
        "arn": site.arn("ec2", f"security-group/{group['GroupId']}"),
        "description": group["Description"],
        "id": group["GroupId"],
        "name": group["GroupName"],
        "region": site.region,
        "tags": tag_map(group.get("Tags")),
        "vpcId": group.get("VpcId", ""),
    }


def get_route_table(site: Site, args: Inputs) -> Inputs:
    wanted = filters_of(args)
    for key, name in (("vpcId", "vpc-id"), ("subnetId", "association.subnet-id")):
        if key in args:
            wanted.append({"Name": name, "Values": [args[key]]})
    by_id = {"RouteTableIds": [args["routeTableId"]]} if "routeTableId" in args else {}
    table = _single(site.client("ec2").describe_route_tables(**by_id, Filters=wanted)["RouteTables"], "EC2 Route Table")
    routes = [
        {
            "cidrBlock": route.get("DestinationCidrBlock", ""),
            "gatewayId": route.get("GatewayId", ""),
            "natGatewayId": route.get("NatGatewayId", ""),
            "networkInterfaceId": route.get("NetworkInterfaceId", ""),
            "transitGatewayId": route.get("TransitGatewayId", ""),
            "vpcPeeringConnectionId": route.get("VpcPeeringConnectionId", ""),
        }
        for route in table["Routes"]
    ]
    associations = [
        {
            "main": found["Main"],
            "routeTableAssociationId": found["RouteTableAssociationId"],
            "routeTableId": table["RouteTableId"],
            "subnetId": found.get("SubnetId", ""),
        }
        for found in table["Associations"]
    ]
    return {
        "arn": site.arn("ec2", f"route-table/{table['RouteTableId']}"),
        "associations": associations,
        "id": table["RouteTableId"],
        "ownerId": table.get("OwnerId", site.account),
        "region": site.region,
        "routeTableId": table["RouteTableId"],
        "routes": routes,
        "tags": tag_map(table.get("Tags")),
        "vpcId": table["VpcId"],
    }


def get_route_tables(site: Site, args: Inputs) -> Inputs:
    wanted = filters_of(args)
    if "vpcId" in args:
        wanted.append({"Name": "vpc-id", "Values": [args["vpcId"]]})
    tables: list[dict[str, Any]] = site.client("ec2").describe_route_tables(Filters=wanted)["RouteTables"]
    return {"id": site.region, "ids": sorted(table["RouteTableId"] for table in tables), "region": site.region}


def filters_of(args: Inputs) -> list[dict[str, Any]]:
    """The filters and tags of a lookup as the API takes them."""
    filters = [{"Name": one["name"], "Values": one["values"]} for one in listed(args, "filters")]
    return filters + [{"Name": f"tag:{key}", "Values": [value]} for key, value in mapped(args, "tags").items()]


def _attribute(ec2: Any, vpc_id: str, name: str) -> bool:
    told = ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)
    return told[name[0].upper() + name[1:]]["Value"]


def _single(found: list[dict[str, Any]], what: str) -> dict[str, Any]:
    if not found:
        raise ProviderError(f"no matching {what} found")
    if len(found) > 1:
        raise ProviderError(
            f"multiple {what}s matched; use additional constraints to reduce matches to a single {what}"
        )
    return found[0]
