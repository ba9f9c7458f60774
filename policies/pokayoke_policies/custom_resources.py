"""The policy `crd-not-installed`: a custom resource comes after the CRD of its kind.

Of a cluster that the stack does not make, it cannot be told what is in it: there only the order is judged, where the
stack itself brings the CRD.
"""

from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules import custom_kinds
from pokayoke_eks.rules.finding import Finding

from .balancers import brings_its_own, is_of_a_folder, with_objects
from .eks import ADDON, cluster_of, label, of_cluster
from .inventory import Install, installs, known_map, objects_of, speaks_by_values
from .near import Near
from .objects import RELEASE
from .order import Urns
from .policy import Rule
from .raw import UNKNOWN
from .references import texts_in
from .stack import Member, Stack

SLUG = "crd-not-installed"
_CRD = "apiextensions.k8s.io/CustomResourceDefinition"
_RENDERED = ("kubernetes:yaml", "kubernetes:kustomize", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart")
_WAITING = "pulumi-python:dynamic/pokayoke:Waiting"
"""Of the library itself: it makes nothing."""
_MAKING = ("command:", "pulumi-nodejs:dynamic", "pulumi-python:dynamic")
_EVERY = "*"
"""In the place of a kind, every one of its group."""
_MONITORING = "monitoring.coreos.com"
_MONITORED = ("karpenter", "aws-load-balancer-controller", "external-dns")
"""Charts whose `serviceMonitor.enabled` makes a ServiceMonitor, whether its kind is there or not."""


def custom_resources_come_after_their_kinds(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every custom resource, and every ServiceMonitor of a chart."""
    for held in objects_of(stack):
        group, _, kind = held.key.partition("/")
        if held.member.type != RELEASE and not kind.endswith("Patch") and custom_kinds.is_custom(group):
            yield from _judge(stack, held.member, held.cluster, held.place, group, kind)
    for install in installs(stack, *_MONITORED):
        if install.value("serviceMonitor", "enabled") is True and speaks_by_values(stack, install.member):
            place = "values.serviceMonitor: "
            yield from _judge(stack, install.member, install.cluster, place, _MONITORING, "ServiceMonitor")


RULE = Rule(SLUG, stack=(custom_resources_come_after_their_kinds,))


def _judge(
    stack: Stack, member: Member, cluster: str | None, place: str, group: str, kind: str
) -> Iterator[tuple[str, Finding]]:
    if group in custom_kinds.WITH_THE_CLUSTER or _is_of_auto_mode(stack, cluster, group):
        return
    bringing = stack.once(_bringing, group, kind, cluster)
    if stack.is_after(member.urn, stack.once(_bringing_urns, group, kind, cluster)):
        return
    # Something before the resource may well bring the kinds, unseen.
    if stack.behind(member.urn).meets(stack.once(_hidden, group)):
        return
    if bringing:
        problem = (
            f"{place}dependsOn: it does not depend on '{label(bringing[0].urn)}', which brings the kind {kind} of "
            f'{group}: made before it, the API server knows "no matches for kind"'
        )
        remedy = f"Set the option dependsOn: [{label(bringing[0].urn)}]."
    elif cluster is None or stack.once(_may_come_with_an_addon, cluster):
        return
    else:
        problem = (
            f"{place or 'kind: '}nothing in the stack brings the kind {kind} of {group} into the cluster that it makes"
        )
        remedy = "Install the CRD, by its chart or kubernetes.yaml.v2.ConfigFile, and set the option dependsOn: [CRDS]."
    yield member.urn, Finding(problem, remedy, SLUG)


def _is_of_auto_mode(stack: Stack, cluster: str | None, group: str) -> bool:
    return group in custom_kinds.WITH_AUTO_MODE and brings_its_own(stack, cluster)


def _bringing(stack: Stack, group: str, kind: str, cluster: str | None) -> list[Member]:
    """What brings a kind into a cluster, or may."""
    near = stack.once(_by_kind)
    found = dict(one for said in (kind, UNKNOWN, _EVERY) for one in near.of(cluster, (group, said)))
    return [found[place] for place in sorted(found)]


def _bringing_urns(stack: Stack, group: str, kind: str, cluster: str | None) -> Urns:
    return stack.among(one.urn for one in stack.once(_bringing, group, kind, cluster))


def _by_kind(stack: Stack) -> Near[tuple[int, Member]]:
    return Near((kind, cluster, (place, member)) for place, (kind, member, cluster) in enumerate(_kinds(stack)))


def _kinds(stack: Stack) -> Iterator[tuple[tuple[Any, Any], Member, str | None]]:
    """What brings kinds: group and kind, itself, and the cluster."""
    for held in objects_of(stack, _CRD):
        yield (held.spec.get("group"), known_map(held.spec.get("names")).get("kind")), held.member, held.cluster
    for install in installs(stack, *custom_kinds.OF_CHARTS):
        for group in custom_kinds.OF_CHARTS[install.chart] if _installs_crds(install) else ():
            yield (group, _EVERY), install.member, install.cluster
    for addon in stack.of_type(ADDON):
        for group in custom_kinds.OF_ADDONS.get(str(addon.properties.get("addonName")), ()):
            yield (group, _EVERY), addon, cluster_of(stack, addon)


def _installs_crds(install: Install) -> bool:
    switches = custom_kinds.CRDS_BY_VALUE.get(install.chart)
    if install.member.properties.get("skipCrds") is True and switches is None:
        return False
    if switches is None or install.values is None:
        return True
    return any(install.value(*path) in (True, UNKNOWN) for path in switches)


def _hidden(stack: Stack, group: str) -> Urns:
    """What may bring kinds of a group unseen: a chart or manifest of which nothing is known, a command, a resource of
    the program's own."""
    manifests = (one.urn for one in stack.once(_manifests) if _may_hold(one, group))
    return stack.among(stack.once(_unknown)) | stack.among(manifests)


def _unknown(stack: Stack) -> list[str]:
    known = {one.member.urn for one in installs(stack, *custom_kinds.OF_CHARTS)}
    releases = [one.urn for one in stack.of_type(RELEASE) if one.urn not in known or is_of_a_folder(one)]
    others = [one.urn for one in stack.members.values() if one.type.startswith(_MAKING) and one.type != _WAITING]
    return releases + others


def _manifests(stack: Stack) -> list[Member]:
    """Those that are not rendered: once they are, all that they bring is told."""
    rendered = with_objects(stack)
    return [one for one in stack.of_package("kubernetes") if one.type.startswith(_RENDERED) and one.urn not in rendered]


def _may_hold(component: Member, group: str) -> bool:
    """Whether a manifest may hold kinds of a group: by its address, if that is known."""
    said: dict[str, Any] = dict(component.properties)
    addresses = [text for key in ("file", "files") for text in texts_in(said.get(key))]
    groups = [custom_kinds.of_manifest(address) for address in addresses]
    return not groups or any(one is None or group in one for one in groups)


def _may_come_with_an_addon(stack: Stack, cluster: str) -> bool:
    """Whether the cluster has an add-on of which it is not known which kinds it brings."""
    names = [str(addon.properties.get("addonName")) for addon in of_cluster(stack, ADDON, cluster)]
    return any(one not in custom_kinds.ADDONS_WITHOUT and one not in custom_kinds.OF_ADDONS for one in names)
