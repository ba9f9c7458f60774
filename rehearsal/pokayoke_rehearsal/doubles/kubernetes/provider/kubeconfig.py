"""Kubeconfigs, as far as they say which API server is meant and who asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from pokayoke_rehearsal.doubles.kubernetes.store.objects import at, fields, items, text


@dataclass(frozen=True)
class Caller:
    """Who asks, as far as the kubeconfig's way to a token tells; empty texts stand for the ambient identity."""

    role: str = ""
    """The role that `aws eks get-token` is told to assume."""
    profile: str = ""


@dataclass(frozen=True)
class Access:
    """The way to a cluster that a kubeconfig's active context describes."""

    server: str
    namespace: str
    caller: Caller
    cluster: str
    """The active cluster's entry as text, to tell whether two kubeconfigs mean the same cluster."""


class KubeconfigError(Exception):
    """The text is no kubeconfig, or has no usable context."""


def read(stated: str, *, context: str = "", cluster: str = "") -> Access:
    """The way in that a kubeconfig (its text, or the path of its file) describes.

    Raises KubeconfigError in the words of client-go.
    """
    config = _parsed(stated)
    active = context or text(config.get("current-context"))
    found = fields(_named(config, "contexts", active).get("context"))
    if not found:
        problem = f'context "{active}" does not exist' if active else "no configuration has been provided"
        raise KubeconfigError(f"invalid configuration: {problem}")
    entry = fields(_named(config, "clusters", cluster or text(found.get("cluster"))).get("cluster"))
    if not text(entry.get("server")):
        raise KubeconfigError(f'invalid configuration: cluster "{text(found.get("cluster"))}" has no server')
    user = fields(_named(config, "users", text(found.get("user"))).get("user"))
    return Access(
        server=text(entry.get("server")),
        namespace=text(found.get("namespace")) or "default",
        caller=_caller(fields(user.get("exec"))),
        cluster=json.dumps(entry, sort_keys=True),
    )


def _parsed(stated: str) -> dict[str, Any]:
    found = _mapping(stated)
    if found is None and "\n" not in stated and Path(stated).is_file():
        found = _mapping(Path(stated).read_text(encoding="utf-8"))
    if found is None:
        raise KubeconfigError("couldn't get version/kind; json parse error: the text is no kubeconfig")
    return found


def _mapping(stated: str) -> dict[str, Any] | None:
    try:
        found = yaml.safe_load(stated)
    except yaml.YAMLError:
        return None
    return fields(found) if isinstance(found, dict) else None


def _named(config: Mapping[str, Any], section: str, name: str) -> dict[str, Any]:
    return {text(at(item, "name")): fields(item) for item in items(config.get(section))}.get(name) or {}


def _caller(command: Mapping[str, Any]) -> Caller:
    arguments = [str(item) for item in items(command.get("args"))]
    environment = {text(at(item, "name")): text(at(item, "value")) for item in items(command.get("env"))}
    options = dict(pairwise(arguments))
    role = options.get("--role-arn") or options.get("--role") or options.get("-r") or ""
    return Caller(role, options.get("--profile") or environment.get("AWS_PROFILE", ""))
