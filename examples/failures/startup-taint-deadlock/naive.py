"""Nodes of this pool start with the taint that Cilium takes off, as its guide says. Cilium is not installed."""

import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)

made_from = raw.node_class(cluster, nodes, karpenter.release, *nodes.ready, name="secured")
taint = {"key": "node.cilium.io/agent-not-ready", "value": "true", "effect": "NoExecute"}
pool = raw.node_pool(cluster, made_from, name="secured", startupTaints=[taint])
raw.deployment(cluster, pool, name="secured", pool="secured")
