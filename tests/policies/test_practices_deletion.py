"""What is asked of what is to be kept: that its service refuses to delete it, too."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack

from pokayoke_policies.practices.deletion import RULES

CLUSTER, DATABASE = "aws:eks/cluster:Cluster", "aws:dsql/cluster:Cluster"
OF_CLUSTER, OF_DATABASE = "eks-deletion-protected", "dsql-deletion-protected"
KINDS = pytest.mark.parametrize(
    ("kind", "slug", "key"),
    [(CLUSTER, OF_CLUSTER, "deletionProtection"), (DATABASE, OF_DATABASE, "deletionProtectionEnabled")],
)


@pytest.fixture
def pack() -> Pack:
    """With the settings that are the default, stated: so the rule is made anew."""
    pack = Pack()
    pack.configure(OF_CLUSTER, "ADVISORY", {"always": False})
    pack.configure(OF_DATABASE, "ADVISORY", {"always": False})
    return pack


def told(pack: Pack, slug: str, kind: str, *, protect: bool = True, **said: Any) -> list[str]:
    return [message.partition(";")[0] for message in pack.advice(kind, said, protect=protect).get(slug, [])]


@KINDS
def test_what_pulumi_protects_its_service_protects(pack: Pack, kind: str, slug: str, key: str) -> None:
    assert told(pack, slug, kind) == [f"{key}: it is left out, which means false"]
    assert told(pack, slug, kind, **{key: "false"}) == [f"{key}: it is off"]
    assert told(pack, slug, kind, **{key: "true"}) == []
    assert told(pack, slug, kind, protect=False) == []


@KINDS
def test_it_may_be_asked_of_all(kind: str, slug: str, key: str) -> None:
    pack = Pack()
    pack.configure(slug, "ADVISORY", {"always": True})
    assert told(pack, slug, kind, protect=False) == [f"{key}: it is left out, which means false"]
    assert told(pack, slug, kind, protect=False, **{key: True}) == []


def test_a_forced_deletion_takes_the_protection_off(pack: Pack) -> None:
    said = {"deletionProtectionEnabled": True, "forceDestroy": "true"}
    assert told(pack, OF_DATABASE, DATABASE, **said) == ["forceDestroy: it is on, which takes the protection off"]
    assert told(pack, OF_DATABASE, DATABASE, **{**said, "forceDestroy": False}) == []


@KINDS
def test_what_is_not_known_is_said(pack: Pack, kind: str, slug: str, key: str) -> None:
    found = pack.advice(kind, {key: UNKNOWN}, protect=True)
    assert slug not in found
    assert slug in found["unknown"]


@KINDS
def test_a_rule_that_was_set_may_be_set_again(kind: str, slug: str, key: str) -> None:
    (stated,) = (one for one in RULES if one.slug == slug)
    judge = stated.under({}).under({"always": True}).protection[kind]
    assert not list(judge({key: True}, protected=False))
    assert [str(one).partition(":")[0] for one in judge({}, protected=False)] == [key]
