"""The provider as a whole: configuration, names, tags, regions, functions, and what it refuses."""

from __future__ import annotations

import json

import pytest
from aws_cloud import REGION, Cloud, cluster, network, role, trust, urn

from pokayoke_rehearsal.doubles.base import UNKNOWN, Call, CheckError, ProviderError, autoname

VPC = "aws:ec2/vpc:Vpc"
ROLE = "aws:iam/role:Role"


@pytest.fixture(autouse=True)
def plain_configuration(cloud: Cloud) -> None:
    cloud.configure()


def test_the_tags_of_the_provider_are_under_those_of_the_resource(clean: Cloud) -> None:
    clean.configure(defaultTags=json.dumps({"tags": {"stage": "dev", "team": "a"}}))
    made = clean.create(VPC, "tagged", cidrBlock="10.0.0.0/16", tags={"team": "b"})
    assert made.inputs["tags"] == {"stage": "dev", "team": "b"}
    assert made.outputs["tagsAll"] == {"stage": "dev", "team": "b"}
    tags = clean.client("ec2").describe_vpcs(VpcIds=[made.id])["Vpcs"][0]["Tags"]
    assert sorted((tag["Key"], tag["Value"]) for tag in tags) == [("stage", "dev"), ("team", "b")]


def test_a_resource_can_ask_for_another_region_than_its_provider(clean: Cloud) -> None:
    made = clean.create(VPC, "elsewhere", cidrBlock="10.0.0.0/16", region="ap-northeast-1")
    assert made.outputs["region"] == "ap-northeast-1"
    assert made.outputs["arn"].startswith("arn:aws:ec2:ap-northeast-1:")
    assert clean.client("ec2", "ap-northeast-1").describe_vpcs(VpcIds=[made.id])["Vpcs"]


def test_a_provider_without_region_is_refused(cloud: Cloud) -> None:
    with pytest.raises(ProviderError, match="Missing region configuration"):
        cloud.configure(region=None)


def test_an_account_that_is_not_allowed_is_refused(cloud: Cloud) -> None:
    with pytest.raises(ProviderError, match="AWS account ID not allowed: 123456789012"):
        cloud.configure(allowedAccountIds='["210987654321"]')
    with pytest.raises(ProviderError, match="AWS account ID not allowed: 123456789012"):
        cloud.configure(forbiddenAccountIds='["123456789012"]')
    cloud.configure(allowedAccountIds='["123456789012"]')


def test_the_version_is_that_of_the_installed_sdk(cloud: Cloud) -> None:
    assert tuple(int(part) for part in cloud.double.version.split(".")) >= (7, 25, 0)


def test_what_it_does_not_model_it_does_not_know(cloud: Cloud) -> None:
    assert cloud.double.knows_type("aws:eks/cluster:Cluster")
    assert not cloud.double.knows_type("aws:lambda/function:Function")
    assert cloud.double.knows_function("aws:index/getCallerIdentity:getCallerIdentity")
    assert not cloud.double.knows_function("aws:lambda/getFunction:getFunction")


def test_a_resource_is_named_after_its_logical_name_and_keeps_the_name(clean: Cloud) -> None:
    made = clean.create(ROLE, "nodes", assumeRolePolicy=trust("ec2.amazonaws.com"))
    assert made.outputs["name"].removeprefix("nodes-") == made.id[-7:]
    again = clean.check(ROLE, "nodes", assumeRolePolicy=trust("ec2.amazonaws.com"), description="more")
    assert again["name"] == made.outputs["name"]


def test_names_come_from_the_seed() -> None:
    first = autoname(Call(urn(ROLE, "x"), seed=b"1"), None)
    assert autoname(Call(urn(ROLE, "x"), seed=b"1"), None) == first
    assert autoname(Call(urn(ROLE, "x"), seed=b"2"), None) != first


def test_a_required_input_that_is_missing_is_named(cloud: Cloud) -> None:
    with pytest.raises(CheckError, match="assumeRolePolicy: Missing required argument: 'assumeRolePolicy'"):
        cloud.check(ROLE, "untrusted")


