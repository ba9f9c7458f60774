"""The policy `user-data-invalid`: nodes read what they are given to start with."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pokayoke_eks.rules import user_data as rules
from pokayoke_eks.rules.finding import Finding

from .eks import NODE_GROUP, label
from .node_groups import LAUNCH_TEMPLATE, ami_type_of, template_of
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_at, mapping_of, over, stated
from .selection import KARPENTERS_CLASS
from .stack import Member, Stack


def node_class_is_read(node_class: Mapping[str, Any]) -> Iterator[Finding]:
    """The user data of an EC2NodeClass, as its family of images reads it."""
    text = stated(node_class, "spec", "userData")
    if not isinstance(text, str):
        return
    family = stated(node_class, "spec", "amiFamily")
    aliases = [mapping_of(one).get("alias") for one in list_at(node_class, "spec", "amiSelectorTerms")]
    if family is None and UNKNOWN in aliases:
        raise NotKnownError(("spec", "amiSelectorTerms", "alias"))
    named = [one for one in (family, *aliases) if isinstance(one, str)]
    finding = rules.unreadable(rules.family_of_alias(named[0]) if named else None, text, merged=False)
    if finding:
        yield finding.at("spec.userData: ")


def launch_templates_are_read(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """The user data of the launch templates from which managed node groups start."""

    def judged(group: Member) -> Iterator[tuple[str, Finding]]:
        template = template_of(stack, group)
        if template and (finding := _unread(group, template)):
            told = finding.at("userData: ")
            yield template.urn, replace(told, problem=f"{told.problem} (of the node group '{label(group.urn)}')")

    yield from over(stack.of_type(NODE_GROUP) if any(stack.of_type(LAUNCH_TEMPLATE)) else (), judged)


RULE = Rule(rules.SLUG, kinds={KARPENTERS_CLASS: (node_class_is_read,)}, stack=(launch_templates_are_read,))


def _unread(group: Member, template: Member) -> Finding | None:
    data = template.properties.get("userData")
    if data is UNKNOWN:
        raise NotKnownError(("userData",))
    if not isinstance(data, str):
        return None
    text = rules.decoded(data)
    if isinstance(text, Finding):
        return text
    # With an image of one's own nothing is merged, and its user data is one's own too.
    merged = not template.properties.get("imageId")
    family = rules.family_of_ami_type(ami_type_of(group.properties)) if merged else None
    return rules.unreadable(family, text, merged=merged)
