"""An egress policy holds what every pod needs: `network-policy-blocks-api-server`.

Policies add up, and admission sees one at a time: one that only adds to another names it in an annotation. Whether pods
have a Pod Identity, and so need its agent, is not to be seen there either.
"""

from .. import network_policies as rules
from ..finding import Finding
from .guardrail import Guardrail, Kinds, Refusal, certain, text, texts
from .requests import JUDGED, OPTED_OUT

ADDS_TO = "pokayoke-eks/adds-to"
"""The annotation that names the policy of the same namespace which holds what every pod needs."""

_RESTRICTED = (
    "(has(object.spec.policyTypes) ? 'Egress' in object.spec.policyTypes : size(object.spec.?egress.orValue([])) > 0)"
)
_ALONE = f"object.metadata.?annotations[?{text(ADDS_TO)}].orValue('') == ''"
_RANGES = texts([str(one) for one in rules.PRIVATE])
_CUT = "cidr(hole).containsCIDR(cidr(range).containsCIDR(peer.ipBlock.cidr) ? peer.ipBlock.cidr : range)"
_PRIVATE = (
    f"{_RANGES}.exists(range, (cidr(peer.ipBlock.cidr).containsCIDR(range)"
    " || cidr(range).containsCIDR(peer.ipBlock.cidr))"
    f" && !peer.ipBlock.?except.orValue([]).exists(hole, {_CUT}))"
)
_BLOCK = f"(peer.ipBlock.cidr.contains(':') || {_PRIVATE})"
_AT = {
    rules.Place.API: f"has(peer.ipBlock) && {_BLOCK}",
    rules.Place.DNS: f"!has(peer.ipBlock) || {_BLOCK}",
}


def _reached(need: rules.Need) -> str:
    port = (
        f"one.?protocol.orValue('TCP') == '{need.protocol}' && (!has(one.port) || type(one.port) == string"
        f" || (has(one.endPort) ? one.port <= {need.port} && {need.port} <= one.endPort : one.port == {need.port}))"
    )
    ports = f"(size(rule.?ports.orValue([])) == 0 || rule.ports.exists(one, {port}))"
    peers = f"(size(rule.?to.orValue([])) == 0 || rule.to.exists(peer, {_AT[need.place]}))"
    return f"object.spec.?egress.orValue([]).exists(rule, {ports} && {peers})"


def _finding() -> Finding:
    closed = certain(rules.cut_off([{}], rules.ALWAYS))
    remedy = f"{closed.remedy} Where another policy of the namespace holds them, name it in the annotation {ADDS_TO}."
    return Finding("the policy's pods do not get through to it", remedy, rules.SLUG)


def guardrail() -> Guardrail:
    """For NetworkPolicies."""
    missing = " + ".join(f"({_reached(need)} ? [] : [{text(str(need))}])" for need in rules.ALWAYS)
    return Guardrail(
        rules.SLUG,
        (Kinds("networking.k8s.io", ("networkpolicies",)),),
        (Refusal(f"{_RESTRICTED} && {_ALONE} ? {missing} : []", _finding()),),
        JUDGED,
        unless=OPTED_OUT,
    )
