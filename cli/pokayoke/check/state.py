"""A stack as `pulumi stack export` writes it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from pokayoke.check.subject import Place, Subject, from_here
from pokayoke.failing import CommandError
from pokayoke_policies.raw import UNKNOWN
from pokayoke_policies.stack import Member

# DeploymentSchemaVersionLatest (pulumi 3.260, sdk/go/common/apitype/core.go).
_NEWEST = 4
# Keys by which Pulumi marks what is no plain value, and the mark of a secret (pulumi 3.260, sdk/go/common/resource).
_MARK = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - the mark, not a secret


def read_state(file: Path) -> Subject:
    """The resources of an exported stack. Secrets are unknown here, also where the export shows them.

    Raises:
        CommandError: the file is not such an export.
    """
    try:
        said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        deployment: dict[str, Any] = said["deployment"]
        version = int(said.get("version") or 0)
        resources: list[dict[str, Any]] = deployment.get("resources") or []
        # What was replaced and is not deleted yet has the URN of what replaced it.
        exported = {str(one["urn"]): one for one in resources if not one.get("delete")}
        members = tuple(_member(one, exported) for one in exported.values())
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CommandError(f"{file}: it is no stack as `pulumi stack export` writes it ({error!r})") from error
    if version > _NEWEST:
        raise CommandError(f"{file}: it is of version {version}, and this command reads up to {_NEWEST}: update it")
    return Subject(members, dict.fromkeys(exported, Place(from_here(file))), whole=True)


def _member(one: Mapping[str, Any], exported: Mapping[str, Mapping[str, Any]]) -> Member:
    # A provider is named by URN and id.
    provider = str(one.get("provider") or "").rpartition("::")[0]
    said: dict[str, Any] = {**(one.get("inputs") or {}), **(one.get("outputs") or {})}
    sources = cast("dict[str, list[str] | None]", one.get("propertyDependencies") or {})
    return Member(
        urn=str(one["urn"]),
        type=str(one["type"]),
        tell=lambda: _plain(said),
        parent=one.get("parent") or None,
        dependencies=tuple(one.get("dependencies") or ()),
        sources={key: tuple(urns or ()) for key, urns in sources.items()},
        provider=provider or None,
        provider_properties=lambda: _plain((exported.get(provider) or {}).get("inputs") or {}),
        protected=bool(one.get("protect")),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        mapping = cast("dict[str, Any]", value)
        if _MARK in mapping:
            return UNKNOWN if mapping[_MARK] == _SECRET else {}
        return {key: _plain(member) for key, member in mapping.items()}
    if isinstance(value, list):
        return [_plain(member) for member in cast("list[Any]", value)]
    return value
