"""What is asked of all that can carry tags."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding, shown
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, tags
from pokayoke_policies.remedies import Edits
from pokayoke_policies.tagging import WITH_DEFAULTS, tag_of, taggable

TAGGED = Practice(
    "resources-tagged",
    "A resource lacks tags that all resources shall carry",
    "neither its owner nor its share of the bill can be told",
    'Set tags: {"KEY": "VALUE"}, or on its provider defaultTags: {tags: {"KEY": "VALUE"}}.',
    "EKS best practices, cost/awareness",
    {"tags": tags({}, "The tags that all of `aws` that takes tags shall carry. Without any, nothing is judged.")},
)


def are_there(asked: Mapping[str, str], properties: Mapping[str, Any]) -> Iterator[Finding]:
    """A resource carries all that is asked for, with whatever values."""
    if lacking := _lacking(asked, properties):
        said = json.dumps(lacking)
        fix = f"Set tags: {said}, or on its provider defaultTags: {{tags: {said}}}."
        yield TAGGED.finding("tags", f"it lacks {', '.join(map(shown, lacking))}", fix)


def to_be_tagged(asked: Mapping[str, str], properties: Mapping[str, Any]) -> Edits:
    """The tags that it lacks; tags that it has keep their values."""
    # What an update sets is read from both (pulumi-aws, provider/tags.go).
    places = ("tags", WITH_DEFAULTS) if WITH_DEFAULTS in properties else ("tags",)
    return {(place, key): value for key, value in _lacking(asked, properties).items() for place in places}


def tagged(settings: Mapping[str, Any]) -> Rule:
    """The policy under its settings."""
    asked = settings["tags"]
    judges = dict.fromkeys(_KINDS, (partial(are_there, asked),))
    return replace(RULE, judges=judges, remedies=dict.fromkeys(_KINDS, partial(to_be_tagged, asked)))


def _lacking(asked: Mapping[str, str], properties: Mapping[str, Any]) -> dict[str, str]:
    return {key: value for key, value in asked.items() if tag_of(properties, key) is None}


_KINDS = taggable()
RULE = Rule(
    TAGGED.slug,
    practice=TAGGED,
    tuned=tagged,
    remedies=dict.fromkeys(_KINDS, partial(to_be_tagged, TAGGED.set_by({})["tags"])),
)
RULES = (RULE,)
