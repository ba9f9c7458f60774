"""What is asked of the images from which nodes start."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_policies.eks import NODE_GROUP
from pokayoke_policies.node_groups import template_of
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, mapping_at, over, stated
from pokayoke_policies.references import is_given
from pokayoke_policies.selection import KARPENTERS_CLASS
from pokayoke_policies.stack import Member, Stack

RELEASE = Practice(
    "nodes-release-pinned",
    "A node group names no release of its image",
    "two groups of one program start from different images, and nobody sees when one changes",
    'Set releaseVersion, e.g. "1.65.0-0be31b34" for Bottlerocket, and move it on purpose.',
    "EKS best practices, upgrades; EKS user guide, update a managed node group",
)
ALIAS = Practice(
    "kp-ami-pinned",
    "Karpenter's nodes start from whatever image is the newest",
    "every release of the image replaces all nodes, in production before anybody tried it",
    'Set amiSelectorTerms: [{alias: "bottlerocket@v1.65.0"}], with the version that was tried.',
    "Karpenter, managing AMIs; EKS best practices, autoscaling/karpenter",
)


def groups_name_a_release(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every node group whose image EKS chooses."""

    def judged(group: Member) -> Iterator[tuple[str, Finding]]:
        if not group.properties.get("releaseVersion") and _image_is_of_eks(stack, group):
            yield group.urn, RELEASE.finding("releaseVersion", "it is left out, which means the newest of its day")

    yield from over(stack.of_type(NODE_GROUP), judged)


def images_are_of_a_version(node_class: Mapping[str, Any]) -> Iterator[Finding]:
    """No term selects by `@latest`, by a pattern or by tags alone; an id or a parameter's path is somebody's choice."""

    def judged(found: tuple[int, dict[str, Any]]) -> Iterator[Finding]:
        index, term = found
        place = f"spec.amiSelectorTerms[{index}]"
        alias, name = term.get("alias"), term.get("name")
        if UNKNOWN in (alias, name):
            raise NotKnownError(("spec", "amiSelectorTerms"))
        if isinstance(alias, str) and alias.endswith("@latest"):
            yield ALIAS.finding(f"{place}.alias", "it is @latest")
        elif isinstance(name, str) and ("*" in name or "?" in name):
            yield ALIAS.finding(f"{place}.name", "it is a pattern")
        elif is_given(term.get("tags")) and not any(is_given(term.get(key)) for key in ("id", "name", "ssmParameter")):
            yield ALIAS.finding(f"{place}.tags", "whatever carries the tags is taken")

    yield from over(each(list_at(node_class, "spec", "amiSelectorTerms")), judged)


RULES = (
    Rule(RELEASE.slug, stack=(groups_name_a_release,), practice=RELEASE),
    Rule(
        ALIAS.slug,
        kinds={KARPENTERS_CLASS: (images_are_of_a_version,)},
        patches=(KARPENTERS_CLASS,),
        practice=ALIAS,
    ),
)


def _image_is_of_eks(stack: Stack, group: Member) -> bool:
    """Whether it is certain. A launch template that is not the stack's may name an image."""
    ami_type = stated(group.properties, "amiType")
    if ami_type == "CUSTOM":
        return False
    if not mapping_at(group.properties, "launchTemplate"):
        return True
    template = template_of(stack, group)
    return not is_given(template.properties.get("imageId")) if template else isinstance(ami_type, str)
