"""The catalogue against the list of documented failures and the texts of their logs."""

import re
from pathlib import Path

import pytest

from pokayoke_eks.catalogue import FAILURES, Level, Log, Symptom, failure, search

LEVELS = {level.value for level in Level}


def rows_of(shared: Path) -> dict[str, tuple[str, str]]:
    """Slug -> (log, the text of its protection column)."""
    rows: dict[str, tuple[str, str]] = {}
    log = ""
    for line in (shared / "failures.md").read_text().splitlines():
        if heading := re.match(r"## (\d{3}):", line):
            log = heading.group(1)
        if row := re.match(r"\| `([a-z0-9-]+)` \|", line):
            rows[row.group(1)] = (log, line.rstrip(" |").rsplit("|", 1)[1].strip())
    return rows


def texts_of(shared: Path) -> list[tuple[str, str, str]]:
    """(kind, text, slug) of every logged text; an ambiguous one has no slug of its own."""
    found: list[tuple[str, str, str]] = []
    for line in (shared / "error-texts.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) >= 6 and cells[3] in ("E", "S", "K"):
            found.append((cells[3], cells[4].strip("` "), cells[5].split(" |")[0].strip()))
    return found


@pytest.mark.upstream
def test_the_catalogue_holds_every_documented_failure_and_no_other(shared: Path) -> None:
    rows = rows_of(shared)
    assert len(rows) == 60
    assert {slug: one.log.value for slug, one in FAILURES.items()} == {slug: log for slug, (log, _) in rows.items()}


@pytest.mark.upstream
def test_a_failure_is_held_where_the_list_says(shared: Path) -> None:
    """A row names its levels at the beginning of its parts; the way of working and the teardown it leaves unsaid."""
    for slug, (_, protection) in rows_of(shared).items():
        stated: set[str] = set()
        for part in protection.split(";"):
            for word in re.findall(r"[a-z]+", part):
                if word not in {*LEVELS, "and"}:
                    break
                stated |= {word} & LEVELS
        held = {level.value for level in failure(slug).held}
        assert stated <= held, slug
        assert held - stated <= {Level.DESIGN, Level.TEARDOWN}, slug


@pytest.mark.upstream
def test_every_logged_error_text_is_recognised_as_its_failure(shared: Path) -> None:
    logged = [(text, slug) for kind, text, slug in texts_of(shared) if kind in ("E", "S") and slug in FAILURES]
    assert len(logged) > 60
    missed = [(slug, text) for text, slug in logged if not any(one.is_in(text) for one in failure(slug).symptoms)]
    assert missed == []


@pytest.mark.upstream
def test_a_text_is_called_logged_when_a_log_has_it(shared: Path) -> None:
    logs = [" ".join(file.read_text().split()) for file in sorted((shared / "seeds").glob("*.txt"))]
    assert len(logs) == 5
    for slug, one in FAILURES.items():
        for symptom in one.symptoms:
            assert symptom.logged == any(map(symptom.is_in, logs)), (slug, symptom.text)


@pytest.mark.upstream
def test_nothing_of_the_logs_owners_is_in_the_catalogue(shared: Path) -> None:
    seeds = "\n".join(path.read_text() for path in sorted((shared / "seeds").glob("*.txt")))
    told = "\n".join(
        "\n".join([one.title, *one.korean, one.cause, one.remedy, one.clue, *(it.text for it in one.symptoms)])
        for one in FAILURES.values()
    )
    owned = {
        *re.findall(r"\b(?:vpc|subnet|sg|i|ami)-[0-9a-f]{8,17}\b", seeds),
        *re.findall(r"\b\d{12}\b", seeds),
        *re.findall(r"\b(?:\d{1,3}\.){3}\d{1,3}\b", seeds),
        *re.findall(r"ghcr\.io/[a-z0-9-]+", seeds),
    }
    assert owned
    assert [word for word in owned if word in told] == []


def test_every_failure_says_what_it_is_why_and_how_to_fix_it() -> None:
    for slug, one in FAILURES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", slug)
        assert one.title
        assert one.title[-1] not in ".:"
        for text in (one.cause, one.remedy):
            assert text.endswith("."), slug
            assert "\n" not in text
        assert one.held
        assert len(set(one.held)) == len(one.held)


def test_each_log_has_its_failures() -> None:
    assert {one.log for one in FAILURES.values()} == set(Log)


def test_a_hole_takes_whatever_differs_and_wrapping_does_not_matter() -> None:
    symptom = Symptom('no matches for kind "<kind>" in version "<version>"')
    assert symptom.is_in('error: no matches for\n   kind "Gateway" in version "gateway.networking.k8s.io/v1"')
    assert not symptom.is_in('no matches for "Gateway"')


def test_a_word_inside_another_is_no_symptom() -> None:
    assert not Symptom("Pending").is_in("Depending on it")


def test_a_pasted_log_is_explained_by_what_names_its_failure() -> None:
    log = (
        "Warning Failed 3s kubelet CrashLoopBackOff\n"
        "panic: operation error ec2imds: GetRegion, canceled, context deadline exceeded"
    )
    assert [one.failure.slug for one in search(log)] == ["pod-identity-namespace-mismatch"]


def test_a_text_of_two_failures_shows_both_the_likelier_first() -> None:
    assert [one.failure.slug for one in search('{"error":"no subnets found"}')] == [
        "unresolved-placeholder",
        "subnet-tags-missing",
    ]
    assert [one.failure.slug for one in search("EntityAlreadyExists")] == ["duplicate-node-role", "leftover-node-role"]


def test_a_state_alone_shows_all_that_it_fits() -> None:
    assert len(search("Node Not Initialized")) == 9
    assert search("all is well") == ()


def test_an_unknown_slug_is_an_error() -> None:
    with pytest.raises(KeyError):
        failure("no-such-failure")
