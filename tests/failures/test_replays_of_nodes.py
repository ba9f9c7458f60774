"""Log 004: naive programs that make the same mistake in other words break as documented, and mended ones live whole.

Most of these programs stand on one and the same platform; they are played side by side on it, each with its own pool.
"""

from __future__ import annotations

import re

import pytest

from pokayoke_rehearsal.lives import Life
from rehearsed import Stage
from replayed import Change, Replays, changed, documented, naming

PLATFORM = """
network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)
"""
IMPORTS = "import json\nimport pulumi\nimport pulumi_aws as aws\nimport pulumi_kubernetes as k8s\nimport raw, raw_lb\n"

ISOLATED = """table = raw.aws.ec2.RouteTable("nightly", vpc_id=network.vpc.id, opts=raw.here)
raw.aws.ec2.RouteTableAssociation("nightly", route_table_id=table.id, subnet_id=subnet.id, opts=raw.here)
made_from ="""
ROUTED = """raw.aws.ec2.RouteTableAssociation(
    "batch", route_table_id=network.private.id, subnet_id=subnet.id, opts=raw.here
)
made_from ="""
RIGHTS = """allowed = {
    "Effect": "Allow",
    "Action": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"%s],
    "Resource": "*",
}
aws.iam.RolePolicy(
    "reports", role=role.name, policy=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}), opts=raw.here
)
profile ="""
ADDRESSES = ', "ec2:DescribeNetworkInterfaces", "ec2:AssignPrivateIpAddresses"'
NARROW_PLUGIN = """plugin = raw.aws.eks.Addon(
    "vpc-cni",
    cluster_name=cluster.eks.name,
    addon_name="vpc-cni",
    resolve_conflicts_on_create="OVERWRITE",
    configuration_values='{"tolerations": [{"key": "CriticalAddonsOnly", "operator": "Exists"}]}',
    opts=raw.after(cluster.nodes),
)
taint ="""
OWN_GROUP = 'securityGroupSelectorTerms=[{"id": group.id}'
CLUSTERS_GROUP = f'{OWN_GROUP}, {{"id": cluster.eks.vpc_config["cluster_security_group_id"]}}'

BESIDE = """
strangers = raw.PoolNodes(cluster, "strangers", entry=False)
made_from = raw.node_class(cluster, strangers, karpenter.release, *strangers.ready, name="strangers")
raw.deployment(cluster, raw.node_pool(cluster, made_from, name="strangers"), name="strangers", pool="strangers")
made_from = raw.node_class(cluster, nodes, karpenter.release, *nodes.ready, name="giants")
pool = raw.node_pool(cluster, made_from, name="giants", types=["m7g.12xlarge"])
raw.deployment(cluster, pool, name="giants", pool="giants")
"""

