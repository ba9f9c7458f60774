"""Batch nodes are to stand in private subnets of their own. The subnets are made; a route to the NAT gateway is not."""

import pulumi_aws as aws
import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)

subnet = aws.ec2.Subnet(
    "batch", vpc_id=network.vpc.id, cidr_block="10.0.16.0/20", availability_zone="ap-northeast-2a", opts=raw.here
)
made_from = raw.node_class(
    cluster, nodes, karpenter.release, *nodes.ready, name="batch", subnetSelectorTerms=[{"id": subnet.id}]
)
pool = raw.node_pool(cluster, made_from, name="batch")
raw.deployment(cluster, pool, name="batch", pool="batch")
