"""What a rule asks of one resource: which judges, where, of what; and of what nobody looks at, nothing is read."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.objects import RELEASE
from pokayoke_policies.policy import EVERY_KIND, Configured, Rule, questions
from pokayoke_policies.raw import UNKNOWN, NotKnownError

VPC, NATIVE, POD = "aws:ec2/vpc:Vpc", "aws-native:ec2:Vpc", "kubernetes:core/v1:Pod"
DEPLOYMENT, LIST = "kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:DeploymentList"
PATCH = f"{DEPLOYMENT}Patch"
BOTH = {"apiVersion": "apps/v1", "kind": "Deployment"}


def named(name: str) -> Callable[[Mapping[str, Any]], Iterator[Finding]]:
    def judge(said: Mapping[str, Any]) -> Iterator[Finding]:
        yield Finding(f"{name} sees {sorted(said.items())}", "Change it.", name)

    return judge


def kept(said: Mapping[str, Any], /, *, protected: bool) -> Iterator[Finding]:
    yield Finding(f"kept, {protected}, sees {sorted(said.items())}", "Change it.", "kept")


def asked(rule: Rule, kind: str, said: Mapping[str, Any], protected: bool = False) -> list[str]:
    """What each judge that is asked sees, and where."""
    found = questions(rule, rule.of_type(kind), kind, lambda: said, protected=protected)
    return [f"{place}{finding.problem}" for place, judge, seen in found for finding in judge(seen)]


EACH = (named("each"),)
OTHER = (named("other"),)
ID, SAME = "[('id', 'vpc-1')]", "[('vpcId', 'vpc-1')]"
ONE = str(sorted(BOTH.items()))


@pytest.mark.parametrize(
    ("rule", "kind", "said", "seen"),
    [
        (Rule("a", {VPC: EACH, "aws": OTHER}), VPC, {"id": "vpc-1"}, [f"each sees {ID}", f"other sees {ID}"]),
        (Rule("a", {VPC: EACH}), NATIVE, {"vpcId": "vpc-1"}, [f"each sees {ID}"]),
        (Rule("a", {VPC: EACH, NATIVE: OTHER}), NATIVE, {"vpcId": "vpc-1"}, [f"other sees {SAME}"]),
        (
            Rule("a", {VPC: EACH, "aws-native": OTHER}, protection={NATIVE: kept}),
            NATIVE,
            {"vpcId": "vpc-1"},
            [f"each sees {ID}", f"kept, False, sees {SAME}", f"other sees {SAME}"],
        ),
        (Rule("a", kinds={"apps/Deployment": EACH}), DEPLOYMENT, BOTH, [f"each sees {ONE}"]),
        (Rule("a", kinds={"apps/Deployment": EACH, EVERY_KIND: OTHER}), POD, {}, ["other sees []"]),
        (
            Rule("a", kinds={"apps/Deployment": EACH, EVERY_KIND: OTHER}),
            LIST,
            {"items": [BOTH]},
            [f"items[0]: each sees {ONE}", f"items[0]: other sees {ONE}"],
        ),
        (
            Rule("a", kinds={"apps/Deployment": EACH}),
            RELEASE,
            {"values": {"extraObjects": [BOTH]}},
            [f"values.extraObjects[0]: each sees {ONE}"],
        ),
        (Rule("a", {PATCH: OTHER}, kinds={"apps/Deployment": EACH}), PATCH, {}, ["other sees []"]),
        (Rule("a", kinds={"apps/Deployment": EACH}, patches={"apps/Deployment"}), PATCH, {}, ["each sees []"]),
        (
            Rule("a", kinds={"apps/Deployment": EACH, EVERY_KIND: OTHER}, patches={"apps/Deployment"}),
            PATCH,
            {},
            ["each sees []", "other sees []"],
        ),
    ],
    ids=[
        *("type-and-package", "native", "native-by-itself", "native-and-more", "object", "any-object", "list"),
        *("release", "patch-by-its-type", "patch", "patch-and-any"),
    ],
)
def test_every_judge_of_a_resource_is_asked_in_its_own_words(
    rule: Rule, kind: str, said: dict[str, Any], seen: list[str]
) -> None:
    assert asked(rule, kind, said) == seen
    assert Configured(rule).asks(kind)


@pytest.mark.parametrize("protected", [True, False])
def test_who_minds_protection_is_told_of_it(protected: bool) -> None:
    assert asked(Rule("a", protection={VPC: kept}), VPC, {}, protected) == [f"kept, {protected}, sees []"]


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (Rule("a", {VPC: EACH}), "aws:ec2/subnet:Subnet"),
        (Rule("a", {VPC: EACH}), "aws-native:ec2:Subnet"),
        (Rule("a", protection={VPC: kept}), NATIVE),
        (Rule("a", kinds={"apps/Deployment": EACH}), POD),
        (Rule("a", kinds={"apps/Deployment": EACH}), PATCH),
        (Rule("a", kinds={EVERY_KIND: EACH}), VPC),
        (Rule("a", {VPC: EACH}), LIST),
    ],
    ids=["type", "native", "protection", "object", "patch", "no-object", "list"],
)
def test_of_what_no_judge_looks_at_nothing_is_read(rule: Rule, kind: str) -> None:
    assert not Configured(rule).asks(kind)
    assert asked(rule, kind, {"items": UNKNOWN}) == []


def test_what_is_known_is_asked_before_it_shows_that_objects_are_not() -> None:
    rule = Rule("a", {LIST: EACH}, kinds={"apps/Deployment": OTHER})
    found = questions(rule, rule.of_type(LIST), LIST, lambda: {"items": UNKNOWN}, protected=False)
    assert next(found)[1] is EACH[0]
    with pytest.raises(NotKnownError):
        next(found)
