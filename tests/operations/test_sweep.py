"""`pokayoke sweep`: finds and removes what is left of a cluster, and never touches another's."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from living import clusters

from pokayoke.failing import CommandError
from pokayoke.sweep.command import sweep
from pokayoke.sweep.leftover import Kind, Leftover, Place
from pokayoke.sweep.removal import remove
from pokayoke_eks.rules import names

IMAGE = "ami-12c6146b"
"""One of those that moto knows."""
SEOUL, TOKYO = "ap-northeast-2", "ap-northeast-1"
Account = Callable[[str, str], Any]


def owned(cluster: str) -> list[dict[str, str]]:
    return [{"Key": f"kubernetes.io/cluster/{cluster}", "Value": "owned"}]


def tagged(kind: str, cluster: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": owned(cluster)}]


@dataclass
class Planted:
    """What controllers of a cluster leave behind in a VPC, by kind."""

    account: Account
    region: str
    cluster: str
    vpc: str
    subnets: list[str]

    def everything(self) -> dict[str, str]:
        ec2, elb, iam, logs = (self.account(service, self.region) for service in ("ec2", "elbv2", "iam", "logs"))
        balancer_tags = [{"Key": "elbv2.k8s.aws/cluster", "Value": self.cluster}]
        groups = [
            ec2.create_security_group(
                GroupName=f"k8s-{one}-{self.cluster}",
                Description="-",
                VpcId=self.vpc,
                TagSpecifications=[{"ResourceType": "security-group", "Tags": balancer_tags}],
            )["GroupId"]
            for one in ("front", "back")
        ]
        for group, other in (groups, reversed(groups)):
            pair = {"UserIdGroupPairs": [{"GroupId": other}], "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
            ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[pair])
        balancer = elb.create_load_balancer(
            Name=f"k8s-{self.cluster}", Subnets=self.subnets, Type="network", Tags=balancer_tags
        )["LoadBalancers"][0]["LoadBalancerArn"]
        targets = elb.create_target_group(
            Name=f"k8s-{self.cluster}", Protocol="TCP", Port=80, VpcId=self.vpc, Tags=balancer_tags
        )["TargetGroups"][0]["TargetGroupArn"]
        listener = [{"Type": "forward", "TargetGroupArn": targets}]
        elb.create_listener(LoadBalancerArn=balancer, Protocol="TCP", Port=80, DefaultActions=listener)
        interface = ec2.create_network_interface(
            SubnetId=self.subnets[0],
            TagSpecifications=[
                {
                    "ResourceType": "network-interface",
                    "Tags": [{"Key": "cluster.k8s.amazonaws.com/name", "Value": self.cluster}],
                }
            ],
        )["NetworkInterface"]["NetworkInterfaceId"]
        profile = f"{self.cluster}_{self.region}"
        iam.create_instance_profile(
            InstanceProfileName=profile,
            Tags=[*owned(self.cluster), {"Key": "topology.kubernetes.io/region", "Value": self.region}],
        )
        template = ec2.create_launch_template(
            LaunchTemplateName=f"karpenter-{self.cluster}",
            LaunchTemplateData={},
            TagSpecifications=[
                {
                    "ResourceType": "launch-template",
                    "Tags": [{"Key": "karpenter.k8s.aws/cluster", "Value": self.cluster}],
                }
            ],
        )["LaunchTemplate"]["LaunchTemplateId"]
        volume = ec2.create_volume(
            AvailabilityZone=f"{self.region}a",
            Size=20,
            VolumeType="gp3",
            TagSpecifications=tagged("volume", self.cluster),
        )["VolumeId"]
        address = ec2.allocate_address(Domain="vpc", TagSpecifications=tagged("elastic-ip", self.cluster))
        instance = ec2.run_instances(
            ImageId=IMAGE,
            InstanceType="t4g.large",
            MinCount=1,
            MaxCount=1,
            SubnetId=self.subnets[1],
            TagSpecifications=tagged("instance", self.cluster),
        )["Instances"][0]["InstanceId"]
        logs.create_log_group(logGroupName=f"/aws/eks/{self.cluster}/cluster")
        return {
            "load balancer": balancer,
            "target group": targets,
            "front group": groups[0],
            "back group": groups[1],
            "network interface": interface,
            "instance profile": profile,
            "launch template": template,
            "volume": volume,
            "elastic IP": address["AllocationId"],
            "instance": instance,
            "log group": f"/aws/eks/{self.cluster}/cluster",
        }


def network(account: Account, region: str, cluster: str) -> tuple[str, list[str]]:
    ec2 = account("ec2", region)
    ours = [{"Key": "pokayoke-eks/cluster", "Value": cluster}]
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": ours}])["Vpc"]
    made = [
        ec2.create_subnet(VpcId=vpc["VpcId"], CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{region}{zone}")
        for number, zone in enumerate("ac")
    ]
    return vpc["VpcId"], [one["Subnet"]["SubnetId"] for one in made]


def plant(account: Account, region: str, cluster: str) -> dict[str, str]:
    vpc, subnets = network(account, region, cluster)
    return Planted(account, region, cluster, vpc, subnets).everything()


def swept(stack: Path, account: Account, *, removing: bool = False, yes: bool = True) -> tuple[int, str]:
    told: list[str] = []
    code = sweep("dev", removing=removing, yes=yes, directory=stack, clients=account, tell=told.append)
    return code, "\n".join(told)


def test_an_account_without_leftovers_is_told_so(stack: Path, account: Account) -> None:
    assert swept(stack, account) == (0, "Nothing is left of demo.")


def test_everything_left_is_listed_priced_and_removed_and_a_neighbour_s_is_not_touched(
    stack: Path, account: Account
) -> None:
    ours = [plant(account, region, "demo") for region in (SEOUL, TOKYO)]
    theirs = [plant(account, region, "demo-prod") for region in (SEOUL, TOKYO)]

    code, text = swept(stack, account)
    assert code == 1
    for planted in ours:
        assert [one for one in planted.values() if one not in text] == []
    assert not [one for planted in theirs for one in planted.values() if one in text]
    assert "22 left of demo" in text
    assert "20 GiB gp3, $0.0022 an hour" in text

    code, text = swept(stack, account, removing=True)
    assert code == 0, text
    assert "Removed 22." in text
    assert swept(stack, account) == (0, "Nothing is left of demo.")
    (stack / "Pulumi.dev.yaml").write_text(
        (stack / "Pulumi.dev.yaml").read_text().replace("name: demo", "name: demo-prod")
    )
    code, text = swept(stack, account)
    assert "22 left of demo-prod" in text


def test_nothing_is_removed_without_a_yes(stack: Path, account: Account) -> None:
    planted = plant(account, SEOUL, "demo")
    asked: list[str] = []

    def no(question: str) -> bool:
        asked.append(question)
        return False

    code = sweep("dev", removing=True, yes=False, directory=stack, clients=account, ask=no, tell=lambda _: None)
    assert (code, asked) == (1, ["Remove these 11?"])
    assert account("ec2", SEOUL).describe_volumes(VolumeIds=[planted["volume"]])["Volumes"]


def test_a_living_cluster_s_things_are_listed_and_never_removed(stack: Path, account: Account) -> None:
    plant(account, SEOUL, "demo")
    clusters(account, SEOUL)
    code, text = swept(stack, account)
    assert code == 0
    assert "still stands in ap-northeast-2" in text
    with pytest.raises(CommandError, match="still stands in ap-northeast-2"):
        swept(stack, account, removing=True)


def test_what_carries_two_clusters_tags_or_a_stack_s_is_nobody_s_leftover(stack: Path, account: Account) -> None:
    ec2 = account("ec2", SEOUL)
    for more in (owned("other"), [{"Key": "pokayoke-eks/managed-by", "Value": "pulumi"}]):
        both = [{"ResourceType": "volume", "Tags": [*owned("demo"), *more]}]
        ec2.create_volume(AvailabilityZone=f"{SEOUL}a", Size=1, TagSpecifications=both)
    assert swept(stack, account) == (0, "Nothing is left of demo.")


def test_a_neighbour_s_group_keeps_its_rules_though_they_name_a_leftover(account: Account) -> None:
    vpc, _ = network(account, SEOUL, "demo")
    ec2 = account("ec2", SEOUL)
    ours, theirs = (
        ec2.create_security_group(
            GroupName=one, Description="-", VpcId=vpc, TagSpecifications=tagged("security-group", one)
        )["GroupId"]
        for one in ("demo", "other")
    )
    pair = {"UserIdGroupPairs": [{"GroupId": ours}], "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}
    ec2.authorize_security_group_ingress(GroupId=theirs, IpPermissions=[pair])
    place = Place("demo", SEOUL, account)
    remove([place], [Leftover(Kind.SECURITY_GROUP, ours, SEOUL)], sleep=lambda _: None)
    (kept,) = ec2.describe_security_groups(GroupIds=[theirs])["SecurityGroups"][0]["IpPermissions"]
    assert [one["GroupId"] for one in kept["UserIdGroupPairs"]] == [ours]


def test_the_endpoint_of_threat_detection_and_its_group_go_from_our_vpc_alone(stack: Path, account: Account) -> None:
    kept = []
    for cluster in ("demo", "other"):
        vpc, _ = network(account, SEOUL, cluster)
        ec2 = account("ec2", SEOUL)
        service = f"com.amazonaws.{SEOUL}.guardduty-data"
        endpoint = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, VpcEndpointType="Interface")
        group = ec2.create_security_group(GroupName=f"GuardDutyManagedSecurityGroup-{vpc}", Description="-", VpcId=vpc)
        kept.append((endpoint["VpcEndpoint"]["VpcEndpointId"], group["GroupId"]))
    code, text = swept(stack, account, removing=True)
    assert (code, "Removed 2." in text) == (0, True), text
    left = account("ec2", SEOUL).describe_vpc_endpoints()["VpcEndpoints"]
    assert [one["VpcEndpointId"] for one in left if one["State"] != "deleted"] == [kept[1][0]]


def test_a_call_that_is_refused_is_told_and_the_rest_goes_on(stack: Path, account: Account) -> None:
    planted = plant(account, SEOUL, "demo")

    class Denied:
        """elasticloadbalancing, for a caller who may not."""

        def get_paginator(self, call: str) -> Any:
            refused = {"Error": {"Code": "AccessDenied", "Message": f"not authorized to perform {call}"}}
            raise ClientError(refused, call)

    def clients(service: str, region: str) -> Any:
        return Denied() if service == "elbv2" else account(service, region)

    code, text = swept(stack, clients, removing=True)
    assert code == 1
    assert "not done in ap-northeast-2: load balancers: " in text
    assert "not authorized to perform describe_target_groups" in text
    assert planted["volume"] in text
    assert account("ec2", SEOUL).describe_volumes()["Volumes"] == []


def test_records_of_our_owner_go_with_their_notes_and_a_neighbour_s_stay(stack: Path, account: Account) -> None:
    file = stack / "Pulumi.dev.yaml"
    file.write_text(file.read_text() + "    edge: {domain: dev.example.com, gateway: istio-ambient}\n")
    client = account("route53", SEOUL)
    zone = client.create_hosted_zone(Name="dev.example.com", CallerReference="1")["HostedZone"]["Id"]
    made = []
    for owner, host in (("demo", "*"), ("demo", "shop"), ("other", "blog")):
        owner_id = names.record_owner(owner, SEOUL)
        label = "any" if host == "*" else host
        note = f'"heritage=external-dns,external-dns/owner={owner_id},external-dns/resource=httproute/shop/{label}"'
        for name, kind, value in (
            (f"{host}.dev.example.com", "A", "192.0.2.1"),
            (f"external-dns-a.{label}.dev.example.com", "TXT", note),
        ):
            record = {"Name": name, "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]}
            made.append({"Action": "CREATE", "ResourceRecordSet": record})
    client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": made})
    code, text = swept(stack, account, removing=True)
    assert (code, "Removed 4." in text) == (0, True), text
    left = {one["Name"] for one in client.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]}
    assert left == {"dev.example.com.", "blog.dev.example.com.", "external-dns-a.blog.dev.example.com."}
