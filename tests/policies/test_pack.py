"""The pack as the engine meets it."""

import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pulumi_policy.policy as sdk
import pytest
from analyzing import Pack, Resource, request
from google.protobuf import json_format
from pulumi.runtime import proto
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from pokayoke_eks.catalogue import FAILURES, Level
from pokayoke_policies import analyzer, serving, sharing, stack
from pokayoke_policies.pack import policies
from pokayoke_policies.practices import PRACTICES
from pokayoke_policies.raw import UNKNOWN, plain

TODAY = date(2026, 11, 21)
CLUSTER = "aws:eks/cluster:Cluster"
DEPLOYMENT: dict[str, Any] = {
    "kind": "Deployment",
    "spec": {
        "containers": [
            {"name": f"c{index}", "env": [{"name": f"E{number}", "value": "v"} for number in range(20)]}
            for index in range(4)
        ]
    },
}


class Analyzer:
    """Analyses one resource at a time with the given policies."""

    def __init__(self, policies: list[sdk.Policy]) -> None:
        self._servicer = sdk._PolicyAnalyzerServicer("pack", "0.0.1", policies, sdk.EnforcementLevel.MANDATORY)

    def analyze(self, kind: str, properties: dict[str, Any]) -> Any:
        """The answer to one resource of this type."""
        return self._servicer.Analyze(request(kind, properties), None)


def failures() -> list[sdk.Policy]:
    """The policies of documented failures."""
    return [policy for policy in policies(TODAY) if policy.name in FAILURES]


@pytest.fixture
def unshared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puts the SDK's functions back after the test, whatever was exchanged."""
    for name in ("json_format", "deserialize_properties", "unknown_checking_proxy"):
        monkeypatch.setattr(sdk, name, getattr(sdk, name))


def test_a_violation_is_mandatory_and_names_slug_and_remedy() -> None:
    (diagnostic,) = Analyzer(failures()).analyze(CLUSTER, {"version": "1.36"}).diagnostics
    assert diagnostic.policyName == "extended-support"
    assert diagnostic.enforcementLevel == proto.EnforcementLevel.Value("MANDATORY")
    assert "[extended-support]. Set upgradePolicy: {supportType: STANDARD}." in diagnostic.message


def test_a_sound_resource_and_a_resource_of_another_type_pass() -> None:
    analyzer = Analyzer(failures())
    sound = {"version": "1.36", "upgradePolicy": {"supportType": "STANDARD"}}
    assert not analyzer.analyze(CLUSTER, sound).diagnostics
    assert not analyzer.analyze("aws:ec2/vpc:Vpc", {"version": "1.20"}).diagnostics


def test_an_unknown_value_hides_no_other_finding_and_is_said_to_be_unknown() -> None:
    properties = {"version": UNKNOWN_STRING_VALUE, "upgradePolicy": {"supportType": "EXTENDED"}}
    violation, notice = Analyzer(failures()).analyze(CLUSTER, properties).diagnostics
    assert violation.enforcementLevel == proto.EnforcementLevel.Value("MANDATORY")
    assert notice.enforcementLevel == proto.EnforcementLevel.Value("ADVISORY")
    assert "can't run policy 'extended-support'" in notice.message
    assert ".version" in notice.message


def test_every_policy_is_named_by_a_documented_failure_or_a_practice() -> None:
    made = [(policy.name, isinstance(policy, sdk.StackValidationPolicy)) for policy in policies(TODAY)]
    assert {name for name, _ in made} <= FAILURES.keys() | PRACTICES.keys()
    assert len(made) == len(set(made))
    assert not FAILURES.keys() & PRACTICES.keys()


def test_the_catalogue_says_of_every_policys_failure_that_a_policy_holds_it() -> None:
    for policy in failures():
        assert Level.POLICY in FAILURES[policy.name].held


def test_raw_properties_become_plain_data_with_unknowns_marked() -> None:
    proxy = unknown_checking_proxy({"a": [1.0, {"b": UNKNOWN_STRING_VALUE}], "c": UNKNOWN_STRING_VALUE, "d": None})
    assert plain(proxy) == {"a": [1.0, {"b": UNKNOWN}], "c": UNKNOWN, "d": None}


