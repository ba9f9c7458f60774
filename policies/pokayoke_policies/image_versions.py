"""The policy `ami-version-skew`: nodes start from images that go with the version of their control plane."""

import re
from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules import image_versions as rules
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.kubernetes_versions import minor
from pokayoke_eks.rules.releases import SKEW

from .eks import ADDON, CLUSTER, NODE_GROUP, cluster_of
from .inventory import Held, objects_of
from .node_groups import template_of
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, mapping_of, over, stated
from .selection import KARPENTERS_CLASS, terms_of
from .stack import Member, Stack

_PROXY = "kube-proxy"
_MINOR = re.compile(r"v1\.(\d{1,3})\b", re.ASCII)
_NAMED = {
    "alias": rules.alias_without_image,
    "name": rules.image_name_skewed,
    "ssmParameter": rules.image_name_skewed,
}
_Told = Iterator[tuple[str, Finding]]


def groups_fit_the_control_plane(stack: Stack) -> _Told:
    """Node groups that state a version, against the cluster that each belongs to."""

    def judged(group: Member) -> _Told:
        own, there = _version(group), _control_plane(stack, cluster_of(stack, group))
        if own and there:
            yield from _told(group, "", rules.skewed("version: the node group", minor(own), there))

    yield from over(stack.of_type(NODE_GROUP), judged)


def images_fit_their_groups(stack: Stack) -> _Told:
    """The images of node groups, against the version of each, which is the control plane's where it states none."""

    def judged(group: Member) -> _Told:
        follows = group.properties.get("version") is None
        kubernetes = _control_plane(stack, cluster_of(stack, group)) if follows else _version(group)
        if kubernetes:
            yield from _of_group(stack, group, kubernetes)

    yield from over(stack.of_type(NODE_GROUP), judged)


def node_classes_fit_the_control_plane(stack: Stack) -> _Told:
    """The images that Karpenter's node classes name, against the cluster that each is in."""
    clusters = [one.urn for one in stack.of_type(CLUSTER)]

    def judged(held: Held) -> _Told:
        there = _control_plane(stack, held.cluster or (clusters[0] if len(clusters) == 1 else None))
        if there:
            terms = enumerate(terms_of(held, "amiSelectorTerms"))
            yield from over(
                terms, lambda one: _of_term(held, f"{held.place}spec.amiSelectorTerms[{one[0]}]", one[1], there)
            )

    yield from over(objects_of(stack, KARPENTERS_CLASS), judged)


def proxies_fit_the_control_plane(stack: Stack) -> _Told:
    """The add-on kube-proxy, against the cluster that it is for."""

    def judged(addon: Member) -> _Told:
        version = addon.properties.get("addonVersion")
        found = _MINOR.match(version) if isinstance(version, str) else None
        if found and addon.properties.get("addonName") == _PROXY:
            there = _control_plane(stack, cluster_of(stack, addon))
            if there:
                yield from _told(addon, "addonVersion: ", rules.skewed(_PROXY, int(found[1]), there))

    yield from over(stack.of_type(ADDON), judged)


RULE = Rule(
    SKEW,
    stack=(
        groups_fit_the_control_plane,
        images_fit_their_groups,
        node_classes_fit_the_control_plane,
        proxies_fit_the_control_plane,
    ),
)


def _of_group(stack: Stack, group: Member, kubernetes: str) -> _Told:
    ami_type, release = (str(group.properties.get(key)) for key in ("amiType", "releaseVersion"))
    if ami_type.startswith("AL2_"):
        yield from _told(group, "amiType: ", rules.al2_ended(kubernetes))
    yield from _told(group, "", rules.release_skewed(release, ami_type, kubernetes))
    template = template_of(stack, group)
    image = template.properties.get("imageId") if template else None
    yield from _told(group, "its launch template: ", rules.image_name_skewed(str(image), kubernetes))


def _of_term(held: Held, place: str, term: Any, kubernetes: str) -> _Told:
    said = mapping_of(term, place)
    for key, judge in _NAMED.items():
        value = said.get(key)
        if value is UNKNOWN:
            raise NotKnownError((place, key))
        if isinstance(value, str):
            yield from _told(held.member, f"{place}.{key}: ", judge(value, kubernetes))


def _told(member: Member, place: str, finding: Finding | None) -> _Told:
    if finding:
        yield member.urn, finding.at(place)


def _control_plane(stack: Stack, cluster: str | None) -> str | None:
    return _version(stack.members[cluster]) if cluster else None


def _version(member: Member) -> str | None:
    """The version that a control plane or a node group states; None where it states none that can be compared."""
    version = stated(member.properties, "version")
    return version if rules.is_judged(version) else None
