"""What all EC2 types share, and the network itself: VPC, subnets, gateways, addresses."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Made, Resource, pick, tag_list, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs


class Ec2Resource(Resource):
    """An EC2 type; `tag_type` is what TagSpecifications call it."""

    service: ClassVar[str] = "ec2"
    tag_type: ClassVar[str] = ""

    def specification(self, inputs: Inputs) -> list[dict[str, Any]]:
        tags = tag_list(inputs.get("tags"))
        return [{"ResourceType": self.tag_type, "Tags": tags}] if tags else []

    def tagged_parameters(self, inputs: Inputs) -> dict[str, Any]:
        """The parameters with the tags in them."""
        specification = self.specification(inputs)
        return self.parameters(inputs) | ({"TagSpecifications": specification} if specification else {})

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        if gone:
            site.client("ec2").delete_tags(Resources=[resource_id], Tags=[{"Key": key} for key in gone])
        if tags:
            site.client("ec2").create_tags(Resources=[resource_id], Tags=tag_list(tags))


def only(answer: list[dict[str, Any]]) -> dict[str, Any] | None:
    return answer[0] if answer else None


class Vpc(Ec2Resource):
    pulumi_type = "aws:ec2/vpc:Vpc"
    noun = "EC2 VPC"
    operation = "CreateVpc"
    tag_type = "vpc"
    tagged = True
    replace = ("cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength")
    computed = (
        "arn",
        "defaultNetworkAclId",
        "defaultRouteTableId",
        "defaultSecurityGroupId",
        "dhcpOptionsId",
        "enableDnsHostnames",
        "ipv6AssociationId",
        "ipv6CidrBlock",
        "mainRouteTableId",
        "ownerId",
    )

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        renamed = {"assignGeneratedIpv6CidrBlock": "AmazonProvidedIpv6CidrBlock"}
        return pick(inputs, "cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength", **renamed)

    def create(self, site: Site, inputs: Inputs) -> Made:
        vpc_id = site.client("ec2").create_vpc(**self.tagged_parameters(inputs))["Vpc"]["VpcId"]
        self.update(site, vpc_id, ("enableDnsSupport", "enableDnsHostnames"), {}, inputs)
        return vpc_id

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        ec2 = site.client("ec2")
        vpc = only(ec2.describe_vpcs(VpcIds=[resource_id])["Vpcs"])
        if vpc is None:
            return None
        inside = [{"Name": "vpc-id", "Values": [resource_id]}]
        main = only(
            ec2.describe_route_tables(Filters=[*inside, {"Name": "association.main", "Values": ["true"]}])[
                "RouteTables"
            ]
        )
        group = only(
            ec2.describe_security_groups(Filters=[*inside, {"Name": "group-name", "Values": ["default"]}])[
                "SecurityGroups"
            ]
        )
        acl = only(ec2.describe_network_acls(Filters=[*inside, {"Name": "default", "Values": ["true"]}])["NetworkAcls"])
        main_id = main["RouteTableId"] if main else ""
        return {
            "arn": site.arn("ec2", f"vpc/{resource_id}"),
            "cidrBlock": vpc["CidrBlock"],
            "instanceTenancy": vpc["InstanceTenancy"],
            "enableDnsSupport": known.get("enableDnsSupport", True),
            "enableDnsHostnames": known.get("enableDnsHostnames", False),
            "dhcpOptionsId": vpc.get("DhcpOptionsId", ""),
            "mainRouteTableId": main_id,
            "defaultRouteTableId": main_id,
            "defaultSecurityGroupId": group["GroupId"] if group else "",
            "defaultNetworkAclId": acl["NetworkAclId"] if acl else "",
            "ipv6AssociationId": "",
            "ipv6CidrBlock": "",
            "ownerId": vpc["OwnerId"],
            "tags": tag_map(vpc.get("Tags")),
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        for key, name, default in (
            ("enableDnsSupport", "EnableDnsSupport", True),
            ("enableDnsHostnames", "EnableDnsHostnames", False),
        ):
            if key in changed and (olds or news.get(key, default) != default):
                site.client("ec2").modify_vpc_attribute(VpcId=resource_id, **{name: {"Value": news.get(key, default)}})

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ec2").delete_vpc(VpcId=resource_id)


class Subnet(Ec2Resource):
    pulumi_type = "aws:ec2/subnet:Subnet"
    noun = "EC2 Subnet"
    operation = "CreateSubnet"
    tag_type = "subnet"
    tagged = True
    required = ("vpcId",)
    replace = ("availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "outpostArn", "vpcId")
    computed = ("arn", "availabilityZone", "availabilityZoneId", "ipv6CidrBlockAssociationId", "ownerId")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(
            inputs,
            "availabilityZone",
            "availabilityZoneId",
            "cidrBlock",
            "ipv6CidrBlock",
            "ipv6Native",
            "outpostArn",
            "vpcId",
        )

    def create(self, site: Site, inputs: Inputs) -> Made:
        subnet = site.client("ec2").create_subnet(**self.tagged_parameters(inputs))["Subnet"]
        subnet_id: str = subnet["SubnetId"]
        self.update(site, subnet_id, [key for key in ("mapPublicIpOnLaunch",) if inputs.get(key)], {}, inputs)
        public = {"mapPublicIpOnLaunch": bool(inputs.get("mapPublicIpOnLaunch"))}
        return subnet_id, self._outputs(site, subnet) | public

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        subnet = only(site.client("ec2").describe_subnets(SubnetIds=[resource_id])["Subnets"])
        return subnet and self._outputs(site, subnet)

    def _outputs(self, site: Site, subnet: dict[str, Any]) -> Inputs:
        return {
            "arn": site.arn("ec2", f"subnet/{subnet['SubnetId']}"),
            "availabilityZone": subnet["AvailabilityZone"],
            "availabilityZoneId": subnet["AvailabilityZoneId"],
            "cidrBlock": subnet["CidrBlock"],
            "mapPublicIpOnLaunch": subnet["MapPublicIpOnLaunch"],
            "ipv6CidrBlockAssociationId": "",
            "ownerId": subnet["OwnerId"],
            "tags": tag_map(subnet.get("Tags")),
            "vpcId": subnet["VpcId"],
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if "mapPublicIpOnLaunch" in changed:
            value = {"Value": bool(news.get("mapPublicIpOnLaunch"))}
            site.client("ec2").modify_subnet_attribute(SubnetId=resource_id, MapPublicIpOnLaunch=value)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ec2").delete_subnet(SubnetId=resource_id)


class InternetGateway(Ec2Resource):
    pulumi_type = "aws:ec2/internetGateway:InternetGateway"
    noun = "EC2 Internet Gateway"
    operation = "CreateInternetGateway"
    tag_type = "internet-gateway"
    tagged = True
    computed = ("arn", "ownerId", "vpcId")

    def create(self, site: Site, inputs: Inputs) -> Made:
        ec2 = site.client("ec2")
        answer = ec2.create_internet_gateway(**self.tagged_parameters(inputs))
        gateway_id = answer["InternetGateway"]["InternetGatewayId"]
        if "vpcId" in inputs:
            ec2.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=inputs["vpcId"])
        arn = site.arn("ec2", f"internet-gateway/{gateway_id}")
        return gateway_id, {"arn": arn, "ownerId": site.account, "vpcId": inputs.get("vpcId", "")}

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        answer = site.client("ec2").describe_internet_gateways(InternetGatewayIds=[resource_id])
        gateway = only(answer["InternetGateways"])
        return gateway and {
            "arn": site.arn("ec2", f"internet-gateway/{resource_id}"),
            "ownerId": gateway.get("OwnerId", site.account),
            "tags": tag_map(gateway.get("Tags")),
            "vpcId": gateway["Attachments"][0]["VpcId"] if gateway["Attachments"] else "",
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if "vpcId" in changed:
            ec2 = site.client("ec2")
            if olds.get("vpcId"):
                ec2.detach_internet_gateway(InternetGatewayId=resource_id, VpcId=olds["vpcId"])
            if "vpcId" in news:
                ec2.attach_internet_gateway(InternetGatewayId=resource_id, VpcId=news["vpcId"])

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        ec2 = site.client("ec2")
        if state.get("vpcId"):
            ec2.detach_internet_gateway(InternetGatewayId=resource_id, VpcId=state["vpcId"])
        ec2.delete_internet_gateway(InternetGatewayId=resource_id)


class Eip(Ec2Resource):
    pulumi_type = "aws:ec2/eip:Eip"
    noun = "EC2 EIP"
    operation = "AllocateAddress"
    tag_type = "elastic-ip"
    tagged = True
    replace = ("address", "customerOwnedIpv4Pool", "domain", "networkBorderGroup", "publicIpv4Pool")
    computed = ("allocationId", "arn", "associationId", "privateDns", "privateIp", "ptrRecord", "publicDns", "publicIp")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "address", "networkBorderGroup", "publicIpv4Pool") | {"Domain": inputs.get("domain", "vpc")}

    def create(self, site: Site, inputs: Inputs) -> Made:
        address = site.client("ec2").allocate_address(**self.tagged_parameters(inputs))
        return address["AllocationId"], self._outputs(site, address)

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        address = only(site.client("ec2").describe_addresses(AllocationIds=[resource_id])["Addresses"])
        return address and self._outputs(site, address) | {"tags": tag_map(address.get("Tags"))}

    def _outputs(self, site: Site, address: dict[str, Any]) -> Inputs:
        ip: str = address["PublicIp"]
        return {
            "allocationId": address["AllocationId"],
            "arn": site.arn("ec2", f"elastic-ip/{address['AllocationId']}"),
            "associationId": address.get("AssociationId", ""),
            "domain": address["Domain"],
            "privateIp": address.get("PrivateIpAddress", ""),
            "publicIp": ip,
            "publicDns": f"ec2-{ip.replace('.', '-')}.{site.region}.compute.amazonaws.com",
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        """Associations with instances are not modelled: nothing here turns on them."""

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ec2").release_address(AllocationId=resource_id)


class NatGateway(Ec2Resource):
    pulumi_type = "aws:ec2/natGateway:NatGateway"
    noun = "EC2 NAT Gateway"
    operation = "CreateNatGateway"
    tag_type = "natgateway"
    tagged = True
    required = ("subnetId",)
    replace = ("allocationId", "connectivityType", "privateIp", "subnetId")
    computed = ("associationId", "networkInterfaceId", "privateIp", "publicIp")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "allocationId", "connectivityType", "subnetId", privateIp="PrivateIpAddress")

    def create(self, site: Site, inputs: Inputs) -> Made:
        gateway = site.client("ec2").create_nat_gateway(**self.tagged_parameters(inputs))["NatGateway"]
        return gateway["NatGatewayId"], self._outputs(gateway)

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        gateway = only(site.client("ec2").describe_nat_gateways(NatGatewayIds=[resource_id])["NatGateways"])
        return None if gateway is None or gateway["State"] == "deleted" else self._outputs(gateway)

    def _outputs(self, gateway: dict[str, Any]) -> Inputs:
        address = only(gateway.get("NatGatewayAddresses", [])) or {}
        return {
            "allocationId": address.get("AllocationId", ""),
            "associationId": address.get("AssociationId", ""),
            "connectivityType": gateway.get("ConnectivityType", "public"),
            "networkInterfaceId": address.get("NetworkInterfaceId", ""),
            "privateIp": address.get("PrivateIp", ""),
            "publicIp": address.get("PublicIp", ""),
            "subnetId": gateway["SubnetId"],
            "tags": tag_map(gateway.get("Tags")),
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        """Only tags change in place."""

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ec2").delete_nat_gateway(NatGatewayId=resource_id)
