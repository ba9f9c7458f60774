"""Training nodes are to stand in a large subnet, found by its discovery tag as everywhere. Nobody set the tag on it."""

import pulumi_aws as aws
import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)

subnet = aws.ec2.Subnet(
    "training", vpc_id=network.vpc.id, cidr_block="10.0.32.0/20", availability_zone="ap-northeast-2a", opts=raw.here
)
way = aws.ec2.RouteTableAssociation("training", route_table_id=network.private.id, subnet_id=subnet.id, opts=raw.here)
made_from = raw.node_class(
    cluster,
    nodes,
    karpenter.release,
    *nodes.ready,
    way,
    name="training",
    subnetSelectorTerms=[{"tags": {"karpenter.sh/discovery": "training"}}],
)
pool = raw.node_pool(cluster, made_from, name="training")
raw.deployment(cluster, pool, name="training", pool="training")
