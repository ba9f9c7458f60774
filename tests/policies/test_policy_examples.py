"""The examples of the policies' page: what each policy refuses, its smallest mend, and what is said of it."""

import re
from dataclasses import replace

import pytest
from analyzing import Pack, Resource
from examples import FOLDER, example
from judging import TODAY, members

from pokayoke_policies.checking import Found, check
from pokayoke_policies.documentation import PAGE
from pokayoke_policies.pack import rules
from pokayoke_policies.practices import PRACTICES

SLUGS = [rule.slug for rule in rules(TODAY)]
FAILURES = [slug for slug in SLUGS if slug not in PRACTICES]
CODE = re.compile(r"[\w\])]: ?[\w\[{\"']|\w=\S|\w\(|\b[a-z]\w*(?:\.[A-Za-z]\w*)+|'[\w-]+'|\b[a-z]+[A-Z]\w+|`")
"""A property with its value, a call, a path, the name of a resource, a command."""
PLACE = re.compile(r"[a-z][\w.\[\]/-]*(?:, [\w. ]+)?: |[a-z]+(?:[A-Z]\w*|\[\d+\])(?:\.\w+)* ")
"""One property or several, or the name of one that no word of English is."""


def test_every_policy_has_an_example_and_nothing_else_has() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == set(SLUGS)


def test_the_page_to_which_messages_lead_has_a_section_of_each() -> None:
    page = (FOLDER.parents[1] / PAGE.removeprefix("pokayoke-eks/")).read_text()
    assert sorted(re.findall(r"^### `(.+)`$", page, re.MULTILINE)) == sorted(SLUGS)


@pytest.mark.parametrize("slug", FAILURES)
def test_what_leads_to_a_failure_is_refused_by_its_policy_alone(slug: str) -> None:
    assert {one.policy for one in _refusals(example(slug).failing)} == {slug}


@pytest.mark.parametrize("slug", FAILURES)
def test_its_mend_is_judged_and_refused_by_none(slug: str) -> None:
    found = _found(example(slug).passing)
    assert [one.message for one in found if one.judged and not one.advice] == []
    assert [one.message for one in found if one.policy == slug] == []


@pytest.mark.parametrize("slug", PRACTICES)
def test_what_is_advised_against_is_said_and_its_mend_is_not(slug: str, pack: Pack) -> None:
    shown = example(slug)
    if shown.settings:
        pack = Pack()
        pack.configure(slug, "ADVISORY", shown.settings)
    assert slug in _advice(pack, shown.failing)
    assert not {slug, "unknown"} & _advice(pack, shown.passing).keys()
    assert _refusals(shown.failing) == _refusals(shown.passing) == []


@pytest.mark.parametrize("slug", FAILURES)
def test_what_is_refused_is_told_with_its_property_first(slug: str) -> None:
    said = [one.message for one in _found(example(slug).failing) if one.policy == slug and one.judged]
    assert [message for message in said if not PLACE.match(message)] == []


@pytest.mark.parametrize("slug", SLUGS)
def test_a_message_says_what_where_and_its_fix_as_code(slug: str, pack: Pack) -> None:
    """The resource goes with the message as its URN; the property stands in what is wrong, or in the fix."""
    shown = example(slug)
    said = [one.message for one in _found(shown.failing) if one.policy == slug and one.judged]
    if shown.settings:
        pack = Pack()
        pack.configure(slug, "ADVISORY", shown.settings)
        said = _advice(pack, shown.failing)[slug]
    assert said
    for message in said:
        problem, found, rest = message.partition(f" [{slug}]. ")
        assert found
        assert problem
        remedy, found, _ = rest.rpartition(f" See {PAGE}#{slug}")
        assert found
        assert CODE.search(remedy), remedy
        assert "\n" not in message


def test_no_message_repeats_what_an_example_calls_a_password() -> None:
    password = "correct-horse-battery"
    holding = [slug for slug in SLUGS if re.search(r"password\b.*:", (FOLDER / f"{slug}.yaml").read_text())]
    assert holding
    for slug in holding:
        found = _found(tuple(_with(one, password) for one in example(slug).failing))
        assert [one.message for one in found if password in one.message] == []


def _with(one: Resource, password: str) -> Resource:
    """The resource with another value in the place of each that its example calls a password."""
    return replace(one, properties={key: _sealed(key, value, password) for key, value in one.properties.items()})


def _sealed(key: str, value: object, password: str) -> object:
    if isinstance(value, dict):
        return {inner: _sealed(inner, one, password) for inner, one in value.items()}
    return password if "password" in key.lower() else value


def _found(stack: tuple[Resource, ...]) -> tuple[Found, ...]:
    return check(members(stack), TODAY, whole=True)


def _refusals(stack: tuple[Resource, ...]) -> list[Found]:
    return [one for one in _found(stack) if one.judged and not one.advice]


def _advice(pack: Pack, stack: tuple[Resource, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in stack:
        for policy, said in pack.advice(one.type, one.properties, protect=one.protect).items():
            found.setdefault(policy, []).extend(said)
    for policy, between in pack.advice_on(*stack).items():
        found.setdefault(policy, []).extend(message for _, message in between)
    return found
