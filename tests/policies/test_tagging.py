"""Which types take tags, held against the SDK that knows them."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from pokayoke_policies.raw import UNKNOWN, NotKnownError
from pokayoke_policies.tagging import tag_of, taggable

MODULES = ("autoscaling", "devopsguru", "dynamodb", "ec2", "ecr", "eks", "iam", "inspector", "lambda_", "rds", "s3")
TYPE = re.compile(r'@pulumi\.type_token\("(aws:[^"]+)"\)\nclass \w+\(pulumi\.CustomResource\)')
MAPPING = "tags: pulumi.Input[Optional[Mapping[str, pulumi.Input[_builtins.str]]]]"


def sources() -> dict[str, str]:
    """By type, what the SDK says of the resources of some modules."""
    spec = find_spec("pulumi_aws")
    assert spec
    assert spec.origin
    texts = [file.read_text() for module in MODULES for file in (Path(spec.origin).parent / module).glob("*.py")]
    return {found[1]: text for text in texts if (found := TYPE.search(text, text.find("@pulumi.type_token")))}


def test_all_that_takes_tags_of_its_own_is_known_and_nothing_else() -> None:
    said = sources()
    taking = {kind for kind, text in said.items() if MAPPING in text and "def tags_all(self)" in text}
    assert taking == {kind for kind in taggable() if kind in said}
    assert len(taking) > 100
    assert "aws:lambda/function:Function" in taking
    assert "aws:inspector/resourceGroup:ResourceGroup" in said.keys() - taking
    assert len(set(taggable())) == len(taggable()) > 800


def test_a_tag_is_read_in_every_form() -> None:
    assert tag_of({}, "a") is None
    assert tag_of({"tags": "x"}, "a") is None
    both = {"tags": {"a": "b", "e": None}, "tagsAll": {"a": "default", "c": "d", "e": "f"}}
    assert [tag_of(both, key) for key in "acex"] == ["b", "d", "f", None]
    native = {"tags": ["x", {"value": "c"}, {"key": "a", "value": "b"}]}
    assert [tag_of(native, key) for key in "ac"] == ["b", None]


def test_a_tag_may_be_there_with_a_value_that_is_not_known_or_not_be_known_at_all() -> None:
    assert tag_of({"tags": {"a": UNKNOWN}, "tagsAll": UNKNOWN}, "a") is UNKNOWN
    for key, said in (("tags", {"tags": UNKNOWN}), ("tagsAll", {"tags": {}, "tagsAll": UNKNOWN})):
        with pytest.raises(NotKnownError) as missing:
            tag_of(said, "a")
        assert missing.value.path == (key,)
