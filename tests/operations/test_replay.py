"""What a replay must show for a failure to stand as held, and that it is told when it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from pokayoke.failing import CommandError
from pokayoke.replay.command import replay
from pokayoke.replay.folders import Replay, beside, replay_of
from pokayoke.replay.report import row, whole
from pokayoke.replay.verdicts import Standing, Verdict, designed, judge, unreplayed
from pokayoke_eks.catalogue import FAILURES, State, failure
from pokayoke_rehearsal.lives import Life

SLUG = "registry-not-empty"
LOGGED = "operation error DeleteRepository, RepositoryNotEmptyException: it holds images"
FINDING = (SLUG, "forceDelete is off")
BROKEN = Life("destroy", ("aws:ecr: " + LOGGED,), (FINDING,))
CLEAN = Life("", ())
REFUSED = Life("preview", (f"Exception:\n  registry.repositories: nothing holds it [{SLUG}]. Say so.",))


def verdict(naive: Life = BROKEN, ours: Life | None = CLEAN, refused: Life | None = None) -> Verdict:
    return judge(Replay(failure(SLUG), "naive", "ours", "", failure(SLUG).symptoms), naive, ours, refused)


@pytest.mark.parametrize(("ours", "refused"), [(CLEAN, None), (None, REFUSED), (CLEAN, REFUSED)])
def test_a_failure_stands_when_the_naive_way_breaks_as_logged_and_ours_cannot(
    ours: Life | None, refused: Life | None
) -> None:
    found = verdict(ours=ours, refused=refused)
    assert (found.standing, found.missing) == (Standing.HELD, ())
    assert found.told == BROKEN.told[0]
    assert "RepositoryNotEmpty" in found.shown


SHORT = {
    "the naive program does not break": verdict(naive=Life("", (), (FINDING,))),
    "but not as documented": verdict(naive=Life("up", ("AccessDenied",), (FINDING,))),
    "does not refuse the naive program in preview": verdict(naive=Life("destroy", BROKEN.told)),
    "ours breaks in up: no route": verdict(ours=Life("up", ("no route",))),
    "the policy in-tree-load-balancer refuses ours": verdict(ours=Life("", (), (("in-tree-load-balancer", "why"),))),
    "is not refused by [registry-not-empty] in preview: it lives": verdict(refused=CLEAN),
    "is not refused by [registry-not-empty] in preview: it breaks in up": verdict(refused=Life("up", REFUSED.told)),
    "there is no program of ours": verdict(ours=None),
}


@pytest.mark.parametrize("told", SHORT)
def test_whatever_a_replay_does_not_show_is_told_and_counts(told: str) -> None:
    found = SHORT[told]
    assert found.standing is Standing.SHORT
    assert told in " ".join(found.missing)
    assert told in " ".join(" ".join(whole(found)).split())


def test_a_finding_of_another_policy_is_not_the_failure_s_own() -> None:
    other = Life("destroy", BROKEN.told, (("state-bucket-not-empty", "forceDestroy is off"),))
    assert verdict(naive=other).standing is Standing.SHORT


def test_what_no_program_can_express_stands_by_its_tests() -> None:
    one = next(found for found in FAILURES.values() if found.by_design)
    assert designed(one, one.by_design, passed=True).standing is Standing.BY_DESIGN
    assert designed(one, one.by_design, passed=False).standing is Standing.SHORT


def test_what_is_missing_is_open_and_what_nobody_replayed_falls_short() -> None:
    open_ones = [found for found in FAILURES.values() if found.state is State.OPEN]
    assert {unreplayed(found).standing for found in open_ones} == {Standing.OPEN}
    assert open_ones[0].missing in row(unreplayed(open_ones[0]))
    assert unreplayed(failure(SLUG)).standing is Standing.SHORT


def test_a_folder_says_which_texts_it_shows_or_those_of_the_catalogue_are_looked_for(tmp_path: Path) -> None:
    folder = tmp_path / "examples" / "failures" / SLUG
    folder.mkdir(parents=True)
    assert replay_of(tmp_path, failure(SLUG)) is None
    (folder / "naive.py").write_text("import raw\n")
    found = replay_of(tmp_path, failure(SLUG))
    assert found is not None
    assert found.shows == failure(SLUG).symptoms
    (folder / "replay.toml").write_text('shows = ["it holds <count> images"]')
    (folder / "others.py").write_text("def meanwhile(client):\n    pass\n\n\ndef helper():\n    pass\n")
    found = replay_of(tmp_path, failure(SLUG))
    assert found is not None
    assert [one.text for one in found.shows] == ["it holds <count> images"]
    assert list(found.others) == ["meanwhile"]


def test_a_folder_names_a_program_of_ours_that_stands_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "examples" / "failures" / SLUG
    folder.mkdir(parents=True)
    (folder / "naive.py").write_text("import raw\n")
    (folder / "replay.toml").write_text('ours = "examples/registry/__main__.py"')
    shared = tmp_path / "examples" / "registry" / "__main__.py"
    shared.parent.mkdir()
    shared.write_text("import pokayoke_eks\n")
    found = replay_of(tmp_path, failure(SLUG))
    assert found is not None
    assert (found.ours, found.shows) == ("import pokayoke_eks\n", failure(SLUG).symptoms)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("shown = 1", "it says `shows` or `ours`, and nothing else: shown", id="another-key"),
        pytest.param("shows = 1", "`shows` is a list of texts", id="no-list"),
        pytest.param("shows", "`shows` is a list of texts", id="no-toml"),
        pytest.param('ours = "examples/no.py"', "examples/no.py, and no program lies there", id="no-program"),
        pytest.param('ours = "examples/two.py"', "ours.py lies beside it", id="two-programs"),
    ],
)
def test_a_folder_that_says_what_nobody_reads_is_told_so(said: str, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "examples" / "failures" / SLUG
    folder.mkdir(parents=True)
    (folder / "naive.py").write_text("import raw\n")
    if "beside" in told:
        (folder / "ours.py").write_text("import pokayoke_eks\n")
    (folder / "replay.toml").write_text(said)
    with pytest.raises(CommandError, match=told):
        replay_of(tmp_path, failure(SLUG))


@pytest.mark.parametrize("typed", [(None, False), (SLUG, True), ("no-such-failure", False)])
def test_a_call_that_asks_for_nothing_that_is_there_is_told_so(typed: tuple[str | None, bool]) -> None:
    with pytest.raises(CommandError):
        replay(typed[0], everything=typed[1])


def test_every_program_of_a_replay_says_what_it_is_about(repository: Path) -> None:
    """They are for reading: a docstring, and no more than fits on a screen or two."""
    programs = [*(repository / "examples" / "failures").glob("*/*.py"), *beside(repository)]
    assert programs
    assert [str(file) for file in programs if not file.read_text().startswith('"""')] == []
    folders = {file.parent.name for file in programs if file.name == "naive.py"}
    assert folders <= set(FAILURES)
    assert [str(file) for file in programs if "raw" not in file.name and len(file.read_text().splitlines()) > 80] == []
