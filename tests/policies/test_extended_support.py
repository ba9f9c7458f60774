"""The policy `extended-support`, as a pure function and through the SDK's own analyzer."""

from datetime import date
from typing import Any

import pytest

from pokayoke_policies.clusters import extended_support
from pokayoke_policies.raw import UNKNOWN, NotKnownError

TODAY = date(2026, 11, 21)
TYPE = "aws:eks/cluster:Cluster"
PASSING: dict[str, Any] = {"version": "1.36", "upgradePolicy": {"supportType": "STANDARD"}}


def findings(properties: dict[str, Any], today: date = TODAY) -> list[str]:
    return [str(one) for judge in extended_support(today).judges[TYPE] for one in judge(properties)]


def test_a_supported_version_on_standard_support_passes() -> None:
    assert findings(PASSING) == []


@pytest.mark.parametrize("policy", [{}, {"upgradePolicy": {}}, {"upgradePolicy": None}])
def test_a_support_type_that_is_left_out_means_extended_and_fails(policy: dict[str, Any]) -> None:
    (finding,) = findings({"version": "1.36", **policy})
    assert "is left out, which means EXTENDED" in finding
    assert "[extended-support]. Set upgradePolicy: {supportType: STANDARD}." in finding


def test_a_support_type_that_says_extended_fails() -> None:
    (finding,) = findings({**PASSING, "upgradePolicy": {"supportType": "EXTENDED"}})
    assert "is not STANDARD" in finding


def test_a_version_past_its_standard_support_fails() -> None:
    (finding,) = findings({**PASSING, "version": "1.33"})
    assert "1.33 left standard support on 2026-07-29" in finding
    assert "Choose one of 1.36, 1.35, 1.34." in finding


def test_a_version_that_is_left_out_fails() -> None:
    (finding,) = findings({"upgradePolicy": {"supportType": "STANDARD"}})
    assert "no Kubernetes version is stated" in finding


def test_the_verdict_changes_on_the_day_after_standard_support_ends() -> None:
    cluster = {**PASSING, "version": "1.34"}
    assert findings(cluster, date(2026, 12, 2)) == []
    assert findings(cluster, date(2026, 12, 3)) != []


def test_a_version_newer_than_the_table_passes() -> None:
    assert findings({**PASSING, "version": "1.37"}) == []


def test_no_message_repeats_a_version_that_is_none() -> None:
    (finding,) = findings({**PASSING, "version": "hunter2"})
    assert "hunter2" not in finding


def test_what_is_no_text_counts_as_left_out() -> None:
    type_, version = findings({"version": ["1.36"], "upgradePolicy": {"supportType": ["STANDARD"]}})
    assert "is left out, which means EXTENDED" in type_
    assert "no Kubernetes version is stated" in version


def test_a_value_that_preview_cannot_tell_is_not_judged() -> None:
    support_type, version = extended_support(TODAY).judges[TYPE]
    with pytest.raises(NotKnownError):
        list(support_type({"upgradePolicy": {"supportType": UNKNOWN}}))
    with pytest.raises(NotKnownError):
        list(support_type({"upgradePolicy": UNKNOWN}))
    with pytest.raises(NotKnownError):
        list(version({"version": UNKNOWN}))
