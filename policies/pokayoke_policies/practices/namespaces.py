"""What is asked of namespaces: that what nobody let through is denied."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.network_policies import restricts
from pokayoke_eks.rules.workloads import POD_SPECS
from pokayoke_policies.eks import may_be_same
from pokayoke_policies.inventory import Held, cluster_of_provider, known_map, objects_of
from pokayoke_policies.network_policies import Known, known_policies
from pokayoke_policies.objects import CHART, RELEASE
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, switch, texts
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_of, over
from pokayoke_policies.stack import Stack

from .internet import is_everything
from .pods import SYSTEM_NAMESPACES

_OF_ALL = (
    *("cilium.io/CiliumClusterwideNetworkPolicy", "cilium.io/CiliumNetworkPolicy"),
    *("crd.projectcalico.org/GlobalNetworkPolicy", "projectcalico.org/GlobalNetworkPolicy"),
    *("policy.networking.k8s.io/AdminNetworkPolicy", "policy.networking.k8s.io/BaselineAdminNetworkPolicy"),
)
"""Kinds by which a namespace is closed from elsewhere, or by a plugin's own words (EKS best practices,
security/network; Network Policy API)."""

CLOSED = Practice(
    "ns-default-deny",
    "Pods of a namespace talk to whomever they like",
    "whoever takes over one pod reaches all others, and brings what it finds there to any place",
    "Make a NetworkPolicy there with spec: {podSelector: {}, policyTypes: [Ingress, Egress]}, and others that let its "
    "pods through to what they need: DNS, e.g. egress: [{ports: [{port: 53, protocol: UDP}, {port: 53}]}], and the API "
    "server.",
    "EKS best practices, security/network; CIS 4.3.2",
    {
        "systemNamespaces": texts(SYSTEM_NAMESPACES, "Namespaces that may be open."),
        "egress": switch(default=True, description="Whether what goes out must be denied too, not only what comes in."),
    },
)


@dataclass
class _Space:
    """What is in all namespaces of one name, with the clusters in which it is."""

    pods: list[str | None] = field(default_factory=list[str | None])
    policies: list[Known] = field(default_factory=list[Known])
    hidden: list[Held] = field(default_factory=list[Held])
    """Policies of which too little is known."""


def default_denial(settings: Mapping[str, Any]) -> Rule:
    """A namespace of the stack's own making in which it runs pods is closed by a policy of all of them."""
    system = {*settings["systemNamespaces"]}
    words = {"Ingress": "what comes in", **({"Egress": "what goes out"} if settings["egress"] else {})}

    def namespaces_are_closed(stack: Stack) -> Iterator[tuple[str, Finding]]:
        spaces = stack.once(_spaces)
        others = {one.cluster for one in objects_of(stack, *_OF_ALL)}
        yield from over(objects_of(stack, "core/Namespace"), lambda one: judged(one, spaces, others))

    def judged(
        namespace: Held, spaces: Mapping[Any, _Space], others: Collection[str | None]
    ) -> Iterator[tuple[str, Finding]]:
        def here(cluster: str | None) -> bool:
            return may_be_same(cluster, namespace.cluster)

        name = _name(namespace.metadata.get("name"))
        if name in system or any(map(here, others)):
            return
        own, somewhere = (spaces.get(one, _Space()) for one in (name, UNKNOWN))
        policies = [one.spec for one in own.policies if one.is_of_all and here(one.held.cluster)]
        open_ways = [way for way in words if not _is_closed(policies, way)]
        pods, perhaps = (any(map(here, one.pods)) for one in (own, somewhere))
        if not open_ways or not (pods or perhaps):
            return
        if not pods or name is UNKNOWN or any(here(one.cluster) for one in (*own.hidden, *somewhere.hidden)):
            raise NotKnownError(("metadata", "namespace"))
        problem = f"no policy of all of its pods denies {' or '.join(words[way] for way in open_ways)}"
        yield namespace.member.urn, CLOSED.finding(namespace.place.removesuffix(": "), problem)

    return Rule(CLOSED.slug, stack=(namespaces_are_closed,), practice=CLOSED, tuned=default_denial)


RULES = (default_denial(CLOSED.set_by({})),)


def _spaces(stack: Stack) -> Mapping[Any, _Space]:
    """By namespace, or `UNKNOWN`."""
    found = defaultdict[Any, _Space](_Space)
    for workload in objects_of(stack, *POD_SPECS):
        found[_name(workload.namespace)].pods.append(workload.cluster)
    for install in stack.of_type(RELEASE, CHART):
        found[_name(install.properties.get("namespace"))].pods.append(cluster_of_provider(stack, install))
    known, hidden = known_policies(stack)
    for policy in known:
        found[_name(policy.held.namespace)].policies.append(policy)
    for held in hidden:
        found[_name(held.namespace)].hidden.append(held)
    return found


def _name(said: Any) -> Any:
    """A namespace by its name, or `UNKNOWN`; nobody's where it says none."""
    return said if isinstance(said, str) or said is UNKNOWN else None


def _is_closed(policies: Collection[Mapping[str, Any]], way: str) -> bool:
    """Whether policies of all pods deny one way what no rule lets through, and no rule lets everything through:
    policies add up."""
    acting = [one for one in policies if restricts(one, way)]
    return bool(acting) and not any(_is_open(rule) for one in acting for rule in list_of(one.get(way.lower())))


def _is_open(rule: Any) -> bool:
    """Whether a rule is for every port and everybody."""
    said = known_map(rule)
    peers = [known_map(one) for one in list_of(said.get("to") or said.get("from"))]
    blocks = [known_map(peer.get("ipBlock")) for peer in peers]
    ranges = [str(one.get("cidr")) for one in blocks if not one.get("except")]
    return not said.get("ports") and (not peers or is_everything(ranges))
