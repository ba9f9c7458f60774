"""The renderer's image is for amd64, and its pods say so. The pool that they name has Graviton machines only."""

import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)

made_from = raw.node_class(cluster, nodes, karpenter.release, *nodes.ready, name="render")
pool = raw.node_pool(cluster, made_from, name="render", types=["t4g.large", "m7g.large"])
selector = {"karpenter.sh/nodepool": "render", "kubernetes.io/arch": "amd64"}
raw.deployment(cluster, pool, name="render", nodeSelector=selector)
