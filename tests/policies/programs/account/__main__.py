"""What goes wrong in an account, out of raw resources: one mistake a block, the rest of each is sound."""

import json

import pulumi
import pulumi_aws as aws


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(service):
    return document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


# ami-architecture-mismatch: ARM64 instances under an x86 image.
aws.eks.NodeGroup(
    "arm-nodes",
    cluster_name="demo",
    node_role_arn="arn:aws:iam::123456789012:role/nodes",
    subnet_ids=["subnet-1"],
    scaling_config=aws.eks.NodeGroupScalingConfigArgs(min_size=1, desired_size=1, max_size=1),
    ami_type="BOTTLEROCKET_x86_64",
    instance_types=["t4g.medium"],
)

# duplicate-node-role: two modules that each make the node role.
for module in ("nodes", "karpenter"):
    aws.iam.Role(module, name="demo-nodes", assume_role_policy=trust("ec2.amazonaws.com"))

# extended-support: nothing is said of the support type.
aws.eks.Cluster(
    "extended",
    role_arn="arn:aws:iam::123456789012:role/cluster",
    version="1.36",
    vpc_config=aws.eks.ClusterVpcConfigArgs(subnet_ids=["subnet-1", "subnet-2"]),
)

# registry-not-empty, state-bucket-not-empty: they hold what keeps them from being deleted.
aws.ecr.Repository("images")
aws.s3.Bucket("state")

# dsql-delete-deadlock: Tokyo waits for Seoul.
witness = aws.dsql.ClusterMultiRegionPropertiesArgs(witness_region="ap-northeast-3")
tokyo_provider = aws.Provider("tokyo", region="ap-northeast-1")
seoul = aws.dsql.Cluster("seoul", multi_region_properties=witness)
aws.dsql.Cluster(
    "tokyo",
    multi_region_properties=witness,
    opts=pulumi.ResourceOptions(provider=tokyo_provider, depends_on=[seoul]),
)

# no-egress, control-plane-ports-blocked: nodes in a subnet without a way out, in a group that lets nothing through.
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
subnet = aws.ec2.Subnet("closed", vpc_id=vpc.id, cidr_block="10.0.1.0/24")
group = aws.ec2.SecurityGroup("closed", vpc_id=vpc.id)
template = aws.ec2.LaunchTemplate("closed", image_id="ami-1", vpc_security_group_ids=[group.id])
aws.eks.NodeGroup(
    "closed",
    cluster_name="demo",
    node_role_arn="arn:aws:iam::123456789012:role/others",
    subnet_ids=[subnet.id],
    scaling_config=aws.eks.NodeGroupScalingConfigArgs(min_size=1, desired_size=1, max_size=1),
    launch_template=aws.eks.NodeGroupLaunchTemplateArgs(id=template.id, version="1"),
)

# node-role-policies-missing: it may join, and no more.
aws.eks.NodeGroup(
    "bare",
    cluster_name="demo",
    node_role_arn=aws.iam.Role(
        "bare",
        assume_role_policy=trust("ec2.amazonaws.com"),
        managed_policy_arns=["arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"],
    ).arn,
    subnet_ids=["subnet-1"],
    scaling_config=aws.eks.NodeGroupScalingConfigArgs(min_size=1, desired_size=1, max_size=1),
)

# subnet-ip-exhaustion: fifty nodes in sixteen addresses.
little = aws.ec2.Subnet("little", vpc_id="vpc-1", cidr_block="10.1.0.0/28")
aws.eks.NodeGroup(
    "crowd",
    cluster_name="demo",
    node_role_arn="arn:aws:iam::123456789012:role/others",
    subnet_ids=[little.id],
    instance_types=["m7i.large"],
    scaling_config=aws.eks.NodeGroupScalingConfigArgs(min_size=1, desired_size=1, max_size=50),
)

# lbc-iam-incomplete: the controller may describe, and no more.
controller = aws.iam.Role("controller", assume_role_policy=trust("pods.eks.amazonaws.com"))
reading = aws.iam.Policy(
    "reading",
    policy=document(
        {"Effect": "Allow", "Action": ["ec2:Describe*", "elasticloadbalancing:Describe*"], "Resource": "*"}
    ),
)
aws.iam.RolePolicyAttachment("reading", role=controller.name, policy_arn=reading.arn)
aws.eks.PodIdentityAssociation(
    "controller",
    cluster_name="demo",
    namespace="kube-system",
    service_account="aws-load-balancer-controller",
    role_arn=controller.arn,
)

# stale-dns-record: typed off the console; alias-zone-mismatch: a network balancer under the application one's zone.
HOST = "k8s-edge-gateway-0123456789-0123456789abcdef.elb.ap-northeast-2.amazonaws.com"
zone = aws.route53.Zone("zone", name="example.com")
aws.route53.Record("by-hand", zone_id=zone.zone_id, name="a.example.com", type="CNAME", ttl=60, records=[HOST])
aws.route53.Record(
    "alias",
    zone_id=zone.zone_id,
    name="b.example.com",
    type="A",
    aliases=[
        aws.route53.RecordAliasArgs(
            name="shop-0123456789abcdef.elb.ap-northeast-2.amazonaws.com",
            zone_id="ZWKZPGTI48KDX",
            evaluate_target_health=True,
        )
    ],
)
