"""The same things as in the programs beside, as a careful hand writes them out of raw resources: nothing is refused."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.helm.v3 import Release, RepositoryOptsArgs

AMOUNTS = {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": "1", "memory": "1Gi"}}
LBC, NLB = "aws-load-balancer-controller", "service.k8s.aws/nlb"
PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"
WEB = {"app": "web"}


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def role(name, service, *actions, **said):
    trusted = {"Effect": "Allow", "Principal": {"Service": service}, "Action": ["sts:AssumeRole", *actions]}
    return aws.iam.Role(name, assume_role_policy=document(trusted), **said)


# A network with a way out, and nodes in a group of their own that lets the control plane in.
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", enable_dns_hostnames=True)
internet = aws.ec2.InternetGateway("internet", vpc_id=vpc.id)
public = aws.ec2.Subnet("public", vpc_id=vpc.id, cidr_block="10.0.100.0/24")
address = aws.ec2.Eip("nat", domain="vpc")
nat = aws.ec2.NatGateway("nat", subnet_id=public.id, allocation_id=address.id)
table = aws.ec2.RouteTable("private", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "nat_gateway_id": nat.id}])
MINE = {"karpenter.sh/discovery": "demo"}
subnets = [
    aws.ec2.Subnet(f"private-{zone}", vpc_id=vpc.id, cidr_block=f"10.0.{index}.0/24", tags=MINE)
    for index, zone in enumerate("ab")
]
ways = [
    aws.ec2.RouteTableAssociation(f"private-{index}", subnet_id=one.id, route_table_id=table.id)
    for index, one in enumerate(subnets)
]
group = aws.ec2.SecurityGroup(
    "nodes",
    vpc_id=vpc.id,
    egress=[{"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}],
)
cluster = aws.eks.Cluster(
    "cluster",
    name="demo",
    role_arn=role("cluster", "eks.amazonaws.com").arn,
    version="1.36",
    upgrade_policy={"support_type": "STANDARD"},
    vpc_config={"subnet_ids": [one.id for one in subnets]},
)
aws.vpc.SecurityGroupIngressRule(
    "kubelets",
    security_group_id=group.id,
    ip_protocol="tcp",
    from_port=10250,
    to_port=10250,
    referenced_security_group_id=cluster.vpc_config.cluster_security_group_id,
)
AWS_OWN = "arn:aws:iam::aws:policy/"
node_role = role("nodes", "ec2.amazonaws.com", managed_policy_arns=[f"{AWS_OWN}AmazonEKS_CNI_Policy"])
for policy in ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"):
    aws.iam.RolePolicyAttachment(policy, role=node_role.name, policy_arn=f"{AWS_OWN}{policy}")
template = aws.ec2.LaunchTemplate("nodes", vpc_security_group_ids=[group.id])
nodes = aws.eks.NodeGroup(
    "nodes",
    cluster_name=cluster.name,
    node_role_arn=node_role.arn,
    subnet_ids=[one.id for one in subnets],
    ami_type="BOTTLEROCKET_ARM_64",
    instance_types=["m7g.large"],
    scaling_config={"min_size": 2, "desired_size": 2, "max_size": 2},
    launch_template={"id": template.id, "version": "1"},
    opts=pulumi.ResourceOptions(depends_on=ways),
)
agent = aws.eks.Addon("agent", cluster_name=cluster.name, addon_name="eks-pod-identity-agent")
provider = kubernetes.Provider("demo", kubeconfig=cluster.endpoint)


def after(*resources):
    return pulumi.ResourceOptions(provider=provider, depends_on=[agent, nodes, *resources])


# The load balancer controller: its role may all that it calls, and what it makes balancers for depends on it.
mine = role("controller", "pods.eks.amazonaws.com", "sts:TagSession")
everything = ["ec2:*", "elasticloadbalancing:*", "acm:*", "iam:*", "waf-regional:*", "wafv2:*", "shield:*"]
policy = aws.iam.Policy("controller", policy=document({"Effect": "Allow", "Action": everything, "Resource": "*"}))
attached = aws.iam.RolePolicyAttachment("controller", role=mine.name, policy_arn=policy.arn)
identity = aws.eks.PodIdentityAssociation(
    "controller", cluster_name=cluster.name, namespace="kube-system", service_account=LBC, role_arn=mine.arn
)
controller = Release(
    LBC,
    name=LBC,
    chart=LBC,
    namespace="kube-system",
    repository_opts=RepositoryOptsArgs(repo="https://aws.github.io/eks-charts"),
    values={"vpcId": vpc.id, "resources": AMOUNTS, "serviceAccount": {"name": LBC}},
    opts=after(identity, attached),
)
annotations = {
    f"{PREFIX}nlb-target-type": "ip",
    f"{PREFIX}scheme": "internet-facing",
    f"{PREFIX}ssl-cert": "arn:aws:acm:ap-northeast-2:123456789012:certificate/a",
    f"{PREFIX}ssl-ports": "443",
    f"{PREFIX}ssl-negotiation-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
}
kubernetes.core.v1.Service(
    "web",
    metadata={"annotations": annotations},
    spec={"type": "LoadBalancer", "loadBalancerClass": NLB, "selector": WEB, "ports": [{"port": 80}, {"port": 443}]},
    opts=after(controller),
)
kubernetes.networking.v1.Ingress(
    "web",
    spec={
        "ingressClassName": "alb",
        "defaultBackend": {"service": {"name": "web", "port": {"number": 80}}},
    },
    opts=after(controller),
)

# Egress with what every pod needs; a custom resource after its kind; the mesh without its old chart.
kubernetes.networking.v1.NetworkPolicy("deny", spec={"podSelector": {}, "policyTypes": ["Egress"]}, opts=after())
kubernetes.networking.v1.NetworkPolicy(
    "needs",
    spec={
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [
            {"to": [{"ipBlock": {"cidr": "172.20.0.1/32"}}], "ports": [{"port": 443}]},
            {"to": [{"namespaceSelector": {}}], "ports": [{"port": 53, "protocol": p} for p in ("UDP", "TCP")]},
        ],
    },
    opts=after(),
)
monitoring = Release("monitoring", chart="kube-prometheus-stack", opts=after(controller))
CustomResource(
    "monitor",
    api_version="monitoring.coreos.com/v1",
    kind="ServiceMonitor",
    metadata={"name": "x"},
    opts=after(monitoring),
)
kinds = Release("kinds", chart="oci://public.ecr.aws/karpenter/karpenter-crd", opts=after())
node_class = CustomResource(
    "general",
    api_version="karpenter.k8s.aws/v1",
    kind="EC2NodeClass",
    metadata={"name": "general"},
    spec={
        "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}],
        "role": "nodes",
        "subnetSelectorTerms": [{"tags": MINE}],
        "userData": "[settings.kubernetes]\nmax-pods = 50\n",
        "securityGroupSelectorTerms": [{"tags": {"aws:eks:cluster-name": "demo"}}],
    },
    opts=after(kinds),
)
DRIVER = "aws-ebs-csi-driver"
aws.eks.Addon(DRIVER, cluster_name=cluster.name, addon_name=DRIVER)
CustomResource(
    "pool",
    api_version="karpenter.sh/v1",
    kind="NodePool",
    metadata={"name": "general"},
    spec={
        "limits": {"cpu": "32"},
        "template": {
            "spec": {
                "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "general"},
                "requirements": [
                    {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["m7g.large"]}
                ],
                "startupTaints": [{"key": "ebs.csi.aws.com/agent-not-ready", "effect": "NoExecute"}],
            }
        },
    },
    opts=after(node_class),
)
kubernetes.core.v1.Pod(
    "web",
    spec={
        "nodeSelector": {"kubernetes.io/arch": "arm64", "karpenter.sh/nodepool": "general"},
        "containers": [{"name": "web", "image": "public.ecr.aws/example/web:1.0.0", "resources": AMOUNTS}],
    },
    opts=after(),
)
Release("ztunnel", chart="oci://ghcr.io/istio/release/charts/ztunnel", opts=after())

# Two regions of DSQL side by side, what is emptied and what is kept, a record at a balancer of the program's own.
witness = "ap-northeast-3"
tokyo = aws.Provider("tokyo", region="ap-northeast-1")
dsql = [
    aws.dsql.Cluster(
        name, multi_region_properties={"witness_region": witness}, opts=pulumi.ResourceOptions(provider=by)
    )
    for name, by in (("seoul", None), ("tokyo", tokyo))
]
for one, other in (dsql, dsql[::-1]):
    name = f"{one._name}-peering"
    by = pulumi.ResourceOptions(provider=tokyo if one is dsql[1] else None)
    aws.dsql.ClusterPeering(name, identifier=one.identifier, clusters=[other.arn], witness_region=witness, opts=by)
aws.ecr.Repository("images", force_delete=True)
aws.s3.Bucket("kept", opts=pulumi.ResourceOptions(protect=True))
zone = aws.route53.Zone("zone", name="example.com")
aws.route53.Record(
    "own",
    zone_id=zone.zone_id,
    name="a.example.com",
    type="A",
    aliases=[
        {
            "name": "shop-0123456789abcdef.elb.ap-northeast-2.amazonaws.com",
            "zone_id": "ZIBE1TIR4HY56",
            "evaluate_target_health": True,
        }
    ],
)
