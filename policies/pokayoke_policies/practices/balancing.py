"""What is asked of load balancers: a controller that comes up again, targets that are pods, and an owner each."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.quantities import quantity
from pokayoke_policies.eks import label
from pokayoke_policies.inventory import Held, Install, installs, known_map, objects_of
from pokayoke_policies.near import Near
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, by_spelling, each, standing
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, over, stated
from pokayoke_policies.references import is_given
from pokayoke_policies.stack import Stack

_CHART = "aws-load-balancer-controller"
_SERVICE, _INGRESS = "core/Service", "networking.k8s.io/Ingress"
_BALANCERS = "service.beta.kubernetes.io/aws-load-balancer-"
_TARGETS = {_SERVICE: f"{_BALANCERS}nlb-target-type", _INGRESS: "alb.ingress.kubernetes.io/target-type"}
_GROUP, _SELECTOR = "alb.ingress.kubernetes.io/group.name", "namespaceSelector"
_OF_KINDS = {
    "gateway.k8s.aws/TargetGroupConfiguration": ("spec", "defaultConfiguration", "targetType"),
    "elbv2.k8s.aws/TargetGroupBinding": ("spec", "targetType"),
}
"""Kinds of the controller that say it, and where."""

COMPLETE = Practice(
    "lbc-values-complete",
    "The load balancer controller asks its node for what its values should say",
    "at a hop limit of 1 it gets no answer and exits, and with one pod every restart is an outage of its webhooks",
    "Set region, vpcId, replicaCount: 2 and keepTLSSecret: true in its values.",
    "AWS Load Balancer Controller, installation; EKS best practices, security/iam",
)
TARGETS = Practice(
    "lb-target-ip",
    "A load balancer sends requests to nodes, not to pods",
    "each takes one more hop, and the health that is checked is the node's",
    "Set defaultTargetType: ip in the controller's values, or target-type: ip where it is stated.",
    "EKS best practices, networking/loadbalancing; AWS Load Balancer Controller, annotations",
)
SHARED = Practice(
    "lb-sharing-scoped",
    "One load balancer is shared by whoever asks for it",
    "a team takes over the host names of another, by a rule of higher priority",
    "Give each namespace a group.name of its own; in a Gateway set allowedRoutes: {namespaces: {from: Same}}.",
    "AWS Load Balancer Controller, annotations, IngressGroup (security risk), and gateway guide",
)


def values_are_complete(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Each release of the controller whose values are to be seen."""
    seen = [one for one in installs(stack, _CHART) if one.values is not None]
    yield from over(seen, lambda install: ((install.member.urn, one) for one in _lacking(install)))


def target_is_no_node(path: tuple[str, ...], said: Mapping[str, Any]) -> Iterator[Finding]:
    """A kind of the controller that says outright what its targets are."""
    if stated(said, *path) == "instance":
        yield TARGETS.finding(".".join(path), "it is instance")


