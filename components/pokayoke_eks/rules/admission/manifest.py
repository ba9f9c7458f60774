"""Guardrails as the API server takes them: specs of ValidatingAdmissionPolicies and bindings, as plain data."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..finding import CONFIG
from .guardrail import Guardrail, Kinds, Refusal, text

NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""The label that the API server puts on every namespace (Kubernetes, "Automatic labelling")."""


def name_of(guardrail: Guardrail) -> str:
    """What the policy and its binding are called."""
    return f"{guardrail.name}.pokayoke-eks"


def policy(guardrail: Guardrail, title: str) -> dict[str, Any]:
    """The policy; its messages begin with the title. What it cannot judge, it refuses."""
    found = {f"found{index}": refusal.found for index, refusal in enumerate(guardrail.refusals)}
    constraints: dict[str, Any] = {"resourceRules": _rules(guardrail.kinds)}
    if guardrail.without:
        constraints["excludeResourceRules"] = _rules(guardrail.without)
    if guardrail.namespaces:
        named = {"key": NAMESPACE_NAME, "operator": "In", "values": list(guardrail.namespaces)}
        constraints["namespaceSelector"] = {"matchExpressions": [named]}
    spec: dict[str, Any] = {
        "failurePolicy": "Fail",
        "matchConstraints": constraints,
        "variables": _expressions({"unless": guardrail.unless, **guardrail.variables, **found}),
        "validations": [
            _validation(refusal, f"variables.found{index}", title) for index, refusal in enumerate(guardrail.refusals)
        ],
    }
    if guardrail.conditions:
        spec["matchConditions"] = _expressions(guardrail.conditions)
    return spec


def binding(guardrail: Guardrail, actions: Sequence[str]) -> dict[str, Any]:
    """What makes the policy judge, and says what follows: `Deny`, or `Warn` and `Audit`."""
    return {"policyName": name_of(guardrail), "validationActions": list(actions)}


def _expressions(named: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "expression": said} for name, said in named.items()]


def _validation(refusal: Refusal, found: str, title: str) -> dict[str, str]:
    finding = refusal.finding
    said = f"{finding.problem}. {finding.remedy}" if finding.slug == CONFIG else str(finding)
    return {
        "expression": f"variables.unless || size({found}) == 0",
        "message": f"{title}: {said}",
        "messageExpression": f"{text(f'{title}: ')} + string({found}[0]) + {text(f': {said}')}",
        "reason": "Forbidden",
    }


def _rules(kinds: Sequence[Kinds]) -> list[dict[str, Any]]:
    return [
        {
            "apiGroups": [one.group],
            "apiVersions": ["*"],
            "operations": list(one.operations),
            "resources": list(one.resources),
            "scope": one.scope,
        }
        for one in kinds
    ]
