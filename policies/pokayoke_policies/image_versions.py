"""The policy `ami-version-skew`: nodes start from images that go with the version of their control plane."""

from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules import image_versions as rules
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.kubernetes_versions import minor
from pokayoke_eks.rules.releases import SKEW

from .eks import ADDON, CLUSTER, NODE_GROUP, cluster_of
from .inventory import Held, known_map, objects_of
from .node_groups import template_of
from .policy import Rule
from .raw import UNKNOWN, NotKnownError
from .selection import KARPENTERS_CLASS, terms_of
from .stack import Member, Stack

_KEYS = ("alias", "name", "ssmParameter")
_PROXY = "kube-proxy"


def images_fit_the_control_plane(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Node groups, the node classes of Karpenter and kube-proxy, against the cluster that each belongs to."""
    unknown: list[NotKnownError] = []
    for member, place, finding in (
        *_of_groups(stack, unknown),
        *_of_classes(stack, unknown),
        *_of_proxies(stack, unknown),
    ):
        yield member.urn, Finding(f"{place}{finding.problem}", finding.remedy, finding.slug)
    if unknown:
        raise unknown[0]


RULE = Rule(SKEW, stack=(images_fit_the_control_plane,))

_Told = Iterator[tuple[Member, str, Finding]]


def _of_groups(stack: Stack, unknown: list[NotKnownError]) -> _Told:
    for group in stack.of_type(NODE_GROUP):
        said = group.properties
        cluster = _version(stack.members.get(cluster_of(stack, group) or ""), unknown)
        stated = said.get("version")
        own = stated if isinstance(stated, str) and rules.is_judged(stated) else None
        if cluster and own:
            finding = rules.skewed("version: the node group", minor(own), cluster)
            if finding:
                yield group, "", finding
                continue
        # What is not stated follows the control plane.
        kubernetes = own or (cluster if stated is None else None)
        if kubernetes is None:
            continue
        ami_type = said.get("amiType")
        if isinstance(ami_type, str) and ami_type.startswith("AL2_"):
            yield from _told(group, "amiType: ", rules.al2_ended(kubernetes))
        release = said.get("releaseVersion")
        if isinstance(release, str):
            kind = ami_type if isinstance(ami_type, str) else ""
            yield from _told(group, "", rules.release_skewed(release, kind, kubernetes))
        try:
            template = template_of(stack, group)
        except NotKnownError as error:
            unknown.append(error)
            continue
        image = template.properties.get("imageId") if template else None
        if isinstance(image, str):
            yield from _told(group, "its launch template: ", rules.image_name_skewed(image, kubernetes))


def _of_classes(stack: Stack, unknown: list[NotKnownError]) -> _Told:
    clusters = list(stack.of_type(CLUSTER))
    for held in objects_of(stack, KARPENTERS_CLASS):
        only = clusters[0].urn if len(clusters) == 1 else ""
        kubernetes = _version(stack.members.get(held.cluster or only), unknown)
        for index, term in enumerate(terms_of(held, "amiSelectorTerms") if kubernetes else ()):
            said = known_map(term)
            for key in _KEYS:
                value = said.get(key)
                if kubernetes and isinstance(value, str):
                    judge = rules.alias_without_image if key == "alias" else rules.image_name_skewed
                    yield from _told(held.member, _at(held, index, key), judge(value, kubernetes))
            if term is UNKNOWN or any(said.get(key) is UNKNOWN for key in _KEYS):
                unknown.append(NotKnownError(("spec", "amiSelectorTerms")))


def _of_proxies(stack: Stack, unknown: list[NotKnownError]) -> _Told:
    for addon in stack.of_type(ADDON):
        version: Any = addon.properties.get("addonVersion")
        if addon.properties.get("addonName") != _PROXY or not isinstance(version, str):
            continue
        kubernetes = _version(stack.members.get(cluster_of(stack, addon) or ""), unknown)
        digits = version.removeprefix("v1.").partition(".")[0]
        if kubernetes and version.startswith("v1.") and digits.isdecimal():
            yield from _told(addon, "addonVersion: ", rules.skewed(_PROXY, int(digits), kubernetes))


def _at(held: Held, index: int, key: str) -> str:
    return f"{held.place}spec.amiSelectorTerms[{index}].{key}: "


def _told(member: Member, place: str, finding: Finding | None) -> _Told:
    if finding:
        yield member, place, finding


def _version(cluster: Member | None, unknown: list[NotKnownError]) -> str | None:
    """The version of a control plane; None where the stack does not tell."""
    version = cluster.properties.get("version") if cluster else None
    if version is UNKNOWN:
        unknown.append(NotKnownError(("version",)))
    return version if isinstance(version, str) and rules.is_judged(version) else None
