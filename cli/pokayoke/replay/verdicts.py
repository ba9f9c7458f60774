"""Whether a replay shows what it must: pure functions over what lives of programs told."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pokayoke.replay.folders import Replay
from pokayoke_eks.catalogue import Failure, Level, Symptom
from pokayoke_rehearsal.lives import Life


class Standing(StrEnum):
    """How a failure stands."""

    HELD = "held"
    BY_DESIGN = "by design"
    OPEN = "open"
    SHORT = "falls short"


@dataclass(frozen=True)
class Verdict:
    """What a replay showed of a failure; `naive`, `ours` and `policy` are each one sentence.

    `shown` is the text of the log, of the real system or of the state that `told` bears out. `missing` says in what the
    replay falls short, or what an open failure waits for.
    """

    failure: Failure
    standing: Standing
    naive: str = ""
    shown: str = ""
    told: str = ""
    ours: str = ""
    policy: str = ""
    missing: tuple[str, ...] = ()


def judge(replay: Replay, naive: Life, ours: Life | None, refused: Life | None) -> Verdict:
    """The verdict on a failure whose naive program lived so, and ours, and the wrong spelling with our parts."""
    found = shown(replay.shows, naive)
    missing = (
        *_naive_short(replay, naive, found),
        *_ours_short(replay.failure.slug, ours, refused),
        *_policy_short(replay.failure, naive),
    )
    return Verdict(
        failure=replay.failure,
        standing=Standing.SHORT if missing else Standing.HELD,
        naive=f"breaks in {naive.broke}" if naive.broke else "does not break",
        shown=found[0].text if found else "",
        told=found[1] if found else "",
        ours=_ours(replay.failure.slug, ours, refused),
        policy=_refusal(replay.failure.slug, naive),
        missing=missing,
    )


def shown(shows: tuple[Symptom, ...], life: Life) -> tuple[Symptom, str] | None:
    """The text that a broken life bears out, and the sentence that does; what names the failure alone goes first."""
    for symptom in sorted(shows, key=lambda one: not one.decisive):
        for told in life.told:
            if symptom.is_in(told):
                return symptom, told
    return None


def unreplayed(failure: Failure) -> Verdict:
    """The verdict on a failure without a replay: open, or held by what nobody has seen."""
    if failure.missing:
        return Verdict(failure, Standing.OPEN, missing=(failure.missing,))
    return Verdict(failure, Standing.SHORT, missing=("it has neither a replay nor a test of its design",))


def designed(failure: Failure, tests: tuple[str, ...], *, passed: bool) -> Verdict:
    """The verdict on a failure that no program can express: the tests show why."""
    missing = () if passed else (f"failed: {', '.join(tests)}",)
    standing = Standing.BY_DESIGN if passed else Standing.SHORT
    return Verdict(failure, standing, ours=f"shown by {', '.join(tests)}", missing=missing)


def _naive_short(replay: Replay, naive: Life, found: tuple[Symptom, str] | None) -> Iterator[str]:
    if naive.sound:
        yield "the naive program does not break"
    elif found is None:
        wanted = " | ".join(one.text for one in replay.shows)
        yield f"the naive program breaks in {naive.broke}, but not as documented ({wanted}): {' / '.join(naive.told)}"


def _ours_short(slug: str, ours: Life | None, refused: Life | None) -> Iterator[str]:
    if ours is None and refused is None:
        yield "there is no program of ours with the same intent"
    if ours is not None and ours.broke:
        yield f"ours breaks in {ours.broke}: {' / '.join(ours.told)}"
    if ours is not None:
        yield from (f"the policy {policy} refuses ours: {message}" for policy, message in ours.refusals)
    if refused is not None and _words_of(slug, refused) is None:
        told = f"breaks in {refused.broke}: {' / '.join(refused.told)}" if refused.broke else "lives"
        yield f"the wrong spelling is not refused by [{slug}] in preview: it {told}"


def _policy_short(failure: Failure, naive: Life) -> Iterator[str]:
    if Level.POLICY in failure.held and not any(policy == failure.slug for policy, _ in naive.refusals):
        yield f"the policy {failure.slug} does not refuse the naive program in preview"


def _ours(slug: str, ours: Life | None, refused: Life | None) -> str:
    words = _words_of(slug, refused) if refused is not None else None
    parts = [f"refused: {words}" if words else "", "runs clean" if ours is not None and ours.sound else ""]
    return "; ".join(filter(None, parts))


def _words_of(slug: str, refused: Life) -> str | None:
    """The line in which the config or a constructor names the failure before anything is made."""
    if refused.broke != "preview":
        return None
    lines = (line.strip() for told in refused.told for line in told.splitlines())
    return next((line for line in lines if f"[{slug}]" in line), None)


def _refusal(slug: str, naive: Life) -> str:
    said = next((message for policy, message in naive.refusals if policy == slug), "")
    return " ".join(said.split())
