"""The team installed Karpenter with what its chart must be told. What its containers get, the chart leaves open."""

import pulumi_kubernetes as k8s
import raw

cluster = raw.Cluster(raw.Network())
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes, controller=False)
k8s.helm.v3.Release(
    "karpenter",
    name="karpenter",
    chart="oci://public.ecr.aws/karpenter/karpenter",
    version="1.14.1",
    namespace="kube-system",
    skip_crds=True,
    values={"settings": {"clusterName": "demo"}},
    opts=cluster.after(*karpenter.identity, *karpenter.crds, *nodes.ready, *cluster.network.ready),
)
