"""Reads optional lists and objects out of untyped structures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def listed(structure: Mapping[str, Any], key: str) -> list[Any]:
    """The list under the key, empty when there is none."""
    return structure.get(key) or []


def mapped(structure: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The object under the key, empty when there is none."""
    return structure.get(key) or {}
