"""Load balancers hold a network together: their interfaces, addresses and groups, and what ELB refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from aws_cloud import Cloud, refused
from botocore.exceptions import ClientError

ANYBODY = "arn:aws:acm:ap-northeast-2:123456789012:certificate/00000000-0000-0000-0000-000000000000"


@dataclass
class Place:
    """A network with a balancer of each kind: a public one of TCP, a private one of HTTP."""

    cloud: Cloud
    vpc: str
    gateway: str
    subnets: list[str]
    group: str
    arns: dict[str, str]

    @property
    def elb(self) -> Any:
        return self.cloud.client("elbv2")

    def interfaces(self, kind: str) -> list[Any]:
        wanted = f"ELB {self.arns[kind].partition(':loadbalancer/')[2]}"
        filters = [{"Name": "description", "Values": [wanted]}]
        return self.cloud.client("ec2").describe_network_interfaces(Filters=filters)["NetworkInterfaces"]


@pytest.fixture(scope="module")
def place(cloud: Cloud) -> Iterator[Place]:
    vpc = cloud.create("aws:ec2/vpc:Vpc", "lb", cidrBlock="10.0.0.0/16").id
    gateway = cloud.create("aws:ec2/internetGateway:InternetGateway", "lb-igw", vpcId=vpc).id
    subnets = [
        cloud.create(
            "aws:ec2/subnet:Subnet",
            f"lb-{index}",
            vpcId=vpc,
            cidrBlock=f"10.0.{index}.0/24",
            availabilityZone=f"ap-northeast-2{zone}",
        ).id
        for index, zone in enumerate("aab")
    ]
    group = cloud.create("aws:ec2/securityGroup:SecurityGroup", "lb-group", vpcId=vpc).id
    made = Place(cloud, vpc, gateway, subnets, group, {})
    for kind, scheme in (("network", "internet-facing"), ("application", "internal")):
        asked = {"Name": kind, "Type": kind, "Scheme": scheme, "Subnets": subnets[1:], "SecurityGroups": [group]}
        made.arns[kind] = made.elb.create_load_balancer(**asked)["LoadBalancers"][0]["LoadBalancerArn"]
    yield made
    for arn in made.arns.values():
        made.elb.delete_load_balancer(LoadBalancerArn=arn)
    for name in reversed([name for name in cloud.resources if name.startswith("lb")]):
        cloud.delete(name)
    assert cloud.world.leftovers()[0] == []


def test_a_balancer_has_an_interface_of_amazons_in_each_of_its_subnets(place: Place) -> None:
    for kind, interface_type in (("network", "network_load_balancer"), ("application", "interface")):
        found = place.interfaces(kind)
        assert [one["SubnetId"] for one in found] == place.subnets[1:]
        assert {one["InterfaceType"] for one in found} == {interface_type}
        assert all(one["RequesterManaged"] and one["RequesterId"] == "amazon-elb" for one in found)
    assert all("Association" in one for one in place.interfaces("network"))
    assert not any("Association" in one for one in place.interfaces("application"))


def test_names_say_what_kind_of_balancer_it_is(place: Place) -> None:
    found = {one["Type"]: one for one in place.elb.describe_load_balancers()["LoadBalancers"]}
    assert ":loadbalancer/net/network/" in found["network"]["LoadBalancerArn"]
    assert found["network"]["DNSName"].endswith(".elb.ap-northeast-2.amazonaws.com")
    assert found["network"]["CanonicalHostedZoneId"] == "ZIBE1TIR4HY56"
    assert found["application"]["DNSName"].startswith("internal-application-")
    assert found["application"]["DNSName"].endswith(".ap-northeast-2.elb.amazonaws.com")
    assert found["application"]["CanonicalHostedZoneId"] == "ZWKZPGTI48KDX"


def test_nothing_that_a_balancer_stands_on_can_be_deleted(place: Place) -> None:
    with refused(f"DependencyViolation: The subnet '{place.subnets[2]}' has dependencies and cannot be deleted."):
        place.cloud.delete("lb-2")
    with refused(f"DependencyViolation: resource {place.group} has a dependent object"):
        place.cloud.delete("lb-group")
    with refused(f"DependencyViolation: Network {place.vpc} has some mapped public address(es)"):
        place.cloud.delete("lb-igw")
    with refused(f"DependencyViolation: The vpc '{place.vpc}' has dependencies and cannot be deleted."):
        place.cloud.delete("lb")


def test_its_interfaces_are_not_for_others_to_delete(place: Place) -> None:
    interface = place.interfaces("network")[0]["NetworkInterfaceId"]
    with pytest.raises(ClientError, match="Network interface is currently in use"):
        place.cloud.client("ec2").delete_network_interface(NetworkInterfaceId=interface)


def test_its_interfaces_follow_its_groups(place: Place) -> None:
    vpc = place.vpc
    other = place.cloud.client("ec2").create_security_group(GroupName="other", Description="-", VpcId=vpc)["GroupId"]
    place.elb.set_security_groups(LoadBalancerArn=place.arns["application"], SecurityGroups=[other])
    groups = [group["GroupId"] for one in place.interfaces("application") for group in one["Groups"]]
    place.elb.set_security_groups(LoadBalancerArn=place.arns["application"], SecurityGroups=[place.group])
    place.cloud.client("ec2").delete_security_group(GroupId=other)
    assert groups == [other, other]


def test_a_protected_balancer_stays(place: Place) -> None:
    arn = place.arns["network"]
    attribute = "deletion_protection.enabled"
    place.elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{"Key": attribute, "Value": "true"}])
    with pytest.raises(ClientError, match="cannot be deleted because deletion protection is enabled"):
        place.elb.delete_load_balancer(LoadBalancerArn=arn)
    place.elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{"Key": attribute, "Value": "false"}])


def test_an_address_that_a_balancer_was_given_comes_back_with_its_end(place: Place) -> None:
    ec2 = place.cloud.client("ec2")
    allocation = ec2.allocate_address(Domain="vpc")["AllocationId"]
    given = [{"SubnetId": place.subnets[0], "AllocationId": allocation}]
    asked = {"Name": "fixed", "Type": "network", "Scheme": "internet-facing", "SubnetMappings": given}
    arn = place.elb.create_load_balancer(**asked)["LoadBalancers"][0]["LoadBalancerArn"]
    with pytest.raises(ClientError, match=r"InvalidIPAddress\.InUse"):
        ec2.release_address(AllocationId=allocation)
    place.elb.delete_load_balancer(LoadBalancerArn=arn)
    ec2.release_address(AllocationId=allocation)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"Name": "network"}, "A load balancer with the same name 'network' exists, but with different settings"),
        ({"Subnets": 1}, "At least two subnets in two different Availability Zones must be specified"),
        ({"Subnets": 3}, "cannot be attached to multiple subnets in the same Availability Zone"),
        ({"SecurityGroups": ["sg-0123456789abcdef0"]}, "InvalidSecurityGroup"),
    ],
    ids=["name", "one zone", "two subnets of a zone", "group"],
)
def test_a_balancer_that_elb_does_not_make(place: Place, asked: dict[str, Any], told: str) -> None:
    count = asked.get("Subnets", 2)
    subnets = place.subnets[1:] if count == 2 else place.subnets[:count]
    with pytest.raises(ClientError, match=told):
        place.elb.create_load_balancer(**{"Name": "other", "Type": "application", **asked, "Subnets": subnets})


@pytest.mark.filterwarnings("ignore:.*does not match an error shape")
def test_a_listener_needs_a_certificate_that_is_issued_here(place: Place) -> None:
    asked = {"LoadBalancerArn": place.arns["network"], "Protocol": "TLS", "Port": 443, "DefaultActions": []}
    with pytest.raises(ClientError, match="A certificate must be specified"):
        place.elb.create_listener(**asked)
    with pytest.raises(ClientError, match=f"CertificateNotFound.*Certificate '{ANYBODY}' not found"):
        place.elb.create_listener(**asked, Certificates=[{"CertificateArn": ANYBODY}])
    acm = place.cloud.client("acm")
    pending = acm.request_certificate(DomainName="example.com", ValidationMethod="DNS")["CertificateArn"]
    with pytest.raises(ClientError, match=r"UnsupportedCertificate.*must have a fully-qualified domain name"):
        place.elb.create_listener(**asked, Certificates=[{"CertificateArn": pending}])
    acm.delete_certificate(CertificateArn=pending)
