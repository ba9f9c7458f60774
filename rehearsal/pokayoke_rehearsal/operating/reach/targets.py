"""Who stands behind a listener, and whether a balancer finds them healthy.

States and descriptions: ELB API reference, TargetHealth and, for Classic balancers, InstanceState.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from pokayoke_rehearsal.doubles.kubernetes.load_balancer.bindings import address_of
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import BINDING, NODE, SERVICE
from pokayoke_rehearsal.doubles.kubernetes.store.admission import ready_endpoints
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, items, name_of, namespace_of, text
from pokayoke_rehearsal.doubles.kubernetes.stores import Stores
from pokayoke_rehearsal.operating.reach.doors import IN_TREE, Door
from pokayoke_rehearsal.operating.reach.meshes import hangs_up
from pokayoke_rehearsal.world.load_balancers.facts import TargetGroup

_NODE_PORTS = range(30000, 32768)
_UNHEALTHY = "unhealthy: Target.FailedHealthChecks: Health checks failed"
_OUT = "OutOfService: Instance has failed at least the UnhealthyThreshold number of health checks consecutively"


@dataclass(frozen=True)
class Target:
    name: str
    """Id of an instance, or an address."""
    problem: str = ""
    """Why it is not healthy, empty where it is."""
    is_closed: bool = False
    """Whether security groups keep the balancer from it."""
    silence: str = ""
    """Why it takes connections and closes them at once, empty where it does not."""


@dataclass(frozen=True)
class Health:
    """The targets behind a listener."""

    targets: tuple[Target, ...]

    @property
    def healthy(self) -> tuple[Target, ...]:
        return tuple(one for one in self.targets if not one.problem)

    @property
    def is_closed(self) -> bool:
        """Whether it is security groups that keep the balancer from some of them."""
        return any(one.is_closed for one in self.targets)

    @property
    def silence(self) -> str:
        """Why nobody answers although balancers find somebody; empty where somebody does."""
        return "" if any(not one.silence for one in self.healthy) else next((one.silence for one in self.healthy), "")

    @property
    def told(self) -> str:
        """What is wrong with them, those with the same problem together."""
        return self.shown("")

    def shown(self, healthy: str) -> str:
        """What is to be said of each, those with the same together; `healthy` of those with which nothing is wrong, who
        are left out where it is empty."""
        found: dict[str, list[str]] = {}
        for one in self.targets:
            found.setdefault(one.problem or healthy, []).append(one.name)
        return "; ".join(f"{', '.join(names)}: {said}" for said, names in found.items() if said)


_Served = tuple[Cluster, Object]
"""A Service, and the cluster in which it is."""


class Targets:
    """All that balancers may send requests to, as it is now."""

    def __init__(self, stores: Stores) -> None:
        self._clusters = [server.cluster for server in stores.servers]
        self._machines = {_machine(node): node for one in self._clusters for node in one.list("", "Node")}

    def of_groups(self, door: Door, groups: Sequence[str]) -> Health:
        """The targets of these target groups, by their ARNs."""
        held = [one for one in door.region.target_groups({}) if one.arn in groups]
        return Health(tuple(found for group in held for found in self._of_group(door, group)))

    def of_instances(self, door: Door) -> Health:
        """The instances of a Classic balancer.

        `in-tree-load-balancer`: every node is one of them, and healthy as long as it takes connections at a node port.
        """
        service = self._tagged(door.made_for) if door.in_tree else None
        port = int(door.check.partition(":")[2].partition("/")[0] or 0)
        found = [self._machine_problem(door, one, port, service) for one in sorted(door.instances)]
        named = zip(sorted(door.instances), found, strict=True)
        return Health(tuple(Target(one, f"{_OUT}: {why}" if why else "", closed) for one, (why, closed) in named))

    def _of_group(self, door: Door, group: TargetGroup) -> Iterator[Target]:
        service = self._bound(group) or (self._tagged(group.tags.get(IN_TREE, "")) if door.in_tree else None)
        for name in sorted(group.targets):
            why, closed, silence = "", False, ""
            if group.kind == "ip" and service is not None:
                why, closed, silence = _pod_problem(door, name, group.ports[name], service)
            elif group.kind == "instance":
                why, closed = self._machine_problem(door, name, group.ports[name], service)
            yield Target(name, f"{_UNHEALTHY}: {why}" if why else "", closed, silence)

    def _machine_problem(self, door: Door, machine: str, port: int, service: _Served | None) -> tuple[str, bool]:
        node = self._machines.get(machine)
        if node is None:
            return "", False
        if service is not None:
            cluster, obj = service
            pods = ready_endpoints(cluster, obj)
            if at(obj, "spec", "externalTrafficPolicy") == "Local":
                pods = [pod for pod in pods if at(pod, "spec", "nodeName") == name_of(node)]
            if not pods:
                return f"no pod that Service {namespace_of(obj)}/{name_of(obj)} selects is ready", False
        # The store gives no node ports: the controller opens the range of them.
        closed = _closed(door, node, port if port in _NODE_PORTS or not door.made_for else _NODE_PORTS[0])
        return closed, bool(closed)

    def _bound(self, group: TargetGroup) -> _Served | None:
        for cluster in self._clusters:
            for binding in cluster.list(BINDING.group, BINDING.kind):
                if at(binding, "spec", "targetGroupARN") == group.arn:
                    name = text(at(binding, "spec", "serviceRef", "name"))
                    found = cluster.find(SERVICE, name, namespace_of(binding))
                    return (cluster, found) if found is not None else None
        return None

    def _tagged(self, stated: str) -> _Served | None:
        namespace, _, name = stated.partition("/")
        found = ((cluster, cluster.find(SERVICE, name, namespace)) for cluster in self._clusters)
        return next(((cluster, one) for cluster, one in found if one is not None), None)


def _pod_problem(door: Door, address: str, port: int, service: _Served) -> tuple[str, bool, str]:
    cluster, obj = service
    for pod in ready_endpoints(cluster, obj):
        node = cluster.find(NODE, text(at(pod, "spec", "nodeName")))
        if node is not None and address_of(pod, node) == address:
            closed = _closed(door, node, port)
            return closed, bool(closed), hangs_up(cluster, pod, port)
    return f"no ready pod of Service {namespace_of(obj)}/{name_of(obj)} has this address", False, ""


def _closed(door: Door, node: Object, port: int) -> str:
    """Why a balancer does not reach a port of a machine; empty where it does.

    `lbc-iam-incomplete`: a controller that may not change security groups leaves its balancer before closed nodes."""
    if not door.groups and not door.in_tree:
        # Which ranges the controller then opens is not modelled: no failure turns on it.
        return ""
    groups = sorted(door.region.groups_of_instance(_machine(node)))
    admitted = {source for group in groups for source in door.region.admitted(group, port)}
    ranges = [source for source in admitted if "/" in source]
    if admitted & door.groups or any(ip_address(_address(node)) in ip_network(one, strict=False) for one in ranges):
        return ""
    who = f"security group {' or '.join(sorted(door.groups))}" if door.groups else "anybody"
    return f"no security group of its node ({', '.join(groups)}) lets {who} in at port {port}"


def _address(node: Object) -> str:
    found = (fields(item) for item in items(at(node, "status", "addresses")))
    return next((text(one.get("address")) for one in found if one.get("type") == "InternalIP"), "0.0.0.0")  # noqa: S104


def _machine(node: Object) -> str:
    return text(at(node, "spec", "providerID")).rpartition("/")[2]
