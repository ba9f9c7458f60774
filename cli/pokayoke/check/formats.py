"""Findings as text, JSON, SARIF (for code scanning) and JUnit (for test reports)."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as Xml

from pokayoke.check.subject import Place, checkout, path_from
from pokayoke_eks.catalogue import FAILURES
from pokayoke_policies.documentation import PAGE
from pokayoke_policies.practices import PRACTICES

_SARIF = "https://json.schemastore.org/sarif-2.1.0.json"
# What no XML 1.0 document may hold (W3C, "Extensible Markup Language (XML) 1.0", production Char).
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Told:
    """A finding, and where its resource is written."""

    policy: str
    resource: str
    message: str
    place: Place
    mandatory: bool
    """False for advice, and for what could not be judged."""

    @property
    def level(self) -> str:
        """As Pulumi calls it."""
        return "mandatory" if self.mandatory else "advisory"


def text(found: Sequence[Told], checked: int) -> str:
    """For people: one finding a paragraph, the counts last."""
    lines = [f"{_where(one)}: {one.level}: {one.resource}: {one.message}" for one in found]
    bad = sum(one.mandatory for one in found)
    return "\n".join([*lines, f"{checked} resources checked, {bad} findings, {len(found) - bad} advisory"])


def as_json(found: Sequence[Told], checked: int) -> str:
    """For programs."""
    findings = [
        {
            "policy": one.policy,
            "level": one.level,
            "resource": one.resource,
            "message": one.message,
            "file": one.place.file,
            "line": one.place.line,
        }
        for one in found
    ]
    return json.dumps({"checked": checked, "findings": findings}, indent=2, ensure_ascii=False)


def sarif(found: Sequence[Told], checked: int) -> str:  # noqa: ARG001 - the format has no place for it
    """SARIF 2.1.0, as GitHub's code scanning takes it."""
    root = checkout()
    rules = [_rule(policy) for policy in sorted({one.policy for one in found})]
    results = [
        {
            "ruleId": one.policy,
            "level": "error" if one.mandatory else "note",
            "message": {"text": f"{one.resource}: {one.message}"},
            "locations": [{"physicalLocation": _location(one.place, root)}],
            **({} if one.place.line else {"partialFingerprints": {"primaryLocationLineHash": _fingerprint(one)}}),
        }
        for one in found
    ]
    run = {"tool": {"driver": {"name": "pokayoke", "rules": rules}}, "results": results}
    return json.dumps({"$schema": _SARIF, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def junit(found: Sequence[Told], checked: int) -> str:
    """JUnit: a test case for every finding, and one for all resources without any."""
    bad = [one for one in found if one.mandatory]
    counted = {"tests": len(found) + 1, "failures": len(bad), "errors": 0, "skipped": len(found) - len(bad)}
    suite = Xml.Element("testsuite", {"name": "pokayoke check", **{key: str(count) for key, count in counted.items()}})
    Xml.SubElement(suite, "testcase", classname="pokayoke", name=f"{checked} resources checked")
    for one in found:
        case = Xml.SubElement(suite, "testcase", classname=one.policy, name=one.resource, file=one.place.file)
        if one.place.line:
            case.set("line", str(one.place.line))
        if one.mandatory:
            Xml.SubElement(case, "failure", message=one.message).text = f"{_where(one)}: {one.message}"
        else:
            Xml.SubElement(case, "skipped", message=one.message)
    Xml.indent(suite)
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", Xml.tostring(suite, encoding="unicode", xml_declaration=True))


def markdown(found: Sequence[Told], checked: int) -> str:
    """A table, for the summary of a job."""
    rows = [
        f"| {one.level} | `{one.policy}` | `{one.resource}` | {' '.join(one.message.split()).replace('|', '&#124;')} |"
        for one in found
    ]
    head = ["| level | policy | resource | finding |", "|---|---|---|---|"] if rows else []
    bad = sum(one.mandatory for one in found)
    return "\n".join([f"{checked} resources checked, {bad} findings, {len(found) - bad} advisory", "", *head, *rows])


FORMATS: Mapping[str, Callable[[Sequence[Told], int], str]] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "junit": junit,
    "markdown": markdown,
}


def _where(one: Told) -> str:
    return f"{one.place.file}:{one.place.line}" if one.place.line else one.place.file


def _rule(policy: str) -> dict[str, Any]:
    known = FAILURES.get(policy) or PRACTICES.get(policy)
    if known is None:  # another pack's
        return {"id": policy, "shortDescription": {"text": policy}}
    described = {"shortDescription": {"text": known.title}, "help": {"text": known.remedy}}
    return {"id": policy, **described, "helpUri": f"{PAGE}#{policy}"}


def _location(place: Place, root: Path) -> dict[str, Any]:
    # Code scanning looks from the root, and shows nothing without a line (microsoft/sarif-sdk, rule GH1003).
    return {
        "artifactLocation": {"uri": quote(path_from(root, Path(place.file)))},
        "region": {"startLine": place.line or 1},
    }


def _fingerprint(one: Told) -> str:
    """What tells findings at no line apart, which code scanning else takes for one (github/codeql-action,
    src/fingerprints.ts: it hashes the line)."""
    return f"{sha256(json.dumps([one.policy, one.resource, one.message]).encode()).hexdigest()[:16]}:1"
