"""The release of the nodes' image was pinned when the cluster was made. The cluster was upgraded since, the pin not."""

import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)

made_from = raw.node_class(
    cluster, nodes, karpenter.release, *nodes.ready, name="ledger", amiSelectorTerms=[{"alias": "bottlerocket@v1.20.5"}]
)
pool = raw.node_pool(cluster, made_from, name="ledger")
raw.deployment(cluster, pool, name="ledger", pool="ledger")