def test_the_pack_starts_without_loading_a_provider_sdk(repository: Path) -> None:
    code = (
        "import sys, datetime; from pokayoke_policies.pack import policies; policies(datetime.date.today());"
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('pulumi_aws', 'pulumi_eks', 'pulumi_kubernetes', 'boto3', 'pydantic')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_pack_serves_as_the_engine_starts_it(repository: Path) -> None:
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", str(repository / "policies")]
    with subprocess.Popen(command, cwd=repository / "policies", stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = process.stdout.readline().strip()
        process.terminate()
    assert port.isdigit()


@pytest.mark.usefixtures("unshared")
def test_a_pack_of_ones_own_is_served_as_ours_is(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[str, list[str], sdk.EnforcementLevel, object]] = []

    def serves(*, name: str, policies: list[sdk.Policy], enforcement_level: sdk.EnforcementLevel) -> None:
        served.append((name, [one.name for one in policies], enforcement_level, sdk._PolicyAnalyzerServicer))

    monkeypatch.setattr(sdk, "_PolicyAnalyzerServicer", sdk._PolicyAnalyzerServicer)
    monkeypatch.setattr(serving, "PolicyPack", serves)
    mandatory = sdk.EnforcementLevel.MANDATORY
    chosen = [one for one in policies(TODAY) if one.name == "no-egress"]
    serving.serve(chosen, name="ours")
    serving.serve()
    assert served[0] == ("ours", ["no-egress", "no-egress"], mandatory, analyzer.Analyzer)
    assert served[1] == ("pokayoke-eks", [one.name for one in policies(TODAY)], mandatory, analyzer.Analyzer)
    assert isinstance(sdk.unknown_checking_proxy, sharing.Kept)


@pytest.mark.usefixtures("unshared")
def test_sixty_policies_cost_one_deserialisation_and_answer_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []
    to_dict = json_format.MessageToDict
    monkeypatch.setattr(json_format, "MessageToDict", lambda message: calls.append(message) or to_dict(message))
    sixty: list[sdk.Policy] = [
        sdk.ResourceValidationPolicy(f"p{number}", "d", lambda args, report: report(str(plain(args.props))))
        for number in range(60)
    ]
    before = Analyzer(sixty).analyze("kubernetes:apps/v1:Deployment", DEPLOYMENT)
    assert len(calls) == 60
    assert sharing.share_deserialisation()
    calls.clear()
    assert Analyzer(sixty).analyze("kubernetes:apps/v1:Deployment", DEPLOYMENT) == before
    assert len(calls) == 1


@pytest.mark.usefixtures("unshared")
def test_sharing_is_done_once_and_stays_off_where_the_sdk_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sharing.share_deserialisation()
    assert not sharing.share_deserialisation()
    for name in ("unknown_checking_proxy", "json_format"):
        with monkeypatch.context() as other:
            for exchanged in ("deserialize_properties", "unknown_checking_proxy"):
                other.setattr(sdk, exchanged, dict)
            other.delattr(sdk, name)
            assert not sharing.share_deserialisation()
            assert sdk.deserialize_properties is dict


def test_what_is_kept_is_bounded_and_belongs_to_its_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "MOST_KEPT", 3)
    kept = sharing.Kept(lambda argument: [argument["n"]])
    arguments = [{"n": number} for number in range(10)]
    results = [kept(argument) for argument in arguments]
    assert results == [[number] for number in range(10)]
    assert [kept(arguments[number]) is results[number] for number in (9, 8, 7, 6)] == [True, True, True, False]


def test_what_is_made_of_more_than_one_thing_is_not_kept() -> None:
    kept = sharing.Kept(lambda *arguments: [*arguments])
    assert kept("a", "b", "c") == ["a", "b", "c"]
    assert kept("a", "b") is not kept("a", "b")
    assert kept("a") == ["a"]


def test_each_thread_keeps_its_own() -> None:
    kept, argument, there = sharing.Kept(lambda argument: [argument]), "a", list[Any]()
    other = threading.Thread(target=lambda: there.extend((kept(argument), kept(argument))))
    here = kept(argument)
    other.start()
    other.join()
    assert there[0] is there[1] is not here


def test_a_stack_is_put_together_once_for_all_policies(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[stack.Stack] = []
    build = stack.Stack.__init__
    monkeypatch.setattr(stack.Stack, "__init__", lambda self, members: made.append(self) or build(self, members))
    assert pack.of_stack(Resource("aws:ec2/vpc:Vpc", "first")) == {}
    assert len(made) == 1
    assert pack.of_stack(Resource("aws:ec2/vpc:Vpc", "second")) == {}
    assert [list(one.members) for one in made] == [
        ["urn:pulumi:s::p::aws:ec2/vpc:Vpc::first"],
        ["urn:pulumi:s::p::aws:ec2/vpc:Vpc::second"],
    ]
