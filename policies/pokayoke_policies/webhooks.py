"""The policy `webhook-not-ready`: what a fail-closed webhook judges waits for whoever answers it.

Webhooks are those of known charts, by their values, and those that a stack registers itself.
"""

from collections.abc import Iterator, Mapping
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
    installs_near,
    kinds_of,
    known_map,
    objects_near,
    objects_of,
    speaks_by_values,
)
from .near import Near
from .order import Urns
from .policy import Rule
from .raw import UNKNOWN, known_list, list_at
from .stack import Member, Stack

SLUG = "webhook-not-ready"
_APP = "app.kubernetes.io/name"
_CONFIGURATIONS = tuple(
    f"admissionregistration.k8s.io/{kind}"
    for kind in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
)


def charts_answer_first(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """What the webhooks of a known chart judge depends on its release, which waits until it is ready."""
    for judged in WEBHOOKS:
        for install in installs(stack, judged.chart):
            for member, place in _judged(stack, judged, install) if _is_fail_closed(judged, install) else ():
                problem = _problem(stack, member, install)
                if problem:
                    yield member.urn, _finding(f"{place}{problem}", install.member)


def registered_webhooks_answer_first(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """What a webhook of the stack judges depends on the pods behind it."""
    for configuration in objects_of(stack, *_CONFIGURATIONS):
        for raw in list_at(configuration.content, "webhooks"):
            webhook = known_map(raw)
            lenient = webhook.get("failurePolicy", "Fail") != "Fail" or known_map(webhook.get("namespaceSelector"))
            backing = [] if lenient else _backing(stack, configuration, webhook)
            safe = _safe(stack, configuration, backing)
            for held in _matched(stack, configuration, webhook) if backing else ():
                if held.member.urn not in safe:
                    yield held.member.urn, _finding(f"{held.place}{_not_yet(backing[0])}", backing[0])


RULE = Rule(SLUG, stack=(charts_answer_first, registered_webhooks_answer_first))


def _finding(problem: str, first: Member) -> Finding:
    return Finding(
        problem,
        f"Set the option dependsOn: [{label(first.urn)}]; for the load balancer controller, set "
        "enableServiceMutatorWebhook: false and loadBalancerClass on Services.",
        SLUG,
    )


def _not_yet(member: Member) -> str:
    return (
        f"dependsOn: a fail-closed webhook of '{label(member.urn)}' judges it, and it does not wait for that: while no "
        'pod answers, the API server refuses it ("failed calling webhook")'
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


def _judged(stack: Stack, judged: Judged, install: Install) -> Iterator[tuple[Member, str]]:
    for held in objects_near(stack, install.cluster, *judged.kinds):
        if known_map(held.metadata.get("labels")).get(_APP) != judged.chart:
            yield held.member, held.place
    if "core/Service" in judged.kinds:
        for other in installs_near(stack, install.cluster, *CHARTS_WITH_SERVICES):
            if speaks_by_values(stack, other.member):
                yield other.member, "the Services of its chart: "


def _problem(stack: Stack, member: Member, install: Install) -> str | None:
    """Why a webhook may not answer yet when it is asked about a resource."""
    if member.urn == install.member.urn or member.urn in stack.behind(install.member.urn):
        return None  # Its own, or there before the webhook is.
    if install.member.urn not in stack.behind(member.urn):
        return _not_yet(install.member)
    if install.member.properties.get("skipAwait") is True:
        return (
            f"dependsOn: a fail-closed webhook of '{label(install.member.urn)}' judges it, whose release does not wait "
            "until its pods are ready (skipAwait)"
        )
    return None


def _backing(stack: Stack, configuration: Held, webhook: Mapping[str, Any]) -> list[Member]:
    """The stack's workloads whose pods answer a webhook."""
    service = known_map(known_map(webhook.get("clientConfig")).get("service"))
    named = (service.get("name"), service.get("namespace"))
    for held in stack.once(_services).of(configuration.cluster, named)[:1]:
        selector = known_map(held.spec.get("selector"))
        first = next(((held.namespace, *one) for one in selector.items()), None)
        near = stack.once(_by_label).of(None, first) if first else []
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


def _matched(stack: Stack, configuration: Held, webhook: Mapping[str, Any]) -> Iterator[Held]:
    selector, rules = webhook.get("objectSelector"), known_list(webhook.get("rules"))
    if selector is UNKNOWN:
        return
    keys = [key for key in kinds_of(stack) if any(_asks(known_map(rule), key) for rule in rules)]
    for held in objects_near(stack, configuration.cluster, *keys):
        if selects(selector, known_map(held.metadata.get("labels"))):
            yield held


def _asks(rule: Mapping[str, Any], key: str) -> bool:
    group, _, kind = key.partition("/")
    group = "" if group == "core" else group
    asked = (
        ("apiGroups", ("*", group)),
        ("resources", ("*", "*/*", plural(kind))),
        ("operations", ("*", "CREATE")),
    )
    return all(any(word in known_list(rule.get(key)) for word in words) for key, words in asked)


def _safe(stack: Stack, configuration: Held, backing: list[Member]) -> Urns:
    """What waits for the webhook's pods, is needed by them, or is there before the webhook."""
    pods = [one.urn for one in backing]
    own = [configuration.member.urn, *pods]
    return stack.among(own) | stack.behind(*own) | stack.ahead(*pods)
