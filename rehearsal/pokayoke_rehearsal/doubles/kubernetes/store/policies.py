"""ValidatingAdmissionPolicies: what is judged by which, and in which words it is refused.

Source: kubernetes/kubernetes, staging/src/k8s.io/apiserver, pkg/admission/plugin/policy: validating/dispatcher.go and
validator.go (decisions, messages, codes), matching/matching.go (constraints), generic (bindings). A policy with
parameters judges nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pokayoke_rehearsal.doubles.kubernetes.store import expressions
from pokayoke_rehearsal.doubles.kubernetes.store.clock import now
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError, FieldError, invalid_value, required
from pokayoke_rehearsal.doubles.kubernetes.store.kinds import Resource
from pokayoke_rehearsal.doubles.kubernetes.store.names import selects
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    items,
    labels_of,
    metadata,
    name_of,
    namespace_of,
    text,
)
from pokayoke_rehearsal.doubles.kubernetes.store.users import User

if TYPE_CHECKING:
    from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster

GROUP = "admissionregistration.k8s.io"
POLICY, BINDING = "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"
_CODES = {"Unauthorized": 401, "Forbidden": 403, "Invalid": 422, "RequestEntityTooLarge": 413}


@dataclass(frozen=True)
class Request:
    """A write that is judged. `object` is None for a deletion, `old` for a creation."""

    resource: Resource
    operation: str
    user: User
    object: Object | None
    old: Object | None

    @property
    def one(self) -> Object:
        """The object that it is about."""
        return self.object if self.object is not None else fields(self.old)


@dataclass(frozen=True)
class _Refusal:
    message: str
    reason: str = "Invalid"


class Policies:
    """Judges writes by the policies that are stored and bound; loads nothing while there are none."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.warnings: dict[str, list[str]] = {}
        """What clients were warned of, the newest last, each with the objects that they wrote."""

    def judge(self, request: Request) -> None:
        """Raises the ApiError with which the first policy that denies refuses."""
        denied: ApiError | None = None
        for binding in self._cluster.list(GROUP, BINDING):
            spec = fields(binding.get("spec"))
            policy = self._cluster.find_named(GROUP, POLICY, text(spec.get("policyName")))
            if policy is None or at(policy, "spec", "paramKind") is not None:
                continue
            constraints = fields(at(policy, "spec", "matchConstraints"))
            if not self._matches(constraints, request) or not self._matches(
                fields(spec.get("matchResources")), request
            ):
                continue
            for refusal in self._refusals(fields(policy.get("spec")), request):
                denied = denied or self._enforced(refusal, policy, binding, request)
        if denied is not None:
            raise denied

    def _enforced(self, refusal: _Refusal, policy: Object, binding: Object, request: Request) -> ApiError | None:
        actions = items(at(binding, "spec", "validationActions"))
        by = f"ValidatingAdmissionPolicy '{name_of(policy)}' with binding '{name_of(binding)}'"
        where = request.resource.qualified
        if "Warn" in actions:
            written = self.warnings.setdefault(f"Validation failed for {by}: {refusal.message}", [])
            if (one := f'{where} "{name_of(request.one)}"') not in written:
                written.append(one)
        if "Deny" not in actions:
            return None
        message = f'{where} "{name_of(request.one)}" is forbidden: {by} denied request: {refusal.message}'
        return ApiError(_CODES.get(refusal.reason, 422), refusal.reason, message, subject=where)

    def _refusals(self, spec: Mapping[str, Any], request: Request) -> Iterator[_Refusal]:
        data = self._data(request)
        try:
            conditions = [text(fields(one).get("expression")) for one in items(spec.get("matchConditions"))]
            # To conditions there is no namespace: Match (webhook/matchconditions/matcher.go) has none to give.
            if not _all_hold(conditions, {**data, "namespaceObject": None}):
                return
            for one in map(fields, items(spec.get("variables"))):
                _define(data["variables"], text(one.get("name")), text(one.get("expression")), data)
            for validation in map(fields, items(spec.get("validations"))):
                yield from _refused(validation, data)
        except (expressions.CompileError, expressions.EvaluationError) as error:
            if spec.get("failurePolicy", "Fail") == "Fail":
                yield _Refusal(str(error))

    def _data(self, request: Request) -> dict[str, Any]:
        one, kind = request.one, request.resource.kind
        namespace = self._cluster.find_named("", "Namespace", namespace_of(one)) if namespace_of(one) else None
        group = {"group": kind.group, "version": kind.version}
        asked: dict[str, Any] = {
            "kind": {**group, "kind": kind.kind},
            "resource": {**group, "resource": request.resource.plural},
            "name": name_of(one),
            "operation": request.operation,
            "userInfo": {"username": request.user.name, "groups": list(request.user.groups)},
        }
        # A Namespace is asked for in itself, but has no `namespaceObject`.
        within = namespace_of(one) or (name_of(one) if kind.kind == "Namespace" and not kind.group else "")
        return {
            "object": None if request.object is None else _as_written(request),
            "oldObject": request.old,
            "request": {**asked, **({"namespace": within} if within else {})},
            "namespaceObject": namespace,
            "params": None,
            "variables": {},
        }

    def _matches(self, wanted: Mapping[str, Any], request: Request) -> bool:
        rules = [fields(rule) for rule in items(wanted.get("resourceRules"))]
        exact = wanted.get("matchPolicy") == "Exact"
        if rules and not any(_rule_matches(rule, request, exact) for rule in rules):
            return False
        if any(_rule_matches(fields(rule), request, exact) for rule in items(wanted.get("excludeResourceRules"))):
            return False
        objects = [one for one in (request.object, request.old) if one is not None]
        if not any(selects(fields(wanted.get("objectSelector")), labels_of(one)) for one in objects):
            return False
        selector = fields(wanted.get("namespaceSelector"))
        if not selector:
            return True
        if request.resource.plural == "namespaces":
            namespace: Object | None = request.one
        else:
            namespace = self._cluster.find_named("", "Namespace", namespace_of(request.one))
        return namespace is None or selects(selector, labels_of(namespace))


