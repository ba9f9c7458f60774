"""Documents that resources carry as text."""

import pytest

from pokayoke_eks.rules.json_text import from_json


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('{"a": [1, null]}', {"a": [1, None]}),
        ({"a": 1}, {"a": 1}),
        (None, None),
        ("", ""),
        ("{", "{"),
        ("9" * 5000, "9" * 5000),
        ("[" * 100_000, "[" * 100_000),
    ],
    ids=["object", "mapping", "nothing", "empty", "cut", "endless-number", "deep"],
)
def test_what_is_no_json_stays_as_it_is(written: object, says: object) -> None:
    assert from_json(written) == says
