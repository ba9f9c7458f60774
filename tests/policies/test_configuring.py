"""A configuration that cannot be meant is one error, which tells all that is wrong with it."""

from typing import Any

import pytest
from remedying import GivenUpError, Served

LATER = "2026-12-31"


def refusal(level: str = "MANDATORY", **settings: dict[str, Any]) -> str:
    """What is said against a configuration, by slug; empty where it is taken."""
    served = Served()
    try:
        served.configure(level, {slug.replace("_", "-"): said for slug, said in settings.items()})
    except GivenUpError as error:
        return str(error)
    return ""


def exemption(until: str) -> dict[str, str]:
    return {"resource": "x", "reason": "why", "until": until}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("extended-suport", "'extended-suport': there is no such policy, is extended-support meant?."),
        ("Extended-Support", "'Extended-Support': there is no such policy, is extended-support meant?."),
        ("something", "'something': there is no such policy."),
        ("all", ""),
        ("extended-support", ""),
    ],
)
def test_a_policy_that_there_is_not_is_named_with_the_one_that_may_be_meant(name: str, told: str) -> None:
    assert refusal(**{name: {}}) == told


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "0000-01-01"])
def test_a_last_day_that_is_none_is_told_with_its_place(day: str) -> None:
    assert refusal(no_egress={"exemptions": [exemption(LATER), exemption(day)]}) == (
        f"no-egress: exemptions.1.until: '{day}' is no day."
    )


def test_all_that_is_wrong_is_told_at_once() -> None:
    wrong = {"exemptions": [exemption("2026-02-30"), exemption("2026-02-31")]}
    assert refusal("REMEDIATE", typo={}, other={}, no_egress=wrong, extended_support=wrong) == (
        "'other': there is no such policy; 'typo': there is no such policy; "
        "enforcementLevel remediate: there is no remedy for no-egress. Say mandatory, advisory or disabled; "
        "remediate is for extended-support, registry-not-empty, registry-scans-images, resources-tagged, "
        "state-bucket-not-empty; "
        "extended-support: exemptions.0.until: '2026-02-30' is no day; "
        "extended-support: exemptions.1.until: '2026-02-31' is no day; "
        "no-egress: exemptions.0.until: '2026-02-30' is no day; no-egress: exemptions.1.until: '2026-02-31' is no day."
    )


def test_what_is_said_of_all_needs_no_remedy_of_that_name() -> None:
    assert refusal("REMEDIATE", all={}, extended_support={}) == ""


def test_a_sound_configuration_is_taken() -> None:
    assert (
        refusal("ADVISORY", no_egress={"exemptions": [exemption(LATER)]}, eks_audit_log_on={"logTypes": ["api"]}) == ""
    )
