"""Naive mistakes around Karpenter's nodes, made side by side on one platform of raw resources, and what each shows."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from pokayoke_rehearsal.doubles.kubernetes.events import about
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, conditions, labels_of, name_of
from pokayoke_rehearsal.engine import Act
from rehearsed import Inside, Stage

PROGRAM = """
import raw

network = raw.Network()
cluster = raw.Cluster(network)
nodes = raw.PoolNodes(cluster)
karpenter = raw.Karpenter(cluster, nodes)
ready = karpenter.release


def pool(name, nodes=nodes, of=None, cpu="1500m", pod={}, spec={}, depends=(), replicas=1, **said):
    made_from = raw.node_class(cluster, nodes, ready, *nodes.ready, *depends, name=name, wait=False, **(of or {}))
    made = raw.node_pool(cluster, made_from, name=name, wait=False, **said, **spec)
    raw.deployment(cluster, made, name=name, pool=name, cpu=cpu, replicas=replicas, wait=False, **pod)


def role(name, policies=raw.PULLS, **said):
    return raw.PoolNodes(cluster, name, policies, **said)


worker, network_plugin, pull = raw.PULLS
pool("placeholder", of={"subnetSelectorTerms": [{"tags": {"karpenter.sh/discovery": "${cluster_name}"}}]})
pool("untagged", of={"subnetSelectorTerms": [{"tags": {"team": "shop"}}]})
pool("old-image", of={"amiSelectorTerms": [{"alias": "al2@latest"}]})
pool("user-data", of={"userData": "[settings.kubernetes\\nmax-pods = many"})
group = raw.aws.ec2.SecurityGroup("other", vpc_id=network.vpc.id, opts=raw.here)
pool("other-group", of={"securityGroupSelectorTerms": [{"id": group.id}]})
pool("no-worker", role("no-worker", [network_plugin, pull]))
pool("no-network", role("no-network", [worker, pull]))
pool("no-pull", role("no-pull", [worker, network_plugin]))
pool("no-entry", role("no-entry", entry=False))
pool("startup", spec={"startupTaints": [{"key": "example.com/agent-not-ready", "effect": "NoSchedule"}]})
pool("elsewhere", pod={"nodeSelector": {"karpenter.sh/nodepool": "elsewhere", "kubernetes.io/arch": "amd64"}})
wide = [
    {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["t4g"]},
    {"key": "karpenter.k8s.aws/instance-cpu", "operator": "Gt", "values": ["1"]},
]
pool("wide", cpu="2500m", spec={"requirements": wide})
pool("limited", cpu="3500m", types=["m7g.12xlarge"])
small = raw.aws.ec2.Subnet(
    "small", vpc_id=network.vpc.id, cidr_block="10.0.200.0/28", availability_zone="ap-northeast-2a", opts=raw.here
)
full = raw.aws.ec2.Subnet(
    "full", vpc_id=network.vpc.id, cidr_block="10.0.201.0/28", availability_zone="ap-northeast-2a", opts=raw.here
)
way = raw.aws.ec2.RouteTableAssociation("full", route_table_id=network.private.id, subnet_id=full.id, opts=raw.here)
pool("full", of={"subnetSelectorTerms": [{"id": full.id}]}, depends=[way], replicas=12)
pool("no-way-out", of={"subnetSelectorTerms": [{"id": small.id}]})
"""


@dataclass
class Shown:
    """What one pool came to."""

    class_said: dict[str, str] = field(default_factory=dict[str, str])
    """Condition to its message, of what is not true."""
    claim_said: dict[str, str] = field(default_factory=dict[str, str])
    pool_ready: bool = False
    types: list[str] = field(default_factory=list[str])
    """Instance types of the nodes that joined."""
    events: str = ""
    """What was said of its pod."""


@pytest.fixture(scope="module")
def shown(stage: Stage) -> dict[str, Shown]:
    played = stage.play(PROGRAM, [Act.UP], look=look)
    assert played.last.ok, played.told
    return played.seen[0]


def look(inside: Inside) -> dict[str, Shown]:
    found: dict[str, Shown] = {}
    for one in inside.objects("EC2NodeClass", "karpenter.k8s.aws"):
        found[name_of(one)] = Shown(class_said=unmet(one))
    for one in inside.objects("NodePool", "karpenter.sh"):
        found[name_of(one)].pool_ready = not unmet(one)
    for one in inside.objects("NodeClaim", "karpenter.sh"):
        told = found[labels_of(one)["karpenter.sh/nodepool"]].claim_said
        for kind, message in unmet(one).items():
            told[kind] = f"{told[kind]}; {message}" if kind in told else message
    for one in inside.objects("Node"):
        if pool := labels_of(one).get("karpenter.sh/nodepool"):
            found[pool].types.append(labels_of(one)["node.kubernetes.io/instance-type"])
    for one in inside.objects("Pod"):
        if labels_of(one).get("app") in found:
            found[labels_of(one)["app"]].events = "; ".join(said["message"] for said in about(inside.cluster, one))
    return found


def unmet(obj: Object) -> dict[str, str]:
    return {one["type"]: one["message"] for one in conditions(obj) if one["status"] != "True"}


@pytest.mark.parametrize("pool", ["placeholder", "untagged"])
def test_selectors_that_no_subnet_meets_find_none(shown: dict[str, Shown], pool: str) -> None:
    """`unresolved-placeholder`, `subnet-tags-missing`: logged as `no subnets found` by older versions."""
    assert shown[pool].class_said["SubnetsReady"] == "SubnetSelector did not match any Subnets"
    assert not shown[pool].pool_ready
    assert not shown[pool].claim_said


def test_an_image_family_that_ended_has_no_image_for_a_newer_cluster(shown: dict[str, Shown]) -> None:
    """`ami-version-skew`"""
    assert shown["old-image"].class_said["AMIsReady"] == "AMISelector did not match any AMIs"


def test_user_data_that_is_no_toml_launches_nothing(shown: dict[str, Shown]) -> None:
    """`user-data-invalid`"""
    assert "invalid UserData TOML" in shown["user-data"].claim_said["Launched"]


@pytest.mark.parametrize(
    ("pool", "told"),
    [
        ("other-group", "security groups do not let it and the control plane reach each other"),
        ("no-worker", "its role lacks AmazonEKSWorkerNodePolicy"),
        ("no-entry", "no access entry of type EC2_LINUX admits"),
        ("no-way-out", "its subnet has no way out"),
    ],
)
def test_a_machine_that_cannot_join_stays_unregistered(shown: dict[str, Shown], pool: str, told: str) -> None:
    """`security-group-selector`, `node-role-policies-missing`, `no-egress`"""
    assert shown[pool].types == []
    assert shown[pool].claim_said["Registered"].startswith("Node not registered with cluster")
    assert told in shown[pool].claim_said["Registered"]


@pytest.mark.parametrize("pool", ["no-network", "no-pull"])
def test_a_node_whose_role_lacks_a_policy_is_never_ready(shown: dict[str, Shown], pool: str) -> None:
    """`node-role-policies-missing`"""
    assert shown[pool].types == ["t4g.large"]
    assert "cni plugin not initialized" in shown[pool].claim_said["Initialized"]


def test_a_startup_taint_that_nobody_removes_keeps_the_node_uninitialized(shown: dict[str, Shown]) -> None:
    """`startup-taint-deadlock`"""
    told = 'StartupTaint "example.com/agent-not-ready:NoSchedule" still exists'
    assert shown["startup"].claim_said["Initialized"] == told


def test_a_pod_whose_selector_no_pool_meets_is_told_so(shown: dict[str, Shown]) -> None:
    """`incompatible-requirements`"""
    assert "incompatible requirements" in shown["elsewhere"].events
    assert not shown["elsewhere"].claim_said


def test_an_open_range_brings_a_larger_machine_than_was_meant(shown: dict[str, Shown]) -> None:
    """`unbounded-instance-size`"""
    assert shown["wide"].types == ["t4g.xlarge"]
    assert shown["wide"].claim_said == {}


def test_a_machine_beyond_the_limits_of_its_pool_does_not_come(shown: dict[str, Shown]) -> None:
    assert 'exceed limits for nodepool: "limited"' in shown["limited"].events


def test_a_subnet_without_addresses_takes_no_machine(shown: dict[str, Shown]) -> None:
    """`subnet-ip-exhaustion`: eleven addresses; the last machine that came has none left for its pods."""
    assert "InsufficientFreeAddressesInSubnet" in shown["full"].claim_said["Launched"]
    assert len(shown["full"].types) == 11
    assert "cni plugin not initialized" in shown["full"].claim_said["Initialized"]
