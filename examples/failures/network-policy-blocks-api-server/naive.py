"""The team closed kube-system: the load balancer controller may talk to any namespace over HTTP and HTTPS.

The API server is in no namespace.
"""

import json

import raw
import raw_lb

cluster = raw.Cluster(raw.Network())
plugin = raw.aws.eks.Addon(
    "vpc-cni",
    cluster_name=cluster.eks.name,
    addon_name="vpc-cni",
    configuration_values=json.dumps({"enableNetworkPolicy": "true"}),
    resolve_conflicts_on_create="OVERWRITE",
    opts=raw.here,
)
egress = raw.k8s.networking.v1.NetworkPolicy(
    "alb-controller-egress",
    metadata={"name": "alb-controller-egress", "namespace": "kube-system"},
    spec={
        "podSelector": {"matchLabels": {"app.kubernetes.io/name": raw_lb.NAME}},
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"namespaceSelector": {}}], "ports": [{"port": 443}, {"port": 80}]}],
    },
    opts=cluster.after(plugin),
)
raw_lb.Controller(cluster, egress)
