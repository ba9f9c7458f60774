"""A file of `--policy-pack-config`, read as Pulumi's CLI reads one (pulumi 1b59498, `pkg/resource/analyzer/config.go`):

`{"all": "mandatory", "a-policy": "disabled", "another": {"enforcementLevel": "advisory", "maxDays": 30}}`.
"""
# pyright: reportUnknownMemberType=false

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

LEVELS = ("advisory", "mandatory", "remediate", "disabled")
_LEVEL = "enforcementLevel"
_ENVIRONMENTS = "environments"


class PackConfigError(Exception):
    """A file that no policy pack can be configured with: one sentence that names the file."""


@dataclass(frozen=True)
class Setting:
    """What is said of one policy, or of `all`: a level, or None for the one that holds anyway, and properties."""

    level: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class PackConfig:
    """A file and what it says, by policy."""

    file: Path
    settings: Mapping[str, Setting]

    @classmethod
    def read(cls, file: Path) -> "PackConfig":
        """What a file says; an empty file says nothing.

        Raises:
            PackConfigError: it cannot be read, is no JSON, or says what no pack understands.
        """
        try:
            text = file.read_text(encoding="utf-8")
            said: object = json.loads(text) if text.strip() else {}
        except OSError as error:
            raise PackConfigError(f"{file}: {error.strerror}") from None
        except ValueError as error:
            raise PackConfigError(f"{file} is no JSON: {error}") from None
        if not isinstance(said, dict):
            raise PackConfigError(f"{file}: it is no JSON object of policies")
        policies = cast("dict[str, Any]", said)
        if policies.get(_ENVIRONMENTS):
            raise PackConfigError(f"{file}: {_ENVIRONMENTS} are of Pulumi Cloud, which no rehearsal can reach")
        return cls(
            file, {name: _setting(file, name, value) for name, value in policies.items() if name != _ENVIRONMENTS}
        )


def objections(schema: Mapping[str, Any], properties: Mapping[str, Any]) -> Iterator[str]:
    """What a schema has against what a policy is configured with, each with its place."""
    # Most rehearsals configure nothing and need no schema.
    from jsonschema import Draft7Validator

    for error in Draft7Validator(schema).iter_errors(dict(properties)):
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
        yield f"{place.removeprefix('.')}: {error.message}" if place else error.message


def _setting(file: Path, policy: str, said: Any) -> Setting:
    if not isinstance(said, (str, dict)):
        raise PackConfigError(f"{file}: {policy}: it is neither a level nor an object")
    properties = {_LEVEL: said} if isinstance(said, str) else dict(cast("dict[str, Any]", said))
    level = properties.pop(_LEVEL, None)
    if level is not None and level not in LEVELS:
        raise PackConfigError(f"{file}: {policy}: {level!r} is no enforcement level; those are {', '.join(LEVELS)}")
    return Setting(level, properties)
