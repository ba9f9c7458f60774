"""The JSON Schema that editors read, and the stack files that name it."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from soundness import SOUND, Spoilt

from pokayoke.schema import schema
from pokayoke_eks.config.schema import KEY

STACKS = ("Pulumi.dev.yaml", "Pulumi.prod.yaml")


@pytest.fixture(scope="module")
def validator() -> Any:
    stated = json.loads(schema())
    jsonschema.Draft7Validator.check_schema(stated)
    return jsonschema.Draft7Validator(stated)


def of_stack(**fields: Any) -> dict[str, Any]:
    return {"config": {"aws:region": "x", KEY: {**SOUND, **fields}}, "secretsprovider": "passphrase"}


def test_the_checked_in_schema_is_current(repository: Path) -> None:
    assert (repository / "docs" / "platform.schema.json").read_text() == schema()


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_file_names_the_schema_and_meets_it(stack: str, repository: Path, validator: Any) -> None:
    text = (repository / stack).read_text()
    named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert named is not None
    assert (repository / named.group(1)).resolve() == repository / "docs" / "platform.schema.json"
    assert list(validator.iter_errors(yaml.safe_load(text))) == []


def test_a_sound_config_meets_the_schema_in_every_spelling(validator: Any) -> None:
    for fields in (
        {},
        {"api_access": "private"},
        {"api_access": {"public": ["0.0.0.0/0"], "reason": "a demo"}},
        {"addons": {"vpc-cni": "v1.22.4-eksbuild.3"}, "versions": {"gateway_api": "v1.6.1"}},
        {"tags": {"team": "x"}, "system_instance": "t4g.large", "service_cidr": "10.100.0.0/16"},
    ):
        assert list(validator.iter_errors(of_stack(**fields))) == []
        assert Spoilt().load(**fields).errors == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"pools": {}},
        {"pools": [{"name": "general", "instances": ["m7g.large"]}]},
        {"kubernetes": 1.36},
        {"name": "Demo"},
        {"lifecycle": "prod"},
        {"api_access": {}},
        {"api_access": {"public": []}},
        {"admins": []},
        {"regions": {}},
        {"regions": {"ap-northeast-22": {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}}},
        {"regions": {"ap-northeast-2": {"cidr": "10.0.0.0/16", "zones": ["a"]}}},
        {"addons": {"kube_proxy": "v1.36.0-eksbuild.25"}},
        {"bottlerocket": "1.65.0"},
        {"tags": {"team": 7}},
    ],
    ids=str,
)
def test_what_one_field_can_tell_is_underlined_in_the_editor(fields: dict[str, Any], validator: Any) -> None:
    assert list(validator.iter_errors(of_stack(**fields)))


def test_every_key_is_described_and_every_key_of_the_platform_has_an_example() -> None:
    stated = json.loads(schema())
    platform = stated["properties"]["config"]["properties"][KEY]
    assert set(SOUND) == set(platform["required"])
    for key, field in platform["properties"].items():
        assert field["description"], key
        assert "examples" in field or "$ref" in field, key


def test_the_examples_of_the_schema_are_right() -> None:
    platform = json.loads(schema())["properties"]["config"]["properties"][KEY]
    needed = {
        "allow_destroy": {"lifecycle": "retained"},
        "edge": {"pools": platform["properties"]["pools"]["examples"][0]},
    }
    for key, field in platform["properties"].items():
        for example in field.get("examples", []):
            assert Spoilt().load(**{key: example}, **needed.get(key, {})).errors == (), key
