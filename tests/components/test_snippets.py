"""What the pages of the components show as their examples runs."""

import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest
from registrations import Answers, record
from their_account import LOOKUPS as THEIRS
from zones import COMPUTED, LOOKUPS

import pokayoke_eks
from pokayoke_eks.catalogue import FAILURES, Level

LISTED = Path(__file__).parents[2] / "docs" / "generator"
COMPONENTS = runpy.run_path(str(LISTED / "listed.py"))["COMPONENTS"]
SNIPPETS = runpy.run_path(str(LISTED / "snippets.py"))["SNIPPETS"]
STARTS = tuple(one.name for one in COMPONENTS if not one.after)
"""The components whose examples stand alone, and on which the others build."""

ACCOUNT: Answers = {"aws:index/getCallerIdentity:getCallerIdentity": lambda _: {"accountId": "123456789012"}}


@pytest.mark.parametrize("start", STARTS)
def test_the_examples_of_the_pages_run_one_after_the_other(start: str, tmp_path: Path) -> None:
    chain = [one.name for one in COMPONENTS if one.name == start or _stands_on(one, start)]
    namespace: dict[str, Any] = {}

    def program() -> None:
        for name in chain:
            (tmp_path / f"{name}.py").write_text(SNIPPETS[name])
            namespace.update(runpy.run_path(str(tmp_path / f"{name}.py"), init_globals=namespace))

    made = {one.type for one in record(program, lookups={**LOOKUPS, **ACCOUNT, **THEIRS}, computed=COMPUTED)}
    assert {f"pokayoke-eks:index:{name}" for name in chain} <= made


def test_every_component_has_a_page_with_an_example_of_ten_lines() -> None:
    components = {
        name
        for name in pokayoke_eks.__all__
        if isinstance(cls := getattr(pokayoke_eks, name), type) and issubclass(cls, pulumi.ComponentResource)
    }
    # A certificate is made by the zone that validates it.
    assert {one.name for one in COMPONENTS} == components - {"Certificate"}
    assert SNIPPETS.keys() == {one.name for one in COMPONENTS}
    assert {
        name: len(text.strip().splitlines()) for name, text in SNIPPETS.items() if text.strip().count("\n") >= 10
    } == {}


def test_a_failure_that_a_page_names_is_documented_and_held_by_components() -> None:
    for one in COMPONENTS:
        for slug in one.holds:
            assert set(FAILURES[slug].held) & {Level.SHAPE, Level.VALUE, Level.TEARDOWN, Level.DESIGN}, (one.name, slug)


def _stands_on(one: Any, start: str) -> bool:
    by_name = {other.name: other for other in COMPONENTS}
    return any(name == start or _stands_on(by_name[name], start) for name in one.after)
