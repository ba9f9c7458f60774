"""The nodes that make reports get a role of their own. They may join; the network plugin and images are forgotten."""

import pulumi_aws as aws
import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)

role = aws.iam.Role("reports", assume_role_policy=raw.trust("ec2.amazonaws.com"), opts=raw.here)
worker = aws.iam.RolePolicyAttachment(
    "reports-worker", role=role.name, policy_arn="arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy", opts=raw.here
)
profile = aws.iam.InstanceProfile("reports", role=role.name, opts=raw.here)
entry = aws.eks.AccessEntry(
    "reports", cluster_name=cluster.eks.name, principal_arn=role.arn, type="EC2_LINUX", opts=raw.here
)
made_from = raw.node_class(
    cluster, nodes, karpenter.release, worker, entry, name="reports", instanceProfile=profile.name
)
pool = raw.node_pool(cluster, made_from, name="reports")
raw.deployment(cluster, pool, name="reports", pool="reports")