MUTATED: dict[str, tuple[str, str, tuple[Change, ...]]] = {
    "egress: a route table that leads nowhere": (
        "no-egress",
        "nightly",
        (("batch", "nightly"), ("10.0.16.0/20", "10.0.80.0/24"), ("made_from =", ISOLATED)),
    ),
    "role: no word of addresses in a policy of one's own": (
        "node-role-policies-missing",
        "reports",
        (("profile =", RIGHTS % ""),),
    ),
    "role: images alone": (
        "node-role-policies-missing",
        "audits",
        (("reports", "audits"), ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly")),
    ),
    "group: a tag that is spelt otherwise": (
        "security-group-selector",
        "orders",
        (("search", "orders"), ('"karpenter.sh/discovery": "demo"', '"kubernetes.io/cluster/demo": "shared"')),
    ),
    "subnets: another tag": (
        "subnet-tags-missing",
        "learning",
        (("training", "learning"), ('"karpenter.sh/discovery": "learning"', '"team": "*"')),
    ),
    "addresses: pods alone take them": (
        "subnet-ip-exhaustion",
        "queue",
        (('"stream"', '"queue"'), ("replicas=12", 'replicas=14, cpu="100m"')),
    ),
    "ports: the kubelet's alone is open": (
        "control-plane-ports-blocked",
        "vault",
        (("payments", "vault"), ('"from_port": 443, "to_port": 443', '"from_port": "10250", "to_port": "10250"')),
    ),
    "ports: nothing goes out": (
        "control-plane-ports-blocked",
        "safe",
        (("payments", "safe"), ('"-1", "from_port": 0, "to_port": 0', '"udp", "from_port": 53, "to_port": 53')),
    ),
    "taint: the network plugin does not tolerate it": (
        "startup-taint-deadlock",
        "apart",
        (
            ("secured", "apart"),
            ("taint =", NARROW_PLUGIN),
            ("made_from, name", "made_from, plugin, name"),
            ("startupTaints", "taints"),
            ('pool="apart")', 'pool="apart", tolerations=[{"operator": "Exists"}])'),
        ),
    ),
    "image: an older one by its name": (
        "ami-version-skew",
        "archive",
        (
            ("ledger", "archive"),
            ('"alias": "bottlerocket@v1.20.5"', '"name": "amazon-eks-node-al2023-arm64-standard-1.31-v20250915"'),
            ("amiSelectorTerms", 'amiFamily="AL2023", amiSelectorTerms'),
        ),
    ),
    "user data: no NodeConfig": (
        "user-data-invalid",
        "fast",
        (
            ("tuned", "fast"),
            ("userData=SETTINGS", 'userData="kubelet: {maxPods: 40}", amiSelectorTerms=[{"alias": "al2023@latest"}]'),
        ),
    ),
    "requirements: more than any machine has": (
        "incompatible-requirements",
        "scenes",
        (("render", "scenes"), (', "kubernetes.io/arch": "amd64"', ""), ("nodeSelector=", 'cpu="3", nodeSelector=')),
    ),
    "balancer: of a type that EKS leaves to others": (
        "in-tree-load-balancer",
        "shop",
        (
            (
                '"namespace": "default"}',
                '"namespace": "default", "annotations": {"service.beta.kubernetes.io/aws-load-balancer-type": '
                '"external"}}',
            ),
        ),
    ),
}
"""By what is said in other words: the failure, the name of what it concerns, and what stands in the place of what."""

REPAIRED: dict[str, tuple[Change, ...]] = {
    "no-egress": (("made_from =", ROUTED),),
    "node-role-policies-missing": (("profile =", RIGHTS % ADDRESSES),),
    "security-group-selector": (('"karpenter.sh/discovery": "demo"', '"kubernetes.io/cluster/demo": "owned"'),),
    "subnet-tags-missing": (
        ('cidr_block="10.0.32.0/20"', 'cidr_block="10.0.32.0/20", tags={"karpenter.sh/discovery": "training"}'),
    ),
    "subnet-ip-exhaustion": (("/28", "/24"),),
    "control-plane-ports-blocked": ((OWN_GROUP, CLUSTERS_GROUP),),
    "startup-taint-deadlock": (
        ("node.cilium.io/agent-not-ready", "ebs.csi.aws.com/agent-not-ready"),
        ("taint =", 'cluster.addon("aws-ebs-csi-driver")\ntaint ='),
    ),
    "ami-version-skew": (("v1.20.5", "v1.65.0"),),
    "user-data-invalid": (("node-labels\n", "node-labels]\n"),),
    "incompatible-requirements": (('"amd64"', '"arm64"'),),
    "in-tree-load-balancer": (
        ("shop = raw", "lbc = raw_lb.Controller(cluster)\nshop = raw"),
        ('"type": "LoadBalancer",', '"type": "LoadBalancer", "loadBalancerClass": "service.k8s.aws/nlb",'),
        ("depends_on=[shop]", "depends_on=[shop, lbc.release]"),
    ),
}

ALONE: dict[str, tuple[str, tuple[Change, ...]]] = {
    "controller: another right of nearly the same name": (
        "controller-permission-missing",
        (
            ('"pricing:GetProducts"', '"pricing:GetProducts",\n                "ssm:GetParameters"'),
            ('"Resource": "*"', '"Resource": ["*"]'),
        ),
    ),
    "leftovers: their instance profile": (
        "leftover-node-role",
        (
            ('InstanceProfile("KarpenterNodeRole-demo"', 'InstanceProfile("nodes", name="demo_14123795526445225688"'),
            ("KarpenterNodeRole-demo", "nodes"),
        ),
    ),
}
"""What needs a world of its own."""
GRANTED = ('"pricing:GetProducts"', '"pricing:GetProducts",\n                "ssm:GetParameter"')


@pytest.fixture(scope="module")
def broken(stage: Stage) -> Life:
    """The life of all mutated programs on one platform."""
    programs = [changed(slug, *changes) for slug, _, changes in MUTATED.values()]
    return stage.live(side_by_side(f"import raw\n{PLATFORM}", [*programs, BESIDE]))


@pytest.mark.parametrize("words", MUTATED)
def test_the_same_mistake_in_other_words_shows_the_same_state_and_no_other(broken: Life, words: str) -> None:
    slug, name, _ = MUTATED[words]
    told = said_of(name, broken)
    assert told, broken.told
    shown = {
        other for other, _, _ in MUTATED.values() if any(one.is_in(line) for one in naming(other) for line in told)
    }
    assert shown == {slug}, told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("strangers", "no access entry of type EC2_LINUX admits arn:aws:iam::123456789012:role/strangers"),
        ("giants", 'all available instance types exceed limits for nodepool: "giants"'),
    ],
)
def test_machines_that_nobody_admits_or_that_are_too_many_are_told(broken: Life, name: str, told: str) -> None:
    assert told in "\n".join(said_of(name, broken))


@pytest.mark.parametrize("words", ALONE)
def test_the_same_mistake_in_other_words_breaks_as_documented(replays: Replays, words: str) -> None:
    slug, changes = ALONE[words]
    life = replays.live(slug, *changes)
    assert documented(slug, life), (life.broke, life.told)


def test_without_their_one_mistake_the_programs_live_and_go_whole(stage: Stage) -> None:
    controller = changed("controller-permission-missing", GRANTED)
    program = side_by_side(controller, [changed(slug, *changes) for slug, changes in REPAIRED.items()])
    life = stage.live(program)
    assert life.sound, (life.broke, life.told)


def test_names_that_nobody_had_before_are_free(replays: Replays) -> None:
    life = replays.live("leftover-node-role", ("KarpenterNodeRole-demo", "KarpenterNodeRole-demo-2026"))
    assert life.sound, (life.broke, life.told)


def said_of(name: str, life: Life) -> list[str]:
    """What was told of the objects of a name."""
    return [line for line in life.told if re.match(rf"\w+ (default/)?{name}\b", line)]


def side_by_side(first: str, programs: list[str]) -> str:
    """Programs of one platform as one program; the first one makes the platform."""
    parts = [re.split(r"karpenter = .*\n|cluster = .*\(\)\)\n", one, maxsplit=1) for one in programs]
    return "\n".join([first, IMPORTS, *(part[-1] for part in parts)])
