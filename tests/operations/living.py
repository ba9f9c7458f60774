"""A cluster that lives, made as EKS takes one: what the world of a rehearsal refuses, it refuses whoever shares its
process."""

import json
from collections.abc import Callable
from typing import Any

Account = Callable[[str, str], Any]
TRUST = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}


def role(account: Account, region: str, name: str) -> str:
    """Makes a role that EKS may assume; its ARN."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [TRUST]})
    return account("iam", region).create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]


def clusters(account: Account, *regions: str) -> None:
    """Makes a cluster `demo` in each of these regions."""
    arn = role(account, regions[0], "cluster")
    for region in regions:
        ec2 = account("ec2", region)
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=f"{region}{zone}")
            for number, zone in enumerate("ac")
        ]
        placed = {"subnetIds": [made["Subnet"]["SubnetId"] for made in subnets]}
        account("eks", region).create_cluster(name="demo", roleArn=arn, resourcesVpcConfig=placed)
