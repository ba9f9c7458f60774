"""The team's Ingress gets an ALB from the load balancer controller.

Deleting the Ingress had hung before, and it goes with its cluster anyway: so Pulumi need not delete it.
"""

import pulumi
import raw
import raw_lb

cluster = raw.Cluster(raw.Network())
controller = raw_lb.Controller(cluster, values={"defaultTargetType": "ip"})
pods = raw_lb.pods(cluster, name="web")
raw_lb.service(
    cluster, controller.release, pods, name="web", selector={"app": "web"}, type="ClusterIP", loadBalancerClass=None
)
backend = {"service": {"name": "web", "port": {"number": 80}}}
path = {"path": "/", "pathType": "Prefix", "backend": backend}
raw.k8s.networking.v1.Ingress(
    "web",
    metadata={"name": "web", "namespace": "default"},
    spec={"ingressClassName": "alb", "rules": [{"host": "web.example.com", "http": {"paths": [path]}}]},
    opts=pulumi.ResourceOptions(provider=cluster.provider, deleted_with=cluster.eks),
)
