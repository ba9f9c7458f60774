"""Admission: policies, and webhooks that answer only while somebody stands behind them; a place for what these do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError, internal
from pokayoke_rehearsal.doubles.kubernetes.store.kinds import Resource
from pokayoke_rehearsal.doubles.kubernetes.store.names import selects
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    items,
    labels_of,
    namespace_of,
    text,
    whole,
)
from pokayoke_rehearsal.doubles.kubernetes.store.policies import Policies, Request
from pokayoke_rehearsal.doubles.kubernetes.store.users import CREATOR, Users

if TYPE_CHECKING:
    from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster

Operation = Literal["CREATE", "UPDATE", "DELETE"]

Webhook = Callable[[Object, Object | None, Operation], Object]
"""What a reachable webhook does: answers the object, changed or not, or raises the ApiError that denies it."""

_GROUP = "admissionregistration.k8s.io"
_KINDS = {"mutating": "MutatingWebhookConfiguration", "validating": "ValidatingWebhookConfiguration"}


class Admission:
    """Judges by the policies that are stored, and calls the webhooks whose configurations are.

    A webhook whose service has no ready endpoint fails the request when its failure policy is Fail, in the words of a
    real API server. One that can be reached does what `behaviours` holds under its name, and nothing if it holds none.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.behaviours: dict[str, Webhook] = {}
        self.users, self.policies = Users(), Policies(cluster)
        self._user = CREATOR

    def asked(self, manager: str = "", *, controller: bool) -> None:
        """What is judged next is asked for under this field manager's name."""
        self._user = self.users.of(manager, controller=controller)

    def admit(self, phase: str, resource: Resource, obj: Object, old: Object | None, operation: Operation) -> Object:
        """The object after all policies and webhooks of a phase (`mutating`, `validating`); raises ApiError."""
        if resource.kind.group == _GROUP:
            return obj  # never judged, so that what is broken can be removed
        if phase == "validating":
            deleted = operation == "DELETE"
            judged = (None, obj) if deleted else (obj, old)
            self.policies.judge(Request(resource, operation, self._user, *judged))
        for configuration in self._cluster.list(_GROUP, _KINDS[phase]):
            for item in items(configuration.get("webhooks")):
                hook = fields(item)
                if self._judges(hook, resource, obj, operation):
                    obj = self._call(hook, obj, old, operation)
        return obj

    def _judges(self, hook: Mapping[str, Any], resource: Resource, obj: Object, operation: Operation) -> bool:
        if not any(_rule_matches(fields(rule), resource, operation) for rule in items(hook.get("rules"))):
            return False
        if not selects(fields(hook.get("objectSelector")), labels_of(obj)):
            return False
        namespace = (
            obj if resource.plural == "namespaces" else self._cluster.find_named("", "Namespace", namespace_of(obj))
        )
        return namespace is None or selects(fields(hook.get("namespaceSelector")), labels_of(namespace))

    def _call(self, hook: Mapping[str, Any], obj: Object, old: Object | None, operation: Operation) -> Object:
        name = text(hook.get("name"))
        problem = self._unreachable(fields(hook.get("clientConfig")), whole(hook.get("timeoutSeconds"), 10))
        if problem is None:
            behaviour = self.behaviours.get(name)
            return obj if behaviour is None else behaviour(obj, old, operation)
        if hook.get("failurePolicy") == "Ignore":
            return obj
        raise internal(f'failed calling webhook "{name}": failed to call webhook: {problem}')

    def _unreachable(self, client: Mapping[str, Any], timeout: int) -> str | None:
        service = fields(client.get("service"))
        if not service:
            url = text(client.get("url"))
            return f'Post "{url}?timeout={timeout}s": dial tcp {urlsplit(url).netloc}: connect: connection refused'
        name, namespace = text(service.get("name")), text(service.get("namespace"))
        path, port = text(service.get("path")), whole(service.get("port"), 443)
        post = f'Post "https://{name}.{namespace}.svc:{port}{path}?timeout={timeout}s"'
        found = self._cluster.find_named("", "Service", name, namespace)
        if found is None:
            return f'{post}: service "{name}" not found'
        if not ready_endpoints(self._cluster, found):
            return f'{post}: no endpoints available for service "{name}"'
        return None


def ready_endpoints(cluster: Cluster, service: Object) -> list[Object]:
    """The ready pods that a service selects."""
    selector = fields(at(service, "spec", "selector"))
    if not selector:
        return []
    return [
        pod
        for pod in cluster.list("", "Pod", namespace_of(service), labels=selector)
        if any(
            fields(item).get("type") == "Ready" and fields(item).get("status") == "True"
            for item in items(at(pod, "status", "conditions"))
        )
    ]


def denied(webhook: str, message: str) -> ApiError:
    """The refusal of a webhook that could be asked."""
    return ApiError(403, "Forbidden", f'admission webhook "{webhook}" denied the request: {message}')


def _rule_matches(rule: Mapping[str, Any], resource: Resource, operation: Operation) -> bool:
    wanted = {
        "apiGroups": resource.kind.group,
        "apiVersions": resource.kind.version,
        "resources": resource.plural,
        "operations": operation,
    }
    scope = text(rule.get("scope")) or "*"
    in_scope = scope == "*" or (scope == "Namespaced") == resource.namespaced
    return in_scope and all(
        any(item in (value, "*", "*/*") for item in items(rule.get(name))) for name, value in wanted.items()
    )