def test_unknown_inputs_pass_check_and_stay_unknown_in_a_preview(cloud: Cloud) -> None:
    outputs = cloud.preview(
        "aws:eks/cluster:Cluster", "later", roleArn=UNKNOWN, vpcConfig={"subnetIds": [UNKNOWN, UNKNOWN]}
    )
    assert outputs["roleArn"] is UNKNOWN
    assert outputs["endpoint"] is UNKNOWN
    assert outputs["vpcConfig"] == {
        "subnetIds": [UNKNOWN, UNKNOWN],
        "clusterSecurityGroupId": UNKNOWN,
        "vpcId": UNKNOWN,
    }
    assert outputs["region"] == REGION


def test_a_preview_makes_nothing(cloud: Cloud) -> None:
    before = cloud.world.leftovers()[0]
    cloud.preview(VPC, "never", cidrBlock="10.0.0.0/16")
    assert cloud.world.leftovers()[0] == before


def test_a_value_outside_an_enum_is_refused_by_check(cloud: Cloud) -> None:
    with pytest.raises(CheckError, match="Value 'shared' at 'instanceTenancy' failed to satisfy constraint"):
        cloud.check(VPC, "odd", cidrBlock="10.0.0.0/16", instanceTenancy="shared")


def test_a_resource_that_somebody_deleted_is_gone_when_read_and_no_error_to_delete(clean: Cloud) -> None:
    role(clean, "gone", "ec2.amazonaws.com")
    clean.client("iam").delete_role(RoleName="gone")
    assert clean.read("gone") is None
    clean.delete("gone")


def test_who_calls_is_the_operator_of_the_documentation(cloud: Cloud) -> None:
    identity = cloud.invoke("aws:index/getCallerIdentity:getCallerIdentity")
    assert identity["accountId"] == "123456789012"
    assert identity["arn"] == "arn:aws:sts::123456789012:assumed-role/platform/rehearsal"


def test_partition_region_and_tags_are_those_of_the_provider(cloud: Cloud) -> None:
    cloud.configure(defaultTags='{"tags": {"stage": "dev"}}')
    assert cloud.invoke("aws:index/getPartition:getPartition")["partition"] == "aws"
    assert cloud.invoke("aws:index/getRegion:getRegion")["region"] == REGION
    assert cloud.invoke("aws:index/getRegion:getRegion", region="eu-west-1")["name"] == "eu-west-1"
    assert cloud.invoke("aws:index/getDefaultTags:getDefaultTags")["tags"] == {"stage": "dev"}


def test_passwords_of_the_public_registry_are_to_be_had_in_one_region_and_differ_each_time(cloud: Cloud) -> None:
    token = "aws:ecrpublic/getAuthorizationToken:getAuthorizationToken"
    first, second = (cloud.invoke(token, region="us-east-1") for _ in range(2))
    assert first["userName"] == "AWS"
    assert first["password"] != second["password"]
    with pytest.raises(ProviderError, match=r"lookup api\.ecr-public\.ap-northeast-2\S+: no such host"):
        cloud.invoke(token)


@pytest.mark.parametrize(("region", "letters"), [("ap-northeast-2", "abcd"), ("ap-northeast-1", "acd")])
def test_zones_are_those_of_the_region(cloud: Cloud, region: str, letters: str) -> None:
    zones = cloud.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", region=region)
    assert zones["names"] == [f"{region}{letter}" for letter in letters]


