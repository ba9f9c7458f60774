"""The policy `subnet-ip-exhaustion`."""

import json
from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, obj, release
from judging import refused
from networks import VPC, association, route, subnet, table

SLUG = "subnet-ip-exhaustion"
KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
SMALL = "10.0.1.0/28"


TYPE = "node.kubernetes.io/instance-type"
VERY_LARGE = {"key": TYPE, "operator": "In", "values": ["m7g.16xlarge"]}
"""Of which one alone keeps fifty addresses."""
SMALL_OR_LARGE = (
    {"key": TYPE, "operator": "In", "values": ["m7g.large"]},
    {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["t4g"]},
    {"key": "karpenter.k8s.aws/instance-cpu", "operator": "In", "values": ["2"]},
)
"""Of which the listed type counts, not smaller ones of the family."""
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
OTHER = (
    Resource(CLUSTER.type, "other", {**CLUSTER.properties, "name": "other"}),
    Resource("pulumi:providers:kubernetes", "far", after=("other",)),
)
"""A second cluster, and the way into it."""


def judged(*resources: Resource) -> set[str]:
    return refused(*resources).get(SLUG, set())


def network(cidr: Any = SMALL, **said: Any) -> tuple[Resource, ...]:
    return VPC, subnet(cidrBlock=cidr, **said), table(), association(), route()


def group(most: Any = 3, name: str = "group", subnets: tuple[str, ...] = ("private",), **said: Any) -> Resource:
    content = {
        "clusterName": "demo",
        "subnetIds": [UNKNOWN] * len(subnets),
        "instanceTypes": ["m7i.large"],
        "amiType": "AL2023_x86_64_STANDARD",
        "scalingConfig": {"minSize": 1, "maxSize": most, "desiredSize": 1},
        **said,
    }
    sources = {"clusterName": "cluster", "subnetIds": subnets}
    return Resource("aws:eks/nodeGroup:NodeGroup", name, content, sources=sources)


