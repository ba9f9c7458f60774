"""Which writes are judged: what people and programs ask for, where it changes something and nobody opted out.

A namespace opts out by a label that says until which day, and an annotation that says why. Expressions have no clock.
What the API server writes down before it asks admission policies takes its place: when an object was created
(kubernetes/kubernetes, staging/src/k8s.io/apiserver, pkg/registry/rest/create.go), and who wrote to it when
(`metadata.managedFields`, Kubernetes documentation, "Server-Side Apply").
"""

from .guardrail import text

LABEL = "pokayoke-eks/guardrails-off-until"
"""The first day, UTC, on which the namespace is judged again: `2030-01-31`."""
REASON = "pokayoke-eks/guardrails-off-because"
"""The annotation that says why."""
DATE = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"

PEOPLE = (
    "!request.userInfo.username.startsWith('eks:')"
    " && (!request.userInfo.username.startsWith('system:')"
    " || request.userInfo.username.startsWith('system:serviceaccount:'))"
    " && !request.userInfo.username.matches('^system:serviceaccount:kube-system:[a-z-]+-controller$')"
)
"""Neither AWS itself (EKS user guide, "Set a custom username": no access entry can have a name with `eks:`; "Default
roles and users") nor the control plane, whose controllers only carry out what objects say that were judged themselves
(Kubernetes documentation, "Using RBAC Authorization", controller roles). Else what stood there before the policies
could not be restarted, scaled or deleted."""

ALIVE = "!has(object.metadata.deletionTimestamp)"
"""Deletion may always go on: what takes a finalizer off writes to the object."""

_OBJECT = "object.metadata.?{part}.orValue({{}}) != oldObject.metadata.?{part}.orValue({{}})"
CHANGED = " || ".join(
    (
        "oldObject == null",
        "object.?spec != oldObject.?spec",
        "object.?template != oldObject.?template",
        _OBJECT.format(part="annotations"),
        _OBJECT.format(part="labels"),
    )
)
"""What is there already can be written to again as it is: its status, owners and finalizers."""


def until(metadata: str) -> str:
    """CEL for the opt-out's day of a namespace with this metadata; an empty text where there is none."""
    return f"{metadata}.?labels[?{text(LABEL)}].orValue('')"


def because(metadata: str) -> str:
    """CEL for its reason."""
    return f"{metadata}.?annotations[?{text(REASON)}].orValue('')"


def day(said: str) -> str:
    """CEL for the moment at which a day begins."""
    return f"timestamp({said} + 'T00:00:00Z')"


_NAMESPACE = "namespaceObject.metadata"
_BEFORE = f"oldObject == null ? timestamp(object.metadata.creationTimestamp) < {day(until(_NAMESPACE))} : " + (
    "object.metadata.?managedFields.orValue([]).exists(one, has(one.time))"
    f" && object.metadata.managedFields.all(one, !has(one.time) || timestamp(one.time) < {day(until(_NAMESPACE))})"
)
_OUT = f"{until(_NAMESPACE)}.matches({text(DATE)}) && {because(_NAMESPACE)} != '' && ({_BEFORE})"
OPTED_OUT = f"namespaceObject != null && {_OUT}"
"""Whether the object's namespace is out. Of no use among conditions, for which there is no namespace."""

JUDGED = {
    "asked-for-by-people-and-programs": PEOPLE,
    "not-being-deleted": ALIVE,
    "changed": CHANGED,
}
"""The conditions of every guardrail that judges what an object says."""
