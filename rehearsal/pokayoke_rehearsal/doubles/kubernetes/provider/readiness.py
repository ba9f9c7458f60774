"""When pulumi-kubernetes (provider/pkg/await, v4.32) counts an object as ready, and what it says while it is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import complaint, is_done, is_ready
from pokayoke_rehearsal.doubles.kubernetes.controllers.storage import claim_problem, provisioner_problem
from pokayoke_rehearsal.doubles.kubernetes.events import about
from pokayoke_rehearsal.doubles.kubernetes.provider.jsonpath import JsonPath, JsonPathError
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    annotation,
    at,
    condition,
    conditions,
    fields,
    items,
    name_of,
    namespace_of,
    text,
    whole,
)

SKIP_AWAIT = "pulumi.com/skipAwait"
WAIT_FOR = "pulumi.com/waitFor"

_TIMED_OUT = "timed out waiting for the condition"


@dataclass(frozen=True)
class Readiness:
    """Whether an object is ready; if not, the error of a wait that ends now, and the details behind it."""

    ready: bool
    error: str = ""
    details: tuple[str, ...] = ()


Condition = Callable[[Cluster, Object], Readiness]

READY = Readiness(True)


class WaitForError(Exception):
    """The annotation `pulumi.com/waitFor` cannot be read."""


def wanted(inputs: Object) -> Condition | None:
    """What creating or updating these inputs waits for, None for nothing; raises WaitForError."""
    if annotation(inputs, SKIP_AWAIT) == "true":
        return None
    stated, kind = annotation(inputs, WAIT_FOR), text(inputs.get("kind"))
    found = _custom(stated) if stated else _AWAITERS.get((text(inputs.get("apiVersion")).rpartition("/")[0], kind))
    return None if found is None else _with_warnings(found)


def _with_warnings(condition: Condition) -> Condition:
    """Says what controllers have warned of too: why they cannot do what the object asks for."""

    def judged(cluster: Cluster, obj: Object) -> Readiness:
        found = condition(cluster, obj)
        if found.ready:
            return found
        warned = [f"[{one['reason']}] {one['message']}" for one in about(cluster, obj) if one.get("type") == "Warning"]
        return replace(found, details=(*found.details, *warned))

    return judged


def _custom(stated: str) -> Condition:
    try:
        parsed = json.loads(stated)
    except ValueError:
        parsed = None
    expressions = [str(item) for item in items(parsed)] if isinstance(parsed, list) else [stated]
    if not expressions:
        raise WaitForError("at least one condition must be specified")
    expected = [_expression(expression) for expression in expressions]

    def all_hold(_: Cluster, obj: Object) -> Readiness:
        missing = tuple(problem for misses in expected if (problem := misses(obj)))
        return Readiness(False, _TIMED_OUT, missing) if missing else READY

    return all_hold


def _expression(expression: str) -> Callable[[Object], str]:
    kind, separator, rest = expression.partition("=")
    if kind == "jsonpath" and separator:
        try:
            path = JsonPath.parse(rest)
        except JsonPathError as error:
            raise WaitForError(str(error)) from None
        return lambda obj: _path_problem(path, obj)
    if kind == "condition" and separator:
        name, _, status = rest.partition("=")
        return lambda obj: _condition_problem(obj, name, status or "True")
    raise WaitForError(f'expected a "jsonpath=" or "condition=" prefix, got "{expression}"')


def _path_problem(path: JsonPath, obj: Object) -> str:
    generation, observed = at(obj, "metadata", "generation"), at(obj, "status", "observedGeneration")
    if isinstance(observed, int) and isinstance(generation, int) and observed < generation:
        return f"Generation {observed} is less than expected {generation}"
    found = path.match(obj)
    return "" if found.holds else found.message


def _condition_problem(obj: Object, name: str, status: str) -> str:
    found = condition(obj, name)
    if found is None:
        return "Has no .status.conditions" if not list(conditions(obj)) else f"Resource has no condition {name}"
    generation = whole(at(obj, "metadata", "generation"), 0)
    observed = found.get("observedGeneration", at(obj, "status", "observedGeneration"))
    if isinstance(observed, int) and observed < generation:
        return f"Generation {observed} is less than expected {generation}"
    if text(found.get("status")).lower() == status.lower():
        return ""
    message = f": {found['message']}" if text(found.get("message")) else ""
    return f"Resource has condition {name}={text(found.get('status'))} (want {status}){message}"


def _deployment(cluster: Cluster, obj: Object) -> Readiness:
    ready = condition(obj, "Available"), condition(obj, "Progressing")
    complete = all(found is not None and found.get("status") == "True" for found in ready)
    if complete and ready[1] is not None and ready[1].get("reason") == "NewReplicaSetAvailable" and _observed(obj):
        return READY
    available = ready[0] is not None and ready[0].get("status") == "True"
    first = (
        "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live"
        if available
        else "Minimum number of live Pods was not attained"
    )
    pods = [pod for found in cluster.owned(obj) for pod in cluster.owned(found)]
    return _timed_out(obj, [first, *_failures(obj), *_complaints(pods)])


def _stateful_set(cluster: Cluster, obj: Object) -> Readiness:
    replicas = whole(at(obj, "spec", "replicas"), 1)
    if _observed(obj) and whole(at(obj, "status", "readyReplicas"), 0) >= replicas:
        return READY
    first = f"Failed to observe the expected number of ready replicas ({replicas})"
    return _timed_out(obj, [first, *_failures(obj), *_complaints(cluster.owned(obj))])


def _daemon_set(cluster: Cluster, obj: Object) -> Readiness:
    wanted_pods, ready = (whole(at(obj, "status", n), 0) for n in ("desiredNumberScheduled", "numberReady"))
    if _observed(obj) and ready >= wanted_pods and not _failures(obj):
        return READY
    details = (f"Available: {ready}/{wanted_pods}", *_failures(obj), *_complaints(cluster.owned(obj)))
    return Readiness(False, _TIMED_OUT, details)


def _job(cluster: Cluster, obj: Object) -> Readiness:
    found = condition(obj, "Complete")
    if found is not None and found.get("status") == "True":
        return READY
    return _timed_out(obj, [*_failures(obj), *_complaints(cluster.owned(obj))])


def _pod(_: Cluster, obj: Object) -> Readiness:
    return READY if is_ready(obj) or is_done(obj) else _timed_out(obj, _complaints([obj]))


def _claim(cluster: Cluster, obj: Object) -> Readiness:
    if at(obj, "status", "phase") == "Bound":
        return READY
    name = text(at(obj, "spec", "storageClassName"))
    storage = cluster.find_named("storage.k8s.io", "StorageClass", name) if name else None
    if storage is not None and storage.get("volumeBindingMode") == "WaitForFirstConsumer":
        return READY
    problem = provisioner_problem(cluster, storage) if storage is not None else _no_class(cluster, obj)
    return Readiness(False, _TIMED_OUT, (problem,)) if problem else Readiness(False, _TIMED_OUT)


def _no_class(cluster: Cluster, claim: Object) -> str:
    volume = {"persistentVolumeClaim": {"claimName": name_of(claim)}}
    return claim_problem(cluster, {"metadata": {"namespace": namespace_of(claim)}, "spec": {"volumes": [volume]}})


def _service(cluster: Cluster, obj: Object) -> Readiness:
    spec = fields(obj.get("spec"))
    details: list[str] = []
    if _waits_for_pods(spec):
        pods = cluster.list("", "Pod", namespace_of(obj), labels=fields(spec.get("selector")))
        placed = [pod for pod in pods if text(at(pod, "spec", "nodeName"))]
        if not all(map(is_ready, placed)):
            details += [_NO_PODS, *_complaints(placed)]
    if spec.get("type") == "LoadBalancer" and not items(at(obj, "status", "loadBalancer", "ingress")):
        details.append("Service was not allocated an IP address; does your cloud provider support this?")
        details += _reported(obj)
    return _timed_out(obj, details) if details else READY


def _waits_for_pods(spec: Object) -> bool:
    plain = spec.get("type") != "ExternalName" and spec.get("clusterIP") != "None"
    return plain and bool(fields(spec.get("selector")))


def _ingress(_: Cluster, obj: Object) -> Readiness:
    if items(at(obj, "status", "loadBalancer", "ingress")):
        return READY
    detail = "Ingress .status.loadBalancer field was not updated with a hostname/IP address."
    return _timed_out(obj, [detail, *_reported(obj)])


def _quota(_: Cluster, obj: Object) -> Readiness:
    return READY if at(obj, "spec", "hard") == at(obj, "status", "hard") else Readiness(False, _TIMED_OUT)


def _volume(_: Cluster, obj: Object) -> Readiness:
    return READY if at(obj, "status", "phase") in ("Available", "Bound") else Readiness(False, _TIMED_OUT)


def _timed_out(obj: Object, details: list[str]) -> Readiness:
    return Readiness(False, f"'{name_of(obj)}' timed out waiting to be Ready", tuple(details))


def _observed(obj: Object) -> bool:
    return at(obj, "status", "observedGeneration") == at(obj, "metadata", "generation")


def _failures(obj: Object) -> list[str]:
    found = condition(obj, "ReplicaFailure")
    return [f"[{text(found.get('reason'))}] {text(found.get('message'))}"] if found is not None else []


def _reported(obj: Object) -> list[str]:
    """What a controller wrote into the conditions of an object that it cannot serve."""
    told = [found for found in conditions(obj) if found.get("status") == "False" and text(found.get("message"))]
    return [f"[{text(found.get('reason'))}] {text(found.get('message'))}" for found in told]


def _complaints(pods: list[Object]) -> list[str]:
    return list(dict.fromkeys(problem for pod in pods if (problem := complaint(pod))))


_NO_PODS = (
    "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels "
    "on any Pods"
)
_AWAITERS: dict[tuple[str, str], Condition] = {
    ("", "PersistentVolume"): _volume,
    ("", "PersistentVolumeClaim"): _claim,
    ("", "Pod"): _pod,
    ("", "ResourceQuota"): _quota,
    ("", "Service"): _service,
    ("apps", "DaemonSet"): _daemon_set,
    ("apps", "Deployment"): _deployment,
    ("apps", "StatefulSet"): _stateful_set,
    ("batch", "Job"): _job,
    ("networking.k8s.io", "Ingress"): _ingress,
}
