"""The policy `control-plane-ports-blocked`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, obj, release
from networks import VPC, association, node_group, route, subnet, table

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


def acl(*rules: tuple[str, int, str, int], cidr: str = "0.0.0.0/0", **said: Any) -> Resource:
    """A network ACL around the subnet, of (direction, number, action, port)."""
    lists: dict[str, list[Any]] = {"ingress": [], "egress": []}
    for direction, number, action, port in rules:
        ports = {"protocol": "tcp", "fromPort": port, "toPort": port} if port else {"protocol": "-1"}
        lists[direction].append({"ruleNo": number, "action": action, "cidrBlock": cidr, **ports})
    content = {"subnetIds": [UNKNOWN], **lists, **said}
    return Resource("aws:ec2/networkAcl:NetworkAcl", "acl", content, sources={"subnetIds": "private"})


OPEN = (("ingress", 100, "allow", 0), ("egress", 100, "allow", 0))
ROUTED = (VPC, subnet(), table(), association(), route())


@pytest.mark.parametrize(
    ("rules", "denied"),
    [
        (OPEN, []),
        ((("ingress", 100, "allow", 10250), ("egress", 100, "allow", 443)), []),
        ((("ingress", 90, "deny", 10250), *OPEN), ["ingress: it denies TCP 10250"]),
        ((("ingress", 110, "deny", 10250), *OPEN), []),
        ((("egress", 90, "deny", 443), *OPEN), ["egress: it denies TCP 443"]),
        ((("ingress", 100, "allow", 443), ("egress", 100, "allow", 0)), ["ingress: it denies TCP 10250"]),
        ((), ["egress: it denies TCP 443", "ingress: it denies TCP 10250"]),
    ],
    ids=str,
)
def test_network_acls_around_nodes_are_read_by_number(
    rules: tuple[tuple[str, int, str, int], ...], denied: list[str], pack: Pack
) -> None:
    found = pack.of_stack(CLUSTER, *ROUTED, node_group("private"), acl(*rules))
    assert [message.partition(" in the subnets")[0] for _, message in found.pop(SLUG, [])] == denied
    assert found == {}


def test_network_acls_around_the_control_plane_are_read_the_other_way_round(pack: Pack) -> None:
    cluster = Resource(CLUSTER.type, "cluster", CLUSTER.properties, sources={"vpcConfig": "private"})
    found = pack.of_stack(cluster, *ROUTED, acl(("ingress", 90, "deny", 443), *OPEN))
    ((name, message),) = found[SLUG]
    assert name == "acl"
    assert message.startswith("ingress: it denies TCP 443 in the subnets of 'cluster'")


def test_rules_beside_an_acl_count_and_what_is_not_known_denies_nothing(pack: Pack) -> None:
    said = {"ruleNumber": 90, "egress": False, "ruleAction": "deny", "protocol": "-1", "cidrBlock": "10.0.0.0/8"}
    beside = Resource("aws:ec2/networkAclRule:NetworkAclRule", "rule", said, sources={"networkAclId": "acl"})
    around = (CLUSTER, *ROUTED, node_group("private"))
    assert SLUG in pack.of_stack(*around, acl(*OPEN), beside)
    assert pack.of_stack(*around, acl(ingress=UNKNOWN, egress=UNKNOWN)) == {}
    assert pack.of_stack(*around, acl(("ingress", 90, "deny", 10250), *OPEN, cidr="10.9.0.0/16")) == {}


def test_groups_out_of_a_component_that_holds_several_are_not_judged(pack: Pack) -> None:
    network = Resource("awsx:ec2:Vpc", "network")
    inside = Resource(group().type, "group", group().properties, parent="network")
    assert pack.of_stack(CLUSTER, network, inside, template("network"), NODES) == {}


def test_an_acl_may_be_associated_by_a_resource_of_its_own(pack: Pack) -> None:
    kind = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
    made = Resource(kind, "associated", {}, sources={"networkAclId": "acl", "subnetId": "private"})
    plain = Resource(acl().type, "acl", {"ingress": [], "egress": []})
    around = (CLUSTER, *ROUTED, node_group("private"), plain)
    assert pack.of_stack(*around) == {}
    assert SLUG in pack.of_stack(*around, made)


def test_rules_of_an_acl_that_are_for_ipv6_or_not_known_are_no_rules_for_ipv4(pack: Pack) -> None:
    around = (CLUSTER, *ROUTED, node_group("private"))
    six = {"ruleNo": 1, "action": "allow", "protocol": "-1", "ipv6CidrBlock": "::/0"}
    assert SLUG in pack.of_stack(*around, acl(ingress=[six], egress=[six]))
    hidden = {"ruleNo": UNKNOWN, "action": "allow", "protocol": "-1", "cidrBlock": "0.0.0.0/0"}
    assert pack.of_stack(*around, acl(ingress=[hidden], egress=[UNKNOWN])) == {}
