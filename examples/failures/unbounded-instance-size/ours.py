"""Two vCPUs a node, and as many nodes as there is work for."""

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
general = {"name": "general", "instances": ["t4g.medium"], "limits": {"cpu": 32, "memory": "64Gi"}}
config = eks.NodePoolsConfig.model_validate(named | new | {"pools": [general]})
pools = eks.NodePools("demo", config, karpenter=karpenter)

amount = {"cpu": "1500m", "memory": "512Mi"}
container = {"name": "orders", "image": "registry.example.com/orders:1.0.0"}
container["resources"] = {"requests": amount, "limits": amount}
k8s.apps.v1.Deployment(
    "orders",
    metadata={"name": "orders", "namespace": "default"},
    spec={
        "replicas": 2,
        "selector": {"matchLabels": {"app": "orders"}},
        "template": {
            "metadata": {"labels": {"app": "orders"}},
            "spec": {"containers": [container], "nodeSelector": {"karpenter.sh/nodepool": "general"}},
        },
    },
    opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=pools.ready),
)
