"""What the catalogue says of what holds a failure leads somewhere, and what it says is open is what is open."""

import ast
import pkgutil
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from pokayoke.replay.folders import replay_of
from pokayoke_eks.catalogue import FAILURES, Failure, Level, State
from pokayoke_eks.rules.finding import CONFIG
from pokayoke_policies.pack import policies
from pokayoke_policies.practices import PRACTICES

GIVEN = re.compile(r"\b(Finding|refused|warning|Rule)\(|\bslug=")
NAMED = sorted(
    {
        reference
        for one in FAILURES.values()
        for level, references in one.holders.items()
        for reference in references
        if level is not Level.POLICY
    }
)


@pytest.mark.parametrize("reference", NAMED)
def test_a_name_of_what_holds_a_failure_leads_to_it(reference: str, repository: Path) -> None:
    if reference.startswith("tests/"):
        file, _, test = reference.partition("::")
        assert not test or f"def {test}(" in (repository / file).read_text()
        assert (repository / file).is_file()
    else:
        assert reference.startswith(("pokayoke_eks.", "pokayoke."))
        assert pkgutil.resolve_name(reference) is not None


def test_the_policies_that_hold_failures_are_those_of_the_pack() -> None:
    said = {one.slug: one.holders[Level.POLICY] for one in FAILURES.values() if Level.POLICY in one.holders}
    made = {one.name for one in policies(date(2026, 11, 22))} - PRACTICES.keys()
    assert said == {name: (name,) for name in made}


def test_a_failure_is_held_only_at_levels_that_are_meant_to_hold_it() -> None:
    assert {slug for slug, one in FAILURES.items() if not one.holders.keys() <= set(one.held)} == set()


def test_what_nothing_holds_is_open_and_says_what_is_missing() -> None:
    for one in FAILURES.values():
        assert (one.state is State.OPEN) == bool(one.missing)
        assert one.holders or one.missing.endswith("."), one.slug


def test_what_is_held_is_held_by_more_than_a_policy() -> None:
    """A pack is somebody's to leave out."""
    backstops = {Level.POLICY, Level.ADMISSION, Level.PREFLIGHT}
    held = [one for one in FAILURES.values() if one.state is State.HELD]
    assert [one.slug for one in held if not one.holders.keys() - backstops] == []


def test_what_is_held_is_replayed_or_shown_to_have_no_beginning(repository: Path) -> None:
    bare = [
        one.slug
        for one in FAILURES.values()
        if one.state is State.HELD and not one.by_design and not _is_replayed(repository, one)
    ]
    assert bare == []


def _is_replayed(repository: Path, one: Failure) -> bool:
    """The naive program, and ours or the wrong spelling with our parts."""
    replay = replay_of(repository, one)
    return replay is not None and bool(replay.ours or replay.refused)


def test_only_what_no_program_can_express_is_by_design() -> None:
    assert {one.slug for one in FAILURES.values() if one.by_design} == {
        "ansible-import-conflict",
        "ci-workflow-invalid",
        "dependency-cycle",
        "unattended-operation",
        "environment-isolation",
        "manual-change-drift",
        "untyped-helm-values",
    }


def test_every_replay_is_of_a_documented_failure(repository: Path) -> None:
    folders = {file.parent.name for file in (repository / "examples/failures").glob("*/*")} - {"__pycache__", "ours"}
    assert len(folders) > 30
    assert folders - FAILURES.keys() == set()


def test_every_slug_in_code_is_in_the_catalogue(repository: Path) -> None:
    used = {
        (slug, str(file.relative_to(repository)))
        for root in ("components/pokayoke_eks", "policies/pokayoke_policies", "cli/pokayoke")
        for file in (repository / root).rglob("*.py")
        if "catalogue" not in file.parts and "crds" not in file.parts
        if GIVEN.search(text := file.read_text())
        for slug in _slugs(ast.parse(text))
    }
    assert len({slug for slug, _ in used}) > 30
    assert {(slug, file) for slug, file in used if slug not in {*FAILURES, CONFIG, ""}} == set()


def _slugs(tree: ast.Module) -> Iterator[str]:
    """What findings, verdicts and rules of a module are given as their slug, written out or by a constant of it."""
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            called = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            place = {"Finding": 2, "refused": 2, "warning": 2, "Rule": 0}.get(called)
            given = [] if place is None else node.args[place : place + 1]
            given += [it.value for it in node.keywords if it.arg == "slug"]
            for it in given:
                if isinstance(it, ast.Name) and it.id in constants:
                    yield constants[it.id]
                elif isinstance(it, ast.Constant) and isinstance(it.value, str):
                    yield it.value


def test_korean_is_there_for_every_failure_whole() -> None:
    for one in FAILURES.values():
        korean = one.korean
        assert korean.title[-1] not in ".:", one.slug
        assert (bool(korean.clue), bool(korean.missing)) == (bool(one.clue), bool(one.missing)), one.slug
        for said in (korean.title, korean.symptom, korean.cause, korean.remedy, *filter(None, korean[4:])):
            assert re.search("[가-힣]", said), one.slug
        assert all(said.endswith(".") for said in korean[1:] if said), one.slug
