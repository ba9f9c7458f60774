"""The policy `webhook-not-ready`: what a fail-closed webhook judges waits for whoever answers it.

Webhooks are those of known charts, by their values, and those that a stack registers itself.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

from pokayoke_eks.rules.balancing import CHARTS_WITH_SERVICES, LENIENT, WEBHOOKS, Judged
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.selectors import plural, selects
from pokayoke_eks.rules.workloads import POD_SPECS

from .eks import label
from .inventory import (
    Held,
    Install,
    installs,
    kinds_of,
    known_map,
    objects_of,
    speaks_by_values,
)
from .near import Near
from .order import Urns
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, known_list, list_at
from .stack import Member, Stack

SLUG = "webhook-not-ready"
_TOLD = 3
"""Of how many webhooks a finding tells whose they are."""
_NOT_YET = 'and it does not wait for that: while no pod answers, the API server refuses it ("failed calling webhook")'
_SLACK = "whose release does not wait until its pods are ready (skipAwait)"
_APP = "app.kubernetes.io/name"
_CONFIGURATIONS = tuple(
    f"admissionregistration.k8s.io/{kind}"
    for kind in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
)


def charts_answer_first(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """What the webhooks of a known chart judge depends on its release, which waits until it is ready."""
    for judged in WEBHOOKS:
        for member, cluster, place in _judged(stack, judged) if stack.once(_closed, judged) else ():
            near, behind = stack.once(_closed_near, judged, cluster), stack.behind(member.urn)
            # Its own, or there before the webhook is, does not wait for it.
            late = (one for one in near.without(behind) if member.urn != one and member.urn not in stack.behind(one))
            yield from _findings(member, place, late, _NOT_YET)
            yield from _findings(member, place, near.both(behind).both(stack.once(_slack)), _SLACK)


def registered_webhooks_answer_first(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """What a webhook of the stack judges depends on the pods behind it."""
    webhooks, unknown = stack.once(_registered)
    for key in kinds_of(stack) if webhooks else ():
        near = stack.once(_asking, key)
        for held in objects_of(stack, key):
            labels = known_map(held.metadata.get("labels"))
            asked = (webhook for label in (None, *labels.items()) for webhook in near.of(held.cluster, label))
            late = (one.pods[0] for one in asked if selects(one.selector, labels) and not one.is_ready(held.member))
            yield from _findings(held.member, held.place, late, _NOT_YET)
    if unknown is not None:
        raise unknown


RULE = Rule(SLUG, stack=(charts_answer_first, registered_webhooks_answer_first))


@dataclass(frozen=True)
class _Webhook:
    """A fail-closed webhook of the stack."""

    configuration: Held
    said: Mapping[str, Any]
    pods: list[str]
    """The URNs of the workloads that answer it."""

    @property
    def selector(self) -> Any:
        """Which objects it judges."""
        return self.said.get("objectSelector")

    @property
    def label(self) -> Hashable:
        """One of the labels that these must have; None where there is none."""
        return next(iter(known_map(known_map(self.selector).get("matchLabels")).items()), None)

    def asks(self, key: str) -> bool:
        """Whether it judges objects of a kind."""
        return any(_asks(known_map(rule), key) for rule in known_list(self.said.get("rules")))

    def is_ready(self, member: Member) -> bool:
        """Whether its pods are there before a resource, or the resource is there before it."""
        before, answering = self._urns
        return member.urn in before or self.configuration.stack.behind(member.urn).meets(answering)

    @cached_property
    def _urns(self) -> tuple[Urns, Urns]:
        """Of what is there before it, itself included, and of its pods."""
        stack, own = self.configuration.stack, (self.configuration.member.urn, *self.pods)
        return stack.among(own) | stack.behind(*own), stack.among(self.pods)


def _findings(member: Member, place: str, webhooks: Iterable[str], problem: str) -> Iterator[tuple[str, Finding]]:
    """At most one, whose webhooks ever they are."""
    urns: list[str] = []
    for one in webhooks:
        if one not in urns:
            urns.append(one)
        if len(urns) > _TOLD:
            break
    if not urns:
        return
    names = [label(one) for one in urns[:_TOLD]]
    others = " and others" if len(urns) > _TOLD else ""
    quoted = ", ".join(f"'{one}'" for one in names)
    whose = quoted if len(urns) == 1 else f"each of {quoted}{others}"
    yield (
        member.urn,
        Finding(
            f"{place}dependsOn: a fail-closed webhook of {whose} judges it, {problem}",
            f"Set the option dependsOn: [{', '.join(names)}]; for the load balancer controller, set "
            "enableServiceMutatorWebhook: false and loadBalancerClass on Services.",
            SLUG,
        ),
    )


def _is_fail_closed(judged: Judged, install: Install) -> bool:
    """Whether the webhook is there, and refuses what it cannot judge; False where its values are not to be seen."""
    if judged.unless is not None:
        path, off = judged.unless
        value = install.value(*path)
        if install.values is None or value is UNKNOWN or value == off:
            return False
    return not any(
        install.value(*path) in ("Ignore", UNKNOWN) for kind in judged.kinds for path in LENIENT.get(kind, ())
    )


def _judged(stack: Stack, judged: Judged) -> Iterator[tuple[Member, str | None, str]]:
    """What a chart's webhook judges, in which cluster, and where a message begins."""
    for held in objects_of(stack, *judged.kinds):
        if known_map(held.metadata.get("labels")).get(_APP) != judged.chart:
            yield held.member, held.cluster, held.place
    if "core/Service" in judged.kinds:
        for other in installs(stack, *CHARTS_WITH_SERVICES):
            if speaks_by_values(stack, other.member):
                yield other.member, other.cluster, "the Services of its chart: "


