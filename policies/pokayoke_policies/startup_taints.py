"""The policy `startup-taint-deadlock`: what a node needs gets onto it, and what keeps pods off for a while is removed.

Judged are the pools and node groups of a stack against its DaemonSets, charts and add-ons.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.json_text import from_json
from pokayoke_eks.rules.labels import DEADLOCK, restricted_taint
from pokayoke_eks.rules.taints import BLOCKING, REMOVED_BY, REMOVERS, Taint, declared, kept_off, without_remover
from pokayoke_eks.rules.workloads import POD_SPECS

from .eks import ADDON, NODE_GROUP, cluster_of, label
from .inventory import Held, installs, installs_near, known_map, objects_of
from .near import Near
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, known_mappings_at, list_of, mapping_at, mappings_at
from .references import texts_in
from .stack import Member, Stack

_POOL = "karpenter.sh/NodePool"
_CRITICAL = "system-node-critical"
_BETWEEN = "\n"
"""Between texts: no taint's key holds it."""
_LINUX = {"kubernetes.io/os": "linux"}
_AGENTS: Mapping[str, tuple[str, ...]] = {
    "cilium": (),
    "aws-ebs-csi-driver": ("node",),
    "aws-efs-csi-driver": ("node",),
}
"""Charts and add-ons of which each node has a pod, and under which values `tolerations` says what it tolerates:
everything, where they say nothing (values of cilium's chart; of the drivers' charts, whose `node.tolerateAllTaints`
comes first)."""


@dataclass(frozen=True)
class Nodes:
    """What makes nodes, and the taints that these have."""

    member: Member
    place: str
    cluster: str | None
    taints: tuple[Taint, ...]
    startup: tuple[Taint, ...] = ()
    said_removers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Agent:
    """Pods on each node. `keys` are what their tolerations name; `is_needed`, whether no node is ready without."""

    name: str
    cluster: str | None
    tolerations: list[dict[str, Any]]
    is_needed: bool
    is_everywhere: bool = True


def taints_are_ones_own(node_pool: Mapping[str, Any]) -> Iterator[Finding]:
    """No taint of a pool is one that Kubernetes or Karpenter puts on and takes off itself."""
    for field in ("taints", "startupTaints"):
        for index, one in enumerate(mappings_at(node_pool, "spec", "template", "spec", field)):
            key = one.get("key")
            finding = restricted_taint(key) if isinstance(key, str) else None
            if finding:
                yield finding.at(f"spec.template.spec.{field}[{index}]: ")