def test_a_policy_document_is_put_together_without_asking_aws(cloud: Cloud) -> None:
    statement = {
        "sid": "Assume",
        "actions": ["sts:TagSession", "sts:AssumeRole"],
        "principals": [{"type": "Service", "identifiers": ["pods.eks.amazonaws.com"]}],
        "conditions": [{"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["123456789012"]}],
    }
    answer = cloud.invoke("aws:iam/getPolicyDocument:getPolicyDocument", statements=[statement])
    assert json.loads(answer["json"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Assume",
                "Effect": "Allow",
                "Action": ["sts:AssumeRole", "sts:TagSession"],
                "Principal": {"Service": "pods.eks.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
            }
        ],
    }
    denied = {"Version": "2012-10-17", "Statement": [{"Sid": "Assume", "Effect": "Deny", "Action": "*"}]}
    overridden = cloud.invoke(
        "aws:iam/getPolicyDocument:getPolicyDocument",
        statements=[statement],
        overridePolicyDocuments=[json.dumps(denied)],
    )
    assert json.loads(overridden["json"])["Statement"] == denied["Statement"]


def test_add_on_versions_are_the_default_or_the_newest(cloud: Cloud) -> None:
    function = "aws:eks/getAddonVersion:getAddonVersion"
    asked = {"addonName": "coredns", "kubernetesVersion": "1.36"}
    assert cloud.invoke(function, **asked)["version"] == "v1.14.3-eksbuild.23"
    assert cloud.invoke(function, **asked, mostRecent=True)["version"] == "v1.14.6-eksbuild.4"


def test_what_pulumi_eks_looks_up_of_the_default_network(cloud: Cloud) -> None:
    vpc = cloud.invoke("aws:ec2/getVpc:getVpc", default=True)
    filters = [{"name": "vpc-id", "values": [vpc["id"]]}]
    subnets = cloud.invoke("aws:ec2/getSubnets:getSubnets", filters=filters)["ids"]
    assert len(subnets) == 4
    assert cloud.invoke("aws:ec2/getSubnet:getSubnet", id=subnets[0])["vpcId"] == vpc["id"]
    group = cloud.invoke("aws:ec2/getSecurityGroup:getSecurityGroup", vpcId=vpc["id"], name="default")
    assert group["vpcId"] == vpc["id"]


def test_images_that_public_parameters_name(cloud: Cloud) -> None:
    name = "/aws/service/eks/optimized-ami/1.36/amazon-linux-2023/x86_64/standard/recommended/image_id"
    image = cloud.invoke("aws:ssm/getParameter:getParameter", name=name)["value"]
    assert image.startswith("ami-")
    found = cloud.invoke("aws:ec2/getAmi:getAmi", filters=[{"name": "image-id", "values": [image]}])
    assert found["id"] == image
    with pytest.raises(ProviderError, match="does not know this public parameter"):
        cloud.invoke("aws:ssm/getParameter:getParameter", name="/aws/service/nobody/knows")


def test_instance_types_and_where_they_are_on_offer(cloud: Cloud) -> None:
    found = cloud.invoke("aws:ec2/getInstanceType:getInstanceType", instanceType="m7g.large")
    assert (found["supportedArchitectures"], found["memorySize"], found["efaSupported"]) == (["arm64"], 8192, False)
    offered = cloud.invoke(
        "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings",
        locationType="availability-zone",
        filters=[{"name": "instance-type", "values": ["m7g.large"]}],
    )
    assert set(offered["locations"]) <= {f"{REGION}{letter}" for letter in "abcd"}
    assert offered["locations"]


def test_the_main_route_table_of_a_network_can_be_looked_up(clean: Cloud) -> None:
    network(clean)
    vpc = clean.resources["net-vpc"]
    main = [{"name": "association.main", "values": ["true"]}]
    found = clean.invoke("aws:ec2/getRouteTables:getRouteTables", vpcId=vpc.id, filters=main)
    assert found["ids"] == [vpc.outputs["mainRouteTableId"]]


def test_a_cluster_and_a_role_can_be_looked_up(clean: Cloud) -> None:
    name = cluster(clean, "looked-up", network(clean))
    found = clean.invoke("aws:eks/getCluster:getCluster", name=name)
    assert found["endpoint"] == clean.resources[name].outputs["endpoint"]
    trusted = json.loads(clean.invoke("aws:iam/getRole:getRole", name="looked-up-role")["assumeRolePolicy"])
    assert trusted["Statement"][0]["Principal"] == {"Service": "eks.amazonaws.com"}
    with pytest.raises(ProviderError, match="ResourceNotFoundException: No cluster found for name: nope"):
        clean.invoke("aws:eks/getCluster:getCluster", name="nope")
