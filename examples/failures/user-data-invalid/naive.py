"""The kubelet of these nodes is tuned by settings that were typed by hand. A bracket is missing."""

import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)

SETTINGS = """
[settings.kubernetes]
pod-pids-limit = 1024

[settings.kubernetes.node-labels
"example.com/team" = "tuning"
"""
made_from = raw.node_class(cluster, nodes, karpenter.release, *nodes.ready, name="tuned", userData=SETTINGS)
pool = raw.node_pool(cluster, made_from, name="tuned")
raw.deployment(cluster, pool, name="tuned", pool="tuned")
