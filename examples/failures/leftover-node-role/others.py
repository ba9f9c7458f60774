"""What the cluster before this one left: the role of its nodes, held by an instance profile of Karpenter's making."""

import json

ROLE, PROFILE = "KarpenterNodeRole-demo", "demo_14123795526445225688"


def before(client):
    iam = client("iam")
    said = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [said]})
    iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=trust)
    iam.create_instance_profile(InstanceProfileName=PROFILE)
    iam.add_role_to_instance_profile(InstanceProfileName=PROFILE, RoleName=ROLE)
