"""A shop is to be reached from outside. Its Service asks for a load balancer; the controller for them is not there."""

import pulumi
import pulumi_kubernetes as k8s
import raw

cluster = raw.Cluster(raw.Network())
shop = raw.deployment(cluster, *cluster.ready, name="shop", cpu="100m", replicas=2, nodeSelector={})
k8s.core.v1.Service(
    "shop",
    metadata={"name": "shop", "namespace": "default"},
    spec={
        "type": "LoadBalancer",
        "selector": {"app": "shop"},
        "ports": [{"name": "http", "port": 80, "targetPort": 8080}],
    },
    opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=[shop]),
)
