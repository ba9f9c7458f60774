"""What is asked of Istio in ambient mode: plain text stays out, rules are understood, its tunnel passes."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.ports import lets_through
from pokayoke_policies.inventory import Held, installs, installs_near, known_map, objects_near, objects_of
from pokayoke_policies.near import Near, hashable
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, list_of, over, stated
from pokayoke_policies.stack import Stack

_PEERS, _AUTHORIZATION = "security.istio.io/PeerAuthentication", "security.istio.io/AuthorizationPolicy"
_POLICY = "networking.k8s.io/NetworkPolicy"
_ROOT = "istio-system"
"""The namespace whose rules are the whole mesh's, unless the mesh says otherwise (Istio, MeshConfig.rootNamespace)."""
_ZTUNNEL = "istio/ztunnel"
_HBONE = 15008
"""The port of ambient mode's tunnel (Istio documentation, Ambient and Kubernetes NetworkPolicy)."""
_TCP = "TCP"
"""The protocol of a policy's port that says none (Kubernetes API reference, NetworkPolicyPort)."""
_HTTP = {"hosts", "notHosts", "methods", "notMethods", "paths", "notPaths"}
_REQUEST = {"requestPrincipals", "notRequestPrincipals", "remoteIpBlocks", "notRemoteIpBlocks"}

STRICT = Practice(
    "mesh-mtls-strict",
    "The mesh takes plain text",
    "whoever gets a pod into the network talks to services as nobody, past every rule on who they are",
    "Make a PeerAuthentication in istio-system with spec: {mtls: {mode: STRICT}}.",
    "Istio, PeerAuthentication and Security best practices",
)
WAYPOINT = Practice(
    "mesh-l7-has-waypoint",
    "A rule on HTTP is given to ztunnel, which reads none",
    "it turns the rule into one that denies, and what was to be allowed fails",
    "Set targetRefs: [{kind: Service, name: NAME}] with a waypoint, in place of selector.",
    "Istio, ambient mode, use Layer 7 features (waypoints)",
)
HBONE = Practice(
    "mesh-policy-admits-hbone",
    "A network policy keeps the mesh's own tunnel out",
    "every request between pods of the mesh is dropped, whatever port it is for",
    "Add port: 15008 (TCP) to the ports of the policy's ingress rules.",
    "Istio, ambient mode, Ambient and Kubernetes NetworkPolicy",
)


def mesh_is_strict(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """The rule of the whole mesh is there and STRICT, and no other turns encryption off."""

    def judged(held: Held) -> Iterator[tuple[str, Finding]]:
        mode = stated(held.content, "spec", "mtls", "mode")
        place = f"{held.place}spec.mtls.mode"
        if mode == "DISABLE":
            yield held.member.urn, STRICT.finding(place, "it is DISABLE, which ambient mode does not know either")
        elif _is_of_all(held) and mode in (None, "UNSET", "PERMISSIVE"):
            # Left out in the root namespace, it is PERMISSIVE (Istio, PeerAuthentication).
            how = "it is PERMISSIVE" if mode == "PERMISSIVE" else "it is left out, which means PERMISSIVE"
            yield held.member.urn, STRICT.finding(place, f"{how} for the whole mesh")

    for tunnel in installs(stack, _ZTUNNEL):
        if not any(map(_is_of_all, objects_near(stack, tunnel.cluster, _PEERS))):
            yield tunnel.member.urn, STRICT.finding("", "no PeerAuthentication is of the whole mesh")
    yield from over(objects_of(stack, _PEERS), judged)


def rules_are_understood(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """In a cluster with ztunnel, rules on HTTP go to a waypoint."""

    def judged(held: Held) -> Iterator[tuple[str, Finding]]:
        if not any(installs_near(stack, held.cluster, _ZTUNNEL)):
            return
        spec = known_map(held.content.get("spec"))
        if stated(held.content, "spec", "targetRefs") or stated(held.content, "spec", "targetRef"):
            return
        for index, rule in each(list_at(spec, "rules")):
            if _is_of_http(rule):
                yield held.member.urn, WAYPOINT.finding(f"{held.place}spec.rules[{index}]", "it judges HTTP")

    yield from over(objects_of(stack, _AUTHORIZATION), judged)


def tunnel_passes(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """In a namespace in ambient mode, where policies list the ports of pods, one of them lists the tunnel's: what one
    policy admits, no other takes away."""
    spaces = [one for one in objects_of(stack, "core/Namespace") if _is_ambient(one)]
    ambient = Near((key, one.cluster, one) for one in spaces for key in (None, hashable(one.metadata.get("name"))))
    policies = objects_of(stack, _POLICY)
    together: dict[Hashable, list[Held]] = {}
    for one in policies:
        together.setdefault(_space(one), []).append(one)

    def judged(held: Held) -> Iterator[tuple[str, Finding]]:
        if held.namespace is UNKNOWN and ambient.of(held.cluster):
            raise NotKnownError(("metadata", "namespace"))
        if not ambient.of(held.cluster, held.namespace):
            return
        rules = list_at(held.content, "spec", "ingress")
        if rules and not any(_is_beside(one, held) and _is_open(one) for one in together[_space(held)]):
            yield held.member.urn, HBONE.finding(f"{held.place}spec.ingress", f"no rule of it admits port {_HBONE}")

    yield from over(policies, judged)


RULES = (
    Rule(STRICT.slug, stack=(mesh_is_strict,), practice=STRICT),
    Rule(WAYPOINT.slug, stack=(rules_are_understood,), practice=WAYPOINT),
    Rule(HBONE.slug, stack=(tunnel_passes,), practice=HBONE),
)


def _is_of_all(held: Held) -> bool:
    return held.namespace == _ROOT and not known_map(held.spec.get("selector"))


def _is_of_http(rule: Mapping[str, Any]) -> bool:
    """Whether a rule says anything that is seen in a request alone."""
    for key, words, within in (("to", _HTTP, "operation"), ("from", _REQUEST, "source")):
        if any(words & known_map(one.get(within)).keys() for _, one in each(list_at(rule, key))):
            return True
    return any(str(one.get("key")).startswith("request.") for _, one in each(list_at(rule, "when")))


def _is_ambient(held: Held) -> bool:
    return known_map(held.metadata.get("labels")).get("istio.io/dataplane-mode") == "ambient"


def _space(held: Held) -> Hashable:
    """Its namespace, in its cluster."""
    return held.cluster, hashable(held.namespace)


def _is_beside(other: Held, policy: Held) -> bool:
    """Whether another of its namespace is of the same pods at least: itself, or one of as many pods, or of all."""
    selector = other.spec.get("podSelector")
    return selector == policy.spec.get("podSelector") or not any(known_map(selector).values())


def _is_open(policy: Held) -> bool:
    """Whether a rule for what comes in admits the tunnel; what is not known may."""
    ports = [known_map(one).get("ports") for one in list_at(policy.spec, "ingress")]
    return any(said is UNKNOWN or not list_of(said) or any(map(_admits, list_of(said))) for said in ports)


def _admits(port: Any) -> bool:
    """Whether an entry of a policy's ports holds the tunnel's; what is not known or only named may."""
    said = known_map(port)
    protocol, first = said.get("protocol") or _TCP, said.get("port")
    return protocol is UNKNOWN or lets_through(protocol, first, said.get("endPort") or first, _HBONE)
