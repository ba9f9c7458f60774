"""What a policy pack is configured with: read from a file, and put together with what the pack says of itself."""

import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.proto import analyzer_pb2

from pokayoke_rehearsal.engine.errors import EngineError
from pokayoke_rehearsal.engine.policy_config import reconciled
from pokayoke_rehearsal.pack_config import PackConfig, PackConfigError, Setting

MANDATORY, ADVISORY = analyzer_pb2.MANDATORY, analyzer_pb2.ADVISORY


def read(folder: Path, text: str) -> PackConfig:
    file = folder / "rules.json"
    file.write_text(text)
    return PackConfig.read(file)


def pack(initial: dict[str, Any] | None = None, required: tuple[str, ...] = ()) -> Any:
    """What a pack tells of itself: `days` has a setting with a default, `bare` has none."""
    info = analyzer_pb2.AnalyzerInfo(name="rules", supportsConfig=True)
    days = info.policies.add(name="days", enforcementLevel=MANDATORY)
    days.configSchema.properties.update({"most": {"type": "integer", "default": 30}, "why": {"type": "string"}})
    days.configSchema.required.extend(required)
    info.policies.add(name="bare", enforcementLevel=ADVISORY)
    for name, (level, properties) in (initial or {}).items():
        info.initialConfig[name].enforcementLevel = level
        info.initialConfig[name].properties.update(properties)
    return info


def configured(said: dict[str, Setting], **about: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    configs = reconciled(pack(**about), said)
    assert list(configs) == ["days", "bare"]
    return {
        name: (analyzer_pb2.EnforcementLevel.Name(one.enforcementLevel).lower(), MessageToDict(one.properties))
        for name, one in configs.items()
    }


def test_a_file_says_a_level_or_settings_of_each_policy(tmp_path: Path) -> None:
    said = {"all": "mandatory", "days": {"enforcementLevel": "remediate", "most": 3}, "bare": {"why": "so"}}
    found = read(tmp_path, json.dumps({**said, "environments": []}))
    assert found.file == tmp_path / "rules.json"
    assert found.settings == {
        "all": Setting("mandatory"),
        "days": Setting("remediate", {"most": 3}),
        "bare": Setting(None, {"why": "so"}),
    }


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, " \n").settings == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "rules.json is no JSON: "),
        ("[]", "rules.json: it is no JSON object of policies"),
        ('{"a": 1}', "rules.json: a: it is neither a level nor an object"),
        ('{"a": "strict"}', "a: 'strict' is no enforcement level; those are advisory, mandatory, remediate, disabled"),
        ('{"a": {"enforcementLevel": 1}}', "rules.json: a: 1 is no enforcement level"),
        ('{"environments": ["x"]}', "rules.json: environments are of Pulumi Cloud, which no rehearsal can reach"),
    ],
)
def test_a_bad_file_is_one_sentence_that_names_it(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PackConfigError) as caught:
        read(tmp_path, text)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackConfigError, match=r"nothing\.json: No such file or directory"):
        PackConfig.read(tmp_path / "nothing.json")


def test_without_a_word_a_policy_has_its_own_level_and_defaults() -> None:
    assert configured({}) == {"days": ("mandatory", {"most": 30}), "bare": ("advisory", {})}


def test_what_is_said_of_all_is_their_level_and_no_settings() -> None:
    said = {"all": Setting("disabled", {"most": 1})}
    assert configured(said) == {"days": ("disabled", {"most": 30}), "bare": ("disabled", {})}


def test_what_is_said_of_one_comes_before_what_is_said_of_all() -> None:
    said = {"days": Setting("advisory", {"most": 1, "why": "so"}), "all": Setting("disabled")}
    assert configured(said) == {"days": ("advisory", {"most": 1, "why": "so"}), "bare": ("disabled", {})}


def test_settings_without_a_level_leave_it() -> None:
    assert configured({"days": Setting(None, {"most": 1})})["days"] == ("mandatory", {"most": 1})


def test_a_file_comes_before_what_the_pack_says_of_itself() -> None:
    initial = {"all": (MANDATORY, {"most": 9}), "days": (ADVISORY, {"most": 7, "why": "so"})}
    assert configured({}, initial=initial) == {
        "days": ("advisory", {"most": 7, "why": "so"}),
        "bare": ("mandatory", {}),
    }
    said = {"all": Setting("disabled"), "days": Setting(None, {"most": 1})}
    assert configured(said, initial=initial) == {
        "days": ("disabled", {"most": 1, "why": "so"}),
        "bare": ("disabled", {}),
    }


def test_what_no_schema_takes_is_told_of_every_policy_at_once() -> None:
    with pytest.raises(EngineError) as caught:
        configured({"days": Setting(None, {"most": "many", "why": 1})})
    assert str(caught.value) == (
        "the configuration of the policy pack rules is wrong: "
        "days: most: 'many' is not of type 'integer'; days: why: 1 is not of type 'string'"
    )


def test_the_pack_is_told_of_policies_that_it_does_not_have() -> None:
    """As pulumi 3.260 tells it; of one without a level that only says: invalid enforcement level."""
    configs = reconciled(pack(), {"all": Setting("disabled"), "dais": Setting("advisory", {"most": 1})})
    assert list(configs) == ["days", "bare", "dais"]
    assert configs["dais"].enforcementLevel == ADVISORY
    assert MessageToDict(configs["dais"].properties) == {"most": 1}
    with pytest.raises(EngineError, match=r"is wrong: dais: the pack has no such policy$"):
        reconciled(pack(), {"dais": Setting(None, {"most": 1})})


def test_a_setting_without_a_default_that_is_asked_for_is_missed_even_when_nothing_is_configured() -> None:
    with pytest.raises(EngineError, match="days: 'why' is a required property"):
        configured({}, required=("why",))
    assert configured({"days": Setting(None, {"why": "so"})}, required=("why",))["days"][1]["why"] == "so"


def test_a_place_inside_of_a_setting_is_named() -> None:
    info = pack()
    info.policies[0].configSchema.properties.update({"list": {"items": {"properties": {"until": {"type": "string"}}}}})
    with pytest.raises(EngineError, match=r"days: list\[1\]\.until: 3 is not of type 'string'"):
        reconciled(info, {"days": Setting(None, {"list": [{"until": "x"}, {"until": 3}]})})


def test_a_pack_that_takes_no_configuration_is_given_none() -> None:
    info = pack()
    info.supportsConfig = False
    assert list(reconciled(info, {})) == ["days", "bare"]
    with pytest.raises(EngineError, match="the policy pack rules takes no configuration"):
        reconciled(info, {"all": Setting("advisory")})
