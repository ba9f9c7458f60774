"""The policy `datastore-security-group-mismatch`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER
from networks import VPC, subnet

SLUG = "datastore-security-group-mismatch"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE, INGRESS = (
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
HERE = Resource(
    CLUSTER.type,
    "cluster",
    {**CLUSTER.properties, "vpcConfig": {"subnetIds": [UNKNOWN], "securityGroupIds": [UNKNOWN]}},
    sources={"vpcConfig": ("private", "control-plane")},
)


def group(name: str, /, *sources: str, **said: Any) -> Resource:
    named = {"ingress": sources} if sources else {}
    return Resource(GROUP, name, {"vpcId": UNKNOWN, **said}, sources={"vpcId": "vpc", **named})


def ingress(**said: Any) -> list[dict[str, Any]]:
    return [{"protocol": "tcp", "fromPort": 6379, "toPort": 6379, **said}]


def rule(kind: str, source: str = "", **said: Any) -> Resource:
    key = {RULE: "sourceSecurityGroupId", INGRESS: "referencedSecurityGroupId"}[kind]
    content = {"securityGroupId": UNKNOWN, "type": "ingress", **({key: UNKNOWN} if source else {}), **said}
    named = {key: source} if source else {}
    return Resource(kind, "rule", content, sources={"securityGroupId": "store", **named})


CACHE = Resource(
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "cache",
    {"securityGroupIds": [UNKNOWN]},
    sources={"securityGroupIds": "store"},
)
BASE = (VPC, subnet(), HERE, group("control-plane"), CACHE)


@pytest.mark.parametrize(
    "around",
    [
        [group("store", "cluster", ingress=ingress(securityGroups=[UNKNOWN]))],
        [group("store"), rule(RULE, "cluster")],
        [group("store"), rule(INGRESS, "cluster")],
        [group("store"), group("lambda"), rule(INGRESS, "lambda")],
        [group("store", ingress=ingress(cidrBlocks=["10.0.1.0/24"]))],
        [group("store", ingress=ingress(cidrBlocks=[UNKNOWN]))],
        [group("store", ingress=ingress(cidrBlocks=UNKNOWN))],
        [group("store"), rule(INGRESS, referencedSecurityGroupId="sg-9")],
        [group("store", ingress=ingress(prefixListIds=["pl-1"]))],
        [group("store"), rule(INGRESS, prefixListId="pl-1")],
        [group("store", ingress=ingress(securityGroups=["sg-9"]))],
        [group("store", "control-plane", ingress=ingress(securityGroups=[UNKNOWN, "sg-9"]))],
        [group("store", "control-plane", "cluster", ingress=ingress(securityGroups=[UNKNOWN]))],
        [group("store"), rule(RULE, cidrBlocks=["10.0.1.0/24"], type=UNKNOWN)],
        [group("store", ingress=[*ingress(cidrBlocks=["10.0.1.0/24"]), *ingress(description="none")])],
        [group("store", "control-plane", ingress=ingress(securityGroups=[UNKNOWN])), rule(INGRESS, "cluster")],
        [group("store", ingress=ingress(securityGroups=[UNKNOWN]))],
    ],
    ids=[
        *("inline", "rule", "ingress-rule", "others", "subnet", "unknown", "unknown-list", "foreign"),
        *("prefix-lists", "prefix-list", "foreign-inline", "one-foreign", "two", "unknown-type", "two-rules"),
        *("inline-and-rule", "foreign-later"),
    ],
)
def test_a_store_that_lets_the_cluster_in_or_others_on_purpose_passes(around: list[Resource], pack: Pack) -> None:
    assert SLUG not in pack.of_stack(*BASE, *around)


@pytest.mark.parametrize(
    ("around", "told"),
    [
        ([group("store")], "no rule of its groups ('store') lets anybody in"),
        ([group("store"), rule(INGRESS, "control-plane")], "let in 'control-plane', which the control plane carries"),
        ([group("store"), rule(RULE, "control-plane")], "and no node does"),
        ([group("store", "control-plane", ingress=ingress(securityGroups=[UNKNOWN]))], "and no node does"),
        ([group("store", ingress=ingress(cidrBlocks=["10.0.0.0/16"]))], "let in the whole network"),
        ([group("store"), rule(INGRESS, cidrIpv4="0.0.0.0/0")], "let in the whole network"),
        ([group("store"), rule(RULE, cidrBlocks=["10.0.0.0/16"])], "let in the whole network"),
        ([group("store", ingress=ingress(ipv6CidrBlocks=["::/0"]))], "let in the whole network"),
        ([group("store"), rule(INGRESS, cidrIpv6="::/0")], "let in the whole network"),
        ([group("store", "control-plane", ingress=ingress(securityGroups=UNKNOWN))], "and no node does"),
        ([group("store"), rule(RULE, cidrBlocks=["10.0.0.0/16"], type="egress")], "lets anybody in"),
        ([group("store", "control-plane", ingress=ingress(description=UNKNOWN))], "lets anybody in"),
    ],
    ids=[
        *("nobody", "ingress-rule", "rule", "inline", "vpc", "world", "vpc-rule"),
        *("world-v6", "world-v6-rule", "unknown-inline", "egress", "of-nobody"),
    ],
)
def test_a_store_that_no_node_reaches_or_everything_does_is_refused(
    around: list[Resource], told: str, pack: Pack
) -> None:
    found = pack.of_stack(*BASE, *around)
    ((name, message),) = found[SLUG]
    assert name == "cache"
    assert told in message
    assert "cluster_security_group_id" in message


def test_a_group_that_nodes_carry_by_their_launch_template_counts(pack: Pack) -> None:
    said = {"vpcSecurityGroupIds": [UNKNOWN]}
    template = "aws:ec2/launchTemplate:LaunchTemplate"
    carried = Resource(template, "template", said, sources={"vpcSecurityGroupIds": "control-plane"})
    assert SLUG not in pack.of_stack(*BASE, group("store"), rule(INGRESS, "control-plane"), carried)
    own = Resource(template, "template", said, sources={"vpcSecurityGroupIds": "store"})
    assert SLUG not in pack.of_stack(*BASE, group("store"), own)
    interfaces = {"networkInterfaces": [{"securityGroups": [UNKNOWN]}]}
    own = Resource(template, "template", interfaces, sources={"networkInterfaces": "store"})
    assert SLUG not in pack.of_stack(*BASE, group("store"), own)
    named = Resource(template, "template", {"securityGroupNames": ["store"]})
    assert SLUG not in pack.of_stack(*BASE, group("store", name="store"), named)


@pytest.mark.parametrize(
    ("terms", "refused"),
    [
        ([{"tags": {"team": "shop"}}], False),
        ([{"id": "sg-9"}, {"tags": {"team": "idle"}}], False),
        ([UNKNOWN], False),
        (UNKNOWN, False),
        ([{"id": "sg-9"}], True),
    ],
    ids=["tags", "either", "term", "terms", "id"],
)
@pytest.mark.parametrize("of", ["karpenter.k8s.aws/v1:EC2NodeClass", "eks.amazonaws.com/v1:NodeClass"])
def test_a_group_that_a_node_class_may_select_counts(of: str, terms: Any, refused: bool, pack: Pack) -> None:
    node_class = Resource(f"kubernetes:{of}", "class", {"spec": {"securityGroupSelectorTerms": terms}})
    around = (*BASE, group("store"), rule(INGRESS, "control-plane"), node_class)
    assert (SLUG in pack.of_stack(*around)) is refused
    by_id = Resource(node_class.type, "class", {"spec": {"securityGroupSelectorTerms": [{"id": UNKNOWN}]}})
    assert SLUG in pack.of_stack(*around[:-1], by_id)
    assert SLUG not in pack.of_stack(*around[:-1], replace(by_id, sources={"spec": "store"}))


def test_every_group_is_named(pack: Pack) -> None:
    both = Resource(CACHE.type, "cache", {"securityGroupIds": [UNKNOWN] * 2}, sources={"securityGroupIds": ("a", "b")})
    ((_, message),) = pack.of_stack(*BASE[:-1], both, group("a"), group("b"))[SLUG]
    assert "no rule of its groups ('a', 'b') lets anybody in" in message
    here = Resource(HERE.type, "cluster", HERE.properties, sources={"vpcConfig": ("private", "control-plane", "other")})
    said = group("store", "other", "control-plane", ingress=ingress(securityGroups=[UNKNOWN] * 2))
    ((_, message),) = pack.of_stack(*BASE[:2], here, *BASE[3:], group("other"), said)[SLUG]
    assert "let in 'control-plane', 'other', which the control plane carries" in message


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("aws:rds/instance:Instance", "vpcSecurityGroupIds"),
        ("aws:rds/cluster:Cluster", "vpcSecurityGroupIds"),
        ("aws:elasticache/cluster:Cluster", "securityGroupIds"),
        ("aws:msk/cluster:Cluster", "brokerNodeGroupInfo"),
    ],
)
def test_every_kind_of_store_is_judged(kind: str, key: str, pack: Pack) -> None:
    brokers = {"securityGroups": [UNKNOWN], "clientSubnets": ["subnet-1"]}
    groups = brokers if key == "brokerNodeGroupInfo" else [UNKNOWN]
    store = Resource(kind, "store-of-it", {key: groups}, sources={key: "store"})
    assert [name for name, _ in pack.of_stack(*BASE[:-1], group("store"), store)[SLUG]] == ["store-of-it"]


def test_stores_elsewhere_and_groups_of_others_are_not_judged(pack: Pack) -> None:
    assert SLUG not in pack.of_stack(VPC, group("store"), CACHE)
    theirs = Resource(CACHE.type, "cache", {"securityGroupIds": ["sg-9"]})
    assert SLUG not in pack.of_stack(*BASE[:-1], theirs)
    other = Resource(GROUP, "store", {"vpcId": "vpc-9"})
    assert SLUG not in pack.of_stack(*BASE, other)
    both = replace(CACHE, properties={"securityGroupIds": [UNKNOWN, "sg-9"]})
    assert SLUG not in pack.of_stack(*BASE[:-1], group("store"), both)
    holder, inner = Resource("my:index:Holder", "holder"), replace(group("inner"), parent="holder")
    out_of_it = replace(CACHE, sources={"securityGroupIds": ("store", "holder")})
    assert SLUG not in pack.of_stack(*BASE[:-1], group("store"), holder, inner, out_of_it)
    of_pods = Resource("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy", "pods", {"spec": {}})
    assert SLUG not in pack.of_stack(*BASE, group("store"), of_pods)


def test_rules_that_are_not_known_yet_are_said_to_be_unknown(pack: Pack) -> None:
    assert set(pack.of_stack(*BASE, group("store", ingress=UNKNOWN))) == {"unknown"}
    second = replace(CACHE, name="second", sources={"securityGroupIds": "closed"})
    found = pack.of_stack(*BASE, group("store", ingress=UNKNOWN), second, group("closed"))
    assert {slug: [name for name, _ in told] for slug, told in found.items()} == {"unknown": [""], SLUG: ["second"]}
