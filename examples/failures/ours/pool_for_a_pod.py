"""A cluster whose nodes come as pods need them, and a pod that needs one.

How a node gets its image, role, subnets, security groups, user data and taints has no argument that one could forget.
"""

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

import pokayoke_eks as eks

named, lives = {"name": "demo", "region": "ap-northeast-2"}, {"lifecycle": "disposable"}
here = pulumi.ResourceOptions(provider=aws.Provider("seoul", region=named["region"]))
where = {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}
network = eks.Network("demo", eks.NetworkConfig.model_validate(named | lives | where), here)
new = {"kubernetes": "1.36", "bottlerocket": "1.65.0-0be31b34"}
access = {"api_access": {"public": ["203.0.113.0/24"]}, "admins": ["arn:aws:iam::123456789012:role/platform"]}
config = eks.ClusterConfig.model_validate(named | lives | new | access)
cluster = eks.Cluster("demo", config, network=network, opts=here)
controller = eks.KarpenterConfig.model_validate(named | lives | {"kubernetes": "1.36"})
karpenter = eks.Karpenter("demo", controller, cluster=cluster, opts=here)
general = {"name": "general", "instances": ["t4g.large", "m7g.large"], "limits": {"cpu": 16, "memory": "64Gi"}}
config = eks.NodePoolsConfig.model_validate(named | new | {"pools": [general]})
pools = eks.NodePools("demo", config, karpenter=karpenter)

amount = {"cpu": "1500m", "memory": "512Mi"}
container = {"name": "web", "image": "registry.example.com/web:1.0.0"}
container["resources"] = {"requests": amount, "limits": amount}
k8s.apps.v1.Deployment(
    "web",
    metadata={"name": "web", "namespace": "default"},
    spec={
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [container], "nodeSelector": {"karpenter.sh/nodepool": "general"}},
        },
    },
    opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=pools.ready),
)
