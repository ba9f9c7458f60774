"""Which Kubernetes objects a resource brings, and where in it they stand."""

from typing import Any

import pytest

from pokayoke_policies.objects import in_resource, may_hold
from pokayoke_policies.raw import UNKNOWN, NotKnownError

RELEASE = "kubernetes:helm.sh/v3:Release"
POD = {"apiVersion": "v1", "kind": "Pod"}
DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment"}


@pytest.mark.parametrize(
    ("kind", "properties", "found"),
    [
        ("kubernetes:apps/v1:Deployment", {}, [("", "apps/Deployment")]),
        ("kubernetes:core/v1:Pod", POD, [("", "core/Pod")]),
        (
            "kubernetes:core/v1:List",
            {"items": [POD, DEPLOYMENT]},
            [("items[0]", "core/Pod"), ("items[1]", "apps/Deployment")],
        ),
        ("kubernetes:apps/v1:DeploymentList", {"items": [{}]}, [("items[0]", "apps/Deployment")]),
        ("kubernetes:apps/v1:DeploymentList", {"items": "x"}, []),
        ("kubernetes:yaml/v2:ConfigFile", DEPLOYMENT, []),
        ("kubernetes:kustomize/v2:Directory", DEPLOYMENT, []),
        ("kubernetes:helm.sh/v4:Chart", {"values": {"a": POD}}, []),
        ("aws:ec2/vpc:Vpc", POD, []),
        (RELEASE, {"values": {"kind": "DaemonSet", "extra": [POD, "x"]}}, [("values.extra[0]", "core/Pod")]),
        (RELEASE, {"values": {"apiVersion": "v1", "a": {"b": DEPLOYMENT}}}, [("values.a.b", "apps/Deployment")]),
        (RELEASE, {"values": {"a": {**POD, "inner": DEPLOYMENT}}}, [("values.a", "core/Pod")]),
        (RELEASE, {"values": UNKNOWN}, []),
    ],
    ids=[
        *("object", "core", "list", "typed-list", "no-list", "yaml", "kustomize", "chart", "aws"),
        *("kind-alone", "version-alone", "whole", "later"),
    ],
)
def test_objects_are_found_with_their_place_and_kind(
    kind: str, properties: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    told = [(one.place.removesuffix(": "), one.key) for one in in_resource(kind, properties)]
    assert told == found
    assert all(one.content.get("kind") in (None, one.key.rpartition("/")[2]) for one in in_resource(kind, properties))


def test_what_is_known_of_a_list_is_found_before_it_is_said_that_the_rest_is_not() -> None:
    told = in_resource("kubernetes:core/v1:List", {"items": [UNKNOWN, POD]})
    assert next(told).content == POD
    with pytest.raises(NotKnownError, match=r"^items$"):
        next(told)


@pytest.mark.parametrize(
    ("kind", "kinds", "may"),
    [
        ("kubernetes:apps/v1:Deployment", None, True),
        ("kubernetes:apps/v1:Deployment", {"apps/Deployment"}, True),
        ("kubernetes:apps/v1:Deployment", {"core/Pod"}, False),
        ("kubernetes:core/v1:List", {"core/Pod"}, True),
        (RELEASE, {"core/Pod"}, True),
        ("kubernetes:helm.sh/v4:Chart", {"core/Pod"}, False),
        ("aws:ec2/vpc:Vpc", None, False),
        ("aws:ec2/vpc:Vpc", {"core/Pod"}, False),
    ],
)
def test_a_resource_is_looked_into_where_it_may_hold_what_is_asked_for(
    kind: str, kinds: set[str] | None, may: bool
) -> None:
    assert may_hold(kind, kinds) is may
