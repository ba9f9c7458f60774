"""Two modules that each make the node role."""

import json

import pulumi_aws as aws

EC2 = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
for module in ("nodes", "karpenter"):
    aws.iam.Role(
        module, name="demo-nodes", assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [EC2]})
    )
