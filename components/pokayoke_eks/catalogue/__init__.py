"""Every documented failure, once: the source of the docs, the messages, the policies and the tests."""

from dataclasses import replace

from . import cdk, gpu_training, istio_ambient, karpenter_dsql, self_managed
from .clues import CLUES
from .failure import Failure, Level, Log, State, Symptom, Told
from .holders import HOLDERS, MISSING
from .korean import TEXTS
from .korean_clues import CLUES as KOREAN_CLUES
from .korean_remedies import MISSING as KOREAN_MISSING
from .korean_remedies import REMEDIES
from .search import Index, Match

__all__ = ["FAILURES", "Failure", "Level", "Log", "Match", "State", "Symptom", "Told", "failure", "search"]

FAILURES: dict[str, Failure] = {
    one.slug: replace(
        one,
        korean=Told(
            *TEXTS[one.slug],
            *REMEDIES[one.slug],
            clue=KOREAN_CLUES.get(one.slug, ""),
            missing=KOREAN_MISSING.get(one.slug, ""),
        ),
        clue=CLUES.get(one.slug, ""),
        holders=HOLDERS.get(one.slug, {}),
        missing=MISSING.get(one.slug, ""),
    )
    for module in (karpenter_dsql, self_managed, istio_ambient, cdk, gpu_training)
    for one in module.FAILURES
}
_INDEX = Index(FAILURES.values())


def failure(slug: str) -> Failure:
    """The failure of this slug; raises `KeyError` for a slug that is not documented."""
    return FAILURES[slug]


def search(text: str, *, log: bool = False) -> tuple[Match, ...]:
    """The failures that a pasted error text, a few words or a log tell of, best first. A long text is a log anyway;
    of a log, its lines need not all tell of failures, so that words alone must say more."""
    return _INDEX.search(text, log=log)
