"""Pulumi's type tokens and the kinds that they stand for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind

RELEASE = "kubernetes:helm.sh/v3:Release"
CONFIG_GROUP = "kubernetes:yaml/v2:ConfigGroup"
CONFIG_FILE = "kubernetes:yaml/v2:ConfigFile"
DECODE_YAML = "kubernetes:yaml:decode"

_TOKEN = re.compile(r"kubernetes:([a-z0-9.-]+)/(v\d+(?:(?:alpha|beta)\d+)?):([A-Z][A-Za-z0-9]*)")

# Groups of built-in kinds without a dot; every group of a CustomResourceDefinition has one.
_DOTLESS = frozenset({"core", "apps", "autoscaling", "batch", "extensions", "policy", "apiregistration", "meta"})

# Pulumi's own components: what they do is rendering, which the rehearsal does for ConfigGroup only.
_COMPONENT_GROUPS = frozenset({"helm.sh", "kustomize", "yaml"})

_PARTS_OF_PATCH = "Patch"
_LISTS = "List"


@dataclass(frozen=True)
class Token:
    """A resource type of pulumi-kubernetes that stands for one kind of object."""

    kind: Kind
    is_patch: bool
    """Whether it manages some fields of an object that somebody else makes."""
    is_list: bool


def is_known(token: str) -> bool:
    """Whether the double serves the type: any kind of object, Helm releases, groups and files of manifests."""
    return token in (RELEASE, CONFIG_GROUP, CONFIG_FILE) or parse(token) is not None


def parse(token: str) -> Token | None:
    """What a token stands for; None when it stands for no kind of object."""
    matched = _TOKEN.fullmatch(token)
    if matched is None:
        return None
    group, version, kind = matched.groups()
    if group in _COMPONENT_GROUPS or ("." not in group and group not in _DOTLESS):
        return None
    is_patch = kind.endswith(_PARTS_OF_PATCH) and len(kind) > len(_PARTS_OF_PATCH)
    is_list = kind.endswith(_LISTS) and len(kind) > len(_LISTS)
    name = kind.removesuffix(_PARTS_OF_PATCH) if is_patch else kind
    return Token(Kind("" if group == "core" else group, version, name), is_patch, is_list)


def of_kind(kind: Kind) -> str:
    """The token under which an object's kind is registered."""
    return f"kubernetes:{kind.group or 'core'}/{kind.version}:{kind.kind}"
