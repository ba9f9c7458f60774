"""The policy `control-plane-ports-blocked`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, obj, release
from judging import refused
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


def judged(*resources: Resource) -> set[str]:
    return refused(*resources).get(SLUG, set())


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
    assert kubelet.startswith("launchTemplate: its nodes carry 'group' and not the cluster's own group")
    assert "no rule of theirs admits the control plane to the kubelet on 10250" in kubelet
    assert way_out.startswith("launchTemplate: no rule of 'group' lets its nodes out on 443")
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
        ({"protocol": "tcp", "fromPort": 10251, "toPort": 65535, "cidrBlocks": ["10.0.0.0/8"]}, False),
        *(
            ({"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True, key: ["x"]}, True)
            for key in ("ipv6CidrBlocks", "securityGroups", "prefixListIds")
        ),
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
    messages = [message for _, message in pack.of_stack(*IN_CLUSTER, kinds, group(), pool)[SLUG]]
    assert [message.partition(": ")[0] for message in messages] == ["spec.securityGroupSelectorTerms"] * 2
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


def test_every_group_of_the_nodes_is_told(pack: Pack) -> None:
    found = pack.of_stack(CLUSTER, group(), group("second"), template("group", "second"), NODES)[SLUG]
    assert all("'group', 'second'" in message for _, message in found)


@pytest.mark.parametrize(
    ("egress", "out"),
    [
        ({"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["0.0.0.0/0"]}, True),
        ({"protocol": "tcp", "fromPort": 80, "toPort": 80, "cidrBlocks": ["0.0.0.0/0"]}, False),
        ({"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}, True),
    ],
    ids=["443", "80", "to-itself"],
)
def test_the_way_out_of_the_nodes_is_443(egress: Any, out: bool) -> None:
    made = (group(egress=[egress], ingress=[KUBELET]), template("group"), NODES)
    assert judged(CLUSTER, *made) == (set() if out else {"nodes"})


def test_a_group_that_the_control_plane_carries_too_need_only_admit_itself() -> None:
    within = {"protocol": "-1", "fromPort": 0, "toPort": 0, "self": True}
    cluster = replace(CLUSTER, sources={"vpcConfig": "group"})
    around = (group(**ALL_OUT, ingress=[within]), template("group"), NODES)
    assert judged(cluster, *around) == set()
    assert judged(CLUSTER, *around) == {"nodes"}


def test_groups_of_a_templates_interfaces_count() -> None:
    interface = {"deviceIndex": 0, "interfaceType": "efa", "securityGroups": [UNKNOWN]}
    made = template(networkInterfaces=[interface])
    assert judged(CLUSTER, group(), replace(made, sources={"networkInterfaces": "group"}), NODES) == {"nodes"}


def test_beside_a_group_of_the_stack_a_component_may_hold_others() -> None:
    network = Resource("awsx:ec2:Vpc", "network")
    inside = replace(group(), name="inner", parent="network")
    assert judged(CLUSTER, network, inside, group(), template("group", "network"), NODES) == set()


def test_nodes_of_a_cluster_that_is_not_told_are_judged_for_themselves() -> None:
    lost = replace(NODES, sources={"launchTemplate": "template"}, properties={"launchTemplate": {"id": UNKNOWN}})
    assert judged(CLUSTER, group(), template("group"), lost) == {"nodes"}
    assert judged(CLUSTER, group(**ALL_OUT, ingress=[KUBELET]), template("group"), lost) == set()


def test_a_group_of_nodes_without_a_template_keeps_no_other_from_being_judged() -> None:
    unknown = replace(NODES, name="b", properties={"launchTemplate": UNKNOWN}, sources={})
    others = (replace(node_group(), name="a"), unknown)
    assert judged(CLUSTER, group(), template("group"), *others, NODES) == {"nodes"}


def node_class(terms: Any, *groups: str, kind: str = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass") -> Resource:
    made = obj("class", "EC2NodeClass", api="karpenter.k8s.aws/v1", spec={"securityGroupSelectorTerms": terms})
    return replace(made, type=kind, sources={"spec": groups})


@pytest.mark.parametrize(
    ("terms", "groups", "found"),
    [
        ([{"id": UNKNOWN}], ("group",), True),
        ([UNKNOWN], ("group",), True),
        (UNKNOWN, ("group",), True),
        ([{"id": UNKNOWN}, {"tags": {"team": "shop"}}], ("group",), False),
        ([{"tags": {"team": "shop"}}], (), False),
        ([{"id": "sg-1"}], (), False),
    ],
    ids=["id", "entry-not-known", "not-known", "tags-too", "tags", "of-others"],
)
def test_a_class_is_judged_where_it_names_groups_of_the_stack_alone(terms: Any, groups: Any, found: bool) -> None:
    assert judged(*IN_CLUSTER, group(), node_class(terms, *groups)) == ({"class"} if found else set())


def test_only_karpenters_classes_start_nodes() -> None:
    other = node_class([{"id": UNKNOWN}], "group", kind="kubernetes:example.com/v1:EC2NodeClass")
    assert judged(*IN_CLUSTER, group(), other) == set()


def test_a_private_api_server_admits_the_nodes_of_a_class() -> None:
    around = (PRIVATE, *IN_CLUSTER[1:], group(**ALL_OUT, ingress=[KUBELET]))
    assert judged(*around, node_class([{"id": UNKNOWN}], "group")) == {"class"}


HTTPS = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv4": "10.0.0.0/8"}
FOREIGN = replace(
    rule("SecurityGroupIngressRule", **HTTPS), properties={"securityGroupId": "sg-1", **HTTPS}, sources={}
)
"""A rule for a group that the stack did not make: the cluster's own, it may be."""


