"""Twelve stream workers get a small subnet of their own. Machines and pods take its addresses alike."""

import pulumi_aws as aws
import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)

subnet = aws.ec2.Subnet(
    "stream", vpc_id=network.vpc.id, cidr_block="10.0.48.0/28", availability_zone="ap-northeast-2a", opts=raw.here
)
way = aws.ec2.RouteTableAssociation("stream", route_table_id=network.private.id, subnet_id=subnet.id, opts=raw.here)
made_from = raw.node_class(
    cluster, nodes, karpenter.release, *nodes.ready, way, name="stream", subnetSelectorTerms=[{"id": subnet.id}]
)
pool = raw.node_pool(cluster, made_from, name="stream")
raw.deployment(cluster, pool, name="stream", pool="stream", replicas=12)