def startup_taints_go_and_agents_come(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each startup taint has somebody who takes it off, and gets onto the node in spite of all its taints; so does
    every DaemonSet without which no node is ready."""
    unknown: list[NotKnownError] = []
    nodes = list(_nodes(stack, unknown))
    agents = _by_part(_agents(stack, unknown) if nodes else ())
    for one in nodes:
        for finding in _findings(stack, one, agents, certain=not unknown):
            yield one.member.urn, finding.at(one.place)
    if unknown:
        raise unknown[0]


RULE = Rule(
    DEADLOCK,
    kinds={_POOL: (taints_are_ones_own,)},
    patches=(_POOL,),
    stack=(startup_taints_go_and_agents_come,),
)


def _by_part(agents: Iterable[Agent]) -> Near[tuple[int, Agent]]:
    """Agents with their places: by their names and by the taints that they name, and by None those that are needed."""

    def parts(agent: Agent) -> list[Any]:
        named = [("taint", one.get("key")) for one in agent.tolerations]
        return [("name", agent.name), *named, *([None] if agent.is_needed else [])]

    return Near((part, one.cluster, (place, one)) for place, one in enumerate(agents) for part in parts(one))


def _findings(stack: Stack, nodes: Nodes, agents: Near[tuple[int, Agent]], *, certain: bool) -> Iterator[Finding]:
    removers: dict[int, Agent] = {}
    for taint in nodes.startup:
        parts = [("taint", taint.key), *(("name", one) for one in REMOVERS.get(taint.key, ()))]
        by = dict(one for part in parts for one in agents.of(nodes.cluster, part))
        removers |= by
        elsewhere = restricted_taint(taint.key) or taint.key in nodes.said_removers
        if not by and not elsewhere and not stack.once(_takes_off, nodes.cluster, taint.key) and certain:
            finding = without_remover(taint.key)
            yield finding.at("spec.template.spec.startupTaints: ")
    taints = dict.fromkeys((*nodes.taints, *nodes.startup))
    blocking = [one for one in taints if one.effect in BLOCKING and not restricted_taint(one.key)]
    asked = {**removers, **dict(agents.of(nodes.cluster))} if blocking else {}
    for place in sorted(asked):
        agent = asked[place]
        for taint in blocking if agent.is_everywhere else ():
            if not taint.is_tolerated(agent.tolerations):
                yield kept_off(agent.name, taint, remover=place in removers)


def _takes_off(stack: Stack, cluster: str | None, key: str) -> bool:
    """Whether something that runs elsewhere than on the node takes the taint off: a chart, an add-on, or a workload
    whose text names its key, as a controller's arguments do."""
    known = REMOVERS.get(key)
    if known and any(installs_near(stack, cluster, *known)):
        return True
    texts = stack.once(_texts)
    return any(key in texts[one] for one in (texts if cluster is None else (cluster, None)) if one in texts)


def _texts(stack: Stack) -> dict[str | None, str]:
    """All that workloads, their settings and the values of charts say, by cluster."""
    found: dict[str | None, list[str]] = {}
    for held in objects_of(stack, *POD_SPECS, "core/ConfigMap"):
        found.setdefault(held.cluster, []).extend(texts_in(held.content))
    for install in installs(stack):
        found.setdefault(install.cluster, []).extend(texts_in(install.values))
    return {cluster: _BETWEEN.join(texts) for cluster, texts in found.items()}


def _nodes(stack: Stack, unknown: list[NotKnownError]) -> Iterator[Nodes]:
    for group in stack.of_type(NODE_GROUP):
        try:
            taints = _taints(group.properties, "taints")
        except NotKnownError as error:
            unknown.append(error)
            continue
        # A node group knows taints of one kind alone: those of which it is known who takes them off are meant to go.
        startup = tuple(one for one in taints if one.key in REMOVERS)
        yield Nodes(group, "", cluster_of(stack, group), taints, startup)
    for pool in objects_of(stack, _POOL):
        try:
            template = known_map(known_map(pool.spec.get("template")).get("spec"))
            taints, startup = (_taints(template, key) for key in ("taints", "startupTaints"))
        except NotKnownError as error:
            unknown.append(error)
            continue
        said = declared(known_map(pool.metadata.get("annotations")).get(REMOVED_BY))
        yield Nodes(pool.member, pool.place, pool.cluster, taints, startup, frozenset(said))


def _taints(spec: Mapping[str, Any], key: str) -> tuple[Taint, ...]:
    return tuple(map(Taint.read, known_mappings_at(spec, key)))


def _agents(stack: Stack, unknown: list[NotKnownError]) -> Iterator[Agent]:
    for held in objects_of(stack, "apps/DaemonSet", "extensions/DaemonSet"):
        try:
            yield _of_object(held)
        except NotKnownError as error:
            unknown.append(error)
    for install in installs(stack, *_AGENTS):
        if install.values is not None:
            yield _of_values(install.chart, install.cluster, install.values)
    for addon in stack.of_type(ADDON):
        name = addon.properties.get("addonName")
        if isinstance(name, str) and name in {who for removers in REMOVERS.values() for who in removers}:
            yield _of_values(name, cluster_of(stack, addon), _configuration(addon))


def _of_object(held: Held) -> Agent:
    spec = mapping_at(held.content, *POD_SPECS[held.key])
    elsewhere = {key: value for key, value in mapping_at(spec, "nodeSelector").items() if _LINUX.get(key) != value}
    name = held.metadata.get("name")
    return Agent(
        name if isinstance(name, str) else label(held.member.urn),
        held.cluster,
        known_mappings_at(spec, "tolerations"),
        is_needed=spec.get("priorityClassName") == _CRITICAL,
        is_everywhere=not elsewhere and not known_map(spec.get("affinity")).get("nodeAffinity"),
    )


def _of_values(name: str, cluster: str | None, values: Mapping[str, Any]) -> Agent:
    above = _AGENTS.get(name, ())
    for key in above:
        values = known_map(values.get(key))
    said = values.get("tolerations")
    all_alike = values.get("tolerateAllTaints") is not False if above else said is None
    if all_alike or said is UNKNOWN:
        tolerations: list[dict[str, Any]] = [{"operator": "Exists"}]
    else:
        tolerations = [known_map(one) for one in list_of(said)]
    return Agent(name, cluster, tolerations, is_needed=name == "cilium")


def _configuration(addon: Member) -> Mapping[str, Any]:
    return known_map(from_json(addon.properties.get("configurationValues")))
