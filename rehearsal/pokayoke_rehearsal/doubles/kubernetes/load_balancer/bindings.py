"""TargetGroupBindings: which pods or machines stand behind a target group, and that their nodes let its balancer in.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/targetgroupbinding and pkg/networking.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from ipaddress import ip_network

from pokayoke_rehearsal.doubles.kubernetes import events
from pokayoke_rehearsal.doubles.kubernetes.controller_aws import Need, RefusedError
from pokayoke_rehearsal.doubles.kubernetes.finalizers import hold, release
from pokayoke_rehearsal.doubles.kubernetes.load_balancer import groups
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import BINDING, BINDING_FINALIZER, MANAGER, NODE, SERVICE
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import Owner, Stack
from pokayoke_rehearsal.doubles.kubernetes.store.admission import ready_endpoints
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    items,
    labels_of,
    metadata,
    name_of,
    namespace_of,
    text,
    whole,
)

_ELB = "elasticloadbalancing"
_EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers"
_NODE_PORTS = (30000, 32767)


def bind(cluster: Cluster, acting: Acting, stack: Stack, targets: Mapping[str, str]) -> None:
    """Has a TargetGroupBinding for each target group of a stack; `targets` are their ARNs by id. Raises ApiError."""
    wanted = {one.name: one for one in stack.targets}
    for one in wanted.values():
        spec: Object = {
            "targetGroupARN": targets[one.id],
            "targetType": one.kind,
            "serviceRef": {"name": one.service, "port": _port(one.service_port)},
            "vpcID": acting.vpc,
            "ipAddressType": "ipv4",
        }
        if stack.backend:
            source = {"securityGroup": {"groupID": stack.backend}}
            spec["networking"] = {"ingress": [{"from": [source], "ports": [{"protocol": "TCP"}]}]}
        meta = {"name": one.name, "namespace": one.namespace, "labels": _labels(stack.owner)}
        manifest = {"apiVersion": BINDING.api_version, "kind": BINDING.kind, "metadata": meta, "spec": spec}
        held = cluster.find(BINDING, one.name, one.namespace)
        if held is None or held.get("spec") != spec:
            cluster.apply(manifest, MANAGER, force=True)
    for binding in of(cluster, stack.owner):
        if name_of(binding) not in wanted and "deletionTimestamp" not in metadata(binding):
            cluster.delete(BINDING, name_of(binding), namespace_of(binding))


def unbind(cluster: Cluster, owner: Owner) -> None:
    """Deletes the TargetGroupBindings of a stack."""
    for binding in of(cluster, owner):
        if "deletionTimestamp" not in metadata(binding):
            cluster.delete(BINDING, name_of(binding), namespace_of(binding))


def of(cluster: Cluster, owner: Owner) -> list[Object]:
    """The TargetGroupBindings of a stack."""
    return cluster.list(BINDING.group, BINDING.kind, labels=_labels(owner))


def reconcile_all(cluster: Cluster, acting: Acting) -> None:
    """Brings every binding's targets, and what the nodes let in, to what is there; ends those that were deleted."""
    open_ports: dict[str, dict[str, set[int]]] = {}
    end_deleted(cluster, acting)
    for binding in cluster.list(BINDING.group, BINDING.kind):
        if "deletionTimestamp" in metadata(binding):
            continue
        try:
            hold(cluster, binding, BINDING_FINALIZER)
            _reconcile(cluster, acting, binding, open_ports)
        except RefusedError as error:
            events.warn(cluster, binding, "FailedReconcile", f"Failed reconcile due to {error}", MANAGER)
    sources = {source for held in open_ports.values() for source in held} | set(groups.shared(acting))
    for source in sources:
        wanted = {group: held[source] for group, held in open_ports.items() if source in held}
        try:
            groups.let_into_nodes(acting, wanted, source)
        except RefusedError as error:
            for binding in cluster.list(BINDING.group, BINDING.kind):
                events.warn(cluster, binding, "FailedReconcile", f"Failed reconcile due to {error}", MANAGER)


def end_deleted(cluster: Cluster, acting: Acting) -> None:
    """Deregisters the targets of bindings that were deleted, and lets the bindings go."""
    for binding in cluster.list(BINDING.group, BINDING.kind):
        if "deletionTimestamp" not in metadata(binding):
            continue
        try:
            _register(acting, text(at(binding, "spec", "targetGroupARN")), {})
        except RefusedError as error:
            events.warn(cluster, binding, "FailedCleanup", f"Failed cleanup due to {error}", MANAGER)
        else:
            release(cluster, binding, BINDING_FINALIZER)


