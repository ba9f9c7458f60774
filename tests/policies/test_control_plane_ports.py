"""The policy `control-plane-ports-blocked`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, obj, release
from networks import node_group

SLUG = "control-plane-ports-blocked"
ALL_OUT = {"egress": [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}]}
KUBELET = {"protocol": "tcp", "fromPort": 10250, "toPort": 10250, "cidrBlocks": ["10.0.0.0/16"]}
PRIVATE = Resource(
    CLUSTER.type, "cluster", {**CLUSTER.properties, "vpcConfig": {"endpointPrivateAccess": True, "subnetIds": []}}
)


def group(name: str = "group", **said: Any) -> Resource:
    return Resource("aws:ec2/securityGroup:SecurityGroup", name, {"vpcId": UNKNOWN, **said})


def template(*sources: str, **said: Any) -> Resource:
    content = {"vpcSecurityGroupIds": [UNKNOWN] * len(sources), **said}
    kind = "aws:ec2/launchTemplate:LaunchTemplate"
    return Resource(kind, "template", content, sources={"vpcSecurityGroupIds": sources})


NODES = node_group(launchTemplate={"id": UNKNOWN}, sources={"launchTemplate": "template"})


def rule(kind: str, of: str = "group", **said: Any) -> Resource:
    names = {"SecurityGroupRule": "ec2/securityGroupRule", "SecurityGroupIngressRule": "vpc/securityGroupIngressRule"}
    content = {"securityGroupId": UNKNOWN, **said}
    token = f"aws:{names[kind]}:{kind}"
    return Resource(token, f"rule-{of}-{said.get('fromPort')}", content, sources={"securityGroupId": of})


def test_nodes_that_admit_the_control_plane_and_get_out_pass(pack: Pack) -> None:
    assert pack.of_stack(CLUSTER, group(**ALL_OUT, ingress=[KUBELET]), template("group"), NODES) == {}


def test_nodes_with_the_clusters_own_group_pass(pack: Pack) -> None:
    assert pack.of_stack(CLUSTER, group(), template("group", "cluster"), NODES) == {}
    assert pack.of_stack(CLUSTER, group(), template(), NODES) == {}
    assert pack.of_stack(CLUSTER, group(), node_group()) == {}


def test_nodes_with_another_group_and_no_rules_are_refused_for_both_ports(pack: Pack) -> None:
    found = pack.of_stack(CLUSTER, group(), template("group"), NODES)
    (name, kubelet), (_, way_out) = found.pop(SLUG)
    assert name == "nodes"
    assert "no rule of theirs admits the control plane to the kubelet on 10250" in kubelet
    assert "no rule of 'group' lets its nodes out on 443" in way_out
    assert found == {}


@pytest.mark.parametrize(
    ("ingress", "open_"),
    [
        ({"protocol": "-1", "fromPort": 0, "toPort": 0, "securityGroups": [UNKNOWN]}, True),
        ({"protocol": "6", "fromPort": 1025, "toPort": 65535, "cidrBlocks": ["10.0.0.0/8"]}, True),
        ({"protocol": "tcp", "fromPort": 10250, "toPort": 10250, "self": True, "cidrBlocks": ["10.0.0.0/8"]}, True),
        (UNKNOWN, True),
        ({"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8"]}, False),
        ({"protocol": "udp", "fromPort": 0, "toPort": 65535, "cidrBlocks": ["10.0.0.0/8"]}, False),
        ({"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}, False),
    ],
    ids=str,
)
def test_rules_are_read_in_every_spelling(ingress: Any, open_: bool, pack: Pack) -> None:
    found = pack.of_stack(CLUSTER, group(**ALL_OUT, ingress=[ingress]), template("group"), NODES)
    assert set(found) == (set() if open_ else {SLUG})


@pytest.mark.parametrize(
    "made",
    [
        rule("SecurityGroupRule", type="ingress", protocol="tcp", fromPort=10250, toPort=10250),
        rule("SecurityGroupIngressRule", ipProtocol="tcp", fromPort=10250, toPort=10250, cidrIpv4="10.0.0.0/8"),
        rule("SecurityGroupIngressRule", ipProtocol="-1", referencedSecurityGroupId="sg-1"),
    ],
    ids=["rule", "ingress-rule", "all"],
)
def test_rules_beside_the_group_count(made: Resource, pack: Pack) -> None:
    assert pack.of_stack(CLUSTER, group(**ALL_OUT), made, template("group"), NODES) == {}
    other = group("other", **ALL_OUT)
    elsewhere = Resource(made.type, made.name, made.properties, sources={"securityGroupId": "other"})
    assert SLUG in pack.of_stack(CLUSTER, group(**ALL_OUT), other, elsewhere, template("group"), NODES)


def test_an_api_server_inside_the_vpc_admits_the_nodes(pack: Pack) -> None:
    around = (group(**ALL_OUT, ingress=[KUBELET]), template("group"), NODES)
    ((_, message),) = pack.of_stack(PRIVATE, *around)[SLUG]
    assert "no rule of the control plane's groups admits them on 443" in message
    admits = rule("SecurityGroupIngressRule", "cluster", ipProtocol="tcp", fromPort=443, toPort=443)
    assert pack.of_stack(PRIVATE, *around, admits) == {}
    beside = group(
        "beside", ingress=[{"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8"]}]
    )
    cluster = Resource(PRIVATE.type, "cluster", PRIVATE.properties, sources={"vpcConfig": "beside"})
    assert pack.of_stack(cluster, beside, *around) == {}


def test_groups_that_the_stack_did_not_make_are_not_judged(pack: Pack) -> None:
    foreign = template("group", vpcSecurityGroupIds=[UNKNOWN, "sg-0123456789abcdef0"])
    assert pack.of_stack(CLUSTER, group(), foreign, NODES) == {}


def test_a_pools_groups_are_judged_by_id(pack: Pack) -> None:
    kinds = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
    spec = {"securityGroupSelectorTerms": [{"id": UNKNOWN}]}
    plain = obj("pool", "EC2NodeClass", "kinds", api="karpenter.k8s.aws/v1", spec=spec)
    pool = Resource(
        plain.type, "pool", plain.properties, after=("kinds",), sources={"spec": "group"}, provider="kubernetes"
    )
    assert SLUG in pack.of_stack(*IN_CLUSTER, kinds, group(), pool)
    assert pack.of_stack(*IN_CLUSTER, kinds, group(**ALL_OUT, ingress=[KUBELET]), pool) == {}


def test_rules_that_are_not_known_yet_are_said_to_be(pack: Pack) -> None:
    found = pack.of_stack(CLUSTER, group(ingress=UNKNOWN, **ALL_OUT), template("group"), NODES)
    assert set(found) == {"unknown"}
