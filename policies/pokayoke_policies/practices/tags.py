"""What is asked of all that can carry tags."""

from collections.abc import Iterator, Mapping
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
    {"tags": tags({}, "The tags that every AWS resource that takes tags shall carry; none, and nothing is judged.")},
)


def tagged(settings: Mapping[str, Any]) -> Rule:
    """Every resource carries the tags, with whatever values."""
    asked: Mapping[str, str] = settings["tags"]

    def lacking(properties: Mapping[str, Any]) -> list[str]:
        return [key for key in asked if tag_of(properties, key) is None]

    def all_are_there(properties: Mapping[str, Any]) -> Iterator[Finding]:
        if missing := lacking(properties):
            yield TAGGED.finding("tags", f"it lacks {', '.join(map(shown, missing))}")

    def to_be_tagged(properties: Mapping[str, Any]) -> Edits:
        """The tags that it lacks; tags that it has keep their values."""
        # What an update sets is read from both (pulumi-aws, provider/tags.go).
        places = ("tags", WITH_DEFAULTS) if WITH_DEFAULTS in properties else ("tags",)
        return {(place, key): asked[key] for key in lacking(properties) for place in places}

    kinds = taggable()
    return Rule(
        TAGGED.slug,
        judges=dict.fromkeys(kinds if asked else (), (all_are_there,)),
        practice=TAGGED,
        tuned=tagged,
        remedies=dict.fromkeys(kinds, to_be_tagged),
    )


RULES = (tagged(TAGGED.set_by({})),)
