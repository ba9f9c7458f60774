"""What is asked of the tags of subnets, and of the groups that say whose they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource, told
from clusters import IN_CLUSTER, TWO_CLUSTERS, obj, release, within
from networks import VPC, association, node_group, route, subnet, table

SLUG, SINGLE = "subnet-role-tags", "sg-single-cluster-tag"
PUBLIC, PRIVATE = "kubernetes.io/role/elb", "kubernetes.io/role/internal-elb"
NODES = "karpenter.sh/discovery"
GATEWAY = Resource("aws:ec2/internetGateway:InternetGateway", "internet", {}, {"id": UNKNOWN})
INTERNET = {"natGatewayId": None, "gatewayId": "igw-1"}
THEIRS = {"subnetId": UNKNOWN, "routeTableId": "rtb-9"}
OTHERS = Resource(association().type, "theirs", THEIRS, sources={"subnetId": "private"})
LBC = release("lbc", "aws-load-balancer-controller")


def public(*tags: str) -> list[Resource]:
    made = subnet("public", tags=dict.fromkeys(tags, "1"))
    return [VPC, made, table("out"), association("public", "out"), route("out", **INTERNET)]


def private(*tags: str, **said: Any) -> list[Resource]:
    return [VPC, subnet(tags=dict.fromkeys(tags, "1"), **said), table(), association(), route()]


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param(public(PUBLIC), [], id="public"),
        pytest.param(
            public(PRIVATE), [("public", f"tags.{PRIVATE}: it is on a public subnet")], id="public-as-private"
        ),
        pytest.param(public(PUBLIC, NODES), [("public", f"tags.{NODES}: it is on a public subnet")], id="for-nodes"),
        pytest.param(private(PRIVATE, NODES), [], id="private"),
        pytest.param(
            private(PUBLIC), [("private", f"tags.{PUBLIC}: it is on a private subnet")], id="private-as-public"
        ),
        pytest.param(
            private(PUBLIC, PRIVATE),
            [("private", "tags: it carries both role/elb and role/internal-elb")],
            id="as-both",
        ),
        pytest.param([VPC, subnet(tags={PUBLIC: "1"}), OTHERS], [], id="by-a-table-of-others"),
        pytest.param([*public(), *private()[1:]], [], id="no-tags-where-nobody-looks"),
    ],
)
def test_tags_fit_the_way_out(pack: Pack, resources: list[Resource], problems: list[tuple[str, str]]) -> None:
    assert told(pack, SLUG, *resources) == problems


@pytest.mark.parametrize(
    ("way", "is_public"),
    [
        pytest.param([table(routes=[{"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}])], True, id="of-the-table"),
        pytest.param([table(routes=[{"cidrBlock": "0.0.0.0/0", "gatewayId": "vgw-1"}])], False, id="to-a-vpn"),
        pytest.param([table(routes=UNKNOWN)], None, id="routes"),
        pytest.param([table(routes=[{"gatewayId": UNKNOWN}])], None, id="gateway-of-the-table"),
        pytest.param([table(), route(natGatewayId=None, gatewayId=UNKNOWN)], None, id="gateway-of-a-route"),
        pytest.param([table(routes=UNKNOWN), route(**INTERNET)], True, id="by-one-that-is-known"),
    ],
)
def test_a_subnet_is_judged_where_its_way_out_is_known(pack: Pack, way: list[Resource], is_public: bool | None) -> None:
    for key, problem in ((PUBLIC, is_public is False), (PRIVATE, is_public is True)):
        found = told(pack, SLUG, VPC, subnet(tags={key: "1"}), association(), *way)
        assert bool(found) == problem


def left_out(name: str, key: str, kind: str) -> tuple[str, str]:
    return name, f"tags: {key} is left out, and the subnet is {kind}"


def test_where_a_controller_looks_for_subnets_they_have_a_role(pack: Pack) -> None:
    bare = [*IN_CLUSTER, *public(), *private()[1:], node_group("private")]
    assert told(pack, SLUG, *bare) == []
    problems = [left_out("private", PRIVATE, "private"), left_out("public", PUBLIC, "public")]
    assert told(pack, SLUG, *bare, LBC) == problems
    tagged = [*IN_CLUSTER, *public(PUBLIC), *private(PRIVATE)[1:], node_group("private")]
    assert told(pack, SLUG, *tagged, LBC) == []


def test_private_subnets_without_nodes_need_no_role(pack: Pack) -> None:
    nodes = [subnet("nodes", tags={PRIVATE: "1"}), association("nodes"), node_group("nodes")]
    assert told(pack, SLUG, *IN_CLUSTER, LBC, *private(), *nodes) == []
    spec = {"subnetSelectorTerms": [{"tags": {"for": "nodes"}}]}
    chosen = obj("class", "EC2NodeClass", api="karpenter.k8s.aws/v1", spec=spec)
    here = [*private()[:1], subnet(tags={"for": "nodes"}), *private()[2:]]
    assert told(pack, SLUG, *IN_CLUSTER, LBC, *here, *nodes, chosen) == [left_out("private", PRIVATE, "private")]
    of_auto_mode = obj("class", "NodeClass", api="eks.amazonaws.com/v1", spec=spec)
    assert told(pack, SLUG, *IN_CLUSTER, LBC, *here, *nodes, of_auto_mode) == []
    untold = replace(chosen, provider="")
    assert told(pack, SLUG, *IN_CLUSTER, LBC, *here, *nodes, untold) == [left_out("private", PRIVATE, "private")]


def test_subnets_of_another_cluster_are_not_looked_for(pack: Pack) -> None:
    nodes = node_group("private", clusterName="one", sources={"clusterName": "one"})
    around = [*TWO_CLUSTERS, *private(), nodes]
    assert told(pack, SLUG, *around, *within("two", LBC)) == []
    assert told(pack, SLUG, *around, *within("one", LBC)) == [left_out("private", PRIVATE, "private")]
    second = node_group("private", clusterName="two", sources={"clusterName": "two"})
    both = [*TWO_CLUSTERS, *private(), second, *within("two", LBC)]
    assert told(pack, SLUG, *both) == [left_out("private", PRIVATE, "private")]
    chosen = obj(
        "class", "EC2NodeClass", api="karpenter.k8s.aws/v1", spec={"subnetSelectorTerms": [{"tags": {"x": "y"}}]}
    )
    tagged = [VPC, subnet(tags={"x": "y"}), *private()[2:], *TWO_CLUSTERS, *within("two", LBC)]
    assert told(pack, SLUG, *tagged, *within("one", chosen)) == []


def test_public_subnets_are_those_of_the_cluster_s_own_network(pack: Pack) -> None:
    config = {"name": "demo", "vpcConfig": {"subnetIds": [UNKNOWN]}}
    cluster = Resource(IN_CLUSTER[0].type, "cluster", config, sources={"vpcConfig": "private"})
    around = [cluster, *IN_CLUSTER[1:], LBC, *public(), *private()[1:]]
    assert told(pack, SLUG, *around) == [left_out("public", PUBLIC, "public")]


def test_tags_that_are_not_known_are_said(pack: Pack) -> None:
    untold = [VPC, subnet(tags=UNKNOWN), *private()[2:]]
    found = pack.advice_on(*IN_CLUSTER, LBC, *untold, node_group("private"))
    assert SLUG not in found
    assert SLUG in [policy for _, policy in found["unknown"]]


OWNED = {"kubernetes.io/cluster/demo": "owned"}
TERMS = "spec.securityGroupSelectorTerms"


def group(name: str, tags: Any = OWNED) -> Resource:
    return Resource("aws:ec2/securityGroup:SecurityGroup", name, {"tags": tags}, {"id": f"sg-{name}"})


def template(*groups: str, key: str = "vpcSecurityGroupIds") -> list[Resource]:
    made = Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", {key: [UNKNOWN]}, sources={key: groups})
    return [made, node_group(launchTemplate={"id": UNKNOWN}, sources={"launchTemplate": "template"})]


def selecting(*terms: Any, sources: Any = ()) -> Resource:
    spec = {"securityGroupSelectorTerms": list(terms)}
    made = obj("class", "EC2NodeClass", api="karpenter.k8s.aws/v1", spec=spec)
    return Resource(made.type, made.name, made.properties, provider=made.provider, sources={"spec": sources})


BOTH = "a and EKS's own carry the tag kubernetes.io/cluster/demo"


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([group("a"), *template("cluster", "a")], ["launchTemplate: EKS's own and a"], id="template"),
        pytest.param(
            [group("a"), group("b"), *template("a", "b", key="networkInterfaces")],
            ["launchTemplate: a and b"],
            id="interfaces",
        ),
        pytest.param([group("a"), *template("a")], [], id="one"),
        pytest.param([group("a", {"team": "shop"}), *template("cluster", "a")], [], id="of-a-team"),
        pytest.param(
            [group("a", {"kubernetes.io/cluster/x": "owned"}), *template("cluster", "a")], [], id="of-another"
        ),
        pytest.param([group("a"), node_group()], [], id="no-template"),
        pytest.param([group("a"), selecting({"tags": OWNED})], [f"{TERMS}: a and EKS's own"], id="by-tag"),
        pytest.param([group("a", {"x": "y", **OWNED}), selecting({"tags": {"x": "y"}})], [], id="by-another-tag"),
        pytest.param(
            [group("a", {"x": "y", **OWNED}), selecting({"tags": {"x": "y"}}, {"id": UNKNOWN}, sources=("cluster",))],
            [f"{TERMS}: a and EKS's own"],
            id="by-tag-and-by-id",
        ),
        pytest.param(
            [group("a"), selecting({"id": UNKNOWN}, {"id": UNKNOWN}, sources=("a", "cluster"))],
            [f"{TERMS}: a and EKS's own"],
            id="by-ids",
        ),
        pytest.param([group("a"), selecting({"id": UNKNOWN}, sources=("a", "cluster"))], [], id="by-one-id"),
        pytest.param(
            [group("a"), group("b"), selecting({"id": "sg-a"}, {"id": "sg-b"})], [f"{TERMS}: a and b"], id="ids"
        ),
    ],
)
def test_a_node_has_one_group_of_its_cluster(pack: Pack, resources: list[Resource], problems: list[str]) -> None:
    said = [f"{problem} carry the tag kubernetes.io/cluster/demo" for problem in problems]
    assert [message for _, message in told(pack, SINGLE, *IN_CLUSTER, *resources)] == said


def test_groups_of_which_little_is_known_are_said(pack: Pack) -> None:
    for resources in ([group("a", UNKNOWN), selecting({"tags": OWNED})], [group("a"), selecting(UNKNOWN)]):
        found = pack.advice_on(*IN_CLUSTER, *resources)
        assert SINGLE not in found
        assert SINGLE in [policy for _, policy in found["unknown"]]


def test_node_classes_of_auto_mode_have_another_controller(pack: Pack) -> None:
    spec = {"securityGroupSelectorTerms": [{"tags": OWNED}]}
    other = obj("class", "NodeClass", api="eks.amazonaws.com/v1", spec=spec)
    assert told(pack, SINGLE, *IN_CLUSTER, group("a"), other) == []


def test_groups_are_selected_by_name_too(pack: Pack) -> None:
    named = [replace(group(one), properties={"tags": OWNED, "name": "nodes"}) for one in ("a", "b")]
    assert len(told(pack, SINGLE, *IN_CLUSTER, *named, selecting({"name": "node*"}))) == 1


def test_the_group_that_eks_made_is_known_by_its_id(pack: Pack) -> None:
    config = {"name": "demo", "vpcConfig": {"clusterSecurityGroupId": "sg-own"}}
    made = [Resource(IN_CLUSTER[0].type, "cluster", config), *IN_CLUSTER[1:], group("a")]
    assert len(told(pack, SINGLE, *made, selecting({"id": "sg-a"}, {"id": "sg-own"}))) == 1
    assert told(pack, SINGLE, *made, selecting({"id": "sg-a"}, {"id": "sg-other"})) == []
    spec = {"securityGroupSelectorTerms": [{"id": UNKNOWN}, {"tags": OWNED}]}
    assert len(told(pack, SINGLE, *made, obj("class", "EC2NodeClass", api="karpenter.k8s.aws/v1", spec=spec))) == 1


def test_a_cluster_whose_name_is_not_known_has_no_tag_yet(pack: Pack) -> None:
    cluster = Resource(IN_CLUSTER[0].type, "cluster", {"name": UNKNOWN})
    tags = {"kubernetes.io/cluster/UNKNOWN": "owned"}
    both = [group("a", tags), group("b", tags), selecting({"tags": tags})]
    assert told(pack, SINGLE, cluster, *IN_CLUSTER[1:], *both) == []


def test_a_group_of_another_cluster_is_not_its(pack: Pack) -> None:
    tags = {"kubernetes.io/cluster/one": "owned", "x": "y"}
    both = [*TWO_CLUSTERS, group("a", tags), group("b", tags)]
    assert told(pack, SINGLE, *both, *within("two", selecting({"tags": {"x": "y"}}))) == []
    assert len(told(pack, SINGLE, *both, *within("one", selecting({"tags": {"x": "y"}})))) == 1
