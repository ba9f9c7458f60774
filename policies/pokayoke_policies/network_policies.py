"""The policy `network-policy-blocks-api-server`: an egress policy holds what every pod needs.

Policies add up, so all of a namespace are judged together: one may deny everything that another allows again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pokayoke_eks.rules import network_policies as rules
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.workloads import POD_SPECS

from .eks import associations, may_be_same
from .inventory import Held, installs, known_map, objects_of
from .near import Near
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
    hidden = [(one.cluster, one.namespace) for one in unknown]
    for policy in known:
        beside = [one for one in known if _are_together(one.held, policy.held)]
        if any(
            may_be_same(cluster, policy.held.cluster) and namespace in (policy.held.namespace, UNKNOWN)
            for cluster, namespace in hidden
        ):
            continue
        for finding in _judge(stack, policy, beside):
            yield policy.held.member.urn, Finding(f"{policy.held.place}{finding.problem}", finding.remedy, finding.slug)
    if unknown:
        raise NotKnownError(("spec",))


RULE = Rule(rules.SLUG, stack=(pods_reach_what_they_need,))


def known_policies(stack: Stack) -> tuple[list[Known], list[Held]]:
    """The stack's NetworkPolicies, and those of which too little is known."""
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


def _judge(stack: Stack, policy: Known, beside: Sequence[Known]) -> Iterator[Finding]:
    if rules.restricts(policy.spec, "Egress"):
        # Pods that more specific policies let out as well are not to be told from those that none does.
        acting = [one for one in beside if policy.is_of_all or rules.covers(one.selector, policy.selector)]
        needs = rules.WITHOUT_TOKEN if _have_no_token(stack, policy) else rules.ALWAYS
        if policy.is_of_all and _has_identities(stack, policy.held):
            needs = (*needs, rules.IDENTITY)
        finding = rules.cut_off([one.spec for one in acting if rules.restricts(one.spec, "Egress")], needs)
        if finding:
            yield _at("spec.egress", finding)
    if rules.restricts(policy.spec, "Ingress"):
        for chart in _webhooks(stack, policy):
            labels = {"matchLabels": _labels(chart)}
            acting = [one.spec for one in beside if rules.covers(one.selector, labels)]
            finding = rules.webhook_cut_off([spec for spec in acting if rules.restricts(spec, "Ingress")], chart)
            if finding:
                yield _at("spec.ingress", finding)


def _at(path: str, finding: Finding) -> Finding:
    return Finding(f"{path}: {finding.problem}", finding.remedy, finding.slug)


def _have_no_token(stack: Stack, policy: Known) -> bool:
    """Whether the policy is on pods of the stack which all say that they get no token: they ask the API server nothing.
    Of a policy on all pods of a namespace that is not to be told."""
    if policy.is_of_all:
        return False
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


def _are_together(one: Held, other: Held) -> bool:
    return one.namespace == other.namespace and may_be_same(one.cluster, other.cluster)


def _has_identities(stack: Stack, held: Held) -> bool:
    return any(
        one.namespace == held.namespace and may_be_same(one.cluster, held.cluster) for one in associations(stack)
    )


def _webhooks(stack: Stack, policy: Known) -> Iterator[str]:
    """The charts in the policy's namespace whose webhooks' pods it is on."""
    for install in installs(stack, *rules.WEBHOOK_PORTS):
        namespace = install.member.properties.get("namespace")
        if (
            namespace == policy.held.namespace
            and may_be_same(install.cluster, policy.held.cluster)
            and rules.covers(policy.selector, {"matchLabels": _labels(install.chart)})
        ):
            yield install.chart


def _labels(chart: str) -> dict[str, str]:
    return _LABELS.get(chart, {"app.kubernetes.io/name": chart})
