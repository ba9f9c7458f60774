"""The team let the load balancer controller put an NLB before its web Service.

The policy of its role was written by hand, from what the controller reads: nobody thought of what it makes.
"""

import json

import raw
import raw_lb

cluster = raw.Cluster(raw.Network())

role, _ = raw.role("lbc", "pods.eks.amazonaws.com", actions=("sts:AssumeRole", "sts:TagSession"))
reads = [
    "acm:DescribeCertificate",
    "acm:ListCertificates",
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInstances",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeRouteTables",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
    "elasticloadbalancing:Describe*",
]
statement = {"Effect": "Allow", "Action": reads, "Resource": "*"}
allowed = raw.aws.iam.RolePolicy(
    "lbc",
    role=role.name,
    policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    opts=raw.here,
)
identity = raw.aws.eks.PodIdentityAssociation(
    "lbc",
    cluster_name=cluster.eks.name,
    namespace="kube-system",
    service_account=raw_lb.NAME,
    role_arn=role.arn,
    opts=raw.after(allowed),
)
controller = raw_lb.controller(
    cluster,
    identity,
    *cluster.network.ready,
    values={"clusterName": cluster.eks.name, "region": raw.REGION, "vpcId": cluster.network.vpc.id},
)
pods = raw_lb.pods(cluster, name="web")
raw_lb.service(cluster, controller, pods, name="web", selector={"app": "web"})
