"""What is asked of namespaces: that what nobody let through is denied."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.network_policies import restricts
from pokayoke_eks.rules.workloads import POD_SPECS
from pokayoke_policies.inventory import Held, cluster_of_provider, known_map, objects_near, objects_of
from pokayoke_policies.near import Near
from pokayoke_policies.network_policies import Known, known_policies
from pokayoke_policies.objects import CHART, RELEASE
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, switch, texts
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_of, over
from pokayoke_policies.stack import Member, Stack

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


def default_denial(settings: Mapping[str, Any]) -> Rule:
    """A namespace of the stack's own making in which it runs pods is closed by a policy of all of them."""
    system = {*settings["systemNamespaces"]}
    words = {"Ingress": "what comes in", **({"Egress": "what goes out"} if settings["egress"] else {})}

    def namespaces_are_closed(stack: Stack) -> Iterator[tuple[str, Finding]]:
        yield from over(objects_of(stack, "core/Namespace"), lambda one: judged(stack, one))

    def judged(stack: Stack, namespace: Held) -> Iterator[tuple[str, Finding]]:
        cluster, name = namespace.cluster, _name(namespace.metadata.get("name"))
        if name in system or any(objects_near(stack, cluster, *_OF_ALL)):
            return
        known, hidden = stack.once(_policies)
        policies = [one.spec for one in known.of(cluster, name) if one.is_of_all]
        open_ways = [way for way in words if not _is_closed(policies, way)]
        pods, perhaps = (stack.once(_pods).of(cluster, one) for one in (name, UNKNOWN))
        if not open_ways or not (pods or perhaps):
            return
        if not pods or name is UNKNOWN or hidden.of(cluster, name) or hidden.of(cluster, UNKNOWN):
            raise NotKnownError(("metadata", "namespace"))
        problem = f"no policy of all of its pods denies {' or '.join(words[way] for way in open_ways)}"
        yield namespace.member.urn, CLOSED.finding(namespace.place.removesuffix(": "), problem)

    return Rule(CLOSED.slug, stack=(namespaces_are_closed,), practice=CLOSED, tuned=default_denial)


RULES = (default_denial(CLOSED.set_by({})),)


def _pods(stack: Stack) -> Near[Member]:
    """What runs pods, by namespace."""
    workloads = [(one.namespace, one.cluster, one.member) for one in objects_of(stack, *POD_SPECS)]
    installs = [
        (one.properties.get("namespace"), cluster_of_provider(stack, one), one) for one in stack.of_type(RELEASE, CHART)
    ]
    return Near((_name(namespace), cluster, one) for namespace, cluster, one in (*workloads, *installs))


def _policies(stack: Stack) -> tuple[Near[Known], Near[Held]]:
    """Policies by namespace, and those of which too little is known."""
    known, hidden = known_policies(stack)
    return (
        Near((_name(one.held.namespace), one.held.cluster, one) for one in known),
        Near((_name(one.namespace), one.cluster, one) for one in hidden),
    )


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