@pytest.mark.parametrize(
    ("beside", "admitted"),
    [
        ((rule("SecurityGroupIngressRule", "cluster", **HTTPS),), True),
        ((rule("SecurityGroupIngressRule", "cluster", **{**HTTPS, "toPort": 80, "fromPort": 80}),), False),
        ((rule("SecurityGroupIngressRule", "group", **HTTPS),), False),
        ((FOREIGN,), True),
        ((FOREIGN, group("own", id="sg-1")), False),
        ((replace(FOREIGN, properties={**FOREIGN.properties, "toPort": 80, "fromPort": 80}),), False),
    ],
    ids=["the-clusters", "another-port", "the-nodes-own", "not-the-stacks", "the-stacks", "not-the-stacks-other-port"],
)
def test_a_private_api_server_admits_nodes_by_a_rule_of_its_own(beside: Any, admitted: bool) -> None:
    around = (PRIVATE, group(**ALL_OUT, ingress=[KUBELET]), template("group"), NODES)
    assert judged(*around, *beside) == (set() if admitted else {"nodes"})


def test_rules_beside_the_control_planes_groups_admit_nodes() -> None:
    cluster = replace(PRIVATE, sources={"vpcConfig": "beside"})
    around = (cluster, group(**ALL_OUT, ingress=[KUBELET]), template("group"), NODES, group("beside"))
    assert judged(*around, rule("SecurityGroupIngressRule", "beside", **HTTPS)) == set()
    within = rule("SecurityGroupRule", "beside", type="ingress", protocol="-1", fromPort=0, toPort=0, self=True)
    assert judged(*around, within) == {"nodes"}
    named = replace(within, properties={**within.properties, "sourceSecurityGroupId": "sg-1"})
    assert judged(*around, named) == set()


@pytest.mark.parametrize(("source", "admitted"), [("group", False), ("other", True)])
def test_a_rule_that_refers_to_its_own_group_admits_nobody_else(source: str, admitted: bool) -> None:
    made = rule("SecurityGroupIngressRule", ipProtocol="-1", referencedSecurityGroupId=UNKNOWN)
    made = replace(made, sources={"securityGroupId": "group", "referencedSecurityGroupId": source})
    around = (CLUSTER, group(**ALL_OUT), group("other", **ALL_OUT), template("group"), NODES)
    assert judged(*around, made) == (set() if admitted else {"nodes"})


AROUND = (CLUSTER, *ROUTED, node_group("private"))


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ({"egress": False}, ["ingress"]),
        ({"egress": True}, ["egress"]),
        ({}, ["ingress"]),
        ({"egress": UNKNOWN}, ["egress", "ingress"]),
    ],
    ids=["in", "out", "unsaid", "not-known"],
)
def test_a_rule_beside_an_acl_is_of_one_direction(said: Any, denied: list[str], pack: Pack) -> None:
    content = {"ruleNumber": 90, "ruleAction": "deny", "protocol": "-1", "cidrBlock": "0.0.0.0/0", **said}
    beside = Resource("aws:ec2/networkAclRule:NetworkAclRule", "rule", content, sources={"networkAclId": "acl"})
    found = pack.of_stack(*AROUND, acl(*OPEN), beside)[SLUG]
    assert [message.partition(":")[0] for _, message in found] == denied


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ({}, True),
        ({"cidrBlock": "10.0.0.0/8"}, True),
        ({"cidrBlock": "10.1.2.3/8"}, True),
        ({"cidrBlock": "10.0.0.0/9"}, False),
        ({"cidrBlock": "what"}, False),
        ({"cidrBlock": UNKNOWN}, False),
        ({"fromPort": 10251, "toPort": 65535, "protocol": "tcp"}, False),
        ({"fromPort": 0, "toPort": 10249, "protocol": "tcp"}, False),
        ({"protocol": UNKNOWN}, False),
        ({"fromPort": UNKNOWN}, False),
        ({"toPort": UNKNOWN}, False),
        ({"ruleNo": UNKNOWN}, False),
        ({"action": UNKNOWN}, False),
        ({"action": "DENY"}, True),
    ],
    ids=str,
)
def test_a_rule_that_denies_is_read_by_range_ports_and_number(said: Any, denied: bool) -> None:
    denying = {"ruleNo": 90, "action": "deny", "protocol": "-1", "cidrBlock": "0.0.0.0/0", **said}
    allowing = {"ruleNo": 100, "action": "allow", "protocol": "-1", "cidrBlock": "0.0.0.0/0"}
    assert judged(*AROUND, acl(ingress=[allowing, denying], egress=[allowing])) == ({"acl"} if denied else set())


def test_rules_of_one_number_are_read_all_the_same() -> None:
    assert judged(*AROUND, acl(*OPEN, ("ingress", 100, "allow", 443))) == set()


def test_a_rule_whose_protocol_is_not_known_may_let_all_through() -> None:
    unknown = {"ruleNo": 100, "action": "allow", "protocol": UNKNOWN, "cidrBlock": "0.0.0.0/0"}
    assert judged(*AROUND, acl(ingress=[unknown], egress=[unknown])) == set()


def test_an_acls_own_subnets_count_beside_those_that_are_associated() -> None:
    kind = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
    made = Resource(kind, "associated", {}, sources={"networkAclId": "acl", "subnetId": "other"})
    assert judged(*AROUND, subnet("other", cidrBlock="10.0.2.0/24"), acl(), made) == {"acl"}
