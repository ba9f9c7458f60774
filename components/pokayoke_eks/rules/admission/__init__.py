"""The rules that stand inside the cluster, as CEL: the facts are those of the rules in Python, beside which a table of
objects holds them (tests/components/test_guardrails_agree.py).

What an expression may say: Kubernetes documentation, "Validating Admission Policy" and "CEL in Kubernetes", and
kubernetes/kubernetes, staging/src/k8s.io/apiserver, pkg/admission/plugin/cel/compile.go (variables and their types) and
pkg/cel/environment/base.go (libraries: optional fields since 1.28, `cidr` since 1.30). EKS has neither older today.
"""

from . import balancers, drift, images, network_policies, opt_out, placeholders, workloads
from .guardrail import Guardrail, Kinds, Refusal

__all__ = ["Guardrail", "Kinds", "Refusal", "drift", "everywhere", "opt_out"]


def everywhere() -> tuple[Guardrail, ...]:
    """What is asked of every namespace, the platform's own included."""
    return (
        placeholders.guardrail(),
        workloads.guardrail(),
        network_policies.guardrail(),
        balancers.guardrail(),
        images.discontinued(),
        images.mutable(),
    )
