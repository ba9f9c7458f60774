"""Two vCPUs a node were meant, t4g.medium, as many of them as there is work for. The pool says: two, or more."""

import pulumi
import pulumi_kubernetes as k8s
import raw

cluster = raw.Cluster(raw.Network())
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)
made_from = raw.node_class(cluster, nodes, karpenter.release, *nodes.ready)
pool = k8s.apiextensions.CustomResource(
    "general",
    api_version="karpenter.sh/v1",
    kind="NodePool",
    metadata={"name": "general", "annotations": {"pulumi.com/waitFor": "condition=Ready"}},
    spec={
        "limits": {"cpu": "32"},
        "template": {
            "spec": {
                "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "general"},
                "requirements": [
                    {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["t4g"]},
                    {"key": "karpenter.k8s.aws/instance-cpu", "operator": "Gt", "values": ["1"]},
                ],
            }
        },
    },
    opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=[made_from]),
)
raw.deployment(cluster, pool, name="orders", replicas=2)
