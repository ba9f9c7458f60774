"""The creations of a state whose end nobody saw, since the engine was killed: `pulumi stack export` tells them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from pokayoke.failing import CommandError

_CREATING = "creating"


@dataclass(frozen=True, slots=True)
class Creation:
    """What the engine was creating when it ended: a Pulumi type, its inputs, and the region of its provider."""

    urn: str
    type: str
    inputs: Mapping[str, Any]
    region: str

    @property
    def name(self) -> str:
        """The resource's name in the program."""
        return self.urn.rpartition("::")[2]


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Creations of which it is not known whether they happened, and what the state knows: ids by type, and URNs."""

    creations: tuple[Creation, ...]
    ids: frozenset[tuple[str, str]]
    urns: frozenset[str]


def interrupted(file: Path) -> Interrupted:
    """What an exported state says.

    Raises:
        CommandError: it is not readable, or an act of a rehearsal that was killed is not yet part of it.
    """
    if (file.parent / "journal.jsonl").exists():
        raise CommandError(f"{file}: the rehearsal was killed; its next run brings the state up to date first")
    try:
        deployment = cast("dict[str, Any]", json.loads(file.read_text(encoding="utf-8"))["deployment"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{file} is no exported state (pulumi stack export --file): {error}") from error
    resources = cast("list[dict[str, Any]]", deployment.get("resources") or [])
    regions = {str(one["urn"]): _region(one) for one in resources}
    pending = cast("list[dict[str, Any]]", deployment.get("pending_operations") or [])
    creations = [_creation(one["resource"], regions) for one in pending if one["type"] == _CREATING]
    return Interrupted(
        tuple({one.urn: one for one in creations}.values()),
        frozenset((str(one["type"]), str(one.get("id", ""))) for one in resources),
        frozenset(regions),
    )


def _region(resource: Mapping[str, Any]) -> str:
    return str(cast("dict[str, Any]", resource.get("inputs") or {}).get("region", ""))


def _creation(resource: Mapping[str, Any], regions: Mapping[str, str]) -> Creation:
    inputs = cast("dict[str, Any]", resource.get("inputs") or {})
    provider = str(resource.get("provider", "")).rpartition("::")[0]
    region = inputs.get("region") or regions.get(provider, "")
    return Creation(str(resource["urn"]), str(resource["type"]), inputs, str(region))


def by_hand(one: Creation) -> str:
    """How an object or a release in a cluster is taken away, with the tools that reach it."""
    if one.type == "kubernetes:helm.sh/v3:Release":
        return f"helm uninstall {one.inputs.get('name')} --namespace {one.inputs.get('namespace')} --ignore-not-found"
    metadata = cast("dict[str, Any]", one.inputs.get("metadata") or {})
    namespace = f" --namespace {metadata['namespace']}" if metadata.get("namespace") else ""
    kind = one.type.rpartition(":")[2].lower()
    return f"kubectl delete {kind} {metadata.get('name')}{namespace} --ignore-not-found"