def pool(requirements: Any = None, limits: Any = None, **spec: Any) -> list[Resource]:
    listed = [{"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["m7g.large"]}]
    reference = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "class"}
    template = {"spec": {"requirements": requirements or listed, "nodeClassRef": reference}}
    said = {"template": template, "limits": limits or {"cpu": "32"}, **spec}
    of_class = {"subnetSelectorTerms": [{"id": "subnet-1"}], "role": "nodes"}
    return [
        KINDS,
        obj("class", "EC2NodeClass", "kinds", api="karpenter.k8s.aws/v1", spec=of_class),
        obj("pool", "NodePool", "kinds", api="karpenter.sh/v1", spec=said),
    ]


def cni(of: str = "cluster", **env: Any) -> Resource:
    said = {"clusterName": "demo", "addonName": "vpc-cni", "configurationValues": json.dumps({"env": env})}
    return Resource("aws:eks/addon:Addon", "cni", said, sources={"clusterName": of})


def test_more_nodes_than_a_subnet_has_addresses_for_are_refused(pack: Pack) -> None:
    """Each m7i.large keeps the ten addresses of an interface."""
    found = pack.of_stack(CLUSTER, *network(), group())
    ((name, message),) = found.pop(SLUG)
    assert name == "group"
    assert message.startswith("subnetIds: its subnets have 11 addresses, and the 3 nodes that may come there keep 30")
    assert "Take subnets of /26" in message
    assert found == {}


@pytest.mark.parametrize(
    ("cidr", "most", "full"),
    [
        ("10.0.1.0/24", 25, False),
        ("10.0.1.0/24", 26, True),
        ("10.0.1.0/24", "26", True),
        ("10.0.1.0/24", 26.0, True),
        (SMALL, 1, False),
        (SMALL, 2, True),
        (None, 50, False),
        ("10.0.1.5/28", 2, True),
        ("what", 50, False),
    ],
)
def test_ranges_are_measured_against_the_most_nodes(cidr: Any, most: Any, full: bool, pack: Pack) -> None:
    assert (SLUG in pack.of_stack(CLUSTER, *network(cidr), group(most))) == full


def test_groups_that_share_subnets_are_counted_together(pack: Pack) -> None:
    first, second = group(13, "first"), group(13, "second")
    assert pack.of_stack(CLUSTER, *network("10.0.1.0/24"), first) == {}
    assert len(pack.of_stack(CLUSTER, *network("10.0.1.0/24"), first, second)[SLUG]) == 1
    other = (subnet("b", cidrBlock="10.0.2.0/24"), association("b"))
    wide = group(13, "wide", subnets=("private", "b"))
    assert pack.of_stack(CLUSTER, *network("10.0.1.0/24"), *other, first, wide) == {}


@pytest.mark.parametrize(
    ("around", "full"),
    [
        ((cni(),), True),
        ((cni(ENABLE_PREFIX_DELEGATION="true"),), True),
        ((cni(MINIMUM_IP_TARGET="2", WARM_IP_TARGET="1"),), False),
        ((cni(AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG="true"),), False),
        ((cni(AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG="false"),), True),
        ((release("cilium", "cilium"),), False),
        ((release("cni", "aws-vpc-cni", values={"env": {"WARM_IP_TARGET": "1"}}),), False),
    ],
    ids=["default", "blocks", "few", "elsewhere", "not-elsewhere", "cilium", "chart"],
)
def test_the_network_plugins_settings_count(around: tuple[Resource, ...], full: bool, pack: Pack) -> None:
    assert (SLUG in pack.of_stack(*IN_CLUSTER, *network(), group(), *around)) == full


def test_in_ipv6_a_node_takes_one_address(pack: Pack) -> None:
    ipv6 = {**CLUSTER.properties, "kubernetesNetworkConfig": {"ipFamily": "ipv6"}}
    cluster = Resource(CLUSTER.type, "cluster", ipv6)
    assert pack.of_stack(cluster, *network(), group()) == {}
    assert SLUG in pack.of_stack(cluster, *network(), group(12))


@pytest.mark.parametrize(
    ("said", "full"),
    [
        ({}, True),
        ({"limits": {"cpu": "2"}}, False),
        ({"limits": {"cpu": 2, "memory": "1Ti"}}, False),
        ({"limits": {"cpu": "4000m"}}, True),
        ({"limits": {"memory": "8Gi"}}, False),
        ({"limits": {"cpu": "2"}, "replicas": 5}, True),
        (
            {
                "requirements": [
                    {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["m7g"]},
                    {"key": "karpenter.k8s.aws/instance-cpu", "operator": "In", "values": ["2", "4"]},
                ]
            },
            True,
        ),
        ({"requirements": [{"key": "karpenter.k8s.aws/instance-cpu", "operator": "In", "values": ["2"]}]}, False),
        ({"limits": {"cpu": "32", "memory": "8Gi"}}, False),
        ({"requirements": [*SMALL_OR_LARGE], "limits": {"cpu": "4"}}, True),
        ({"requirements": [VERY_LARGE], "limits": {"cpu": "64"}}, True),
        ({"requirements": [VERY_LARGE], "limits": {"cpu": "2"}}, False),
        ({"requirements": [VERY_LARGE], "replicas": 0}, False),
        ({"requirements": [VERY_LARGE], "limits": {"nodes": "5"}}, False),
        ({"requirements": [{**VERY_LARGE, "operator": "NotIn"}], "limits": {"cpu": "64"}}, False),
    ],
    ids=str,
)
def test_a_pools_limits_say_how_many_nodes_may_come(said: Any, full: bool, pack: Pack) -> None:
    assert (SLUG in pack.of_stack(*IN_CLUSTER, *network(id="subnet-1"), *pool(**said))) == full


def test_subnets_of_others_are_not_judged(pack: Pack) -> None:
    theirs = Resource(group().type, "group", {**group(50).properties, "subnetIds": ["subnet-9"]})
    assert pack.of_stack(CLUSTER, *network(), theirs) == {}
    mixed = group(50)
    mixed = Resource(
        mixed.type, "group", {**mixed.properties, "subnetIds": [UNKNOWN, "subnet-9"]}, sources=mixed.sources
    )
    assert pack.of_stack(CLUSTER, *network(), mixed) == {}


def test_what_cannot_be_told_is_said_and_the_rest_is_judged(pack: Pack) -> None:
    assert set(pack.of_stack(CLUSTER, *network(UNKNOWN), group())) == {"unknown"}
    assert set(pack.of_stack(CLUSTER, *network(), group(UNKNOWN))) == {"unknown"}
    assert set(pack.of_stack(CLUSTER, *network(), group(UNKNOWN, "unknown"), group())) == {SLUG, "unknown"}


def test_only_the_fewest_subnets_that_are_full_are_told() -> None:
    around = (CLUSTER, *network(), *(subnet(name, cidrBlock=SMALL) for name in ("b", "c", "d")))
    first, wide = group(20, "z"), group(30, "a", subnets=("private", "b"))
    assert judged(*around, first, wide, group(20, "m", subnets=("c", "d"))) == {"z", "m"}
    # The one that needs most is told.
    assert judged(*around, group(2, "z"), group(1, "a"), group(1, "b")) == {"z"}


def test_subnets_out_of_a_component_may_be_more_than_are_told() -> None:
    around = (CLUSTER, *network(), Resource("example:index:Network", "holder"))
    inside = replace(subnet("b", cidrBlock=SMALL), parent="holder")
    assert judged(*around, inside, group(20, subnets=("private", "holder"))) == set()
    assert judged(*around, inside, group(20, "z"), group(20, "a", subnets=("private", "holder"))) == {"z"}


def test_groups_that_tell_nothing_keep_no_other_from_being_judged() -> None:
    lost = Resource(group().type, "a", {**group(50).properties, "subnetIds": ["subnet-9"]})
    assert judged(CLUSTER, *network(), lost, group(UNKNOWN, "b"), group(20, "c")) == {"c"}


@pytest.mark.parametrize(
    ("said", "most", "full"),
    [
        ({"instanceType": "m7i.16xlarge"}, 1, True),
        ({"instanceType": "m7i.16xlarge"}, None, False),
        ({"instanceType": "m7i.16xlarge"}, 0, False),
        ({"imageId": "ami-1"}, 1, False),
        ({"imageId": "ami-1"}, 2, True),
    ],
    ids=["template", "no-most", "none", "default", "two-of-the-default"],
)
def test_the_type_in_a_launch_template_counts(said: Any, most: Any, full: bool) -> None:
    template = Resource(TEMPLATE, "template", {"id": "lt-1", **said})
    one = group(most, instanceTypes=None, launchTemplate={"id": "lt-1"})
    assert judged(CLUSTER, *network(), template, one) == ({"group"} if full else set())


def test_a_pools_class_is_found_by_name_in_its_own_cluster() -> None:
    kinds, own, made = pool()
    around = (*IN_CLUSTER, *OTHER, *network(id="subnet-1"), kinds, own, made)
    far = replace(own, name="far-class", provider="far")
    named = {**own.properties, "metadata": {"name": "second"}}
    assert (
        judged(*around) == judged(*around, far) == judged(*around, replace(own, name="b", properties=named)) == {"pool"}
    )
    assert judged(*around, replace(own, name="twin")) == set()


def test_a_class_that_may_take_other_subnets_too_is_not_judged() -> None:
    kinds, own, made = pool()
    terms = {"subnetSelectorTerms": [{"id": "subnet-1"}, {"id": "subnet-9"}], "role": "nodes"}
    wider = replace(own, properties={**own.properties, "spec": terms})
    assert judged(*IN_CLUSTER, *network(id="subnet-1"), kinds, wider, made) == set()


def test_pools_of_others_are_not_karpenters() -> None:
    kinds, own, made = pool()
    other = replace(made, type="kubernetes:example.com/v1:NodePool")
    assert judged(*IN_CLUSTER, *network(id="subnet-1"), kinds, own, other) == set()


def test_a_pool_in_an_ipv6_cluster_takes_one_address_a_node() -> None:
    ipv6 = replace(CLUSTER, properties={**CLUSTER.properties, "kubernetesNetworkConfig": {"ipFamily": "ipv6"}})
    around = (ipv6, *IN_CLUSTER[1:], *network(id="subnet-1"))
    assert judged(*around, *pool(limits={"cpu": "8"})) == set()
    assert judged(*around, *pool(limits={"cpu": "24"})) == {"pool"}


def test_another_clusters_plugin_is_not_this_ones() -> None:
    around = (*IN_CLUSTER, *OTHER, *network(), group())
    few = release("cni", "aws-vpc-cni", values={"env": {"WARM_IP_TARGET": "1"}})
    for other in (release("cilium", "cilium"), few):
        assert judged(*around, other) == set()
        assert judged(*around, replace(other, provider="far")) == {"group"}
    assert judged(*around, cni("other", WARM_IP_TARGET="1")) == {"group"}


@pytest.mark.parametrize(
    ("said", "full"),
    [(UNKNOWN, False), ("no: {json", True), (None, True), (json.dumps({"env": {"WARM_IP_TARGET": "1"}}), False)],
    ids=["not-known", "not-json", "none", "json"],
)
def test_the_configuration_of_the_plugin_is_read_as_json(said: Any, full: bool) -> None:
    one = cni()
    made = replace(one, properties={**one.properties, "configurationValues": said})
    assert judged(CLUSTER, *network(), group(), made) == ({"group"} if full else set())
    other = replace(one, properties={**one.properties, "addonName": "coredns", "configurationValues": said})
    assert judged(CLUSTER, *network(), group(), other) == {"group"}


def test_a_group_whose_cluster_is_not_told_is_judged_by_what_there_is() -> None:
    lost = replace(group(), sources={"subnetIds": ("private",)})
    assert judged(CLUSTER, *network(), replace(lost, properties={**lost.properties, "clusterName": "gone"})) == {
        "group"
    }


def test_pools_that_preview_cannot_tell_keep_no_others_from_being_judged(pack: Pack) -> None:
    kinds, own, made = pool()
    unknown = pool([{**VERY_LARGE, "values": [UNKNOWN]}])[2]
    around = (*IN_CLUSTER, *network(id="subnet-1"), kinds, own)
    found = pack.of_stack(*around, replace(unknown, name="a"), replace(made, name="b"))
    assert ([name for name, _ in found[SLUG]], "unknown" in found) == (["b"], True)
    assert found[SLUG][0][1].startswith("spec.limits: its subnets have")


def test_variables_of_other_charts_are_not_the_plugins() -> None:
    other = release("app", "app", values={"env": {"WARM_IP_TARGET": "1"}})
    assert judged(*IN_CLUSTER, *network(), group(), other) == {"group"}
