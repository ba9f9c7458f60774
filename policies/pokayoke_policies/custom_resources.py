"""The policy `crd-not-installed`: a custom resource comes after the CRD of its kind.

Of a cluster that the stack does not make, it cannot be told what is in it: there only the order is judged, where the
stack itself brings the CRD.
"""

from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules import custom_kinds
from pokayoke_eks.rules.finding import Finding

from .balancers import brings_its_own, is_of_a_folder, with_objects
from .eks import ADDON, cluster_of, label, may_be_same
from .inventory import Install, installs, known_map, objects_of, speaks_by_values
from .objects import RELEASE
from .policy import Rule
from .raw import UNKNOWN
from .references import texts_in
from .stack import Member, Stack

SLUG = "crd-not-installed"
_CRD = "apiextensions.k8s.io/CustomResourceDefinition"
_RENDERED = ("kubernetes:yaml", "kubernetes:kustomize", "kubernetes:helm.sh/v3:Chart", "kubernetes:helm.sh/v4:Chart")
_WAITING = "pulumi-python:dynamic/pokayoke:Waiting"
"""Of the library itself: it makes nothing."""
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
    bringing = [one for one, where in _bringing(stack, group, kind) if may_be_same(where, cluster)]
    behind = stack.behind(member.urn)
    if any(one.urn in behind or one.urn == member.urn for one in bringing) or _may_be_brought(stack, behind, group):
        return
    if bringing:
        problem = (
            f"{place}it does not depend on '{label(bringing[0].urn)}', which brings the kind {kind} of {group}: made "
            f'before it, the API server knows "no matches for kind"'
        )
        remedy = f"Set the option dependsOn: [{label(bringing[0].urn)}]."
    elif cluster is None or _may_come_with_an_addon(stack, cluster):
        return
    else:
        problem = f"{place}nothing in the stack brings the kind {kind} of {group} into the cluster that it makes"
        remedy = "Install the CRD, by its chart or kubernetes.yaml.v2.ConfigFile, and set the option dependsOn: [CRDS]."
    yield member.urn, Finding(problem, remedy, SLUG)


def _is_of_auto_mode(stack: Stack, cluster: str | None, group: str) -> bool:
    return group in custom_kinds.WITH_AUTO_MODE and brings_its_own(stack, cluster)


def _bringing(stack: Stack, group: str, kind: str) -> Iterator[tuple[Member, str | None]]:
    """What brings the kinds of a group, and into which cluster."""
    for held in objects_of(stack, _CRD):
        names = known_map(held.spec.get("names"))
        if held.spec.get("group") == group and names.get("kind") in (kind, UNKNOWN):
            yield held.member, held.cluster
    for install in installs(stack, *custom_kinds.OF_CHARTS):
        if group in custom_kinds.OF_CHARTS[install.chart] and _installs_crds(install):
            yield install.member, install.cluster
    for addon in stack.of_type(ADDON):
        if group in custom_kinds.OF_ADDONS.get(str(addon.properties.get("addonName")), ()):
            yield addon, cluster_of(stack, addon)


def _installs_crds(install: Install) -> bool:
    switches = custom_kinds.CRDS_BY_VALUE.get(install.chart)
    if install.member.properties.get("skipCrds") is True and switches is None:
        return False
    if switches is None or install.values is None:
        return True
    return any(install.value(*path) in (True, UNKNOWN) for path in switches)


def _may_be_brought(stack: Stack, behind: frozenset[str], group: str) -> bool:
    """Whether something before the resource may well bring the kinds, unseen: a chart or manifest of which nothing is
    known, a command, a resource of the program's own."""
    return any(_is_opaque(stack, stack.members[urn], group) for urn in behind if urn in stack.members)


def _is_opaque(stack: Stack, member: Member, group: str) -> bool:
    kind = member.type
    if kind == RELEASE:
        known = {one.chart for one in installs(stack) if one.member.urn == member.urn} & custom_kinds.OF_CHARTS.keys()
        return not known or is_of_a_folder(member)
    if kind.startswith(_RENDERED):
        # Once it is rendered, all that it brings is told.
        return member.urn not in with_objects(stack) and _may_hold(member, group)
    return kind.startswith(("command:", "pulumi-nodejs:dynamic", "pulumi-python:dynamic")) and kind != _WAITING


def _may_hold(component: Member, group: str) -> bool:
    """Whether a manifest may hold kinds of a group: by its address, if that is known."""
    said: dict[str, Any] = dict(component.properties)
    addresses = [text for key in ("file", "files") for text in texts_in(said.get(key))]
    groups = [custom_kinds.of_manifest(address) for address in addresses]
    return not groups or any(one is None or group in one for one in groups)


def _may_come_with_an_addon(stack: Stack, cluster: str) -> bool:
    """Whether the cluster has an add-on of which it is not known which kinds it brings."""
    for addon in stack.of_type(ADDON):
        name = str(addon.properties.get("addonName"))
        known = name in custom_kinds.ADDONS_WITHOUT or name in custom_kinds.OF_ADDONS
        if not known and may_be_same(cluster_of(stack, addon), cluster):
            return True
    return False
