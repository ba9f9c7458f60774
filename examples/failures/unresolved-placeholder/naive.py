"""The pool's manifest is a template that a script fills in. Somebody applied the template."""

import pulumi
import pulumi_kubernetes as k8s
import raw
import yaml

TEMPLATE = """
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: {name: general}
spec:
  instanceProfile: pool-nodes
  amiSelectorTerms: [{alias: bottlerocket@v1.65.0}]
  subnetSelectorTerms:
    - tags: {karpenter.sh/discovery: "${cluster_name}"}
  securityGroupSelectorTerms:
    - tags: {aws:eks:cluster-name: demo}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: general}
spec:
  limits: {cpu: 16}
  template:
    spec:
      nodeClassRef: {group: karpenter.k8s.aws, kind: EC2NodeClass, name: general}
      requirements:
        - {key: node.kubernetes.io/instance-type, operator: In, values: [t4g.medium, t4g.large]}
"""

cluster = raw.Cluster(raw.Network())
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)
opts = pulumi.ResourceOptions(provider=cluster.provider, depends_on=[karpenter.release, *nodes.ready])
applied = [
    k8s.apiextensions.CustomResource(
        one["kind"],
        api_version=one["apiVersion"],
        kind=one["kind"],
        metadata=one["metadata"],
        spec=one["spec"],
        opts=opts,
    )
    for one in yaml.safe_load_all(TEMPLATE)
]
raw.deployment(cluster, *applied, name="orders")
