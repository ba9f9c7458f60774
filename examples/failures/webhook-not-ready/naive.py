"""The team installed the load balancer controller, then its APIs, each with a Service.

Helm's wait had run into its timeout time and again, so it was switched off. Why it did was in the pods: they crash.
"""

import raw
import raw_lb

cluster = raw.Cluster(raw.Network())
role, _ = raw.role("lbc", "pods.eks.amazonaws.com", actions=("sts:AssumeRole", "sts:TagSession"))
allowed = raw.aws.iam.RolePolicy("lbc", role=role.name, policy=raw_lb.policy(), opts=raw.here)
identity = raw.aws.eks.PodIdentityAssociation(
    "lbc",
    cluster_name=cluster.eks.name,
    namespace="kube-system",
    service_account=raw_lb.NAME,
    role_arn=role.arn,
    opts=raw.after(allowed),
)
controller = raw_lb.controller(
    cluster, identity, *cluster.network.ready, values={"clusterName": cluster.eks.name}, skip_await=True
)
for name in ("auth", "orders"):
    raw_lb.service(cluster, controller, name=name, type="ClusterIP", loadBalancerClass=None)