def policy_errors(obj: Object, old: Object | None) -> list[FieldError]:  # noqa: ARG001 - as every validator
    """The expressions of a policy that an API server does not take."""
    spec = fields(obj.get("spec"))
    typed = {"variables": (), "matchConditions": ("bool",), "validations": ("bool",)}
    return [
        invalid_value(f"spec.{part}[{index}].expression", expression, problem)
        for part, types in typed.items()
        for index, item in enumerate(items(spec.get(part)))
        if (problem := expressions.complaint(expression := text(fields(item).get("expression")), *types))
    ]


def binding_errors(obj: Object, old: Object | None) -> list[FieldError]:  # noqa: ARG001 - as every validator
    """What no API server does about a refusal (kubernetes/kubernetes, pkg/apis/admissionregistration/validation)."""
    actions, place = items(at(obj, "spec", "validationActions")), "spec.validationActions"
    if not actions:
        return [required(place, "at least one validation action is required")]
    if {"Deny", "Warn"} <= set(actions):
        detail = (
            "must not contain both Deny and Warn (repeating the same validation failure information in the API "
            "response and headers serves no purpose)"
        )
        return [invalid_value(place, actions, detail)]
    return []


def _all_hold(conditions: list[str], data: Mapping[str, Any]) -> bool:
    """One that does not hold counts before any that cannot be evaluated."""
    failed: expressions.EvaluationError | None = None
    for condition in conditions:
        try:
            if _evaluated(condition, data) is not True:
                return False
        except expressions.EvaluationError as error:
            failed = failed or error
    if failed is not None:
        raise failed
    return True


def _define(variables: dict[str, Any], name: str, expression: str, data: Mapping[str, Any]) -> None:
    # An error of a variable is one of the expression that reads it: there, it is then a key that is not there.
    try:
        variables[name] = expressions.judge(expression, data)
    except expressions.EvaluationError:
        variables.pop(name, None)


def _refused(validation: Mapping[str, Any], data: Mapping[str, Any]) -> Iterator[_Refusal]:
    expression = text(validation.get("expression"))
    if _evaluated(expression, data) is True:
        return
    message = ""
    if said := text(validation.get("messageExpression")):
        try:
            found = expressions.judge(said, data)
        except expressions.EvaluationError:
            found = None
        message = found.strip() if isinstance(found, str) and "\n" not in found.strip() else ""
    message = message or text(validation.get("message")).strip() or f"failed expression: {expression.strip()}"
    yield _Refusal(message, text(validation.get("reason")) or "Invalid")


def _evaluated(expression: str, data: Mapping[str, Any]) -> Any:
    try:
        return expressions.judge(expression, data)
    except expressions.EvaluationError as error:
        raise expressions.EvaluationError(f"expression '{expression}' resulted in error: {error}") from None


def _as_written(request: Request) -> Object:
    # By the time that policies judge, the API server has said when the object was made, and who wrote it when: see
    # Store.Create (registry/generic/registry/store.go) and the field manager, which updates go through before.
    obj = fields(request.object)
    meta = metadata(obj)
    written = {"manager": request.user.name, "operation": "Update", "time": now()}
    stamped = {"creationTimestamp": now(), **meta, "managedFields": [written]}
    return {**obj, "metadata": stamped}


def _rule_matches(rule: Mapping[str, Any], request: Request, exact: bool) -> bool:
    resource = request.resource
    wanted = {"apiGroups": resource.kind.group, "resources": resource.plural, "operations": request.operation}
    if exact:
        wanted["apiVersions"] = resource.kind.version
    scope, names = text(rule.get("scope")) or "*", items(rule.get("resourceNames"))
    return (
        (scope == "*" or (scope == "Namespaced") == resource.namespaced)
        and (not names or name_of(request.one) in names)
        and all(any(item in (value, "*", "*/*") for item in items(rule.get(key))) for key, value in wanted.items())
    )
