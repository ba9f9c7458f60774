"""Nodes for search are to carry the cluster's security group, found by the discovery tag, which nobody put on it."""

import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)

made_from = raw.node_class(
    cluster,
    nodes,
    karpenter.release,
    *nodes.ready,
    name="search",
    securityGroupSelectorTerms=[{"tags": {"karpenter.sh/discovery": "demo"}}],
)
pool = raw.node_pool(cluster, made_from, name="search")
raw.deployment(cluster, pool, name="search", pool="search")
