"""Versions that are known to work together, with rows that differ in the Kubernetes they serve."""

import pytest

from pokayoke_eks.rules import combinations
from pokayoke_eks.rules.combinations import Combination, past_the_table, unknown_combination, version_of

ROWS = (
    Combination(("1.35", "1.36"), "1.14.1", "3.5.0", "v1.6.9", "1.22.0", "1.31.1"),
    Combination(("1.35", "1.36"), "1.14.1", "3.6.0", "v1.6.10", "1.23.0", "1.31.1"),
    Combination(("1.9", "1.33", "1.34"), "1.12.0", "3.2.0", "v1.5.0", "1.20.0", "1.30.0"),
)


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combinations, "COMBINATIONS", ROWS)


@pytest.mark.parametrize(
    ("part", "kubernetes", "stated", "version"),
    [
        ("karpenter", "1.36", {}, "1.14.1"),
        ("karpenter", "1.33", {}, "1.12.0"),
        ("karpenter", "1.99", {}, "1.14.1"),
        ("karpenter", "1.36", {"karpenter": "9"}, "9"),
        ("gateway_api", "1.36", {"load_balancer_controller": "3.6.0"}, "v1.6.10"),
        ("gateway_api", "1.36", {"load_balancer_controller": "9.9.9"}, "v1.6.9"),
        ("gateway_api", "1.36", {"load_balancer_controller": "3.2.0"}, "v1.6.9"),
    ],
)
def test_a_version_is_that_of_the_first_row_that_fits(
    part: str, kubernetes: str, stated: dict[str, str], version: str
) -> None:
    assert version_of(part, kubernetes, stated) == version


@pytest.mark.parametrize(
    ("kubernetes", "stated", "part", "known"),
    [
        ("1.36", {"karpenter": "1.12.0"}, "karpenter", "known: 1.14.1."),
        ("1.33", {"karpenter": "1.12.0"}, None, ""),
        ("1.33", {"karpenter": "1.14.1"}, "karpenter", "known: 1.12.0."),
        ("1.99", {"karpenter": "1.12.0"}, None, ""),
        ("1.99", {"karpenter": "1.13.0"}, "karpenter", "known: 1.14.1, 1.12.0."),
        ("1.36", {"karpenter": "2.0.0", "external_dns": "1.21.0"}, "external_dns", "known: 1.22.0, 1.23.0."),
        ("1.36", {"load_balancer_controller": "3.6.0", "gateway_api": "v1.6.9"}, "gateway_api", "known: v1.6.10."),
        ("1.36", {"istio": "1.30.0"}, "istio", "known: 1.31.1."),
    ],
    ids=str,
)
def test_a_part_that_fits_no_row_is_told_with_what_would(
    kubernetes: str, stated: dict[str, str], part: str | None, known: str
) -> None:
    found = unknown_combination(kubernetes, stated)
    assert (found[0] if found else None) == part
    assert (found[1].remedy if found else "").endswith(known)


def test_what_is_newer_than_every_row_is_told_beside_the_newest() -> None:
    assert past_the_table("1.36", {"gateway_api": "v1.6.10", "karpenter": "1.9.0"}) == []
    assert past_the_table("1.99", {"gateway_api": "v1.6.11", "external_dns": "1.22.0"}) == [
        "Kubernetes 1.99 is newer than any combination known here (newest: 1.36)",
        "Gateway API v1.6.11 is newer than any combination known here (newest: v1.6.10): rehearse it, read its notes",
    ]
