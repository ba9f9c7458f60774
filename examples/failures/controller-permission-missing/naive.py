"""Karpenter gets a policy written by hand: what starts and ends machines is in it, what finds their images is not."""

import json

import raw

POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ec2:CreateFleet",
                "ec2:CreateLaunchTemplate",
                "ec2:CreateTags",
                "ec2:DeleteLaunchTemplate",
                "ec2:Describe*",
                "ec2:RunInstances",
                "ec2:TerminateInstances",
                "eks:DescribeCluster",
                "iam:GetInstanceProfile",
                "iam:ListInstanceProfiles",
                "iam:PassRole",
                "pricing:GetProducts",
            ],
            "Resource": "*",
        }
    ],
}

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes, policy=json.dumps(POLICY))

made_from = raw.node_class(cluster, nodes, karpenter.release, *nodes.ready)
pool = raw.node_pool(cluster, made_from)
raw.deployment(cluster, pool)
