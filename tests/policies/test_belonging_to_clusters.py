"""What belongs to which cluster of a stack, and who is associated with what there."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Resource
from judging import members

from pokayoke_policies.eks import associations, cluster_behind, cluster_of, label, may_be_same, of_cluster
from pokayoke_policies.raw import UNKNOWN as LATER
from pokayoke_policies.stack import Stack

CLUSTER, ADDON = "aws:eks/cluster:Cluster", "aws:eks/addon:Addon"
SEOUL, TOKYO = (Resource("pulumi:providers:aws", name) for name in ("seoul", "tokyo"))
ONE = Resource(CLUSTER, "one", {"name": "demo"}, provider="seoul")
TWO = Resource(CLUSTER, "two", {"name": "other"}, provider="tokyo")
TWIN = replace(TWO, properties={"name": "demo"})
HOLDER = Resource("my:index:Holder", "holder")


def addon(named: Any = "demo", **said: Any) -> Resource:
    return Resource(ADDON, "addon", {"clusterName": named}, **said)


@pytest.mark.parametrize(
    ("around", "named", "found"),
    [
        ((ONE, TWO), addon(), "one"),
        ((ONE, TWO), addon(UNKNOWN, sources={"clusterName": "two"}), "two"),
        ((ONE, TWO), addon("demo", sources={"clusterName": "two"}), "two"),
        ((ONE, TWO), addon("demo", sources={"clusterName": ("one", "two")}), "one"),
        ((HOLDER, replace(ONE, parent="holder"), TWO), addon(UNKNOWN, sources={"clusterName": "holder"}), "one"),
        ((ONE, TWIN), addon(provider="tokyo"), "two"),
        ((ONE, TWIN), addon(provider="seoul"), "one"),
        ((ONE, TWIN), addon(), None),
        ((ONE, TWO), addon(provider="tokyo"), "one"),
        ((ONE, TWO), addon("third"), None),
        ((ONE, TWO), addon(UNKNOWN), None),
        ((ONE, replace(TWO, properties={"name": UNKNOWN})), addon(["demo"]), None),
    ],
    ids=[
        *("name", "source", "source-first", "two-sources", "component", "provider", "other-provider", "either"),
        *("elsewhere", "foreign", "later", "malformed"),
    ],
)
def test_the_cluster_that_a_resource_names_is_told_as_far_as_it_is_sure(
    around: tuple[Resource, ...], named: Resource, found: str | None
) -> None:
    stack = Stack(members((SEOUL, TOKYO, *around, named)))
    (member,) = stack.of_type(ADDON)
    cluster = cluster_of(stack, member)
    assert (label(cluster) if cluster else None) == found
    beside = [[one.urn for one in of_cluster(stack, ADDON, other.urn)] for other in stack.of_type(CLUSTER)]
    assert beside == [[member.urn] if found in (None, name) else [] for name in ("one", "two")]


def test_the_cluster_behind_a_provider_is_the_only_one() -> None:
    providers = [
        Resource("pulumi:providers:kubernetes", name, after=after)
        for name, after in (("a", ("one",)), ("b", ("one", "two")), ("c", ()))
    ]
    stack = Stack(members((SEOUL, TOKYO, ONE, TWO, *providers)))
    urns = {label(urn): urn for urn in stack.members}
    assert [cluster_behind(stack, urns[name]) for name in ("a", "b", "c")] == [urns["one"], None, None]
    assert cluster_behind(stack, None) is None


def test_what_is_not_told_may_be_of_any_cluster() -> None:
    told = [may_be_same(one, other) for one, other in (("a", "a"), ("a", "b"), (None, "b"), ("a", None))]
    assert told == [True, False, True, True]


def test_associations_come_by_themselves_and_with_addons() -> None:
    kind = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    said = {"clusterName": "demo", "namespace": "shop", "serviceAccount": "app"}
    given = [{"serviceAccount": "aws-node"}, UNKNOWN, {"roleArn": "x"}]
    cni = {"clusterName": "demo", "addonName": "vpc-cni", "podIdentityAssociations": given}
    own = replace(addon(), name="own", properties={**cni, "addonName": "mine", "podIdentityAssociations": given[:1]})
    made = (SEOUL, ONE, Resource(kind, "app", said), replace(addon(), properties=cni), own)
    stack = Stack(members(made))
    told = [
        (label(one.member.urn), one.namespace, one.account, one.of_addon, one.is_known) for one in associations(stack)
    ]
    assert told == [
        ("app", "shop", "app", False, True),
        ("addon", "kube-system", "aws-node", True, True),
        ("addon", "kube-system", LATER, True, False),
        ("addon", "kube-system", None, True, False),
        ("own", None, "aws-node", True, False),
    ]
    assert {one.cluster for one in associations(stack)} == {f"urn:pulumi:s::p::{CLUSTER}::one"}
