"""What a rule says when it objects: the same value whether a config, a policy or a component asked."""

from dataclasses import dataclass, replace

CONFIG = "config"
"""The tag of a refusal that no documented failure stands behind."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One objection: what is wrong, the documented failure it leads to, and how to put it right."""

    problem: str
    remedy: str
    slug: str = CONFIG

    def __str__(self) -> str:
        return f"{self.problem} [{self.slug}]. {self.remedy}"

    def at(self, place: str) -> "Finding":
        """The same, told of a place: what the problem then begins with, e.g. `spec.limits: `."""
        return replace(self, problem=f"{place}{self.problem}")


def shown(value: object, limit: int = 60) -> str:
    """A user's value on one line, quoted, shortened: what the user wrote may hold newlines or be a novel."""
    text = repr(value[: limit + 1] if isinstance(value, str) else value)
    return text if len(text) <= limit + 2 else f"{text[:limit]}..."
