"""What is wrong with a configuration beyond what a schema can say: engines hold it to the policies' schemas before
(pulumi 3.260, pkg/resource/analyzer/config.go), pass over the names of policies that there are not, and let any policy
have level `remediate`."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from google.protobuf import json_format
from pulumi.runtime import proto

from pokayoke_eks.rules.finding import shown

from .exemptions import exemptions_in

_ALL = "all"
"""Stands in a configuration for the level of every policy."""
_MOST = 8


def mistakes(stated: Mapping[str, Any], known: Collection[str], mendable: Collection[str]) -> list[str]:
    """All that is wrong with the configurations by policy, as the wire has them; `mendable` are the policies which
    have a remedy."""
    unknown = sorted(stated.keys() - {*known, _ALL})
    return [*_unknown(unknown, known), *_without_remedy(stated, known, mendable), *_no_days(stated)]


def _unknown(names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for name in names:
        near = get_close_matches(name, known)
        yield f"{shown(name)}: there is no such policy{f', is {near[0]} meant?' if near else ''}"


def _without_remedy(stated: Mapping[str, Any], known: Collection[str], mendable: Collection[str]) -> Iterator[str]:
    remediate = proto.EnforcementLevel.Value("REMEDIATE")
    asked = {name for name in known if name in stated and stated[name].enforcementLevel == remediate}
    if without := asked.difference(mendable):
        yield (
            f"enforcementLevel remediate: there is no remedy for {_listed(without)}. Say mandatory, advisory or "
            f"disabled; remediate is for {_listed(mendable)}"
        )


def _no_days(stated: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(stated):
        for index, one in enumerate(exemptions_in(json_format.MessageToDict(stated[name].properties))):
            if one.last is None:
                yield f"{name}: exemptions.{index}.until: {shown(one.until)} is no day"


def _listed(names: Iterable[str]) -> str:
    known = sorted(names)
    more = f" and {len(known) - _MOST} more" if len(known) > _MOST else ""
    return f"{', '.join(known[:_MOST])}{more}"
