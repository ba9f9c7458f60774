"""What EC2, IAM and the smaller services refuse, with their own codes and texts."""

from __future__ import annotations

import json

import pytest
from aws_cloud import REGION, Cloud, cluster, network, refused, role, trust

from pokayoke_rehearsal.doubles.base import CheckError

ROLE = "aws:iam/role:Role"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"


def document(size: int, blanks: int = 0) -> str:
    """A policy of this many characters beside white space."""
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Sid": ""}
    empty = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    statement["Sid"] = "x" * (size - len(empty))
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":")) + " " * blanks


def test_a_second_role_of_a_name(clean: Cloud) -> None:
    role(clean, "twice", "ec2.amazonaws.com")
    with refused("creating IAM Role (twice): operation error CreateRole, EntityAlreadyExists: Role with name twice"):
        clean.create(ROLE, "again", name="twice", assumeRolePolicy=trust("ec2.amazonaws.com"))


def test_a_role_name_of_65_characters_is_refused_before_anything_is_made(clean: Cloud) -> None:
    with pytest.raises(CheckError, match="Member must have length less than or equal to 64"):
        clean.create(ROLE, "long", name="x" * 65, assumeRolePolicy=trust("ec2.amazonaws.com"))


def test_a_logical_name_too_long_for_the_role_that_is_named_after_it(clean: Cloud) -> None:
    with pytest.raises(CheckError, match="plus 7 random chars is longer than maximum length 64"):
        clean.create(ROLE, "x" * 60, assumeRolePolicy=trust("ec2.amazonaws.com"))


def test_a_trust_policy_that_is_no_json(clean: Cloud) -> None:
    with refused("MalformedPolicyDocument: This policy contains invalid Json"):
        clean.create(ROLE, "broken", assumeRolePolicy="{")


def test_a_trust_policy_that_trusts_nobody(clean: Cloud) -> None:
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole"}]}
    with refused("MalformedPolicyDocument: Missing required field Principal"):
        clean.create(ROLE, "alone", assumeRolePolicy=json.dumps(policy))


def test_a_managed_policy_may_have_6144_characters_and_white_space(clean: Cloud) -> None:
    clean.create("aws:iam/policy:Policy", "fits", policy=document(6144, blanks=500))


def test_a_managed_policy_of_more_than_6144_characters(clean: Cloud) -> None:
    with refused("LimitExceeded: Cannot exceed quota for PolicySize: 6144"):
        clean.create("aws:iam/policy:Policy", "large", policy=document(6145))


def test_inline_policies_of_a_role_share_10240_characters(clean: Cloud) -> None:
    role(clean, "full", "ec2.amazonaws.com")
    clean.create("aws:iam/rolePolicy:RolePolicy", "one", role="full", policy=document(6000))
    with refused("LimitExceeded: Maximum policy size of 10240 bytes exceeded for role full"):
        clean.create("aws:iam/rolePolicy:RolePolicy", "two", role="full", policy=document(4241))
    clean.create("aws:iam/rolePolicy:RolePolicy", "three", role="full", policy=document(4240))


def test_an_eleventh_attachment(clean: Cloud) -> None:
    role(clean, "many", "ec2.amazonaws.com")
    for index in range(10):
        policy = clean.create("aws:iam/policy:Policy", f"p{index}", policy=document(200)).id
        clean.create(ATTACHMENT, f"a{index}", role="many", policyArn=policy)
    with refused("LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10"):
        clean.create(ATTACHMENT, "a10", role="many", policyArn="arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy")


def test_a_policy_of_awss_own_that_does_not_exist(clean: Cloud) -> None:
    role(clean, "typo", "ec2.amazonaws.com")
    with refused("NoSuchEntity: Policy arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolice does not exist"):
        clean.create(ATTACHMENT, "typo-a", role="typo", policyArn="arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolice")


