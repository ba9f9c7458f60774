"""What goes wrong in a cluster that is still to be made, out of raw resources: one mistake a block."""

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.helm.v3 import Release, RepositoryOptsArgs

AMOUNTS = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}
LBC = "aws-load-balancer-controller"
ISTIO = "oci://ghcr.io/istio/release/charts"

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnets = [
    aws.ec2.Subnet(f"subnet-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{index}.0/24") for index, zone in enumerate("ab")
]
cluster = aws.eks.Cluster(
    "cluster",
    role_arn="arn:aws:iam::123456789012:role/cluster",
    version="1.36",
    upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
    vpc_config=aws.eks.ClusterVpcConfigArgs(subnet_ids=[subnet.id for subnet in subnets]),
)
agent = aws.eks.Addon("agent", cluster_name=cluster.name, addon_name="eks-pod-identity-agent")
provider = kubernetes.Provider("demo", kubeconfig=cluster.endpoint)


def after(*resources):
    return pulumi.ResourceOptions(provider=provider, depends_on=[agent, *resources])


def identity(name, namespace):
    return aws.eks.PodIdentityAssociation(
        name,
        cluster_name=cluster.name,
        namespace=namespace,
        service_account=name,
        role_arn=f"arn:aws:iam::123456789012:role/{name}",
    )


# pod-identity-namespace-mismatch: Karpenter in one namespace, its association in another.
karpenter = identity("karpenter", "kube-system")
installed = Release(
    "karpenter",
    name="karpenter",
    chart="oci://public.ecr.aws/karpenter/karpenter",
    namespace="karpenter",
    values={"controller": {"resources": AMOUNTS}},
    opts=after(karpenter),
)

# public-registry-credentials: a login where anybody may pull.
crds = Release(
    "crds",
    chart="oci://public.ecr.aws/karpenter/karpenter-crd",
    version="1.14.1",
    repository_opts=RepositoryOptsArgs(username="AWS", password="not-a-secret"),
    opts=after(),
)

# stale-vpc-id: the controller is given the id of a network that is gone.
controller = Release(
    LBC,
    name=LBC,
    chart=LBC,
    namespace="kube-system",
    repository_opts=RepositoryOptsArgs(repo="https://aws.github.io/eks-charts"),
    values={"enableServiceMutatorWebhook": False, "resources": AMOUNTS, "vpcId": "vpc-0123456789abcdef0"},
    opts=after(identity(LBC, "kube-system")),
)

# webhook-not-ready: the Ingress does not wait for the controller whose webhook judges it; nor does another controller
# answer for it.
kubernetes.networking.v1.Ingress(
    "inner",
    spec={"ingressClassName": "nginx", "defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}},
    opts=after(),
)

# vpc-delete-blocked: nothing makes the controller outlive its balancer.
kubernetes.core.v1.Service(
    "leftover",
    spec={"type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb", "ports": [{"port": 443}]},
    opts=after(),
)

# istio-gateway-chart-in-ambient: the old chart beside ztunnel.
ztunnel = Release("ztunnel", chart=f"{ISTIO}/ztunnel", opts=after())
Release("ingress", chart=f"{ISTIO}/gateway", values={"service": {"type": "ClusterIP"}}, opts=after(ztunnel))

# crd-not-installed: nothing brings the kind.
CustomResource(
    "monitor", api_version="monitoring.coreos.com/v1", kind="ServiceMonitor", metadata={"name": "x"}, opts=after()
)

# subnet-tags-missing: the tag was never set; security-group-selector: EKS does not hand the cluster's tags on.
TAGGED, BY_ID = [{"tags": {"karpenter.sh/discovery": "demo"}}], [{"id": "subnet-1"}]
for name, of_subnets, of_groups in (("untagged", TAGGED, [{"id": "sg-1"}]), ("groupless", BY_ID, TAGGED)):
    CustomResource(
        name,
        api_version="karpenter.k8s.aws/v1",
        kind="EC2NodeClass",
        metadata={"name": name},
        spec={
            "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}],
            "role": "nodes",
            "subnetSelectorTerms": of_subnets,
            "securityGroupSelectorTerms": of_groups,
        },
        opts=after(crds, installed),
    )

# ami-version-skew: the image is older than the cluster's version.
CustomResource(
    "old",
    api_version="karpenter.k8s.aws/v1",
    kind="EC2NodeClass",
    metadata={"name": "old"},
    spec={
        "amiSelectorTerms": [{"alias": "bottlerocket@v1.50.0"}],
        "role": "nodes",
        "subnetSelectorTerms": BY_ID,
        "securityGroupSelectorTerms": [{"id": "sg-1"}],
    },
    opts=after(crds, installed),
)

# startup-taint-deadlock: the agent would take the taint off, and nothing installs it.
CustomResource(
    "waiting",
    api_version="karpenter.sh/v1",
    kind="NodePool",
    metadata={"name": "waiting"},
    spec={
        "limits": {"cpu": "32"},
        "template": {
            "spec": {
                "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "general"},
                "requirements": [
                    {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["m7g.large"]}
                ],
                "startupTaints": [{"key": "node.cilium.io/agent-not-ready", "effect": "NoExecute"}],
            }
        },
    },
    opts=after(crds, installed),
)

# incompatible-requirements: the pool's types are ARM64.
kubernetes.core.v1.Pod(
    "elsewhere",
    spec={
        "nodeSelector": {"kubernetes.io/arch": "amd64"},
        "containers": [{"name": "web", "image": "public.ecr.aws/example/web:1.0.0", "resources": AMOUNTS}],
    },
    opts=after(),
)

# efa-not-identified: nothing makes nodes offer the device.
DEVICES = {"cpu": "1", "memory": "1Gi", "vpc.amazonaws.com/efa": "1"}
kubernetes.core.v1.Pod(
    "training",
    spec={
        "containers": [
            {
                "name": "train",
                "image": "public.ecr.aws/example/train:1.0.0",
                "resources": {"requests": DEVICES, "limits": DEVICES},
            }
        ]
    },
    opts=after(),
)

# image-architecture-mismatch: the one pool is ARM64.
kubernetes.core.v1.Pod(
    "foreign",
    spec={"containers": [{"name": "web", "image": "public.ecr.aws/example/web:1.0.0-amd64", "resources": AMOUNTS}]},
    opts=after(),
)
