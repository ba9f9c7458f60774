"""Which acts a stack's life has, and what must come of each: the knowledge of our own config that a rehearsal needs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from pokayoke_rehearsal.plan import Expectation, PlannedAct

PLATFORM = "pokayoke-eks:platform"

REFRESH = PlannedAct("refresh", "refresh")
PREVIEW = PlannedAct("preview", "preview")
UP = PlannedAct("up", "up")
SECOND_UP = PlannedAct("second up", "up", Expectation.NO_CHANGE)
OPERATE = PlannedAct("operate", "operate", Expectation.LIVES)
DRIFT = (
    PlannedAct("refresh", "refresh", Expectation.FOUND),
    PlannedAct("repair", "up", Expectation.REPAIRED),
)
DESTROY = PlannedAct("destroy", "destroy", Expectation.NOTHING_LEFT)

# What AWS calls its own protection against deletion, on a cluster, a database and a load balancer; and what the
# provider calls the leave to delete a bucket, a zone, a repository or a database with what it holds.
_PROTECTION = frozenset(
    {"deletionProtection", "deletionProtectionEnabled", "enableDeletionProtection", "forceDestroy", "forceDelete"}
)
_LAST = {"preview": 1, "up": 2, "second-up": 3, "operate": 4}


def acts_of(config: Mapping[str, str], *, until: str | None = None, drift: bool = False) -> Sequence[PlannedAct]:
    """The acts for a stack's config, up to one of them; with `drift`, a change by hand is found and repaired.

    What is retained refuses a destroy first, and goes only after `allow_destroy` has lifted its protection.
    """
    platform = _retained(config)
    by_hand = DRIFT if drift else ()
    if platform is None:
        acts = [PREVIEW, UP, SECOND_UP, OPERATE, *by_hand, DESTROY]
    else:
        allowed = {PLATFORM: json.dumps({**platform, "allow_destroy": True})}
        acts = [
            PREVIEW,
            UP,
            SECOND_UP,
            OPERATE,
            *by_hand,
            PlannedAct("refused destroy", "destroy", Expectation.REFUSED),
            PlannedAct("allow destroy", "up", Expectation.ONLY_PROTECTION, allowed, _PROTECTION),
            DESTROY,
        ]
    return acts[: _LAST[until]] if until else acts


def _retained(config: Mapping[str, str]) -> dict[str, Any] | None:
    """The platform's config when it is one that protects itself; whether it is right at all, the program says."""
    try:
        platform: object = json.loads(config.get(PLATFORM, "null"))
    except ValueError:
        return None
    if not isinstance(platform, dict):
        return None
    said = cast("dict[str, Any]", platform)
    return said if said.get("lifecycle") == "retained" and said.get("allow_destroy") is not True else None
