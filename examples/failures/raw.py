"""A cluster with Karpenter as somebody writes it by hand, out of raw resources. Copied beside the programs of tests."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as k8s

from pokayoke_eks.iam.karpenter import controller_policies

REGION, NAME, ACCOUNT = "ap-northeast-2", "demo", "123456789012"
PULLS = ("AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly")

LIMITED = {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"cpu": "100m", "memory": "256Mi"}}
"""What a controller takes of its node, in its chart's values."""

provider = aws.Provider("seoul", region=REGION)
here = pulumi.ResourceOptions(provider=provider)


def after(*resources):
    return pulumi.ResourceOptions(provider=provider, depends_on=list(resources))


def trust(service, *actions):
    said = {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions) or "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [said]})


def role(name, service, *policies, actions=()):
    """A role with policies of AWS's own, and all that must be there before somebody uses it."""
    made = aws.iam.Role(name, name=name, assume_role_policy=trust(service, *actions), opts=here)
    attached = [
        aws.iam.RolePolicyAttachment(
            f"{name}-{one}", role=made.name, policy_arn=f"arn:aws:iam::aws:policy/{one}", opts=here
        )
        for one in policies
    ]
    return made, attached


class Network:
    """A public subnet with a NAT gateway, and two private ones behind it."""

    def __init__(self, nat=True, bits=24):
        self.vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=here)
        gateway = aws.ec2.InternetGateway("igw", vpc_id=self.vpc.id, opts=here)
        zone = f"{REGION}a"
        public = aws.ec2.Subnet(
            "public", vpc_id=self.vpc.id, cidr_block="10.0.100.0/24", availability_zone=zone, opts=here
        )
        _, outside = self.table("public", {"gateway_id": gateway.id}, public)
        address = aws.ec2.Eip("nat", domain="vpc", opts=after(gateway))
        gone = aws.ec2.NatGateway("nat", allocation_id=address.id, subnet_id=public.id, opts=after(*outside))
        self.subnets = [
            aws.ec2.Subnet(
                f"private-{letter}",
                vpc_id=self.vpc.id,
                cidr_block=f"10.0.{index}.0/{bits}",
                availability_zone=f"{REGION}{letter}",
                tags={"karpenter.sh/discovery": NAME},
                opts=here,
            )
            for index, letter in enumerate("ab")
        ]
        self.private, self.ready = self.table("private", {"nat_gateway_id": gone.id} if nat else {}, *self.subnets)

    def table(self, name, way, *subnets):
        table = aws.ec2.RouteTable(name, vpc_id=self.vpc.id, opts=here)
        made = [
            aws.ec2.RouteTableAssociation(f"{name}-{index}", route_table_id=table.id, subnet_id=subnet.id, opts=here)
            for index, subnet in enumerate(subnets)
        ]
        if way:
            made.append(
                aws.ec2.Route(name, route_table_id=table.id, destination_cidr_block="0.0.0.0/0", **way, opts=here)
            )
        return table, made


class Cluster:
    """A control plane, two nodes, the Pod Identity agent, and a provider for what is in it."""

    def __init__(self, network, agent=True, nodes=2, instance_type="t4g.large", ami_type="BOTTLEROCKET_ARM_64", hops=1):
        self.network = network
        own, policies = role("cluster", "eks.amazonaws.com", "AmazonEKSClusterPolicy")
        self.eks = aws.eks.Cluster(
            "cluster",
            name=NAME,
            role_arn=own.arn,
            version="1.36",
            access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": True},
            upgrade_policy={"support_type": "STANDARD"},
            vpc_config={"subnet_ids": [one.id for one in network.subnets], "endpoint_private_access": True},
            opts=after(*policies),
        )
        self.node_role, attached = role("nodes", "ec2.amazonaws.com", *PULLS)
        template = aws.ec2.LaunchTemplate(
            "nodes",
            instance_type=instance_type,
            metadata_options={"http_tokens": "required", "http_put_response_hop_limit": hops},
            opts=here,
        )
        self.nodes = aws.eks.NodeGroup(
            "nodes",
            cluster_name=self.eks.name,
            node_group_name="nodes",
            node_role_arn=self.node_role.arn,
            subnet_ids=[one.id for one in network.subnets],
            ami_type=ami_type,
            launch_template={"id": template.id, "version": template.latest_version.apply(str)},
            scaling_config={"min_size": nodes, "max_size": nodes + 1, "desired_size": nodes},
            opts=after(*attached, *network.ready),
        )
        self.agent = [self.addon("eks-pod-identity-agent")] if agent else []
        self.provider = k8s.Provider("cluster", kubeconfig=self.eks.endpoint.apply(kubeconfig), cluster_identifier=NAME)
        self.ready = [self.nodes, *self.agent]

    def addon(self, name):
        return aws.eks.Addon(name, cluster_name=self.eks.name, addon_name=name, opts=here)

    def after(self, *resources):
        return pulumi.ResourceOptions(provider=self.provider, depends_on=[*self.ready, *resources])


def kubeconfig(server):
    arguments = ["eks", "get-token", "--cluster-name", NAME]
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "it",
            "clusters": [{"name": "it", "cluster": {"server": server}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
            "users": [{"name": "it", "user": {"exec": {"command": "aws", "args": arguments}}}],
        }
    )


