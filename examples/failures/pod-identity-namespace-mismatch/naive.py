"""Karpenter is to live in a namespace of its own. Its association is in the one that modules take by default."""

import pulumi_aws as aws
import pulumi_kubernetes as k8s
import raw

cluster = raw.Cluster(raw.Network())
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes, associated="", controller=False)

association = aws.eks.PodIdentityAssociation(
    "karpenter",
    cluster_name=cluster.eks.name,
    namespace="kube-system",
    service_account="karpenter",
    role_arn=karpenter.role.arn,
    opts=raw.here,
)
k8s.helm.v3.Release(
    "karpenter",
    name="karpenter",
    chart="oci://public.ecr.aws/karpenter/karpenter",
    version="1.14.1",
    namespace="karpenter",
    create_namespace=True,
    skip_crds=True,
    values={
        "settings": {"clusterName": cluster.eks.name},
        "controller": {"resources": raw.LIMITED},
    },
    opts=cluster.after(association, *karpenter.identity, *karpenter.crds, *nodes.ready),
)
