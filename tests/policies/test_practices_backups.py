"""What is asked of databases that are to last."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

SLUG = "dsql-backed-up"
ARN = "arn:aws:dsql:eu-west-1:123456789012:cluster/orders"
COPIED = [{"copyActions": [{"destinationVaultArn": "arn:aws:backup:eu-west-2:123456789012:backup-vault:there"}]}]
NOT_HELD = "no backup.Selection of the stack holds it"
NOT_COPIED = "it has a peer, and no rule of its backup.Plan has copyActions to another Region"


@pytest.fixture
def pack(anew: Pack) -> Pack:
    """To which the databases of the tests must be backed up."""
    anew.configure(SLUG, "ADVISORY", {"stacks": ["s"]})
    return anew


def database(name: str = "orders", region: str = "eu-west-1", **said: Any) -> Resource:
    own = {"arn": ARN.replace("orders", name).replace("eu-west-1", region), "region": region}
    return Resource("aws:dsql/cluster:Cluster", name, {**own, **said})


def selection(name: str = "selection", region: str = "eu-west-1", **said: Any) -> Resource:
    content = {"planId": "plan-1", "region": region, **said}
    return Resource("aws:backup/selection:Selection", name, content)


def plan(*rules: dict[str, Any]) -> Resource:
    return Resource("aws:backup/plan:Plan", "plan", {"id": "plan-1", "rules": list(rules)})


def told(pack: Pack, *resources: Resource) -> list[tuple[str, str]]:
    return [(name, message.partition(";")[0]) for name, message in pack.advice_on(*resources).get(SLUG, [])]


def tagged(key: Any = "backup", value: Any = "daily") -> Resource:
    return selection(selectionTags=[{"type": "STRINGEQUALS", "key": key, "value": value}])


@pytest.mark.parametrize(
    ("resources", "held"),
    [
        pytest.param([], False, id="none"),
        pytest.param([selection(resources=[ARN])], True, id="by-arn"),
        pytest.param(
            [Resource(selection().type, "to-come", {"resources": [UNKNOWN]}, sources={"resources": "orders"})],
            True,
            id="by-an-arn-to-come",
        ),
        pytest.param([selection(resources=["arn:aws:rds:*:*:cluster:*"])], False, id="others"),
        pytest.param([selection(resources=["arn:aws:dsql:*:*:cluster/*"])], True, id="all-databases"),
        pytest.param([selection(resources=["*"])], True, id="everything"),
        pytest.param([selection(resources=["arn:aws:dsql:eu-west-1:*:cluster/*"])], True, id="all-of-its-region"),
        pytest.param([selection(resources=["arn:aws:dsql:eu-west-2:*:cluster/*"])], False, id="of-another-region"),
        pytest.param([selection(resources=["*"], region="eu-west-2")], False, id="in-another-region"),
        pytest.param([selection(resources=["*"], region="")], True, id="in-a-region-that-is-not-said"),
        pytest.param([tagged()], True, id="by-tag"),
        pytest.param([tagged(value="weekly")], False, id="by-another-value"),
        pytest.param([tagged(key="team")], False, id="by-another-tag"),
        pytest.param([tagged(key=UNKNOWN), selection("b", resources=[ARN])], True, id="beside-one-that-is-not-known"),
    ],
)
def test_a_database_is_in_a_selection(pack: Pack, resources: list[Resource], held: bool) -> None:
    orders = database(tags={"backup": "daily"})
    assert told(pack, orders, *resources) == ([] if held else [("orders", NOT_HELD)])


PEERED = [
    database(multiRegionProperties={"witnessRegion": "eu-west-3"}),
    database("there", "eu-west-2", multiRegionProperties={"witnessRegion": "eu-west-3"}),
]


@pytest.mark.parametrize(
    ("resources", "problem"),
    [
        pytest.param([], NOT_HELD, id="none"),
        pytest.param([selection(resources=[ARN]), plan({})], NOT_COPIED, id="not-copied"),
        pytest.param([selection(resources=[ARN]), plan({}, *COPIED)], "", id="copied"),
        pytest.param([selection(resources=[ARN]), plan({"copyActions": UNKNOWN})], "", id="copied-to-somewhere"),
        pytest.param([selection(resources=[ARN])], "", id="by-a-plan-of-others"),
    ],
)
def test_what_is_made_in_one_region_is_copied_where_there_are_two(
    pack: Pack, resources: list[Resource], problem: str
) -> None:
    names = [one.name for one in PEERED] if problem else []
    assert told(pack, *PEERED, *resources) == [(name, problem) for name in names]


def test_one_alone_is_copied_nowhere(pack: Pack) -> None:
    assert told(pack, database(), selection(resources=[ARN]), plan({})) == []


def test_nothing_is_asked_of_stacks_that_nobody_named(anew: Pack) -> None:
    assert told(anew, database()) == []


@pytest.mark.parametrize(
    "resource",
    [
        pytest.param(selection(resources=UNKNOWN), id="resources"),
        pytest.param(tagged(value=UNKNOWN), id="value"),
        pytest.param(selection(selectionTags=UNKNOWN), id="tags"),
    ],
)
def test_what_is_not_known_is_said(pack: Pack, resource: Resource) -> None:
    found = pack.advice_on(database(), resource)
    assert SLUG not in found
    assert SLUG in [policy for _, policy in found["unknown"]]