def _closed(stack: Stack, judged: Judged) -> dict[str | None, Urns]:
    """Where a chart's webhook is fail-closed, by cluster."""
    found: dict[str | None, list[str]] = {}
    for one in installs(stack, judged.chart):
        if _is_fail_closed(judged, one):
            found.setdefault(one.cluster, []).append(one.member.urn)
    return {cluster: stack.among(urns) for cluster, urns in found.items()}


def _closed_near(stack: Stack, judged: Judged, cluster: str | None) -> Urns:
    """The same, as far as that may be in a cluster."""
    closed = stack.once(_closed, judged)
    near = closed.values() if cluster is None else [closed[one] for one in (cluster, None) if one in closed]
    return reduce(Urns.__or__, near, stack.among(()))


def _slack(stack: Stack) -> Urns:
    """Releases that do not wait until their pods are ready."""
    return stack.among(one.member.urn for one in installs(stack) if one.member.properties.get("skipAwait") is True)


def _registered(stack: Stack) -> tuple[list[_Webhook], NotKnownError | None]:
    """Those that the stack registers itself; and what is not known of others."""
    found: list[_Webhook] = []
    unknown: NotKnownError | None = None
    for configuration in objects_of(stack, *_CONFIGURATIONS):
        try:
            for raw in list_at(configuration.content, "webhooks"):
                webhook = known_map(raw)
                lenient = webhook.get("failurePolicy", "Fail") != "Fail" or known_map(webhook.get("namespaceSelector"))
                pods = [] if lenient else [one.urn for one in _backing(stack, configuration, webhook)]
                if pods and webhook.get("objectSelector") is not UNKNOWN:
                    found.append(_Webhook(configuration, webhook, pods))
        except NotKnownError as error:
            unknown = error
    return found, unknown


def _asking(stack: Stack, key: str) -> Near[_Webhook]:
    """Those that judge objects of a kind, by a label that these must have; None where they need none."""
    asking = [one for one in stack.once(_registered)[0] if one.asks(key)]
    return Near((one.label, one.configuration.cluster, one) for one in asking)


def _backing(stack: Stack, configuration: Held, webhook: Mapping[str, Any]) -> list[Member]:
    """The stack's workloads whose pods answer a webhook."""
    service = known_map(known_map(webhook.get("clientConfig")).get("service"))
    named = (service.get("name"), service.get("namespace"))
    for held in stack.once(_services).of(configuration.cluster, named):
        selector = known_map(held.spec.get("selector"))
        for first in selector.items():
            near = stack.once(_by_label).of(None, (held.namespace, *first))
            return [one.member for one in near if selects({"matchLabels": selector}, _labels(one))]
    return []


def _services(stack: Stack) -> Near[Held]:
    services = objects_of(stack, "core/Service")
    return Near(((held.metadata.get("name"), held.namespace), held.cluster, held) for held in services)


def _by_label(stack: Stack) -> Near[Held]:
    """Workloads by namespace and each label of their pods."""
    workloads = objects_of(stack, *POD_SPECS)
    return Near(((one.namespace, *label), None, one) for one in workloads for label in _labels(one).items())


def _labels(workload: Held) -> dict[str, Any]:
    """Those of its pods."""
    return known_map(known_map(known_map(workload.spec.get("template")).get("metadata")).get("labels"))


def _asks(rule: Mapping[str, Any], key: str) -> bool:
    group, _, kind = key.partition("/")
    group = "" if group == "core" else group
    asked = (
        ("apiGroups", ("*", group)),
        ("resources", ("*", "*/*", plural(kind))),
        ("operations", ("*", "CREATE")),
    )
    return all(any(word in known_list(rule.get(key)) for word in words) for key, words in asked)
