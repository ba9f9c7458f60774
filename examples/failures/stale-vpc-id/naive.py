"""The team installed the load balancer controller as its Argo CD application had it in the cluster before this one.

The id of the VPC stands there in full: it is the one of a network that was deleted since.
"""

import raw
import raw_lb

cluster = raw.Cluster(raw.Network())
controller = raw_lb.Controller(
    cluster,
    values={"clusterName": "demo", "region": "ap-northeast-2", "vpcId": "vpc-0123456789abcdef0"},
)
pods = raw_lb.pods(cluster, name="web")
raw_lb.service(cluster, controller.release, pods, name="web", selector={"app": "web"})