def test_deleting_a_role_that_something_is_attached_to(clean: Cloud) -> None:
    role(clean, "held", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy")
    with refused("DeleteConflict: Cannot delete entity, must detach all policies first."):
        clean.delete("held")


def test_a_nat_gateway_before_the_internet_gateway_is_attached(clean: Cloud) -> None:
    vpc = clean.create("aws:ec2/vpc:Vpc", "dark", cidrBlock="10.9.0.0/16").id
    subnet = clean.create("aws:ec2/subnet:Subnet", "dark-a", vpcId=vpc, cidrBlock="10.9.0.0/24").id
    address = clean.create("aws:ec2/eip:Eip", "dark-ip").id
    with refused(f"Gateway.NotAttached: Network {vpc} has no Internet gateway attached"):
        clean.create("aws:ec2/natGateway:NatGateway", "dark-nat", subnetId=subnet, allocationId=address)


def test_what_a_nat_gateway_holds_cannot_be_deleted(clean: Cloud) -> None:
    network(clean)
    subnet = clean.resources["net-outside"].id
    with refused(f"DependencyViolation: The subnet '{subnet}' has dependencies and cannot be deleted."):
        clean.delete("net-outside")
    with refused("InvalidIPAddress.InUse"):
        clean.delete("net-eip")
    with refused("DependencyViolation: Network vpc-"):
        clean.delete("net-igw")


def test_a_vpc_with_anything_in_it_cannot_be_deleted(clean: Cloud) -> None:
    vpc = clean.create("aws:ec2/vpc:Vpc", "busy", cidrBlock="10.8.0.0/16").id
    clean.create("aws:ec2/securityGroup:SecurityGroup", "busy-group", vpcId=vpc)
    with refused(f"DependencyViolation: The vpc '{vpc}' has dependencies and cannot be deleted."):
        clean.delete("busy")


def test_a_security_group_that_another_ones_rule_names_cannot_be_deleted(clean: Cloud) -> None:
    vpc = clean.create("aws:ec2/vpc:Vpc", "pair", cidrBlock="10.7.0.0/16").id
    one = clean.create("aws:ec2/securityGroup:SecurityGroup", "one", vpcId=vpc).id
    two = clean.create("aws:ec2/securityGroup:SecurityGroup", "two", vpcId=vpc).id
    rule = {"type": "ingress", "fromPort": 443, "toPort": 443, "protocol": "tcp"}
    kind = "aws:ec2/securityGroupRule:SecurityGroupRule"
    clean.create(kind, "from-one", **rule, securityGroupId=two, sourceSecurityGroupId=one)
    with refused(f"DependencyViolation: resource {one} has a dependent object"):
        clean.delete("one")


def test_what_an_interface_endpoint_uses_cannot_be_deleted(clean: Cloud) -> None:
    vpc = clean.create("aws:ec2/vpc:Vpc", "linked", cidrBlock="10.3.0.0/16").id
    subnet = clean.create("aws:ec2/subnet:Subnet", "linked-a", vpcId=vpc, cidrBlock="10.3.0.0/24").id
    group = clean.create("aws:ec2/securityGroup:SecurityGroup", "linked-group", vpcId=vpc).id
    place = {"vpcId": vpc, "subnetIds": [subnet], "securityGroupIds": [group], "vpcEndpointType": "Interface"}
    clean.create("aws:ec2/vpcEndpoint:VpcEndpoint", "link", **place, serviceName=f"com.amazonaws.{REGION}.sts")
    with refused(f"DependencyViolation: The subnet '{subnet}' has dependencies and cannot be deleted."):
        clean.delete("linked-a")
    with refused(f"DependencyViolation: resource {group} has a dependent object"):
        clean.delete("linked-group")


def test_the_network_of_a_cluster_cannot_be_deleted_before_it(clean: Cloud) -> None:
    subnets = network(clean)
    name = cluster(clean, "alive", subnets)
    group = clean.resources[name].outputs["vpcConfig"]["clusterSecurityGroupId"]
    with refused("DependencyViolation: The subnet"):
        clean.delete("net-a")
    with pytest.raises(Exception, match=rf"DependencyViolation.*resource {group} has a dependent object"):
        clean.client("ec2").delete_security_group(GroupId=group)


def test_a_zone_that_tokyo_does_not_have(clean: Cloud) -> None:
    region = "ap-northeast-1"
    vpc = clean.create("aws:ec2/vpc:Vpc", "tokyo", cidrBlock="10.6.0.0/16", region=region).id
    place = {"vpcId": vpc, "cidrBlock": "10.6.0.0/24", "region": region}
    with refused("Subnets can currently only be created in the following availability zones"):
        clean.create("aws:ec2/subnet:Subnet", "tokyo-b", **place, availabilityZone=f"{region}b")
    clean.create("aws:ec2/subnet:Subnet", "tokyo-d", **place, availabilityZone=f"{region}d")


def test_a_subnet_outside_its_vpc(clean: Cloud) -> None:
    vpc = clean.create("aws:ec2/vpc:Vpc", "small", cidrBlock="10.5.0.0/24").id
    with refused("InvalidSubnet.Range: The CIDR '10.4.0.0/24' is invalid."):
        clean.create("aws:ec2/subnet:Subnet", "outside", vpcId=vpc, cidrBlock="10.4.0.0/24")


def test_a_repository_that_still_has_images(clean: Cloud) -> None:
    name = clean.create("aws:ecr/repository:Repository", "images", name="images").id
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "config": {"digest": "sha256:0"}, "layers": []})
    ecr = clean.client("ecr", REGION)
    digest = ecr.put_image(repositoryName=name, imageManifest=manifest, imageTag="1")["image"]["imageId"]["imageDigest"]
    with refused("RepositoryNotEmptyException"):
        clean.delete("images")
    ecr.batch_delete_image(repositoryName=name, imageIds=[{"imageDigest": digest}])


