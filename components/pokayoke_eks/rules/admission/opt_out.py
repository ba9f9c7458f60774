"""An opt-out says why, and until a day that is not far off."""

from ..finding import Finding
from .guardrail import Guardrail, Kinds, Refusal
from .requests import ALIVE, DATE, LABEL, PEOPLE, REASON, because, day, text, until

NAME = "opt-out"
SHORTEST_REASON = 10
"""Letters: a word is no reason."""
_SELF, _BEFORE = "object.metadata", "oldObject.metadata"
_SAID = until(_SELF)


def guardrail(days: int) -> Guardrail:
    """An opt-out lasts at most this many days from the write that says it."""
    latest = f"{day(_SAID)} <= timestamp(moment) + duration('{days * 24}h')"
    written = latest.replace("moment", "object.metadata.creationTimestamp")
    again = f"object.metadata.?managedFields.orValue([]).exists(one, has(one.time) && {latest})"
    in_time = f"(oldObject == null ? {written} : {again.replace('moment', 'one.time')})"
    dated = f"{_SAID}.matches({text(DATE)})"
    example = f"kubectl label namespace NAME {LABEL}=2030-01-31"
    return Guardrail(
        NAME,
        (Kinds("", ("namespaces",)),),
        (
            Refusal(
                f"{dated} ? [] : [{_SAID}]",
                Finding(f"the label {LABEL} is no day", f"Write the day on which the guardrails return: {example}."),
            ),
            Refusal(
                f"!{dated} || {in_time} ? [] : [{_SAID}]",
                Finding(f"the label {LABEL} opts out for more than {days} days", "Name a day that is nearer."),
            ),
            Refusal(
                f"size({because(_SELF)}.trim()) >= {SHORTEST_REASON} ? [] : [{text('metadata.annotations')}]",
                Finding(
                    f"the annotation {REASON} does not say why",
                    f"Give the reason in a sentence. First: kubectl annotate namespace NAME {REASON}='...'.",
                ),
            ),
        ),
        conditions={
            "asked-for-by-people-and-programs": PEOPLE,
            "not-being-deleted": ALIVE,
            "opts-out": f"{_SAID} != ''",
            "changed": f"oldObject == null || {_SAID} != {until(_BEFORE)} || {because(_SELF)} != {because(_BEFORE)}",
        },
    )
