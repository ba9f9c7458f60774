"""Guardrails as the objects that the API server judges by."""

from collections.abc import Sequence

from pulumi_kubernetes.admissionregistration.v1 import (
    MatchConditionArgs,
    MatchResourcesArgs,
    NamedRuleWithOperationsArgs,
    ValidatingAdmissionPolicyBindingSpecArgs,
    ValidatingAdmissionPolicySpecArgs,
    ValidationArgs,
    VariableArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, LabelSelectorRequirementArgs

from ..catalogue import FAILURES
from ..rules.admission import Guardrail, Kinds, Refusal
from ..rules.admission.guardrail import text

NAMESPACE_NAME = "kubernetes.io/metadata.name"
"""The label that the API server puts on every namespace (Kubernetes, "Automatic labelling")."""


def name_of(guardrail: Guardrail) -> str:
    """What the policy and its binding are called."""
    return f"{guardrail.name}.pokayoke-eks"


def policy(guardrail: Guardrail) -> ValidatingAdmissionPolicySpecArgs:
    """The policy. What cannot be judged is refused."""
    return ValidatingAdmissionPolicySpecArgs(
        failure_policy="Fail",
        match_constraints=MatchResourcesArgs(
            resource_rules=_rules(guardrail.kinds),
            exclude_resource_rules=_rules(guardrail.without) or None,
            namespace_selector=_selector(guardrail.namespaces),
        ),
        match_conditions=[MatchConditionArgs(name=name, expression=said) for name, said in guardrail.conditions.items()]
        or None,
        variables=[
            VariableArgs(name=name, expression=said)
            for name, said in (*guardrail.variables.items(), *_found(guardrail).items())
        ],
        validations=[
            _validation(refusal, variable, _title(guardrail))
            for refusal, variable in zip(guardrail.refusals, _found(guardrail), strict=True)
        ],
    )


def binding(guardrail: Guardrail, actions: Sequence[str]) -> ValidatingAdmissionPolicyBindingSpecArgs:
    """What makes the policy judge."""
    return ValidatingAdmissionPolicyBindingSpecArgs(policy_name=name_of(guardrail), validation_actions=list(actions))


def _found(guardrail: Guardrail) -> dict[str, str]:
    return {f"found{index}": refusal.found for index, refusal in enumerate(guardrail.refusals)}


def _validation(refusal: Refusal, variable: str, title: str) -> ValidationArgs:
    said = str(refusal.finding) if refusal.finding.slug in FAILURES else _untagged(refusal)
    found = f"variables.{variable}"
    return ValidationArgs(
        expression=f"size({found}) == 0",
        message=f"{title}: {said}",
        message_expression=f"{text(f'{title}: ')} + string({found}[0]) + {text(f': {said}')}",
        reason="Forbidden",
    )


def _untagged(refusal: Refusal) -> str:
    return f"{refusal.finding.problem}. {refusal.finding.remedy}"


def _title(guardrail: Guardrail) -> str:
    failure = FAILURES.get(guardrail.name)
    return failure.title if failure else "An opt-out from the guardrails"


def _rules(kinds: Sequence[Kinds]) -> list[NamedRuleWithOperationsArgs]:
    return [
        NamedRuleWithOperationsArgs(
            api_groups=[one.group],
            api_versions=["*"],
            operations=list(one.operations),
            resources=list(one.resources),
            scope=one.scope,
        )
        for one in kinds
    ]


def _selector(namespaces: Sequence[str]) -> LabelSelectorArgs | None:
    if not namespaces:
        return None
    named = LabelSelectorRequirementArgs(key=NAMESPACE_NAME, operator="In", values=list(namespaces))
    return LabelSelectorArgs(match_expressions=[named])
