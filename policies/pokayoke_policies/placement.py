"""The policy `incompatible-requirements`: some node of the stack can take each of its workloads, and some node can come
of each of its pools.

Judged are clusters whose nodes are all the stack's to tell: those with nodes that somebody else makes, or EKS itself
in Auto Mode, may have others.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.offers import Offer, unplaceable
from pokayoke_eks.rules.pools import INCOMPATIBLE
from pokayoke_eks.rules.quantities import quantity
from pokayoke_eks.rules.scheduling import TYPE, Nodes, Pod, Requirement, no_type
from pokayoke_eks.rules.taints import Taint
from pokayoke_eks.rules.workloads import POD_SPECS

from .eks import FARGATE_PROFILE, NODE_GROUP, cluster_of, label, of_cluster
from .inventory import Held, Install, installs, known_map, objects_of
from .node_groups import template_of
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, known_mappings_at, list_at, mapping_at, mappings_at
from .stack import Member, Stack

_POOL = "karpenter.sh/NodePool"
OTHER_NODES = ("aws:autoscaling/group:Group", "aws:cloudformation/stack:Stack", "aws:ec2/instance:Instance")
_DAEMONS = ("apps/DaemonSet", "extensions/DaemonSet")
_REQUIREMENTS = ("spec", "template", "spec", "requirements")
_AFFINITY = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
_ARCHITECTURE = "kubernetes.io/arch"


def nodes_can_come(node_pool: Mapping[str, Any]) -> Iterator[Finding]:
    """The requirements of a NodePool are of labels and capacity types that exist, and some instance type meets them."""
    # Loads pydantic, with the models beside it: only where there is a NodePool to judge.
    from pokayoke_eks.rules import karpenter

    requirements = read_requirements(node_pool, *_REQUIREMENTS)
    told = [{"key": one.key, "values": list(one.values)} for one in requirements]
    judged = {"spec": {"template": {"spec": {"requirements": told}}}}
    for objection in (*karpenter.unknown_capacity_types(judged), *karpenter.unknown_label_keys(judged)):
        yield objection.placed
    by_type = {one.key for one in requirements if one.operator == "In"} >= {TYPE, _ARCHITECTURE}
    # Listed types of another architecture are the business of `ami-architecture-mismatch`.
    finding = None if by_type else no_type(requirements)
    if finding:
        yield finding.at(f"{'.'.join(_REQUIREMENTS)}: ")


def workloads_find_nodes(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Selector, tolerations and requests of every workload meet a pool or node group of its cluster."""
    unknown: list[NotKnownError] = []
    asked = [(one.member, one.cluster, one.pods, pod) for one, pod in pods_of(stack, unknown)]
    asked += [(one.member, one.cluster, "values.nodeSelector: ", pod) for one, pod in _pods_of_charts(stack, unknown)]
    for member, cluster, place, pod in asked:
        finding = unplaceable(pod, offered_nodes(stack, cluster, unknown))
        if finding:
            yield member.urn, finding.at(place)
    if unknown:
        raise unknown[0]


RULE = Rule(INCOMPATIBLE, kinds={_POOL: (nodes_can_come,)}, patches=(_POOL,), stack=(workloads_find_nodes,))


def offered_nodes(stack: Stack, cluster: str | None, unknown: list[NotKnownError]) -> list[Offer]:
    """The nodes of a cluster, and those of which it is not told in which they are; none where others than the stack
    tells of may be there."""
    if cluster is None or stack.once(_has_others, cluster):
        return []
    offers: list[Offer] = []
    for found in (stack.once(_offer, cluster), stack.once(_offer, None)):
        if isinstance(found, NotKnownError):
            unknown.append(found)
            return []
        offers.append(found)
    return offers


def _has_others(stack: Stack, cluster: str) -> bool:
    compute = stack.members[cluster].properties.get("computeConfig")
    if compute is UNKNOWN or known_map(compute).get("enabled") or any(stack.of_type(*OTHER_NODES)):
        return True
    return bool(of_cluster(stack, FARGATE_PROFILE, cluster))


def _offer(stack: Stack, cluster: str | None) -> Offer | NotKnownError:
    try:
        return Offer(read() for read in stack.once(_nodes).get(cluster, ()))
    except NotKnownError as error:
        return error


def _nodes(stack: Stack) -> dict[str | None, list[Callable[[], Nodes]]]:
    """What reads the nodes of each cluster."""
    found: dict[str | None, list[Callable[[], Nodes]]] = {}
    for group in stack.of_type(NODE_GROUP):
        found.setdefault(cluster_of(stack, group), []).append(partial(_of_group, stack, group))
    for pool in objects_of(stack, _POOL):
        found.setdefault(pool.cluster, []).append(partial(_of_pool, pool))
    return found


