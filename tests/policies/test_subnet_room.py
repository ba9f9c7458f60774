"""The policy `subnet-ip-exhaustion`."""

import json
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, obj, release
from networks import VPC, association, route, subnet, table

SLUG = "subnet-ip-exhaustion"
KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
SMALL = "10.0.1.0/28"


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


def cni(**env: Any) -> Resource:
    said = {"clusterName": "demo", "addonName": "vpc-cni", "configurationValues": json.dumps({"env": env})}
    return Resource("aws:eks/addon:Addon", "cni", said, sources={"clusterName": "cluster"})


def test_more_nodes_than_a_subnet_has_addresses_for_are_refused(pack: Pack) -> None:
    """Each m7i.large keeps the ten addresses of an interface."""
    found = pack.of_stack(CLUSTER, *network(), group())
    ((name, message),) = found.pop(SLUG)
    assert name == "group"
    assert "its subnets have 11 addresses, and the 3 nodes that may come there keep 30 at least" in message
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
