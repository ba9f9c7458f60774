"""Findings as code scanning and test reports take them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from pokayoke.check.formats import FORMATS, Told
from pokayoke.check.subject import Place

FOUND = [
    Told("no-egress", "aws:ec2/subnet:Subnet a", 'no way out: <"&>', Place("apps/a.yaml", 3), mandatory=True),
    Told("stale-vpc-id", "the stack", "values is not told", Place("apps/b.yaml"), mandatory=False),
]


def test_sarif_names_rule_level_file_and_line() -> None:
    """What GitHub's code scanning needs of SARIF 2.1.0 (GitHub Docs, "SARIF support for code scanning")."""
    document = json.loads(FORMATS["sarif"](FOUND, 2))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    assert {one["id"] for one in run["tool"]["driver"]["rules"]} == {one["ruleId"] for one in run["results"]}
    first, second = run["results"]
    assert (first["level"], second["level"]) == ("error", "note")
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "apps/a.yaml"},
        "region": {"startLine": 3},
    }
    assert "partialFingerprints" not in first


def test_sarif_without_lines_tells_findings_apart() -> None:
    """Code scanning needs a line, and takes findings of one rule at the same line for one."""
    place = Place("some where/Pulumi.yaml")
    found = [
        Told("no-egress", name, message, place, mandatory=True)
        for name, message in (("a", "x"), ("b", "x"), ("a", "y"), ("a", "x"))
    ]
    first, second, third, again = json.loads(FORMATS["sarif"](found, 2))["runs"][0]["results"]
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "some%20where/Pulumi.yaml"},
        "region": {"startLine": 1},
    }
    told_apart = [one["partialFingerprints"]["primaryLocationLineHash"] for one in (first, second, third, again)]
    assert told_apart[0] == told_apart[3]
    assert len(set(told_apart)) == 3


@pytest.mark.parametrize(
    ("here", "file", "told"),
    [
        ("repo", "infra/Pulumi.yaml", "infra/Pulumi.yaml"),
        ("repo/infra", "Pulumi.yaml", "infra/Pulumi.yaml"),
        ("elsewhere/infra", "Pulumi.yaml", "Pulumi.yaml"),
        ("repo/infra", "/dev/stdin", "/dev/stdin"),
    ],
)
def test_sarif_names_files_from_the_root_of_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: str, file: str, told: str
) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / here).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / here)
    found = [Told("no-egress", "a", "x", Place(file), mandatory=True)]
    (result,) = json.loads(FORMATS["sarif"](found, 1))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == told


def test_sarif_leads_to_the_page_of_our_own_policies_alone() -> None:
    found = [Told(name, "a", "x", Place("a.yaml"), mandatory=True) for name in ("no-egress", "of-another-pack")]
    ours, other = json.loads(FORMATS["sarif"](found, 2))["runs"][0]["tool"]["driver"]["rules"]
    assert ours["helpUri"].endswith("#no-egress")
    assert ours["shortDescription"]["text"] != "no-egress"
    assert ours["help"]["text"]
    assert other == {"id": "of-another-pack", "shortDescription": {"text": "of-another-pack"}}


def test_junit_fails_a_case_a_finding_and_skips_what_is_not_judged() -> None:
    suite = Xml.fromstring(FORMATS["junit"](FOUND, 2))  # noqa: S314 - our own
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == ["3", "1", "0", "1"]
    assert [case.get("classname") for case in suite if case.find("failure") is not None] == ["no-egress"]
    assert [(case.get("file"), case.get("line")) for case in suite] == [
        (None, None),
        ("apps/a.yaml", "3"),
        ("apps/b.yaml", None),
    ]
    assert [case.get("classname") for case in suite if case.find("skipped") is not None] == ["stale-vpc-id"]


def test_junit_is_xml_whatever_names_hold() -> None:
    found = [Told("no-egress", "a\x07b", "c\x00\ufffe\nd\U0001f600", Place("a.yaml"), mandatory=True)]
    (_, case) = Xml.fromstring(FORMATS["junit"](found, 2))  # noqa: S314 - our own
    assert case.get("name") == "a\ufffdb"
    assert "c\ufffd\ufffd\nd\U0001f600" in (case.find("failure").text or "")  # type: ignore[union-attr]
