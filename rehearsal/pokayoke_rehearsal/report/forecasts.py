"""How long the acts would take for real."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pokayoke_rehearsal.plan import ActOutcome
from pokayoke_rehearsal.report.words import resource, seconds

if TYPE_CHECKING:
    from pokayoke_rehearsal.forecast.schedule import Forecast

_WORTH_A_LINE = 10.0


def lines(acts: "list[ActOutcome]") -> Iterator[str]:
    """For each act that has a forecast: how long, and its critical path; of deletions the longest of each round."""
    for ended in acts:
        found = ended.forecast
        if found is None or found.seconds < _WORTH_A_LINE:
            continue
        guessed = f", {seconds(found.assumed)} of them assumed" if found.assumed else ""
        # Deletions come in rounds: what is last in one needs nothing of what is first in the next.
        waits = "waiting in rounds for" if any(leg.operation == "delete" for leg in found.legs) else "waiting for"
        yield f"{ended.planned.name}: about {seconds(found.seconds)}{guessed}, {waits}"
        shorter = [leg for leg in found.legs if leg.seconds < _WORTH_A_LINE]
        for leg in found.legs:
            if leg not in shorter:
                mark = "  (assumed)" if leg.assumed else ""
                yield f"  {seconds(leg.seconds):>12}  {leg.operation} {resource(leg.urn)}{mark}"
        if shorter:
            yield f"  {seconds(sum(leg.seconds for leg in shorter)):>12}  {len(shorter)} shorter operations"


def document(found: "Forecast | None") -> dict[str, Any] | None:
    """The same in plain values."""
    if found is None:
        return None
    return {
        "seconds": round(found.seconds, 1),
        "assumedSeconds": round(found.assumed, 1),
        "parallel": found.parallel,
        "criticalPath": [
            {
                "operation": leg.operation,
                "urn": leg.urn,
                "seconds": leg.seconds,
                "source": leg.source,
                "assumed": leg.assumed,
            }
            for leg in found.legs
        ],
    }
