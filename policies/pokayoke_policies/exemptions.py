"""Exemptions from a policy: which resources, why, and until when. Past its date an exemption is none, and says so."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pulumi_policy import PolicyConfigSchema

from pokayoke_eks.rules.finding import shown

from .raw import list_of, mapping_of, plain


def schema(settings: Mapping[str, Mapping[str, Any]] | None = None) -> PolicyConfigSchema:
    """What the engine holds a policy's configuration to, before anything is judged: exemptions, and settings of its
    own by name."""
    return PolicyConfigSchema(properties={**{key: dict(one) for key, one in (settings or {}).items()}, **_EXEMPTIONS})


@dataclass(frozen=True)
class Exemption:
    """One exemption as somebody wrote it."""

    resource: str
    reason: str
    until: str

    def covers(self, urn: str) -> bool:
        """Whether it is about this resource."""
        above, _, name = urn.rpartition("::")
        kind = above.rpartition("::")[2].rpartition("$")[2]
        own = f"{kind}::{name}" if "::" in self.resource else name
        return re.fullmatch(".*".join(map(re.escape, self.resource.split("*"))), own) is not None

    @property
    def last(self) -> date | None:
        """The last day on which it holds; None where `until` is no day: then it exempts nothing."""
        try:
            return date.fromisoformat(self.until)
        except ValueError:
            return None

    def holds(self, today: date) -> bool:
        """Whether it has not run out."""
        return self.last is not None and today <= self.last


def told(config: Mapping[str, Any], urn: str, message: str, today: date) -> str | None:
    """What is said of a resource with a finding: None where an exemption holds; where one has run out, that too."""
    covering = [one for one in exemptions_in(config) if one.covers(urn)]
    if any(one.holds(today) for one in covering):
        return None
    notes = [f" The exemption until {shown(one.until)} ({shown(one.reason)}) has run out." for one in covering]
    return message + "".join(notes)


def is_exempt(config: Mapping[str, Any], urn: str, today: date) -> bool:
    """Whether nothing is said of a resource, whatever is found."""
    return told(config, urn, "", today) is None


def exemptions_in(config: Mapping[str, Any]) -> list[Exemption]:
    """The exemptions in one policy's configuration."""
    if not config:
        return []
    stated = [mapping_of(one) for one in list_of(plain(config).get("exemptions"))]
    return [Exemption(*(str(one.get(key)) for key in ("resource", "reason", "until"))) for one in stated]


_EXEMPTIONS: Mapping[str, dict[str, Any]] = {
    "exemptions": {
        "type": "array",
        "description": "Resources that the policy passes over.",
        "items": {
            "type": "object",
            "required": ["resource", "reason", "until"],
            "additionalProperties": False,
            "properties": {
                "resource": {
                    "type": "string",
                    "minLength": 1,
                    "description": "A name, or TYPE::NAME as in a URN; * stands for any text.",
                },
                "reason": {"type": "string", "minLength": 1, "description": "Why, for whoever reads it next."},
                "until": {
                    "type": "string",
                    "pattern": r"^\d{4}-\d{2}-\d{2}$",
                    "description": "The last day on which it holds.",
                },
            },
        },
    }
}