def _reconcile(cluster: Cluster, acting: Acting, binding: Object, open_ports: dict[str, dict[str, set[int]]]) -> None:
    spec = fields(binding.get("spec"))
    service = cluster.find(SERVICE, text(at(spec, "serviceRef", "name")), namespace_of(binding))
    if service is None:
        return
    port = _service_port(service, str(at(spec, "serviceRef", "port")))
    if spec.get("targetType") == "ip":
        acting.aws.read("ec2:DescribeNetworkInterfaces", "ec2:DescribeInstances", "ec2:DescribeVpcs")
        found = _pods(cluster, service, port)
    else:
        acting.aws.read("ec2:DescribeInstances")
        found = _machines(cluster, port)
    _register(acting, text(spec.get("targetGroupARN")), {target: number for target, number, _ in found})
    for peer in _peers(spec):
        for _, number, instance in found:
            group = groups.group_of_node(acting, instance)
            ports = {number} if number else set(_NODE_PORTS)
            open_ports.setdefault(group, {}).setdefault(peer, set()).update(ports)
    generation = whole(metadata(binding).get("generation"), 1)
    cluster.set_status(binding, {**fields(binding.get("status")), "observedGeneration": generation})


def _register(acting: Acting, arn: str, wanted: Mapping[str, int]) -> None:
    acting.aws.read(f"{_ELB}:DescribeTargetHealth")
    held = next((one.targets for one in acting.balancers.target_groups({}) if one.arn == arn), None)
    if held is None:
        return
    for operation, targets in (("DeregisterTargets", held - wanted.keys()), ("RegisterTargets", wanted.keys() - held)):
        listed = [{"Id": one, **({"Port": wanted[one]} if wanted.get(one) else {})} for one in sorted(targets)]
        if listed:
            action = f"{_ELB}:{operation}"
            acting.aws.call(action, [Need(action, arn)], TargetGroupArn=arn, Targets=listed)


def _pods(cluster: Cluster, service: Object, port: Object) -> list[tuple[str, int, str]]:
    found: list[tuple[str, int, str]] = []
    for pod in ready_endpoints(cluster, service):
        node = cluster.find(NODE, text(at(pod, "spec", "nodeName")))
        if node is not None:
            found.append((address_of(pod, node), _container_port(pod, port), _instance(node)))
    return found


def _machines(cluster: Cluster, port: Object) -> list[tuple[str, int, str]]:
    nodes = [one for one in cluster.list("", "Node") if _EXCLUDED not in labels_of(one)]
    return [(_instance(one), whole(port.get("nodePort"), 0), _instance(one)) for one in nodes]


def address_of(pod: Object, node: Object) -> str:
    """A pod's address: the store gives pods none, so one near its node's, always the same."""
    if stated := text(at(pod, "status", "podIP")):
        return stated
    addresses = [fields(item) for item in items(at(node, "status", "addresses"))]
    host = next((text(one.get("address")) for one in addresses if one.get("type") == "InternalIP"), "10.0.0.1")
    if at(pod, "spec", "hostNetwork"):
        return host
    near = ip_network(f"{host}/24", strict=False)
    number = int(hashlib.sha256(text(metadata(pod).get("uid")).encode()).hexdigest()[:8], 16)
    return str(near[10 + number % 240])


def _service_port(service: Object, stated: str) -> Object:
    ports = [fields(port) for port in items(at(service, "spec", "ports"))]
    found = [port for port in ports if stated in (str(port.get("port")), text(port.get("name")))]
    return found[0] if found else {}


def _container_port(pod: Object, port: Object) -> int:
    wanted = port.get("targetPort", port.get("port"))
    if isinstance(wanted, int):
        return wanted
    stated = [fields(one) for item in items(at(pod, "spec", "containers")) for one in items(at(item, "ports"))]
    return next((whole(one.get("containerPort"), 0) for one in stated if one.get("name") == wanted), 0)


def _peers(spec: Object) -> Iterable[str]:
    for rule in items(at(spec, "networking", "ingress")):
        for peer in items(at(rule, "from")):
            if group := text(at(peer, "securityGroup", "groupID")):
                yield group


def _instance(node: Object) -> str:
    return text(at(node, "spec", "providerID")).rsplit("/", 1)[-1]


def _labels(owner: Owner) -> dict[str, str]:
    namespace, _, name = owner.id.rpartition("/")
    if not namespace:
        return {f"{owner.prefix}/stack": name}
    return {f"{owner.prefix}/stack-namespace": namespace, f"{owner.prefix}/stack-name": name}


def _port(stated: str) -> int | str:
    return int(stated) if stated.isdigit() else stated