def targets_are_pods(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Services and Ingresses that say what their targets are, and controllers that say it for all others."""
    silent: list[Held] = []

    def of_object(held: Held) -> Iterator[tuple[str, Finding]]:
        if not _is_of_the_controller(held):
            return
        said = stated(held.content, "metadata", "annotations", _TARGETS[held.key])
        if said is None:
            silent.append(held)
        elif said == "instance":
            place = f"{held.place}metadata.annotations.{_TARGETS[held.key]}"
            yield held.member.urn, TARGETS.finding(place, "it is instance")

    def of_controller(install: Install, near: Sequence[Held]) -> Iterator[tuple[str, Finding]]:
        said = install.value("defaultTargetType")
        if not near or install.values is None or said == "ip":
            return
        if said is UNKNOWN:
            raise NotKnownError(("values", "defaultTargetType"))
        # Left out, it is instance (AWS Load Balancer Controller 3.5, chart values).
        how = standing(said, "instance", "instance")
        problem = f"{how}, and '{label(near[0].member.urn)}' says nothing else"
        yield install.member.urn, TARGETS.finding("values.defaultTargetType", problem)

    def of_controllers() -> Iterator[tuple[str, Finding]]:
        near = Near((None, one.cluster, one) for one in silent)
        yield from over(installs(stack, _CHART), lambda one: of_controller(one, near.of(one.cluster)))

    both = (lambda: over(objects_of(stack, *_TARGETS), of_object), of_controllers)
    yield from over(both, lambda judged: judged())


def gateway_is_for_its_own(gateway: Mapping[str, Any]) -> Iterator[Finding]:
    """No listener takes routes of every namespace. Left out, it takes those of its own (Gateway API reference)."""
    for index, listener in each(list_at(gateway, "spec", "listeners")):
        if stated(listener, "allowedRoutes", "namespaces", "from") == "All":
            place = f"spec.listeners[{index}].allowedRoutes.namespaces.from"
            yield SHARED.finding(place, "it is All")


def class_is_for_some(parameters: Mapping[str, Any]) -> Iterator[Finding]:
    """A group that a class gives to all of its Ingresses is for some namespaces."""
    if stated(parameters, "spec", "group", "name") and not is_given(known_map(parameters.get("spec")).get(_SELECTOR)):
        yield SHARED.finding("spec.group.name", "every Ingress of the class joins it, of whatever namespace")


def groups_are_of_one_namespace(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """No two Ingresses of different namespaces are of one group."""
    first: dict[tuple[str | None, str], Held] = {}

    def judged(held: Held) -> Iterator[tuple[str, Finding]]:
        group = stated(held.content, "metadata", "annotations", _GROUP)
        if not isinstance(group, str):
            return
        if held.namespace is UNKNOWN:
            raise NotKnownError(("metadata", "namespace"))
        other = first.setdefault((held.cluster, group), held)
        if other.namespace != held.namespace:
            problem = f"'{label(other.member.urn)}' of namespace '{other.namespace}' is of the group '{group}' too"
            yield held.member.urn, SHARED.finding(f"{held.place}metadata.annotations.{_GROUP}", problem)

    yield from over(objects_of(stack, _INGRESS), judged)


RULES = (
    Rule(COMPLETE.slug, stack=(values_are_complete,), practice=COMPLETE),
    Rule(
        TARGETS.slug,
        kinds={kind: (partial(target_is_no_node, path),) for kind, path in _OF_KINDS.items()},
        stack=(targets_are_pods,),
        practice=TARGETS,
    ),
    Rule(
        SHARED.slug,
        kinds={
            "gateway.networking.k8s.io/Gateway": (gateway_is_for_its_own,),
            "elbv2.k8s.aws/IngressClassParams": (class_is_for_some,),
        },
        stack=(groups_are_of_one_namespace,),
        practice=SHARED,
    ),
)


def _lacking(install: Install) -> Iterator[Finding]:
    # All left out by the chart: no region and no VPC, two replicas, a certificate anew with every render (AWS Load
    # Balancer Controller 3.5, chart values). On the node's own network it reaches the node's metadata.
    if by_spelling(install.value("hostNetwork")) is not True:
        for keys in (("region",), ("vpcId", "vpcTags")):
            if not any(is_given(install.value(one)) for one in keys):
                yield COMPLETE.finding(f"values.{keys[0]}", "it is left out")
    replicas = quantity(install.value("replicaCount"))
    if replicas is not None and replicas < 2:
        yield COMPLETE.finding("values.replicaCount", "it is less than two")
    lasting = [install.value(key) for key in ("keepTLSSecret", "enableCertManager")]
    if UNKNOWN not in lasting and not any(by_spelling(one) for one in lasting):
        problem = "it is off, and each update makes a certificate that the pods do not have yet"
        yield COMPLETE.finding("values.keepTLSSecret", problem)
    if UNKNOWN in (*lasting, install.value("replicaCount"), install.value("hostNetwork")):
        raise NotKnownError(("values",))


def _is_of_the_controller(held: Held) -> bool:
    """Whether the controller makes a load balancer of it, as far as it says so itself."""
    annotations = known_map(held.metadata.get("annotations"))
    if held.key == _INGRESS:
        return "alb" in (held.spec.get("ingressClassName"), annotations.get("kubernetes.io/ingress.class"))
    by_class = held.spec.get("loadBalancerClass") == "service.k8s.aws/nlb"
    by_type = annotations.get(f"{_BALANCERS}type") == "external"
    return held.spec.get("type") == "LoadBalancer" and (by_class or by_type)
