"""Every documented failure, once: the source of the docs, the messages, the policies and the tests."""

from . import cdk, gpu_training, istio_ambient, karpenter_dsql, self_managed
from .failure import Failure, Level, Log, Symptom

__all__ = ["FAILURES", "Failure", "Level", "Log", "Symptom", "explain", "failure"]

FAILURES: dict[str, Failure] = {
    one.slug: one
    for module in (karpenter_dsql, self_managed, istio_ambient, cdk, gpu_training)
    for one in module.FAILURES
}


def failure(slug: str) -> Failure:
    """The failure of this slug; raises `KeyError` for a slug that is not documented."""
    return FAILURES[slug]


def explain(log: str) -> tuple[Failure, ...]:
    """The failures that a pasted log shows: those it names decisively, in the catalogue's order, else those it fits."""
    found = [
        (any(symptom.decisive for symptom in hits), one)
        for one in FAILURES.values()
        if (hits := [symptom for symptom in one.symptoms if symptom.is_in(log)])
    ]
    decisive = tuple(one for is_decisive, one in found if is_decisive)
    return decisive or tuple(one for _, one in found)
