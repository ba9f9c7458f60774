"""Payments get nodes with a security group of their own, which lets HTTPS in and everything out, and no more."""

import pulumi_aws as aws
import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)

group = aws.ec2.SecurityGroup(
    "payments",
    vpc_id=network.vpc.id,
    ingress=[{"protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_blocks": ["10.0.0.0/16"]}],
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
    opts=raw.here,
)
made_from = raw.node_class(
    cluster, nodes, karpenter.release, *nodes.ready, name="payments", securityGroupSelectorTerms=[{"id": group.id}]
)
pool = raw.node_pool(cluster, made_from, name="payments")
raw.deployment(cluster, pool, name="payments", pool="payments")
