"""What Karpenter, the CNI and the CSI driver left behind, and the roads to AWS that instances had."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from collections.abc import Iterator

from pokayoke.accounts import networks_of
from pokayoke_eks.instances.prices import PUBLIC_ADDRESS

from . import prices
from .leftover import Kind, Leftover, Place
from .ownership import belongs, tags_of

THREAT_DETECTION = "guardduty-data"
"""In the name of the service to which GuardDuty's Runtime Monitoring makes an endpoint in every VPC with instances; its
security group begins with `GuardDutyManagedSecurityGroup-` (hashicorp/terraform-provider-aws#46953, #46747)."""
_THREAT_GROUP = "GuardDutyManagedSecurityGroup-"


def instances(place: Place) -> Iterator[Leftover]:
    """Instances that are not terminated."""
    for page in place.pages("ec2", "describe_instances"):
        for one in (instance for group in page["Reservations"] for instance in group["Instances"]):
            state = one["State"]["Name"]
            if state not in ("terminated", "shutting-down") and belongs(tags_of(one), place.cluster):
                kind = one["InstanceType"]
                yield Leftover(
                    Kind.INSTANCE, one["InstanceId"], place.region, f"{kind}, {state}", prices.instance(kind)
                )


def network_interfaces(place: Place) -> Iterator[Leftover]:
    """Interfaces that nothing uses any more; those in use go with what uses them."""
    free = [{"Name": "status", "Values": ["available"]}]
    for page in place.pages("ec2", "describe_network_interfaces", Filters=free):
        for one in page["NetworkInterfaces"]:
            if belongs(tags_of(one, "TagSet"), place.cluster):
                detail = one.get("Description") or "no description"
                yield Leftover(Kind.NETWORK_INTERFACE, one["NetworkInterfaceId"], place.region, detail)


def addresses(place: Place) -> Iterator[Leftover]:
    """Elastic IPs."""
    for one in place.client("ec2").describe_addresses()["Addresses"]:
        if belongs(tags_of(one), place.cluster):
            yield Leftover(Kind.ADDRESS, one["AllocationId"], place.region, one.get("PublicIp", ""), PUBLIC_ADDRESS)


def volumes(place: Place) -> Iterator[Leftover]:
    """Volumes that no instance holds."""
    free = [{"Name": "status", "Values": ["available"]}]
    for page in place.pages("ec2", "describe_volumes", Filters=free):
        for one in page["Volumes"]:
            if belongs(tags_of(one), place.cluster):
                kind, size = one["VolumeType"], one["Size"]
                price = prices.volume(kind, size)
                yield Leftover(Kind.VOLUME, one["VolumeId"], place.region, f"{size} GiB {kind}", price)


def launch_templates(place: Place) -> Iterator[Leftover]:
    """Launch templates."""
    for page in place.pages("ec2", "describe_launch_templates"):
        for one in page["LaunchTemplates"]:
            if belongs(tags_of(one), place.cluster):
                yield Leftover(Kind.LAUNCH_TEMPLATE, one["LaunchTemplateId"], place.region, one["LaunchTemplateName"])


def security_groups(place: Place) -> Iterator[Leftover]:
    """Security groups of balancers and of nodes, and the one of a threat-detection endpoint in a VPC of the cluster."""
    mine = networks_of(place.clients, place.cluster, place.region)
    for page in place.pages("ec2", "describe_security_groups"):
        for one in page["SecurityGroups"]:
            name = one["GroupName"]
            threat = name.startswith(_THREAT_GROUP) and one.get("VpcId") in mine
            if threat or belongs(tags_of(one), place.cluster):
                yield Leftover(Kind.SECURITY_GROUP, one["GroupId"], place.region, name)


def endpoints(place: Place) -> Iterator[Leftover]:
    """The endpoint that GuardDuty makes in a VPC by itself, and that holds its subnets."""
    mine = networks_of(place.clients, place.cluster, place.region)
    if not mine:
        return
    for page in place.pages("ec2", "describe_vpc_endpoints", Filters=[{"Name": "vpc-id", "Values": sorted(mine)}]):
        for one in page["VpcEndpoints"]:
            if THREAT_DETECTION in one["ServiceName"] and one.get("State") != "deleted":
                yield Leftover(Kind.ENDPOINT, one["VpcEndpointId"], place.region, one["ServiceName"])
