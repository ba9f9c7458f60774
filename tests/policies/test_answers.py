"""What a policy says of what its judges find and lack, in previews and over resources that no engine shows."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import pulumi_policy.policy as sdk
import pytest
from analyzing import TODAY, UNKNOWN, Resource, request, stack_request

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies import checking
from pokayoke_policies.policy import Rule
from pokayoke_policies.raw import UNKNOWN as NOT_TOLD
from pokayoke_policies.raw import stated
from pokayoke_policies.stack import Member, Shown, Stack

SLUG = "extended-support"
NATIVE, LIST = "aws-native:rds:DbInstance", "kubernetes:apps/v1:DeploymentList"
CLASS = Finding("instanceClass is old", "Set instanceClass.", SLUG)


def of_class(stack: Stack) -> Iterator[tuple[str, Finding]]:
    yield from ((urn, CLASS) for urn in stack.members)


def versioned(said: Mapping[str, Any]) -> Iterator[Finding]:
    stated(said, "version")
    yield Finding("there is a version", "Take it out.", SLUG)


def anything(_: Mapping[str, Any]) -> Iterator[Finding]:
    yield Finding("it is so", "Change it.", SLUG)


def served(rule: Rule) -> Any:
    return sdk._PolicyAnalyzerServicer("ours", "0", rule.policies(Shown(), TODAY), sdk.EnforcementLevel.MANDATORY)


def said_of(rule: Rule, kind: str, properties: Mapping[str, Any]) -> list[str]:
    """What is said of one resource in a preview."""
    answer = served(rule).Analyze(request(kind, properties), None)
    return [one.message.partition("\n")[2] or one.message for one in answer.diagnostics]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[checking.Found]]:
    """What a rule alone says of resources that no engine shows."""

    def check(rule: Rule, *members: Member) -> list[checking.Found]:
        def alone(_: date) -> tuple[Rule, ...]:
            return (rule,)

        monkeypatch.setattr(checking, "rules", alone)
        return list(checking.check(members, TODAY, whole=True))

    return check


def test_what_shows_between_native_resources_is_told_in_their_words(
    checked: Callable[..., list[checking.Found]],
) -> None:
    rule = Rule(SLUG, stack=(of_class,))
    (told,) = served(rule).AnalyzeStack(stack_request(Resource(NATIVE, "db")), None).diagnostics
    assert "dbInstanceClass is old" in told.message
    (found,) = checked(rule, Member("a", NATIVE, dict))
    assert found.message.startswith("dbInstanceClass is old")


@pytest.mark.parametrize(
    ("kind", "said"),
    [(LIST, {"items": UNKNOWN}), (LIST, {"items": [], "version": UNKNOWN})],
    ids=["objects", "property"],
)
def test_one_value_that_is_not_known_keeps_no_other_judge_from_speaking(kind: str, said: dict[str, Any]) -> None:
    rule = Rule(SLUG, {kind: (versioned, anything) if "version" in said else (anything,)}, {"apps/Deployment": ()})
    found, notice = sorted(said_of(rule, kind, said), key=lambda one: "can't run" in one)
    assert found.startswith("it is so")
    assert "can't run policy" in notice
    assert next(key for key, value in said.items() if value == UNKNOWN) in notice


def test_whether_a_resource_is_protected_is_asked_of_each(checked: Callable[..., list[checking.Found]]) -> None:
    def kept(_: Mapping[str, Any], /, *, protected: bool) -> Iterator[Finding]:
        yield Finding(f"protected: {protected}", "", SLUG)

    members = [Member(urn, NATIVE, dict, **more) for urn, more in (("a", {}), ("b", {"protected": True}))]
    found = checked(Rule(SLUG, protection={NATIVE: kept}), *members)
    assert [(one.urn, one.message.partition(" [")[0]) for one in found] == [
        ("a", "protected: False"),
        ("b", "protected: True"),
    ]


def test_what_is_lacking_is_said_of_each_resource_and_the_rest_is_judged(
    checked: Callable[..., list[checking.Found]],
) -> None:
    rule = Rule(SLUG, {LIST: (versioned, anything)}, {"apps/Deployment": (anything,)})
    items = [{"apiVersion": "apps/v1", "kind": "Deployment"}]
    found = checked(
        rule,
        Member("a", LIST, lambda: {"version": NOT_TOLD, "items": NOT_TOLD}),
        Member("b", LIST, lambda: {"version": "1", "items": items}),
    )
    assert [(one.urn, one.judged, one.message.partition(" [")[0]) for one in found] == [
        ("a", False, "version is not told"),
        ("a", True, "it is so"),
        ("a", False, "items is not told"),
        ("b", True, "there is a version"),
        ("b", True, "it is so"),
        ("b", True, "items[0]: it is so"),
    ]


def test_each_resource_is_judged_by_what_it_says_itself(checked: Callable[..., list[checking.Found]]) -> None:
    def named(said: Mapping[str, Any]) -> Iterator[Finding]:
        yield Finding(f"named {said['name']}", "", SLUG)

    members = [Member(urn, NATIVE, lambda urn=urn: {"name": urn}) for urn in ("a", "b")]
    found = checked(Rule(SLUG, {NATIVE: (named,)}), *members)
    assert [one.message.partition(" [")[0] for one in found] == ["named a", "named b"]
