"""The policy `ami-architecture-mismatch`: nodes and the image that they start from are of one architecture."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from pokayoke_eks.rules import architectures
from pokayoke_eks.rules.finding import Finding

from .near import hashable
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_at, mappings_at, over, stated
from .stack import Member, Stack

NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_POOL = "karpenter.sh/NodePool"
_REQUIREMENTS = ("spec", "template", "spec", "requirements")
_ARCHITECTURE = "kubernetes.io/arch"
_INSTANCE_TYPE = "node.kubernetes.io/instance-type"


def one_architecture(properties: Mapping[str, Any]) -> Iterator[Finding]:
    """A node group's instance types are of one architecture, and its `amiType` is of the same."""
    types = _types(properties)
    finding = architectures.mixed(types)
    if finding:
        yield finding
        return
    template = "launchTemplate" in properties and properties["launchTemplate"] is not None
    ami_type = ami_type_of(properties)
    if template and (ami_type is None or not types):
        # The template may name the image or the type itself: `by_its_launch_template` looks there.
        return
    finding = architectures.ami_unfit(ami_type, types)
    if finding:
        yield finding


def by_its_launch_template(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """The same where a launch template of the stack states the instance type."""

    def judged(group: Member) -> Iterator[tuple[str, Finding]]:
        finding = _unfit_template(stack, group)
        if finding:
            yield group.urn, finding

    yield from over(stack.of_type(NODE_GROUP) if any(stack.of_type(LAUNCH_TEMPLATE)) else (), judged)


def listed_types_are_asked_for(node_pool: Mapping[str, Any]) -> Iterator[Finding]:
    """Some instance type that a NodePool lists is of an architecture that it asks for."""
    found: dict[str, list[str]] = {}
    for one in mappings_at(node_pool, *_REQUIREMENTS):
        values = list_at(one, "values")
        if UNKNOWN in values:
            raise NotKnownError((*_REQUIREMENTS, "values"))
        if one.get("key") in (_ARCHITECTURE, _INSTANCE_TYPE) and one.get("operator") == "In":
            found[one["key"]] = [str(value) for value in values]
    if len(found) == 2:
        finding = architectures.none_of(found[_ARCHITECTURE], found[_INSTANCE_TYPE])
        if finding:
            yield finding


RULE = Rule(
    architectures.SLUG,
    judges={NODE_GROUP: (one_architecture,)},
    kinds={_POOL: (listed_types_are_asked_for,)},
    patches=(_POOL,),
    stack=(by_its_launch_template,),
)


def ami_type_of(properties: Mapping[str, Any]) -> str | None:
    """What a node group says of its image; None where that is left to EKS. Raises `NotKnownError`."""
    ami_type = stated(properties, "amiType")
    return None if ami_type is None else str(ami_type)


def _types(properties: Mapping[str, Any]) -> list[str]:
    types = list_at(properties, "instanceTypes")
    if UNKNOWN in types:
        raise NotKnownError(("instanceTypes",))
    return [str(one) for one in types]


def _unfit_template(stack: Stack, group: Member) -> Finding | None:
    template = template_of(stack, group)
    if template is None or template.properties.get("imageId"):
        return None
    types = _types(group.properties)
    kind = stated(template.properties, "instanceType")
    return architectures.ami_unfit(ami_type_of(group.properties), types or ([str(kind)] if kind else []))


def template_of(stack: Stack, group: Member) -> Member | None:
    """The template that a node group names: by where its id comes from, or by the name that both state."""
    if not group.properties.get("launchTemplate"):
        return None
    sources = {urn for urn in group.sources.get("launchTemplate", ()) if urn in stack.members}
    from_it = [stack.members[urn] for urn in sorted(sources) if stack.members[urn].type == LAUNCH_TEMPLATE]
    if len(from_it) == 1:
        return from_it[0]
    for key in ("id", "name"):
        value = stated(group.properties, "launchTemplate", key)
        same = stack.once(_templates_by, key).get(hashable(value)) if value else None
        if same:
            return same
    return None


def _templates_by(stack: Stack, key: str) -> dict[Hashable, Member]:
    """The first template of each id, or of each name."""
    found: dict[Hashable, Member] = {}
    for one in stack.of_type(LAUNCH_TEMPLATE):
        found.setdefault(hashable(one.properties.get(key)), one)
    return found
