"""The policy `efa-not-identified`: pods that ask for EFA find nodes that offer it.

Source: EKS user guide, "Run machine learning training on Amazon EKS with Elastic Fabric Adapter": the device plugin
(chart aws-efa-k8s-device-plugin) makes nodes offer `vpc.amazonaws.com/efa`; a managed node group has EFA interfaces
where its launch template says so. Karpenter sets them up by itself.
"""

from collections.abc import Iterator
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.workloads import CONTAINERS, POD_SPECS

from .eks import NODE_GROUP, of_cluster
from .inventory import Held, installs_near, known_map, objects_near, objects_of
from .node_groups import template_of
from .policy import Rule
from .raw import UNKNOWN, list_at, mapping_at, mapping_of, over
from .stack import Stack

SLUG = "efa-not-identified"
DEVICE = "vpc.amazonaws.com/efa"
_PLUGIN = "efa-k8s-device-plugin"
_NO_PLUGIN = Finding(
    "no device plugin for EFA is in the cluster, so no node offers it",
    "Install before: chart: aws-efa-k8s-device-plugin, repositoryOpts: {repo: https://aws.github.io/eks-charts}.",
    SLUG,
)
_NO_INTERFACES = Finding(
    "no node of the cluster has EFA interfaces: no launch template of a node group states any",
    "Give the node group a launch template with networkInterfaces: [{interfaceType: efa}].",
    SLUG,
)


def devices_are_offered(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """In the cluster of every pod that asks for EFA are its device plugin, and nodes with EFA interfaces."""

    def judged(held: Held) -> Iterator[tuple[str, Finding]]:
        missing = stack.once(_missing, held.cluster) if held.cluster is not None and _asks(held) else None
        if missing:
            yield held.member.urn, missing.at(f"{held.pods}its pods ask for {DEVICE}, and ")

    yield from over(objects_of(stack, *POD_SPECS), judged)


RULE = Rule(SLUG, stack=(devices_are_offered,))


def _asks(held: Held) -> bool:
    spec = mapping_at(held.content, *POD_SPECS[held.key])
    resources = [known_map(known_map(raw).get("resources")) for group in CONTAINERS for raw in list_at(spec, group)]
    return any(DEVICE in known_map(one.get(key)) for one in resources for key in ("limits", "requests"))


def _missing(stack: Stack, cluster: str) -> Finding | None:
    """What a cluster lacks for pods that ask."""
    if not _has_the_plugin(stack, cluster):
        return _NO_PLUGIN
    return None if _has_interfaces(stack, cluster) else _NO_INTERFACES


def _has_the_plugin(stack: Stack, cluster: str) -> bool:
    if any(_PLUGIN in one.chart for one in installs_near(stack, cluster)):
        return True
    daemons = objects_near(stack, cluster, "apps/DaemonSet")
    return any(_PLUGIN in str(one.metadata.get("name")) or one.metadata.get("name") is UNKNOWN for one in daemons)


def _has_interfaces(stack: Stack, cluster: str) -> bool:
    """Whether some node of a cluster may have them."""
    if any(objects_near(stack, cluster, "karpenter.sh/NodePool")):
        return True
    groups = of_cluster(stack, NODE_GROUP, cluster)
    found: list[Any] = []
    for group in groups:
        template = template_of(stack, group)
        if template is None and group.properties.get("launchTemplate"):
            return True  # Of another stack.
        found += list_at(template.properties, "networkInterfaces") if template else []
    kinds = [one if one is UNKNOWN else mapping_of(one).get("interfaceType") for one in found]
    return not groups or any(kind is UNKNOWN or str(kind).startswith("efa") for kind in kinds)