def statements(node_role_arn, without=()):
    """All that the controller may do, as one document, less some actions."""
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{NAME}"
    found = []
    for document in controller_policies("aws", REGION, ACCOUNT, NAME, node_role_arn, queue).values():
        for one in document["Statement"]:
            actions = [action for action in one["Action"] if action not in without]
            if actions:
                found.append({**one, "Action": actions})
    return json.dumps({"Version": "2012-10-17", "Statement": found})


class PoolNodes:
    """Role, instance profile and access entry of the nodes that Karpenter makes."""

    def __init__(self, cluster, name="pool-nodes", policies=PULLS, entry=True):
        self.role, attached = role(name, "ec2.amazonaws.com", *policies)
        self.profile = aws.iam.InstanceProfile(name, name=name, role=self.role.name, opts=here)
        self.ready = [*attached, self.profile]
        if entry:
            self.ready.append(admit(cluster, self.role))


def admit(cluster, node_role, *depends):
    """An access entry for nodes with a role."""
    said = {"cluster_name": cluster.eks.name, "principal_arn": node_role.arn, "type": "EC2_LINUX"}
    return aws.eks.AccessEntry(node_role._name, **said, opts=after(*depends))


class Karpenter:
    """The controller with its identity; each argument is something that one can forget or get wrong."""

    def __init__(
        self,
        cluster,
        nodes,
        namespace="kube-system",
        associated="kube-system",
        crds=True,
        late=False,
        controller=True,
        without=(),
        values=None,
        policy=None,
    ):
        self.role, _ = role("karpenter", "pods.eks.amazonaws.com", actions=("sts:AssumeRole", "sts:TagSession"))
        said = policy or statements(f"arn:aws:iam::{ACCOUNT}:role/*", without)
        self.identity = [aws.iam.RolePolicy("karpenter", role=self.role.name, policy=said, opts=here)]
        if associated and not late:
            self.identity.append(self.associate(cluster, associated))
        self.crds, common = [], {"version": "1.14.1", "namespace": namespace, "create_namespace": True, "timeout": 600}
        registry = "oci://public.ecr.aws/karpenter"
        if crds:
            chart = f"{registry}/karpenter-crd"
            opts = cluster.after()
            self.crds = [k8s.helm.v3.Release("crds", name="karpenter-crd", chart=chart, **common, opts=opts)]
        if controller:
            self.release = k8s.helm.v3.Release(
                "karpenter",
                name="karpenter",
                chart=f"{registry}/karpenter",
                skip_crds=True,
                values={"settings": {"clusterName": NAME}, "controller": {"resources": LIMITED}, **(values or {})},
                **common,
                opts=cluster.after(*self.identity, *nodes.ready, *self.crds, *cluster.network.ready),
            )
        if late:
            self.associate(cluster, associated, self.release)

    def associate(self, cluster, namespace, *depends):
        said = {"cluster_name": cluster.eks.name, "service_account": "karpenter", "role_arn": self.role.arn}
        return aws.eks.PodIdentityAssociation("karpenter", namespace=namespace, **said, opts=after(*depends))


def node_class(cluster, nodes, *depends, name="general", wait=True, keep=False, **spec):
    """An EC2NodeClass of the cluster's subnets and security group; None takes a field away."""
    said = {
        "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}],
        "subnetSelectorTerms": [{"id": one.id} for one in cluster.network.subnets],
        "securityGroupSelectorTerms": [{"id": cluster.eks.vpc_config["cluster_security_group_id"]}],
        "instanceProfile": nodes.profile.name,
        **spec,
    }
    return k8s.apiextensions.CustomResource(
        f"class-{name}",
        api_version="karpenter.k8s.aws/v1",
        kind="EC2NodeClass",
        metadata={"name": name, **awaited(wait)},
        spec={key: value for key, value in said.items() if value is not None},
        opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=list(depends), retain_on_delete=keep),
    )


def node_pool(cluster, *depends, name="general", node_class="", types=("t4g.large", "m7g.large"), wait=True, **spec):
    """A NodePool of these types, of the class of its name; `spec` lies over the template's."""
    reference = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": node_class or name}
    requirements = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": list(types)}]
    return k8s.apiextensions.CustomResource(
        f"pool-{name}",
        api_version="karpenter.sh/v1",
        kind="NodePool",
        metadata={"name": name, **awaited(wait)},
        spec={
            "limits": {"cpu": "32"},
            "template": {"spec": {"nodeClassRef": reference, "requirements": requirements, **spec}},
        },
        opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=list(depends)),
    )


def awaited(wait):
    return {"annotations": {"pulumi.com/waitFor": "condition=Ready"}} if wait else {}


def deployment(cluster, *depends, name="web", pool="general", replicas=1, cpu="1500m", wait=True, **pod):
    """Pods for the nodes of one pool."""
    labels = {"app": name}
    amount = {"cpu": cpu, "memory": "512Mi"}
    container = {"name": name, "image": "registry.example.com/web:1.0.0"}
    container["resources"] = {"requests": amount, "limits": amount}
    spec = {"containers": [container], "nodeSelector": {"karpenter.sh/nodepool": pool}, **pod}
    return k8s.apps.v1.Deployment(
        name,
        metadata={
            "name": name,
            "namespace": "default",
            "annotations": {} if wait else {"pulumi.com/skipAwait": "true"},
        },
        spec={
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": spec},
        },
        opts=pulumi.ResourceOptions(provider=cluster.provider, depends_on=list(depends)),
    )
