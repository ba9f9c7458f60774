"""Karpenter's chart lies in ECR, so the team logs in there: with the password that its pipeline keeps for all of ECR.

Nobody needs one for a public registry. This one is of last night, and they are good for twelve hours.
"""

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s
import raw

cluster = raw.Cluster(raw.Network())
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes, controller=False)

login = aws.ssm.get_parameter(name="/ci/ecr-password", opts=pulumi.InvokeOptions(provider=raw.provider))
k8s.helm.v3.Release(
    "karpenter",
    name="karpenter",
    chart="oci://public.ecr.aws/karpenter/karpenter",
    repository_opts={"username": "AWS", "password": login.value},
    version="1.14.1",
    namespace="kube-system",
    skip_crds=True,
    values={
        "settings": {"clusterName": cluster.eks.name, "clusterEndpoint": cluster.eks.endpoint},
        "controller": {"resources": raw.LIMITED},
    },
    opts=cluster.after(*karpenter.identity, *karpenter.crds, *nodes.ready),
)
