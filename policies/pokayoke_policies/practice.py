"""What a guide or a benchmark asks for, where no documented failure stands behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pokayoke_eks.rules.finding import Finding


@dataclass(frozen=True)
class Practice:
    """One thing that is asked for. `slug` is its only name, in messages, configuration, tests and docs alike."""

    slug: str
    title: str
    """What is wrong where it is not followed."""
    why: str
    """What may come of it: the second half of a sentence."""
    remedy: str
    """The fix, as it is written."""
    source: str
    """Who asks for it and where. `EKS best practices` are the guides of aws/aws-eks-best-practices, by folder and file
    under `latest/bpg`; `CIS` is the benchmark for EKS as kube-bench `cfg/eks-1.8.0` numbers it; `EC2.8` and its like
    are controls of AWS Security Hub."""
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """What the policy's configuration may change: by name a JSON schema with a `default`."""

    def finding(self, place: str, problem: str, remedy: str = "") -> Finding:
        """An objection at a property path."""
        where = f"{place}: " if place else ""
        return Finding(f"{where}{problem}; {self.why}", remedy or self.remedy, self.slug)

    def set_by(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """The settings, as far as a configuration says nothing else."""
        return set_by(config, self.settings)


def set_by(config: Mapping[str, Any], settings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Settings by name: what a configuration says, else their defaults."""
    return {key: config.get(key, schema["default"]) for key, schema in settings.items()}


def tags(default: Mapping[str, str], description: str) -> Mapping[str, Any]:
    """The schema of a setting that names tags with their values."""
    return {
        "type": "object",
        "additionalProperties": {"type": "string"},
        "default": dict(default),
        "description": description,
    }


def texts(default: list[str], description: str) -> Mapping[str, Any]:
    """The schema of a setting that lists texts."""
    return {"type": "array", "items": {"type": "string"}, "default": default, "description": description}


def number(default: int, least: int, description: str) -> Mapping[str, Any]:
    """The schema of a setting that is a whole number."""
    return {"type": "integer", "minimum": least, "default": default, "description": description}


def switch(default: bool, description: str) -> Mapping[str, Any]:
    """The schema of a setting that is on or off."""
    return {"type": "boolean", "default": default, "description": description}


def by_spelling(value: object) -> bool | None:
    """A boolean in whatever spelling the provider takes it; None for what is left out or none."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value.lower()) if isinstance(value, str) else None


def standing(said: object, means: str, otherwise: str) -> str:
    """How a property stands that is not as it is asked for: left out, with what that means, or otherwise."""
    return f"it is left out, which means {means}" if said is None else f"it is {otherwise}"


def each(values: list[Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The mappings of a list with their places."""
    for index, value in enumerate(values):
        if isinstance(value, dict):
            yield index, value
