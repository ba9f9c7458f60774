"""Who stands behind a listener, and whether a balancer finds them healthy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_ready
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.bindings import address_of
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import BINDING, NODE, SERVICE
from pokayoke_rehearsal.doubles.kubernetes.store.admission import ready_endpoints
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, items, name_of, namespace_of, text
from pokayoke_rehearsal.doubles.kubernetes.stores import Stores
from pokayoke_rehearsal.operating.reach.doors import IN_TREE, Door, Entry
from pokayoke_rehearsal.world.load_balancers.facts import TargetGroup

_NODE_PORTS = range(30000, 32768)
_FAILED = "OutOfService: Instance has failed at least the UnhealthyThreshold number of health checks consecutively."
"""State and description of a Classic balancer's instance (ELB API reference, InstanceState)."""


@dataclass(frozen=True)
class Health:
    """How many there are behind a listener, and why some are of no use."""

    total: int
    problems: tuple[str, ...] = ()
    """One a target that is not healthy."""
    blocked: bool = False
    """Whether it is security groups that keep the balancer from them."""

    @property
    def healthy(self) -> int:
        return self.total - len(self.problems)


@dataclass(frozen=True)
class _Place:
    """Where a target is, in a cluster."""

    cluster: Cluster
    node: Object
    pod: Object | None = None


class Targets:
    """All that balancers may send requests to, as it is now."""

    def __init__(self, stores: Stores) -> None:
        self._clusters = [server.cluster for server in stores.servers]
        self._machines = {_machine(node): _Place(one, node) for one in self._clusters for node in one.list("", "Node")}
        self._pods = {address_of(held.pod, held.node): held for held in self._placed() if held.pod is not None}

    def behind(self, door: Door, entry: Entry, groups: Sequence[str]) -> Health:
        """The targets of these target groups, or of a Classic balancer's listener."""
        if door.instances or entry.instance_port:
            service = self._service_of_tag(door.made_for) if door.in_tree else None
            found = [self._machine_problem(door, one, entry.instance_port, service) for one in sorted(door.instances)]
            named = zip(sorted(door.instances), found, strict=True)
            return _health([(f"{one}: {_FAILED}: {why}" if why else "", why) for one, why in named])
        held = [one for one in door.region.target_groups({}) if one.arn in groups]
        return _health([found for group in held for found in self._of_group(door, group)])

    def _of_group(self, door: Door, group: TargetGroup) -> Iterator[tuple[str, str]]:
        service = self._bound(group) or (self._service_of_tag(group.tags.get(IN_TREE, "")) if door.in_tree else None)
        for target in sorted(group.targets):
            port = group.ports[target]
            if group.kind == "ip":
                why = self._pod_problem(door, target, port, bound=service is not None)
            elif group.kind == "instance":
                why = self._machine_problem(door, target, port, service)
            else:
                why = ""
            yield (f"{target}: unhealthy: Target.FailedHealthChecks: {why}" if why else ""), why

    def _pod_problem(self, door: Door, address: str, port: int, *, bound: bool) -> str:
        held = self._pods.get(address)
        if held is None or held.pod is None:
            return "no pod has this address" if bound else ""
        if not is_ready(held.pod):
            return f"pod {namespace_of(held.pod)}/{name_of(held.pod)} is not ready"
        return _closed(door, held.node, port)

    def _machine_problem(self, door: Door, machine: str, port: int, service: tuple[Cluster, Object] | None) -> str:
        held = self._machines.get(machine)
        if held is None:
            return ""
        if service is not None:
            cluster, obj = service
            pods = ready_endpoints(cluster, obj)
            if at(obj, "spec", "externalTrafficPolicy") == "Local":
                pods = [pod for pod in pods if at(pod, "spec", "nodeName") == name_of(held.node)]
            if not pods:
                return f"Service {namespace_of(obj)}/{name_of(obj)} has no ready pod for it"
        # The store gives no node ports: the controller opens the range of them.
        return _closed(door, held.node, port if port in _NODE_PORTS else _NODE_PORTS[0])

    def _bound(self, group: TargetGroup) -> tuple[Cluster, Object] | None:
        for cluster in self._clusters:
            for binding in cluster.list(BINDING.group, BINDING.kind):
                if at(binding, "spec", "targetGroupARN") == group.arn:
                    name = text(at(binding, "spec", "serviceRef", "name"))
                    found = cluster.find(SERVICE, name, namespace_of(binding))
                    return (cluster, found) if found is not None else None
        return None

    def _service_of_tag(self, stated: str) -> tuple[Cluster, Object] | None:
        namespace, _, name = stated.partition("/")
        found = ((cluster, cluster.find(SERVICE, name, namespace)) for cluster in self._clusters)
        return next(((cluster, one) for cluster, one in found if one is not None), None)

    def _placed(self) -> Iterator[_Place]:
        for cluster in self._clusters:
            for pod in cluster.list("", "Pod"):
                node = cluster.find(NODE, text(at(pod, "spec", "nodeName")))
                if node is not None:
                    yield _Place(cluster, node, pod)


def _health(found: Sequence[tuple[str, str]]) -> Health:
    problems = tuple(told for told, _ in found if told)
    return Health(len(found), problems, any("security group" in why for _, why in found))


def _closed(door: Door, node: Object, port: int) -> str:
    """Why a balancer does not reach a port of a machine; empty where it does.

    `lbc-iam-incomplete`: a controller that may not change security groups leaves its balancer before closed nodes."""
    if not door.groups and not door.in_tree:
        # Which ranges the controller then opens is not modelled: no failure turns on it.
        return ""
    groups = sorted(door.region.groups_of_instance(_machine(node)))
    admitted = {source for group in groups for source in door.region.admitted(group, port)}
    own = _address(node)
    ranges = [source for source in admitted if "/" in source]
    if admitted & door.groups or any(ip_address(own) in ip_network(one, strict=False) for one in ranges):
        return ""
    who = f"security group {' or '.join(sorted(door.groups))}" if door.groups else "anybody"
    return f"no security group of its node ({', '.join(groups)}) lets {who} in at port {port}"


def _address(node: Object) -> str:
    found = (fields(item) for item in items(at(node, "status", "addresses")))
    return next((text(one.get("address")) for one in found if one.get("type") == "InternalIP"), "0.0.0.0")  # noqa: S104


def _machine(node: Object) -> str:
    return text(at(node, "spec", "providerID")).rpartition("/")[2]
