"""What is asked of what hangs on the API server: webhooks that hold it up, objects that it no longer takes."""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.kubernetes_versions import SUPPORT, is_well_formed, minor
from pokayoke_eks.rules.quantities import quantity
from pokayoke_policies.inventory import Held, objects_of
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice, each
from pokayoke_policies.raw import UNKNOWN, NotKnownError, list_at, over, stated
from pokayoke_policies.references import is_given
from pokayoke_policies.stack import Stack

_CONFIGURATIONS = tuple(
    f"admissionregistration.k8s.io/{kind}"
    for kind in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")
)
_NARROWED = ("namespaceSelector", "objectSelector", "matchConditions")
_LONGEST = 30
"""Seconds that the API server waits for a webhook at most (Kubernetes API reference, timeoutSeconds)."""

WEBHOOK = Practice(
    "webhook-fails-safe",
    "A webhook that does not answer stops the cluster",
    "while its pods are away nothing is admitted, the pods that would answer among it",
    "Narrow rules to the kinds that are judged, set namespaceSelector so that kube-system is left out, or "
    "failurePolicy: Ignore, and timeoutSeconds: 5.",
    "EKS best practices, reliability/controlplane; Kubernetes documentation, Admission Webhook Good Practices",
)
SERVED = Practice(
    "api-version-served",
    "An object is written in a version that the cluster does not serve",
    "the API server does not know the kind, and the release or the update fails",
    "Set apiVersion to the version that took its place, e.g. policy/v1 for policy/v1beta1.",
    "EKS best practices, upgrades; Kubernetes documentation, Deprecated API Migration Guide",
)

_FLOWS = ("FlowSchema", "PriorityLevelConfiguration")
_REMOVED: dict[int, dict[str, tuple[str, ...]]] = {
    16: {
        "extensions/v1beta1": ("DaemonSet", "Deployment", "NetworkPolicy", "ReplicaSet"),
        "apps/v1beta1": ("Deployment", "ReplicaSet", "StatefulSet"),
        "apps/v1beta2": ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"),
    },
    22: {
        "admissionregistration.k8s.io/v1beta1": ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"),
        "apiextensions.k8s.io/v1beta1": ("CustomResourceDefinition",),
        "apiregistration.k8s.io/v1beta1": ("APIService",),
        "certificates.k8s.io/v1beta1": ("CertificateSigningRequest",),
        "coordination.k8s.io/v1beta1": ("Lease",),
        "extensions/v1beta1": ("Ingress",),
        "networking.k8s.io/v1beta1": ("Ingress", "IngressClass"),
        "rbac.authorization.k8s.io/v1beta1": ("ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"),
        "scheduling.k8s.io/v1beta1": ("PriorityClass",),
        "storage.k8s.io/v1beta1": ("CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"),
    },
    25: {
        "autoscaling/v2beta1": ("HorizontalPodAutoscaler",),
        "batch/v1beta1": ("CronJob",),
        "discovery.k8s.io/v1beta1": ("EndpointSlice",),
        "events.k8s.io/v1beta1": ("Event",),
        "node.k8s.io/v1beta1": ("RuntimeClass",),
        "policy/v1beta1": ("PodDisruptionBudget", "PodSecurityPolicy"),
    },
    26: {
        "autoscaling/v2beta2": ("HorizontalPodAutoscaler",),
        "flowcontrol.apiserver.k8s.io/v1beta1": _FLOWS,
    },
    27: {"storage.k8s.io/v1beta1": ("CSIStorageCapacity",)},
    29: {"flowcontrol.apiserver.k8s.io/v1beta2": _FLOWS},
    32: {"flowcontrol.apiserver.k8s.io/v1beta3": _FLOWS},
}
"""By minor version of Kubernetes 1, what it stopped serving (kubernetes/website,
content/en/docs/reference/using-api/deprecation-guide.md, as of Kubernetes 1.32)."""
_GONE = {
    (version, kind): since
    for since, removed in _REMOVED.items()
    for version, kinds in removed.items()
    for kind in kinds
}
_KINDS = tuple(dict.fromkeys(f"{version.partition('/')[0]}/{kind}" for version, kind in _GONE))


def webhooks_fail_safe(configuration: Mapping[str, Any]) -> Iterator[Finding]:
    """Every webhook of a configuration that refuses what it cannot judge."""
    webhooks = each(list_at(configuration, "webhooks"))
    yield from over(webhooks, lambda one: _unsafe(one[1], f"webhooks[{one[0]}]"))


def versions_are_served(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Every object of a kind that was served in other versions once, by the version of its cluster; of a cluster that
    is not told, by the oldest version that EKS still runs."""

    def judged(held: Held) -> Iterator[tuple[str, Finding]]:
        version = _version(held)
        since = _GONE.get((version, held.key.partition("/")[2]))
        if since is not None and since <= _runs(stack, held):
            problem = f"{version} is served no longer since Kubernetes 1.{since}"
            yield held.member.urn, SERVED.finding(f"{held.place}apiVersion", problem)

    yield from over(objects_of(stack, *_KINDS), judged)


RULES = (
    Rule(WEBHOOK.slug, kinds=dict.fromkeys(_CONFIGURATIONS, (webhooks_fail_safe,)), practice=WEBHOOK),
    Rule(SERVED.slug, stack=(versions_are_served,), practice=SERVED),
)


def _unsafe(webhook: Mapping[str, Any], place: str) -> Iterator[Finding]:
    # Left out, it is Fail, and 10 seconds (Kubernetes API reference, ValidatingWebhook).
    if stated(webhook, "failurePolicy") == "Ignore":
        return
    yield from over((_slow, _wide), lambda judge: judge(webhook, place))


def _slow(webhook: Mapping[str, Any], place: str) -> Iterator[Finding]:
    if (quantity(stated(webhook, "timeoutSeconds")) or 0) >= _LONGEST:
        problem = f"it holds every request up for {_LONGEST} seconds while nobody answers"
        yield WEBHOOK.finding(f"{place}.timeoutSeconds", problem)


def _wide(webhook: Mapping[str, Any], place: str) -> Iterator[Finding]:
    if any(is_given(webhook.get(key)) for key in _NARROWED):
        return
    for index, rule in each(list_at(webhook, "rules")):
        groups, resources = (list_at(rule, key) for key in ("apiGroups", "resources"))
        at = f"{place}.rules[{index}]"
        if "*" in groups and any(one in ("*", "*/*") for one in resources):
            yield WEBHOOK.finding(at, "it judges everything, everywhere, and refuses what it cannot judge")
        elif {"", "*"} & set(map(str, groups)) and "pods" in resources:
            yield WEBHOOK.finding(at, "it judges the pods of kube-system too, and refuses those that it cannot judge")
        elif UNKNOWN in (*groups, *resources):
            raise NotKnownError(("webhooks", "rules"))


def _version(held: Held) -> str:
    """What an object says, or the type by which it is made."""
    said = stated(held.content, "apiVersion")
    return str(said or held.member.type.removeprefix("kubernetes:").rpartition(":")[0])


def _runs(stack: Stack, held: Held) -> int:
    cluster = stack.members.get(held.cluster or "")
    version = cluster.properties.get("version") if cluster else None
    return minor(version) if isinstance(version, str) and is_well_formed(version) else min(map(minor, SUPPORT))