def _of_group(stack: Stack, group: Member) -> Nodes:
    said, template = group.properties, template_of(stack, group)
    types = [str(one) for one in _told_list(said, "instanceTypes")]
    by_template = template.properties.get("instanceType") if template else None
    if not types and isinstance(by_template, str):
        types = [by_template]
    return Nodes(
        label(group.urn),
        _labelled(said, "labels"),
        _taints(said),
        tuple(types) or None,
        is_pool=False,
        # Its user data may give nodes labels too.
        free_labels=template is not None and template.properties.get("userData") is not None,
    )


def _of_pool(pool: Held) -> Nodes:
    requirements = read_requirements(pool.content, *_REQUIREMENTS)
    listed = [one.values for one in requirements if one.key == TYPE and one.operator == "In"]
    name = pool.metadata.get("name")
    return Nodes(
        name if isinstance(name, str) else label(pool.member.urn),
        (*requirements, *_labelled(pool.content, "spec", "template", "metadata", "labels")),
        _taints(mapping_at(pool.content, "spec", "template", "spec")),
        listed[0] if listed else None,
    )


def pods_of(stack: Stack, unknown: list[NotKnownError]) -> Iterator[tuple[Held, Pod]]:
    """The pods of every workload, as far as they are known; what keeps others from it goes to `unknown`."""
    for held in objects_of(stack, *(kind for kind in POD_SPECS if kind not in _DAEMONS)):
        try:
            spec = mapping_at(held.content, *POD_SPECS[held.key])
            if spec.get("nodeName") is None:
                yield held, _pod(spec)
        except NotKnownError as error:
            unknown.append(error)


def _pods_of_charts(stack: Stack, unknown: list[NotKnownError]) -> Iterator[tuple[Install, Pod]]:
    for install in installs(stack):
        # Charts take a selector under this name, by custom; which taints their pods tolerate besides is theirs to say.
        try:
            term = _labelled(known_map(install.values), "nodeSelector")
        except NotKnownError as error:
            unknown.append(error)
            continue
        if term:
            yield install, Pod((term,), tolerations=None)


def _pod(spec: Mapping[str, Any]) -> Pod:
    selected = _labelled(spec, "nodeSelector")
    terms = [read_requirements(term, "matchExpressions") for term in mappings_at(spec, *_AFFINITY)]
    return Pod(
        tuple((*selected, *term) for term in terms or [()]),
        tuple(known_mappings_at(spec, "tolerations")),
        _requested(spec, "cpu"),
        _requested(spec, "memory"),
    )


def _requested(spec: Mapping[str, Any], name: str) -> Fraction:
    """What all containers request together, as far as it is known: the limit where no request is stated."""
    total = Fraction(0)
    for raw in list_at(spec, "containers"):
        resources = known_map(known_map(raw).get("resources"))
        amounts = [quantity(known_map(resources.get(key)).get(name)) for key in ("requests", "limits")]
        total += next((one for one in amounts if one is not None), 0)
    return total


def read_requirements(properties: Mapping[str, Any], *path: str) -> tuple[Requirement, ...]:
    """Requirements as Karpenter and node affinity write them. Raises `NotKnownError` where one is unknown."""
    found: list[Requirement] = []
    for one in known_mappings_at(properties, *path):
        key, operator = one.get("key"), one.get("operator")
        if isinstance(key, str) and isinstance(operator, str):
            found.append(Requirement(key, operator, tuple(_text(value) for value in _told_list(one, "values"))))
    return tuple(found)


def _labelled(properties: Mapping[str, Any], *path: str) -> tuple[Requirement, ...]:
    """Labels as requirements: those of a node, or those that a selector asks for."""
    said = mapping_at(properties, *path)
    if UNKNOWN in said.values():
        raise NotKnownError(path)
    return tuple(Requirement(key, "In", (_text(one),)) for key, one in said.items())


def _taints(spec: Mapping[str, Any]) -> tuple[Taint, ...]:
    return tuple(Taint.read(one) for one in known_mappings_at(spec, "taints"))


def _told_list(properties: Mapping[str, Any], *path: str) -> list[Any]:
    found = list_at(properties, *path)
    if UNKNOWN in found:
        raise NotKnownError(path)
    return found


def _text(value: Any) -> str:
    """A label's value; numbers arrive as floats, whatever they were."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