def test_a_bucket_that_still_has_objects(clean: Cloud) -> None:
    name = clean.create("aws:s3/bucket:Bucket", "state").id
    clean.client("s3", REGION).put_object(Bucket=name, Key="x", Body=b"1")
    with refused("BucketNotEmpty: The bucket you tried to delete is not empty"):
        clean.delete("state")
    clean.client("s3", REGION).delete_object(Bucket=name, Key="x")


def test_a_retention_that_cloudwatch_does_not_have(clean: Cloud) -> None:
    with pytest.raises(CheckError, match="expected retention_in_days to be one of"):
        clean.create("aws:cloudwatch/logGroup:LogGroup", "odd", name="/odd", retentionInDays=31)


def test_a_log_group_that_the_control_plane_still_writes_to_comes_back(clean: Cloud) -> None:
    clean.create("aws:cloudwatch/logGroup:LogGroup", "plane", name="/aws/eks/talker/cluster")
    cluster(clean, "talker", network(clean), enabledClusterLogTypes=["api"])
    clean.delete("plane")
    left = [found.id for found in clean.world.leftovers()[0] if found.kind == "log group"]
    assert left == ["/aws/eks/talker/cluster"]
    clean.client("logs").delete_log_group(logGroupName="/aws/eks/talker/cluster")
    deny = {"Effect": "Deny", "Action": ["logs:CreateLogGroup"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
    clean.create("aws:iam/rolePolicy:RolePolicy", "quiet", role="talker-role", policy=policy)
    clean.client("logs").delete_log_group(logGroupName="/aws/eks/talker/cluster")
    assert not [found for found in clean.world.leftovers()[0] if found.kind == "log group"]


def test_a_second_gateway_endpoint_of_a_service_in_a_route_table(clean: Cloud) -> None:
    vpc = clean.create("aws:ec2/vpc:Vpc", "vpc", cidrBlock="10.0.0.0/16").id
    table = clean.create("aws:ec2/routeTable:RouteTable", "table", vpcId=vpc).id
    asked = {"vpcId": vpc, "routeTableIds": [table], "serviceName": f"com.amazonaws.{REGION}.s3"}
    clean.create("aws:ec2/vpcEndpoint:VpcEndpoint", "first", **asked)
    with refused(f"RouteAlreadyExists: route table {table} already has a route with destination-prefix-list-id pl-"):
        clean.create("aws:ec2/vpcEndpoint:VpcEndpoint", "second", **asked)


def test_what_is_attached_already_is_attached_once(clean: Cloud) -> None:
    role(clean, "worker", "ec2.amazonaws.com")
    made = clean.create("aws:iam/policy:Policy", "policy", policy=document(500))
    for name in ("once", "again"):
        clean.create(ATTACHMENT, name, role="worker", policyArn=made.id)
    found = clean.client("iam").get_policy(PolicyArn=made.id)["Policy"]
    assert found["AttachmentCount"] == 1
