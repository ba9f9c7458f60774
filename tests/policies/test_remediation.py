"""Level `remediate`: what it changes, what it leaves alone, and what is said where it changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pulumi_policy.policy as sdk
import pytest
from analyzing import TODAY, UNKNOWN, request
from google.protobuf import json_format
from pulumi.runtime import proto
from remedying import (
    BUCKET,
    CLUSTER,
    DISPOSABLE,
    FILE,
    FILES,
    MENDABLE,
    MENDED,
    NATIVE,
    REPOSITORY,
    ROLE,
    SECRET,
    SIG,
    TEAM,
    GivenUpError,
    Served,
)

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.analyzer import Analyzer, install
from pokayoke_policies.pack import policies
from pokayoke_policies.policy import Rule
from pokayoke_policies.raw import UNKNOWN as NOT_KNOWN
from pokayoke_policies.raw import stated
from pokayoke_policies.stack import Shown

SUPPORT: dict[str, dict[str, Any]] = {"extended_support": {}}
EMPTYING: dict[str, dict[str, Any]] = {"registry_not_empty": {}, "state_bucket_not_empty": {}}
SCANNING: dict[str, dict[str, Any]] = {"registry_scans_images": {}}
TAGGING: dict[str, dict[str, Any]] = {"resources_tagged": TEAM}
MENDS = [
    ("support-left-out", SUPPORT, CLUSTER, {"version": "1.36"}, MENDED),
    (
        "support-extended",
        SUPPORT,
        CLUSTER,
        {"version": "1.36", "upgradePolicy": {"supportType": "EXTENDED", "x": SECRET}},
        {"version": "1.36", "upgradePolicy": {"supportType": "STANDARD", "x": SECRET}},
    ),
    ("support-native", SUPPORT, "aws-native:eks:Cluster", {"version": "1.36"}, MENDED),
    ("support-none", SUPPORT, CLUSTER, {"version": "1.36", "upgradePolicy": None}, MENDED),
    ("registry", EMPTYING, REPOSITORY, DISPOSABLE, {**DISPOSABLE, "forceDelete": True}),
    ("registry-off", EMPTYING, REPOSITORY, {**DISPOSABLE, "forceDelete": "false"}, {**DISPOSABLE, "forceDelete": True}),
    (
        "registry-by-provider",
        EMPTYING,
        REPOSITORY,
        {"tagsAll": {"lifecycle": "disposable"}, "tags": {"a": "b"}},
        {"tagsAll": {"lifecycle": "disposable"}, "tags": {"a": "b"}, "forceDelete": True},
    ),
    (
        "registry-native",
        EMPTYING,
        NATIVE,
        {"tags": [{"key": "a", "value": "b"}, {"key": "lifecycle", "value": "disposable"}]},
        {"tags": [{"key": "a", "value": "b"}, {"key": "lifecycle", "value": "disposable"}], "emptyOnDelete": True},
    ),
    ("bucket", EMPTYING, BUCKET, DISPOSABLE, {**DISPOSABLE, "forceDestroy": True}),
    (
        "bucket-of-own-tags",
        {"state_bucket_not_empty": {"disposable": {"a": "b", "c": "d"}}},
        BUCKET,
        {"tags": {"a": "b", "c": "d", "e": "f"}},
        {"tags": {"a": "b", "c": "d", "e": "f"}, "forceDestroy": True},
    ),
    ("scan-left-out", SCANNING, REPOSITORY, {}, {"imageScanningConfiguration": {"scanOnPush": True}}),
    (
        "scan-off",
        SCANNING,
        NATIVE,
        {"imageScanningConfiguration": {"scanOnPush": False}},
        {"imageScanningConfiguration": {"scanOnPush": True}},
    ),
    ("tags", TAGGING, ROLE, {"name": "x"}, {"name": "x", "tags": {"team": "shop"}}),
    ("tags-some", TAGGING, ROLE, {"tags": {"a": SECRET}}, {"tags": {"a": SECRET, "team": "shop"}}),
    ("tags-none", TAGGING, ROLE, {"tags": {"team": None}}, {"tags": {"team": "shop"}}),
    (
        "tags-with-defaults",
        {"resources_tagged": {"tags": {"team": "shop", "cost": "1"}}},
        ROLE,
        {"tags": {}, "tagsAll": {"cost": "2"}},
        {"tags": {"team": "shop"}, "tagsAll": {"cost": "2", "team": "shop"}},
    ),
]


@pytest.mark.parametrize(("settings", "kind", "said", "wanted"), [c[1:] for c in MENDS], ids=[c[0] for c in MENDS])
def test_what_is_wrong_is_mended_and_then_found_right(
    settings: dict[str, Any], kind: str, said: dict[str, Any], wanted: dict[str, Any]
) -> None:
    served = Served(**settings)
    ((slug, mended),) = served.mend(kind, said)
    assert slug.replace("-", "_") in settings
    assert mended == wanted
    assert served.mend(kind, mended) == []
    assert slug not in dict(served.judge(kind, mended))


RIGHT = [
    ("support", SUPPORT, CLUSTER, MENDED),
    ("registry", EMPTYING, REPOSITORY, {**DISPOSABLE, "forceDelete": "true"}),
    ("scan", SCANNING, REPOSITORY, {"imageScanningConfiguration": {"scanOnPush": "true"}}),
    ("scan-by-registry", {"registry_scans_images": {"registryScans": True}}, REPOSITORY, {}),
    ("tags", TAGGING, ROLE, {"tags": {"team": "another"}}),
    ("tags-of-unknown-values", TAGGING, ROLE, {"tags": {"team": UNKNOWN}, "tagsAll": UNKNOWN}),
    ("tags-by-provider", TAGGING, ROLE, {"tagsAll": {"team": "shop"}}),
    ("tags-unasked", {"resources_tagged": {}}, ROLE, {}),
    ("tags-not-taken", TAGGING, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", {}),
    ("tags-of-others", TAGGING, "aws:inspector/resourceGroup:ResourceGroup", {"tags": {"a": "b"}}),
    ("another-type", {**SUPPORT, **EMPTYING, **SCANNING}, "aws:ec2/vpc:Vpc", {"version": "1.36", **DISPOSABLE}),
]


@pytest.mark.parametrize(("settings", "kind", "said"), [case[1:] for case in RIGHT], ids=[case[0] for case in RIGHT])
def test_what_is_right_is_left_and_nothing_is_said(settings: dict[str, Any], kind: str, said: dict[str, Any]) -> None:
    served = Served(**settings)
    assert served.mend(kind, said) == []
    assert not {slug.replace("-", "_") for slug, _ in served.judge(kind, said)} & {*settings, "unknown"}


def test_tags_that_are_asked_for_are_missed_by_name_with_the_fix() -> None:
    settings = {"resources_tagged": {"tags": {"team": "shop", "cost": "1", "env": "dev"}}}
    served = Served(**settings)
    told = dict(served.judge(ROLE, {"tags": {"env": "x"}}))["resources-tagged"].partition("\n")[2]
    asked = '{"team": "shop", "cost": "1"}'
    assert told.startswith("tags: it lacks 'team', 'cost'; neither its owner nor its share of the bill can be told")
    assert f" Set tags: {asked}, or on its provider defaultTags: {{tags: {asked}}}. " in told


def test_what_is_protected_is_not_emptied() -> None:
    assert Served(**EMPTYING).mend(REPOSITORY, DISPOSABLE, protect=True) == []


UNSAFE = [
    ("version", SUPPORT, CLUSTER, {"version": "1.33"}, "its version is not one in standard support"),
    ("no-version", SUPPORT, CLUSTER, {}, "its version is not one in standard support"),
    ("untagged", EMPTYING, REPOSITORY, {}, 'its tags do not say {"lifecycle": "disposable"}'),
    ("retained", EMPTYING, BUCKET, {"tags": {"lifecycle": "retained"}}, "its tags do not say"),
    (
        "half-tagged",
        {"registry_not_empty": {"disposable": {"a": "b", "c": "d"}}},
        REPOSITORY,
        {"tags": {"a": "b"}},
        "its tags do not say",
    ),
    (
        "half-tagged-half-unknown",
        {"state_bucket_not_empty": {"disposable": {"a": "b", "c": "d"}}},
        BUCKET,
        {"tags": {"a": UNKNOWN, "c": "x"}},
        "its tags do not say",
    ),
    ("no-tag-named", {"registry_not_empty": {"disposable": {}}}, REPOSITORY, {}, "its tags do not say {}"),
    ("secret", SUPPORT, CLUSTER, {"version": "1.36", "upgradePolicy": SECRET}, "upgradePolicy is secret"),
    (
        "secret-inside",
        SUPPORT,
        CLUSTER,
        {"version": "1.36", "upgradePolicy": {"supportType": SECRET}},
        "upgradePolicy.supportType is secret",
    ),
    ("secret-tags", TAGGING, ROLE, {"tags": {**SECRET, "value": {"a": "b"}}}, "tags is secret"),
    ("malformed", SUPPORT, CLUSTER, {"version": "1.36", "upgradePolicy": ["x"]}, "upgradePolicy is no mapping"),
    ("malformed-tags", TAGGING, ROLE, {"tags": "x"}, "tags is no mapping"),
]


@pytest.mark.parametrize(("settings", "kind", "said", "why"), [case[1:] for case in UNSAFE], ids=[c[0] for c in UNSAFE])
def test_what_is_not_safe_to_mend_is_refused_and_told_why(
    settings: dict[str, Any], kind: str, said: dict[str, Any], why: str
) -> None:
    served = Served(**settings)
    assert served.mend(kind, said) == []
    found = [message for slug, message in served.judge(kind, said) if slug.replace("-", "_") in settings]
    assert found
    for message in found:
        assert f" It is not remediated: {why}" in message
        assert ". See " in message
        assert "hunter2" not in message
    assert all("remediated" not in message for _, message in served.judge(kind, said))


LATER = [
    ("version", SUPPORT, CLUSTER, {"version": UNKNOWN}, ".version"),
    ("support", SUPPORT, CLUSTER, {"version": "1.36", "upgradePolicy": UNKNOWN}, ".upgradePolicy"),
    ("flag", EMPTYING, REPOSITORY, {**DISPOSABLE, "forceDelete": UNKNOWN}, ".forceDelete"),
    ("disposable", EMPTYING, REPOSITORY, {"tags": UNKNOWN}, ".tags"),
    ("lifecycle", EMPTYING, REPOSITORY, {"tags": {"lifecycle": UNKNOWN}}, ".tags.lifecycle"),
    ("scan", SCANNING, REPOSITORY, {"imageScanningConfiguration": UNKNOWN}, ".imageScanningConfiguration"),
    ("tags", TAGGING, ROLE, {"tags": UNKNOWN}, ".tags"),
    ("tags-all", TAGGING, ROLE, {"tags": {"a": UNKNOWN}, "tagsAll": UNKNOWN}, ".tagsAll"),
]


@pytest.mark.parametrize(("settings", "kind", "said", "path"), [c[1:] for c in LATER], ids=[c[0] for c in LATER])
def test_what_is_not_known_yet_is_neither_mended_nor_refused_but_said(
    settings: dict[str, Any], kind: str, said: dict[str, Any], path: str
) -> None:
    served = Served(**settings)
    assert served.mend(kind, said) == []
    found = served.judge(kind, said)
    assert not {slug.replace("-", "_") for slug, _ in found} & settings.keys()
    notices = [text for slug, text in found if slug == "unknown" and text.split("'")[2].replace("-", "_") in settings]
    assert [path in text for text in notices] == [True]


def test_everything_else_stays_to_the_letter() -> None:
    said = {
        "a": SECRET,
        "b": [SECRET, {"c": UNKNOWN, "d": None}, [], {}, [FILE]],
        "e": {"f": {**SECRET, "value": {"g": [1, "h", False], "i": FILES}}, "j": 0.5},
        "tags": {"k": UNKNOWN, "l": SECRET},
        "code": FILES,
    }
    ((_, mended),) = Served(**TAGGING).mend("aws:lambda/function:Function", said)
    assert mended == {**said, "tags": {**said["tags"], "team": "shop"}}


def test_what_a_provider_filled_in_is_its_own_no_more() -> None:
    said = {"forceDestroy": False, "__defaults": ["bucket", "forceDestroy"], **DISPOSABLE}
    ((_, mended),) = Served(**EMPTYING).mend(BUCKET, said)
    assert mended == {"forceDestroy": True, "__defaults": ["bucket"], **DISPOSABLE}


def test_policies_mend_one_after_the_other() -> None:
    first, second = Served(**SUPPORT, **TAGGING).mend(CLUSTER, {"version": "1.36", "x": SECRET})
    assert first == ("extended-support", {**MENDED, "x": SECRET})
    assert second == ("resources-tagged", {**MENDED, "x": SECRET, **TEAM})


def test_nothing_is_mended_unless_the_configuration_says_so() -> None:
    unconfigured = Analyzer("pack", "0", policies(TODAY), sdk.EnforcementLevel.MANDATORY)
    read_by_nobody = {"version": "1.36", "x": {SIG: "of no kind"}}
    assert list(unconfigured.Remediate(request(CLUSTER, read_by_nobody), None).remediations) == []
    served = Served()
    for level in ("MANDATORY", "ADVISORY", "DISABLED"):
        served.configure(level, {slug: {} for slug in MENDABLE})
        assert served.mend(CLUSTER, {"version": "1.36"}) == []
    served.configure("REMEDIATE", {"registry-not-empty": {}})
    assert served.mend(CLUSTER, {"version": "1.36"}) == []


def test_what_is_exempt_is_not_mended_until_its_day() -> None:
    exemption = {"resource": "x", "reason": "moves in December", "until": TODAY.isoformat()}
    settings = {"extended_support": {"exemptions": [exemption]}}
    assert Served(**settings).mend(CLUSTER, {"version": "1.36"}) == []
    tomorrow = Served(today=date(2026, 11, 22), **settings)
    assert tomorrow.mend(CLUSTER, {"version": "1.36"}) == [("extended-support", MENDED)]


def test_a_policy_without_a_remedy_takes_no_level_remediate() -> None:
    served = Served()
    with pytest.raises(GivenUpError) as refused:
        served.configure("REMEDIATE", {"no-egress": {}, "crd-not-installed": {}, "extended-support": {}})
    assert str(refused.value) == (
        "enforcementLevel remediate: there is no remedy for crd-not-installed, no-egress. Say mandatory, advisory or "
        f"disabled; remediate is for {', '.join(sorted(MENDABLE))}."
    )
    others = sorted({one.name for one in policies(TODAY)} - MENDABLE)
    for count, rest in ((8, r"\."), (9, r" and 1 more\.")):
        with pytest.raises(GivenUpError, match=rf"no remedy for \S+(, [^\s.]+){{7}}{rest} Say"):
            served.configure("REMEDIATE", {slug: {} for slug in others[:count]})
    served.configure("REMEDIATE", {slug: {} for slug in MENDABLE})


def test_the_engine_is_told_which_tags_may_be_configured() -> None:
    analyzer = Analyzer("pack", "0", policies(TODAY), sdk.EnforcementLevel.MANDATORY)
    told = {one.name: one.configSchema.properties for one in analyzer.GetAnalyzerInfo(None, None).policies}
    for slug in ("registry-not-empty", "state-bucket-not-empty"):
        assert told[slug].keys() == {"disposable", "exemptions"}
        assert json_format.MessageToDict(told[slug])["disposable"]["default"] == DISPOSABLE["tags"]
        assert json_format.MessageToDict(told[slug])["disposable"]["additionalProperties"] == {"type": "string"}


def ours(held: list[sdk.Policy], said: dict[str, Any]) -> Any:
    """What the SDK's own analyzer, which lets a policy without a remedy pass for mandatory, changes in a cluster."""
    servicer = sdk._PolicyAnalyzerServicer("ours", "0", held, sdk.EnforcementLevel.MANDATORY)
    config = {slug: proto.PolicyConfig(enforcementLevel="REMEDIATE") for slug in ("extended-support", "no-egress")}
    servicer.Configure(proto.ConfigureAnalyzerRequest(policyConfig=config), None)
    return servicer.Remediate(request(CLUSTER, said), None)


def test_where_no_judge_can_tell_yet_nothing_is_mended() -> None:
    def cannot_tell(said: Mapping[str, Any]) -> Iterator[Finding]:
        yield from [] if said["known"] else stated({"version": NOT_KNOWN}, "version")

    rule = Rule("extended-support", {CLUSTER: (cannot_tell,)}, remedies={CLUSTER: lambda _: {("x",): "y"}})
    assert not ours(rule.policies(Shown(), TODAY), {"known": False}).remediations
    assert not ours(rule.policies(Shown(), TODAY), {"known": True}).remediations


def test_a_pack_of_ones_own_mends_as_well() -> None:
    answer = ours(policies(TODAY), {"version": "1.36", "x": SECRET})
    assert [json_format.MessageToDict(one.properties) for one in answer.remediations] == [{**MENDED, "x": SECRET}]
    assert [one.policy_name for one in answer.not_applicable] == ["no-egress"]


def test_the_pack_is_served_by_its_own_analyzer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk, "_PolicyAnalyzerServicer", sdk._PolicyAnalyzerServicer)
    install()
    assert sdk._PolicyAnalyzerServicer is Analyzer
