"""The policies `subnet-tags-missing` and `security-group-selector`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack, Resource
from clusters import AGENT, CLUSTER, KUBERNETES, obj, release
from judging import members
from networks import VPC, association, route, subnet, table

from pokayoke_policies.discovery import (
    groups_carry_what_is_selected,
    subnets_carry_what_is_selected,
    terms_select_one_way,
)
from pokayoke_policies.raw import UNKNOWN as LATER
from pokayoke_policies.raw import NotKnownError
from pokayoke_policies.selection import in_question
from pokayoke_policies.stack import Stack

SUBNETS, GROUPS = "subnet-tags-missing", "security-group-selector"
KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
OWN = Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, "vpcConfig": {"subnetIds": [UNKNOWN]}})
CLUSTER_HERE = Resource(OWN.type, "cluster", OWN.properties, sources={"vpcConfig": "private"})
DISCOVERY = {"karpenter.sh/discovery": "demo"}
OPEN = [{"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}]


def around(*more: Resource, cluster: Resource = CLUSTER_HERE, **said: Any) -> tuple[Resource, ...]:
    network = (VPC, subnet(**said), table(), association(), route())
    return (*network, cluster, KUBERNETES, AGENT, KINDS, *more)


def node_class(subnets: Any = None, groups: Any = None, **more: Any) -> Resource:
    spec = {
        "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}],
        "subnetSelectorTerms": [{"id": UNKNOWN}] if subnets is None else subnets,
        "securityGroupSelectorTerms": [{"id": UNKNOWN}] if groups is None else groups,
        "role": "nodes",
    }
    return obj("class", "EC2NodeClass", "kinds", api="karpenter.k8s.aws/v1", spec=spec, **more)


def group(name: str = "group", **said: Any) -> Resource:
    return Resource("aws:ec2/securityGroup:SecurityGroup", name, {"vpcId": UNKNOWN, **said})


def tag(of: str, key: Any = "karpenter.sh/discovery", value: Any = "demo") -> Resource:
    said = {"resourceId": UNKNOWN, "key": key, "value": value}
    return Resource("aws:ec2/tag:Tag", f"tag-{of}", said, sources={"resourceId": of})


BY_TAG = [{"tags": DISCOVERY}]


@pytest.mark.parametrize("tags", [DISCOVERY, {**DISCOVERY, "team": "shop"}], ids=str)
def test_a_subnet_with_the_tags_is_found(tags: dict[str, str], pack: Pack) -> None:
    assert pack.of_stack(*around(node_class(BY_TAG), tags=tags)) == {}


@pytest.mark.parametrize("tags", [None, {}, {"karpenter.sh/discovery": "other"}, {"Team": "shop"}], ids=str)
def test_no_subnet_with_the_tags_is_refused(tags: Any, pack: Pack) -> None:
    found = pack.of_stack(*around(node_class(BY_TAG), tags=tags))
    ((name, message),) = found.pop(SUBNETS)
    assert name == "class"
    assert "spec.subnetSelectorTerms: no subnet of the stack carries the tag karpenter.sh/discovery" in message
    assert "Set subnetSelectorTerms: [{id: SUBNET.id}]" in message
    assert found == {}


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ([{"tags": {"karpenter.sh/discovery": "*"}}], True),
        ([{"tags": {"karpenter.sh/discovery": "de*"}}], True),
        ([{"tags": {"karpenter.sh/discovery": "dem?"}}], True),
        ([{"tags": {"team": "shop"}}, {"tags": DISCOVERY}], True),
        ([{"tags": {**DISCOVERY, "team": "shop"}}], False),
        ([{"tags": {"Karpenter.sh/discovery": "demo"}}], False),
        ([{"id": "subnet-1"}, {"tags": {"team": "shop"}}], True),
        ([{"tags": {"karpenter.sh/discovery": "${cluster_name}"}}], True),
        ([{"tags": {"karpenter.sh/discovery": "${aws:username}"}}], True),
        (UNKNOWN, True),
    ],
    ids=str,
)
def test_every_tag_of_some_term_is_asked_for(terms: Any, found: bool, pack: Pack) -> None:
    """Ids are not judged, nor are placeholders, which have a policy of their own."""
    told = pack.of_stack(*around(node_class(terms), tags=DISCOVERY))
    assert (SUBNETS in told) != found


def test_tags_count_wherever_they_are_set(pack: Pack) -> None:
    assert pack.of_stack(*around(node_class(BY_TAG), tag("private"))) == {}
    by_provider = Resource(
        "pulumi:providers:aws", "seoul", {"defaultTags": '{"tags":{"karpenter.sh/discovery":"demo"}}'}
    )
    plain = subnet()
    tagged = Resource(plain.type, "private", plain.properties, plain.outputs, sources=plain.sources, provider="seoul")
    stack = [tagged if one.name == "private" else one for one in around(by_provider, node_class(BY_TAG))]
    assert pack.of_stack(*stack) == {}
    native = Resource("aws-native:ec2:Subnet", "native", {"tags": [{"key": "karpenter.sh/discovery", "value": "demo"}]})
    assert pack.of_stack(*around(native, node_class(BY_TAG))) == {}
    looked_up = Resource("aws:ec2/tag:Tag", "theirs", {**tag("x").properties, "resourceId": "subnet-9"})
    assert pack.of_stack(*around(looked_up, node_class(BY_TAG))) == {}
    by_id = replace(looked_up, properties={**looked_up.properties, "resourceId": "subnet-1"})
    assert pack.of_stack(*around(by_id, node_class(BY_TAG), id="subnet-1")) == {}
    assert pack.of_stack(*around(node_class(BY_TAG), tags={"team": "shop"}, tagsAll=DISCOVERY)) == {}
    assert SUBNETS in pack.of_stack(*around(node_class(BY_TAG), tag("vpc")))
    of_table = replace(by_id, properties={**by_id.properties, "resourceId": "rtb-1"})
    kept = [replace(one, outputs={"id": "rtb-1"}) if one.name == "table" else one for one in around(of_table)]
    assert SUBNETS in pack.of_stack(*kept, node_class(BY_TAG))


@pytest.mark.parametrize(
    ("default", "own", "found"),
    [
        ({"tags": DISCOVERY}, {}, True),
        ({"tags": '{"karpenter.sh/discovery":"demo"}'}, {}, True),
        ({"tags": {"karpenter.sh/discovery": "other"}}, DISCOVERY, True),
        ({"tags": DISCOVERY}, {"karpenter.sh/discovery": "other"}, False),
        ({"tags": {"team": "shop"}}, {}, False),
    ],
    ids=["mapping", "text", "own", "own-another", "none"],
)
def test_a_providers_tags_are_those_of_its_resources_that_say_nothing_else(
    default: Any, own: dict[str, str], found: bool, pack: Pack
) -> None:
    provider = Resource("pulumi:providers:aws", "seoul", {"defaultTags": default})
    tagged = replace(subnet(tags=own), provider="seoul")
    stack = [tagged if one.name == "private" else one for one in around(provider, node_class(BY_TAG))]
    assert (SUBNETS in pack.of_stack(*stack)) != found


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ([{"key": "karpenter.sh/discovery", "value": "demo"}], set[str]()),
        ([{"key": "team", "value": "shop"}], {SUBNETS}),
        ([], {SUBNETS}),
        ([{"key": "team", "value": "shop"}, UNKNOWN], {"unknown"}),
        ([{"key": UNKNOWN, "value": "demo"}], {"unknown"}),
        (UNKNOWN, {"unknown"}),
    ],
    ids=["found", "other", "none", "one-later", "key-later", "later"],
)
def test_the_tags_of_a_native_subnet_are_read_as_far_as_they_are_known(tags: Any, told: set[str], pack: Pack) -> None:
    native = Resource("aws-native:ec2:Subnet", "native", {"tags": tags})
    assert set(pack.of_stack(*around(native, node_class(BY_TAG), tags={}))) == told


@pytest.mark.parametrize(
    ("of_cluster", "of_subnet", "found"),
    [("eu-west-1", "eu-west-1", True), ("eu-west-1", "us-east-1", False), ("eu-west-1", None, True), (None, "x", True)],
    ids=["same", "other", "unsaid", "clusters-unsaid"],
)
def test_a_subnet_of_another_region_is_not_meant(of_cluster: Any, of_subnet: Any, found: bool, pack: Pack) -> None:
    here = replace(CLUSTER_HERE, properties={**CLUSTER_HERE.properties, "region": of_cluster})
    for tags in (DISCOVERY, UNKNOWN):
        stack = around(node_class(BY_TAG), cluster=here, tags=tags, region=of_subnet)
        assert (SUBNETS in pack.of_stack(*stack)) != found
    named = Resource("aws:ec2/securityGroup:SecurityGroup", "named", {"name": "demo", "region": of_subnet})
    stack = around(named, node_class(groups=[{"name": "demo"}]), cluster=here)
    ((_, message), *_) = pack.of_stack(*stack)[GROUPS]
    assert ("no security group of the stack" in message) != found


def test_in_question_is_what_the_rarest_tag_of_a_term_leaves() -> None:
    carried = {"first": {"a": "1", "b": "1"}, "second": {"a": "2", "b": "1"}, "third": {"a": "1", "b": "2"}}
    subnets = [subnet(name, tags=tags) for name, tags in carried.items()]
    stack = Stack(members((OWN, VPC, *subnets)))
    (cluster,) = stack.of_type(OWN.type)

    def asked(*tags: dict[str, str]) -> list[str]:
        found = in_question(stack, (subnets[0].type,), cluster, [{"tags": one} for one in tags])
        return [one.urn.rpartition("::")[2] for one in found]

    assert asked({"b": "2"}) == asked({"a": "1", "b": "2"}) == asked({"a": "*", "b": "2"}) == ["third"]
    assert asked({"a": "2", "b": "*"}) == ["second"]
    assert asked({"a": "2"}, {"b": "2"}) == ["second", "third"]
    assert asked({}) == asked({"a": "?"}) == [*carried]


@pytest.mark.parametrize(("value", "found"), [(UNKNOWN, True), ("demo", True)], ids=["later", "now"])
def test_any_value_meets_a_star(value: str, found: bool, pack: Pack) -> None:
    terms = [{"tags": {"karpenter.sh/discovery": "*"}}]
    assert (pack.of_stack(*around(node_class(terms), tags={"karpenter.sh/discovery": value})) == {}) is found


def test_what_is_not_known_yet_is_not_taken_for_absent(pack: Pack) -> None:
    for made in (
        around(node_class(BY_TAG), tags=UNKNOWN),
        around(node_class(BY_TAG), tags={"karpenter.sh/discovery": UNKNOWN}),
        around(node_class([{"tags": {"karpenter.sh/discovery": UNKNOWN}}]), tags=DISCOVERY),
    ):
        assert set(pack.of_stack(*made)) == {"unknown"}
    # A key that nothing carries is missing, whatever its value will be.
    assert SUBNETS in pack.of_stack(*around(node_class([{"tags": {"team": UNKNOWN}}]), tags=DISCOVERY))


def test_a_network_of_somebody_else_is_not_judged(pack: Pack) -> None:
    assert pack.of_stack(*around(node_class(BY_TAG, BY_TAG), cluster=OWN)) == {}
    elsewhere = (VPC, subnet(), KINDS, node_class(BY_TAG, BY_TAG))
    assert pack.of_stack(*elsewhere) == {}


def test_a_node_class_is_judged_in_whatever_resource_it_comes(pack: Pack) -> None:
    content = node_class(BY_TAG).properties
    listed = obj("list", "List", "kinds", items=[content])
    assert SUBNETS in pack.of_stack(*around(listed))
    extra = Resource(
        RELEASE, "extra", {"chart": "x", "values": {"objects": [content]}}, after=("kinds",), provider="kubernetes"
    )
    assert SUBNETS in pack.of_stack(*around(extra))
    auto = obj("auto", "NodeClass", api="eks.amazonaws.com/v1", spec={"subnetSelectorTerms": BY_TAG})
    assert SUBNETS in pack.of_stack(*around(auto))


def test_the_clusters_group_is_selected_by_what_eks_puts_on_it(pack: Pack) -> None:
    for tags in (
        {"kubernetes.io/cluster/demo": "owned"},
        {"aws:eks:cluster-name": "demo"},
        {"Name": "eks-cluster-sg-*"},
    ):
        assert pack.of_stack(*around(node_class(groups=[{"tags": tags}]))) == {}
    assert pack.of_stack(*around(node_class(groups=[{"name": "eks-cluster-sg-demo-*"}]))) == {}
    assert pack.of_stack(*around(tag("cluster"), node_class(groups=BY_TAG))) == {}


def test_a_tag_that_the_clusters_group_lacks_is_refused(pack: Pack) -> None:
    """The tags of the cluster itself do not get to its group."""
    tagged = Resource(OWN.type, "cluster", {**OWN.properties, "tags": DISCOVERY}, sources=CLUSTER_HERE.sources)
    found = pack.of_stack(*around(node_class(groups=BY_TAG), cluster=tagged))
    ((name, message),) = found.pop(GROUPS)
    assert name == "class"
    assert "no security group of the stack carries the tag karpenter.sh/discovery, nor does the one" in message
    assert "cluster_security_group_id" in message
    assert found == {}
    assert GROUPS in pack.of_stack(*around(group(), node_class(groups=[{"name": "nodes"}])))


@pytest.mark.parametrize(
    ("name", "told"),
    [("nodes", set[str]()), ("nodes-1", set[str]()), ("workers", {GROUPS}), (UNKNOWN, {"unknown"})],
    ids=["same", "meant", "other", "later"],
)
def test_a_group_is_selected_by_its_name(name: str, told: set[str], pack: Pack) -> None:
    made = group(ingress=OPEN, egress=OPEN)
    named = replace(made, properties={**made.properties, "name": name})
    assert set(pack.of_stack(*around(named, node_class(groups=[{"name": "nodes*"}])))) == told


def test_the_network_is_the_stacks_own_by_id_and_out_of_a_component_too(pack: Pack) -> None:
    by_id = Resource(OWN.type, "cluster", {**OWN.properties, "vpcConfig": {"subnetIds": ["subnet-1"]}})
    told = [
        replace(one, outputs={"id": "subnet-1"}) if one.name == "private" else one
        for one in around(node_class(BY_TAG), cluster=by_id)
    ]
    assert SUBNETS in pack.of_stack(*told)
    part = Resource("my:index:Network", "part")
    of_part = Resource(OWN.type, "cluster", OWN.properties, sources={"vpcConfig": "part"})
    held = [
        replace(one, parent="part") if one.name == "private" else one
        for one in around(part, node_class(BY_TAG), cluster=of_part)
    ]
    assert SUBNETS in pack.of_stack(*held)


def test_a_selector_whose_terms_are_not_known_yet_is_named() -> None:
    def objections(*terms: Any) -> list[Any]:
        return list(terms_select_one_way("subnetSelectorTerms", {"spec": {"subnetSelectorTerms": list(terms)}}))

    assert objections({"id": "subnet-1"}) == []
    with pytest.raises(NotKnownError, match=r"^spec\.subnetSelectorTerms$"):
        objections({"id": "subnet-1"}, LATER)


def test_what_is_asked_for_is_named_in_full(pack: Pack) -> None:
    terms = [{"tags": {"team": "shop"}}, {"tags": {"tier": "web"}}, {"tags": {"team": "web"}}]
    ((_, message),) = pack.of_stack(*around(node_class(terms)))[SUBNETS]
    assert "carries the tag team or the tag tier, so Karpenter" in message
    ((_, message),) = pack.of_stack(*around(group(), node_class(groups=[{"name": "nodes"}])))[GROUPS]
    assert "carries that name, nor does the one" in message


def test_a_node_class_that_finds_its_groups_does_not_hide_one_that_finds_none(pack: Pack) -> None:
    found = node_class(groups=[{"tags": {"aws:eks:cluster-name": "demo"}}])
    second = replace(node_class(groups=BY_TAG), name="second")
    assert [name for name, _ in pack.of_stack(*around(found, second))[GROUPS]] == ["second"]


def test_what_keeps_nodes_and_control_plane_apart_is_told_of_the_selector() -> None:
    stack = Stack(members(around(group(tags=DISCOVERY), node_class(groups=BY_TAG))))
    found = [finding for _, finding in groups_carry_what_is_selected(stack)]
    assert [finding.slug for finding in found] == [GROUPS, GROUPS]
    assert all(finding.problem.startswith("spec.securityGroupSelectorTerms: ") for finding in found)


def test_nodes_of_a_private_cluster_have_to_be_admitted_to_it(pack: Pack) -> None:
    private = {"subnetIds": [UNKNOWN], "endpointPrivateAccess": True, "endpointPublicAccess": False}
    cluster = Resource(OWN.type, "cluster", {**OWN.properties, "vpcConfig": private}, sources=CLUSTER_HERE.sources)
    meeting = group(tags=DISCOVERY, ingress=OPEN, egress=OPEN)
    ((_, message),) = pack.of_stack(*around(meeting, node_class(groups=BY_TAG), cluster=cluster))[GROUPS]
    assert "no rule of the control plane's groups" in message


def test_a_term_with_an_id_is_not_looked_for_by_its_tags() -> None:
    terms = [{"id": "subnet-1", "tags": {"team": "shop"}}]
    assert list(subnets_carry_what_is_selected(Stack(members(around(node_class(terms)))))) == []


def test_a_node_class_is_of_the_cluster_of_its_provider_and_no_other_hides_it(pack: Pack) -> None:
    tokyo = Resource(CLUSTER.type, "tokyo", {**CLUSTER.properties, "name": "tokyo"})
    second = replace(node_class(BY_TAG), name="second")
    found = pack.of_stack(*around(tokyo, node_class(UNKNOWN), second))
    assert [name for name, _ in found[SUBNETS]] == ["second"]


def test_a_node_class_whose_cluster_is_not_told_is_of_the_only_one(pack: Pack) -> None:
    assert SUBNETS in pack.of_stack(*around(replace(node_class(BY_TAG), provider="")))


def test_the_group_of_a_cluster_whose_name_is_not_known_yet_may_be_the_one(pack: Pack) -> None:
    unnamed = {**OWN.properties, "name": UNKNOWN}
    cluster = Resource(OWN.type, "cluster", unnamed, sources=CLUSTER_HERE.sources)
    for terms in (BY_TAG, [{"name": "eks-cluster-sg-demo-1"}]):
        assert set(pack.of_stack(*around(node_class(groups=terms), cluster=cluster))) == {"unknown"}


def test_default_tags_of_a_provider_do_not_get_to_the_clusters_group(pack: Pack) -> None:
    aws = Resource("pulumi:providers:aws", "aws", {"defaultTags": '{"tags":{"karpenter.sh/discovery":"demo"}}'})
    cluster = Resource(OWN.type, "cluster", OWN.properties, sources=CLUSTER_HERE.sources, provider="aws")
    assert GROUPS in pack.of_stack(*around(aws, node_class(groups=BY_TAG), cluster=cluster))


def test_a_tagged_group_counts_that_lets_nodes_and_control_plane_meet(pack: Pack) -> None:
    meeting = group(tags=DISCOVERY, ingress=OPEN, egress=OPEN)
    assert pack.of_stack(*around(meeting, node_class(groups=BY_TAG))) == {}
    ((_, kubelet), (_, out)) = pack.of_stack(*around(group(tags=DISCOVERY), node_class(groups=BY_TAG)))[GROUPS]
    assert "its nodes carry 'group' and not the cluster's own group" in kubelet
    assert "lets its nodes out on 443" in out
    assert pack.of_stack(*around(group(tags=DISCOVERY), tag("cluster"), node_class(groups=BY_TAG))) == {}


def test_a_group_whose_tags_are_not_known_yet_may_be_the_one(pack: Pack) -> None:
    found = pack.of_stack(*around(group(tags=UNKNOWN), node_class(groups=BY_TAG)))
    assert set(found) == {"unknown"}
    assert pack.of_stack(*around(group(tags=UNKNOWN), tag("cluster"), node_class(groups=BY_TAG))) == {}


@pytest.mark.parametrize("api", ["karpenter.k8s.aws/v1/EC2NodeClass", "eks.amazonaws.com/v1/NodeClass"])
@pytest.mark.parametrize(("key", "slug"), [("subnetSelectorTerms", SUBNETS), ("securityGroupSelectorTerms", GROUPS)])
def test_an_empty_list_of_tags_selects_whatever_is_there(api: str, key: str, slug: str, pack: Pack) -> None:
    version, _, kind = api.rpartition("/")
    spec = {key: [UNKNOWN, {"tags": {}}, {"id": UNKNOWN}]}
    said = {"apiVersion": version, "kind": kind, "spec": spec}
    (message,) = pack.refusals(f"kubernetes:{version}:{kind}", said)[slug]
    assert f"spec.{key}[1].tags: an empty list of tags selects whatever is there" in message
    assert "Select by id: {id: IDENTIFIER}" in message


def test_a_term_by_id_and_by_tags_is_taken_apart(pack: Pack) -> None:
    made = node_class([{"id": UNKNOWN, "tags": DISCOVERY}], [{"id": "sg-1", "name": "nodes"}])
    found = pack.refusals(made.type, made.properties)
    assert "spec.subnetSelectorTerms[0]: 'id' and 'tags' exclude one another" in found[SUBNETS][0]
    assert "spec.securityGroupSelectorTerms[0]: 'id' and 'name' exclude one another" in found[GROUPS][0]
