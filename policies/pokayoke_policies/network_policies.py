"""The policy `network-policy-blocks-api-server`: an egress policy holds what every pod needs.

Policies add up, so all of a namespace are judged together: one may deny everything that another allows again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules import network_policies as rules
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.workloads import POD_SPECS

from .eks import Association, associations
from .inventory import Held, Install, installs, known_map, objects_of
from .near import Near, hashable
from .policy import Rule
from .practice import by_spelling
from .raw import UNKNOWN, NotKnownError, mapping_at
from .stack import Stack

_KINDS = ("networking.k8s.io/NetworkPolicy", "extensions/NetworkPolicy")
_NEEDED = ("policyTypes", "egress", "ingress")
"""What has to be known of a spec: an address or a port that is not is taken for one that lets through."""
_LABELS = {"istio/istiod": {"app": "istiod"}}
"""The labels of a chart's pods, where they are not its name under `app.kubernetes.io/name`."""


@dataclass(frozen=True)
class Known:
    """A NetworkPolicy of which all is known that is judged."""

    held: Held
    spec: dict[str, Any]
    selector: dict[str, Any]

    @property
    def is_of_all(self) -> bool:
        """Whether it is on every pod of its namespace."""
        return not self.selector.get("matchLabels") and not self.selector.get("matchExpressions")


def pods_reach_what_they_need(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """API server and DNS, the Pod Identity agent where the namespace has identities; and webhooks are reached."""
    known, unknown = known_policies(stack)
    hidden = Near((one.namespace, one.cluster, one) for one in unknown)
    for policy in known:
        cluster, namespace = policy.held.cluster, policy.held.namespace
        if hidden.of(cluster, namespace) or hidden.of(cluster, UNKNOWN):
            continue
        for finding in _judge(stack, policy):
            yield policy.held.member.urn, finding.at(policy.held.place)
    if unknown:
        raise NotKnownError(("spec",))


RULE = Rule(rules.SLUG, stack=(pods_reach_what_they_need,))


def known_policies(stack: Stack) -> tuple[list[Known], list[Held]]:
    """The stack's NetworkPolicies, and those of which too little is known."""
    return stack.once(_known_policies)


def _known_policies(stack: Stack) -> tuple[list[Known], list[Held]]:
    known: list[Known] = []
    unknown: list[Held] = []
    for held in objects_of(stack, *_KINDS):
        try:
            spec = mapping_at(held.content, "spec")
            selector = mapping_at(spec, "podSelector")
        except NotKnownError:
            unknown.append(held)
            continue
        said = [held.namespace, held.content.get("metadata"), *(spec.get(key) for key in _NEEDED), *selector.values()]
        if any(one is UNKNOWN for one in said):
            unknown.append(held)
        else:
            known.append(Known(held, spec, selector))
    return known, unknown


def _judge(stack: Stack, policy: Known) -> Iterator[Finding]:
    held = policy.held
    if rules.restricts(policy.spec, "Egress"):
        if policy.is_of_all:
            finding = stack.once(_cut_off, held.cluster, hashable(held.namespace))
        else:
            acting = _covering(stack, held, policy.selector)
            needs = rules.WITHOUT_TOKEN if _have_no_token(stack, policy) else rules.ALWAYS
            finding = rules.cut_off([one.spec for one in acting if rules.restricts(one.spec, "Egress")], needs)
        if finding:
            yield finding.at("spec.egress: ")
    if rules.restricts(policy.spec, "Ingress"):
        for chart in _webhooks(stack, policy):
            labels = {"matchLabels": _labels(chart)}
            acting = [one.spec for one in _covering(stack, held, labels)]
            finding = rules.webhook_cut_off([spec for spec in acting if rules.restricts(spec, "Ingress")], chart)
            if finding:
                yield finding.at("spec.ingress: ")


def _cut_off(stack: Stack, cluster: str | None, namespace: Any) -> Finding | None:
    """What policies of all pods of a namespace keep from them. Pods that more specific policies let out as well are not
    to be told from those that none does."""
    specs = [one.spec for one in stack.once(_by_namespace).of(cluster, namespace)]
    identities = (rules.IDENTITY,) if stack.once(_identities).of(cluster, namespace) else ()
    return rules.cut_off([one for one in specs if rules.restricts(one, "Egress")], (*rules.ALWAYS, *identities))


def _by_namespace(stack: Stack) -> Near[Known]:
    return Near((one.held.namespace, one.held.cluster, one) for one in known_policies(stack)[0])


def _covering(stack: Stack, held: Held, selector: Mapping[str, Any]) -> list[Known]:
    """The policies beside one that are on all pods of a selector."""
    near, labels = stack.once(_by_first_label), known_map(selector.get("matchLabels"))
    places = [(held.namespace, one) for one in (None, *labels.items())]
    found = [one for place in places for one in near.of(held.cluster, place)]
    return [one for one in found if rules.covers(one.selector, selector)]


def _by_first_label(stack: Stack) -> Near[Known]:
    """By the namespace and the first of the labels that the pods of a policy have; None where it asks for none."""

    def first(one: Known) -> Any:
        return next(iter(known_map(one.selector.get("matchLabels")).items()), None)

    return Near(((one.held.namespace, first(one)), one.held.cluster, one) for one in known_policies(stack)[0])


def _have_no_token(stack: Stack, policy: Known) -> bool:
    """Whether the policy is on pods of the stack which all say that they get no token, and so ask no API server."""
    there = stack.once(_workloads).of(policy.held.cluster, policy.held.namespace)
    pods = [known_map(_within(one, POD_SPECS[one.key])) for one in there if _is_on(policy, one)]
    return bool(pods) and all(by_spelling(one.get("automountServiceAccountToken")) is False for one in pods)


def _workloads(stack: Stack) -> Near[Held]:
    """The stack's workloads by namespace."""
    return Near((one.namespace, one.cluster, one) for one in objects_of(stack, *POD_SPECS))


def _is_on(policy: Known, workload: Held) -> bool:
    labels = _within(workload, (*POD_SPECS[workload.key][:-1], "metadata", "labels"))
    return rules.covers(policy.selector, {"matchLabels": known_map(labels)})


def _within(held: Held, path: tuple[str, ...]) -> Any:
    value: Any = held.content
    for key in path:
        value = known_map(value).get(key)
    return value


def _identities(stack: Stack) -> Near[Association]:
    return Near((one.namespace, one.cluster, one) for one in associations(stack))


def _webhooks(stack: Stack, policy: Known) -> Iterator[str]:
    """The charts in the policy's namespace whose webhooks' pods it is on."""
    for install in stack.once(_with_webhooks).of(policy.held.cluster, policy.held.namespace):
        if rules.covers(policy.selector, {"matchLabels": _labels(install.chart)}):
            yield install.chart


def _with_webhooks(stack: Stack) -> Near[Install]:
    found = installs(stack, *rules.WEBHOOK_PORTS)
    return Near((one.member.properties.get("namespace"), one.cluster, one) for one in found)


def _labels(chart: str) -> dict[str, str]:
    return _LABELS.get(chart, {"app.kubernetes.io/name": chart})
