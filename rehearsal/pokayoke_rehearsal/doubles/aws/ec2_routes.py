"""Route tables, routes and what is associated with them."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

import zlib
from collections.abc import Collection
from typing import Any

from pokayoke_rehearsal.doubles.aws.ec2 import Ec2Resource, only
from pokayoke_rehearsal.doubles.aws.resource import Made, pick, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs, ProviderError
from pokayoke_rehearsal.world.shapes import listed

DESTINATIONS = {
    "destinationCidrBlock": "DestinationCidrBlock",
    "destinationIpv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}
TARGETS = {
    "carrierGatewayId": "CarrierGatewayId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "gatewayId": "GatewayId",
    "localGatewayId": "LocalGatewayId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "transitGatewayId": "TransitGatewayId",
    "vpcEndpointId": "VpcEndpointId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
}
INLINE_DESTINATIONS = {
    "cidrBlock": "DestinationCidrBlock",
    "ipv6CidrBlock": "DestinationIpv6CidrBlock",
    "destinationPrefixListId": "DestinationPrefixListId",
}


class RouteTable(Ec2Resource):
    pulumi_type = "aws:ec2/routeTable:RouteTable"
    noun = "EC2 Route Table"
    operation = "CreateRouteTable"
    tag_type = "route-table"
    tagged = True
    required = ("vpcId",)
    replace = ("vpcId",)
    computed = ("arn", "ownerId", "propagatingVgws", "routes")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "vpcId")

    def create(self, site: Site, inputs: Inputs) -> Made:
        table = site.client("ec2").create_route_table(**self.tagged_parameters(inputs))["RouteTable"]
        self.update(site, table["RouteTableId"], ("routes",), {}, inputs)
        return table["RouteTableId"], self._outputs(site, table, inputs)

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        table = only(site.client("ec2").describe_route_tables(RouteTableIds=[resource_id])["RouteTables"])
        return table and self._outputs(site, table, known)

    def _outputs(self, site: Site, table: dict[str, Any], known: Inputs) -> Inputs:
        return {
            "arn": site.arn("ec2", f"route-table/{table['RouteTableId']}"),
            "ownerId": table.get("OwnerId", site.account),
            "propagatingVgws": known.get("propagatingVgws", []),
            "routes": known.get("routes", []),
            "tags": tag_map(table.get("Tags")),
            "vpcId": table["VpcId"],
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if "routes" not in changed:
            return
        before, after = listed(olds, "routes"), listed(news, "routes")
        for route in before:
            if route not in after:
                site.client("ec2").delete_route(RouteTableId=resource_id, **pick(route, **INLINE_DESTINATIONS))
        for route in after:
            if route not in before:
                there = pick(route, **INLINE_DESTINATIONS, **TARGETS)
                site.client("ec2").create_route(RouteTableId=resource_id, **there)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ec2").delete_route_table(RouteTableId=resource_id)


class Route(Ec2Resource):
    pulumi_type = "aws:ec2/route:Route"
    noun = "EC2 Route"
    operation = "CreateRoute"
    required = ("routeTableId",)
    replace = ("routeTableId", *DESTINATIONS)
    computed = ("instanceId", "instanceOwnerId", "origin", "state")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "routeTableId", **DESTINATIONS, **TARGETS)

    def create(self, site: Site, inputs: Inputs) -> Made:
        if not any(key in inputs for key in TARGETS):
            raise ProviderError(f"creating Route in Route Table ({inputs['routeTableId']}): no target is given")
        site.client("ec2").create_route(**self.parameters(inputs))
        # As the real provider: `r-` + route table + hash of the destination (terraform-provider-aws, route.go).
        route_id = f"r-{inputs['routeTableId']}{zlib.crc32(_destination(inputs).encode())}"
        return route_id, {"origin": "CreateRoute", "state": "active"}

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        table = only(site.client("ec2").describe_route_tables(RouteTableIds=[known["routeTableId"]])["RouteTables"])
        here = _destination(known)
        for route in (table or {}).get("Routes", []):
            if here in (route.get(name) for name in DESTINATIONS.values()):
                return {"origin": route.get("Origin", "CreateRoute"), "state": route.get("State", "active")}
        return None

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        table = only(site.client("ec2").describe_route_tables(RouteTableIds=[known["routeTableId"]])["RouteTables"])
        here = _destination(known)
        for route in (table or {}).get("Routes", []):
            if here in (route.get(name) for name in DESTINATIONS.values()):
                return {key: route.get(name) for key, name in TARGETS.items()}
        return {}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("ec2").replace_route(**self.parameters(news))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ec2").delete_route(RouteTableId=state["routeTableId"], **pick(state, **DESTINATIONS))


class RouteTableAssociation(Ec2Resource):
    pulumi_type = "aws:ec2/routeTableAssociation:RouteTableAssociation"
    noun = "EC2 Route Table Association"
    operation = "AssociateRouteTable"
    required = ("routeTableId",)
    replace = ("gatewayId", "subnetId")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "gatewayId", "routeTableId", "subnetId")

    def create(self, site: Site, inputs: Inputs) -> Made:
        return site.client("ec2").associate_route_table(**self.parameters(inputs))["AssociationId"], {}

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        return {} if self._current(site, resource_id, known) else None

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        current = self._current(site, resource_id, news)
        site.client("ec2").replace_route_table_association(AssociationId=current, RouteTableId=news["routeTableId"])

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        try:
            site.client("ec2").disassociate_route_table(AssociationId=resource_id)
        except site.client("ec2").exceptions.ClientError:
            if current := self._current(site, resource_id, state):
                site.client("ec2").disassociate_route_table(AssociationId=current)

    def _current(self, site: Site, resource_id: str, state: Inputs) -> str | None:
        # Moving to another table gives the association a new id that Pulumi's state cannot follow: look it up.
        by_id = [{"Name": "association.route-table-association-id", "Values": [resource_id]}]
        by_subnet = [{"Name": "association.subnet-id", "Values": [state.get("subnetId", "")]}]
        for filters in (by_id, by_subnet):
            for table in site.client("ec2").describe_route_tables(Filters=filters)["RouteTables"]:
                for found in table["Associations"]:
                    if found["RouteTableAssociationId"] == resource_id or found.get("SubnetId") == state.get(
                        "subnetId"
                    ):
                        return found["RouteTableAssociationId"]
        return None


class VpcEndpointRouteTableAssociation(Ec2Resource):
    pulumi_type = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
    noun = "EC2 VPC Endpoint Route Table Association"
    required = ("routeTableId", "vpcEndpointId")
    replace = ("routeTableId", "vpcEndpointId")

    def create(self, site: Site, inputs: Inputs) -> Made:
        self._modify(site, inputs, "AddRouteTableIds")
        return f"a-{inputs['vpcEndpointId']}{zlib.crc32(inputs['routeTableId'].encode())}"

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        answer = site.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[known["vpcEndpointId"]])
        endpoint = only(answer["VpcEndpoints"])
        return {} if endpoint and known["routeTableId"] in endpoint.get("RouteTableIds", []) else None

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        self._modify(site, state, "RemoveRouteTableIds")

    def _modify(self, site: Site, inputs: Inputs, how: str) -> None:
        tables = {how: [inputs["routeTableId"]]}
        site.client("ec2").modify_vpc_endpoint(VpcEndpointId=inputs["vpcEndpointId"], **tables)


def _destination(inputs: Inputs) -> str:
    return next((inputs[key] for key in DESTINATIONS if key in inputs), "")
