"""Policies are asked about what they look at, and say what they would say if they were asked about everything."""

from collections.abc import Sequence
from typing import Any

import pulumi_policy.policy as sdk
import pytest
from analyzing import TODAY, UNKNOWN, Resource, request, stack_request
from examples import example
from pulumi.runtime import proto
from remedying import CLUSTER, MENDED, REPOSITORY, Served

from pokayoke_policies import raw
from pokayoke_policies.pack import policies
from pokayoke_policies.sparing import Sparing

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
VPC = "aws:ec2/vpc:Vpc"
MANDATORY = sdk.EnforcementLevel.MANDATORY


def served(made: list[sdk.Policy] | None = None, kind: type = Sparing) -> Any:
    return kind("pack", "0", policies(TODAY) if made is None else made, MANDATORY)


def configured(servicer: Any, **policies: tuple[str, dict[str, Any]]) -> Any:
    given = {slug.replace("_", "-"): proto.PolicyConfig(enforcementLevel=one[0]) for slug, one in policies.items()}
    for slug, (_, said) in policies.items():
        given[slug.replace("_", "-")].properties.update(said)
    servicer.Configure(proto.ConfigureAnalyzerRequest(policyConfig=given), None)
    return servicer


def asked(servicer: Any, resources: Sequence[Resource]) -> list[str]:
    """What is said of resources one by one, and of them together."""
    answers = [servicer.Analyze(request(one.type, one.properties, one.name), None) for one in resources]
    answers.append(servicer.AnalyzeStack(stack_request(*resources), None))
    said = [one for answer in answers for one in answer.diagnostics]
    return [f"{one.policyName} {one.urn} {one.enforcementLevel} {one.message}" for one in said]


@pytest.mark.parametrize("slug", ["control-plane-ports-blocked", "incompatible-requirements", "stale-vpc-id"])
def test_what_is_said_is_what_would_be_said_without(slug: str) -> None:
    resources = [*example(slug).failing, Resource(CLUSTER, "more", {"version": UNKNOWN}, outputs=None)]
    found = asked(served(), resources)
    assert found == asked(served(kind=sdk._PolicyAnalyzerServicer), resources)
    assert any(one.startswith(slug) for one in found)


def test_of_a_type_that_no_policy_names_nothing_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    build, plain = sdk.ResourceValidationArgs, raw._plain
    monkeypatch.setattr(sdk, "ResourceValidationArgs", lambda *given: made.append(given[0]) or build(*given))
    monkeypatch.setattr(raw, "_plain", lambda value: made.append("read") or plain(value))
    servicer = served()
    servicer.Analyze(request("gcp:storage/bucket:Bucket", {"name": "a"}), None)
    assert made == []


def test_a_policy_hears_only_of_what_it_looks_at(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    build = sdk.ResourceValidationArgs
    monkeypatch.setattr(sdk, "ResourceValidationArgs", lambda *given: made.append(given[0]) or build(*given))
    policy = next(one for one in policies(TODAY) if one.name == "extended-support")
    servicer = served([policy])
    assert asked(servicer, [Resource(VPC, "a", {})]) == []
    assert made == []
    assert len(asked(servicer, [Resource(CLUSTER, "a", {"version": "1.36"})])) == 1
    assert made == [CLUSTER]


def test_one_policy_remembers_for_all_that_judge_stacks(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    build = sdk.ResourceValidationArgs
    monkeypatch.setattr(sdk, "ResourceValidationArgs", lambda *given: made.append(given[0]) or build(*given))
    remembering = [one for one in policies(TODAY) if one.name in ("webhook-not-ready", "vpc-delete-blocked")]
    servicer = served(remembering)
    for kind in (VPC, "gcp:storage/bucket:Bucket", VPC):
        servicer.Analyze(request(kind, {}), None)
    assert made == [VPC, VPC]


def test_the_resources_of_a_stack_are_put_together_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    build = sdk.PolicyResource
    monkeypatch.setattr(sdk, "PolicyResource", lambda *given: made.append(given[3]) or build(*given))
    servicer = served()
    for names in ("ab", "cde"):
        made.clear()
        servicer.AnalyzeStack(stack_request(*(Resource(VPC, name) for name in names)), None)
        assert made == list(names)


def test_each_stack_is_judged_anew() -> None:
    servicer = served()
    failing = example("stale-vpc-id").failing
    assert any(one.startswith("stale-vpc-id") for one in asked(servicer, failing))
    assert not any(one.startswith("stale-vpc-id") for one in asked(servicer, [Resource(VPC, "a")]))
    assert asked(servicer, []) == []


def test_policies_of_others_are_shown_everything() -> None:
    seen: list[Any] = []
    own = [
        sdk.ResourceValidationPolicy("each", "d", lambda args, _: seen.append(args.name)),
        sdk.StackValidationPolicy("together", "d", lambda args, _: seen.append([one.name for one in args.resources])),
    ]
    asked(served([*policies(TODAY), *own, *policies(TODAY)]), [Resource("gcp:a/b:C", "a"), Resource(VPC, "b")])
    assert seen == ["a", "b", ["a", "b"]]


def test_what_was_shown_is_remembered_whichever_policies_are_off() -> None:
    resources = [one.__class__(**{**vars(one), "outputs": None}) for one in example("stale-vpc-id").failing]
    off = {one.name: ("DISABLED", {}) for one in policies(TODAY) if one.name != "stale-vpc-id"}
    found = asked(configured(served(), **off), resources)
    assert found
    assert all(one.startswith("stale-vpc-id") for one in found)


def test_a_configuration_that_names_other_types_is_heeded() -> None:
    servicer = configured(served(), resources_tagged=("MANDATORY", {"tags": {"team": "shop"}}))
    said = [one for one in asked(servicer, [Resource(VPC, "a")]) if one.startswith("resources-tagged")]
    assert len(said) == 1
    configured(servicer)
    assert not any(one.startswith("resources-tagged") for one in asked(servicer, [Resource(VPC, "a")]))


def test_a_call_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for method, asking in (("Analyze", request(VPC, {})), ("AnalyzeStack", stack_request())):
        monkeypatch.setattr(sdk._PolicyAnalyzerServicer, method, lambda _, __, context: context)
        assert getattr(served(), method)(asking, "call") == "call"


def test_a_remedy_is_asked_for_after_another_resource_too() -> None:
    pack = Served(extended_support={}, registry_scans_images={})
    assert pack.judge(REPOSITORY, {"name": "a"})
    assert pack.mend(CLUSTER, {"version": "1.36"}) == [("extended-support", MENDED)]
