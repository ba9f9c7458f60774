"""What an engine shows as secret stands in no message."""

from typing import Any

import pulumi_policy.policy as sdk
import pytest
from analyzing import TODAY, request, wire
from pulumi.runtime import proto
from remedying import SIG

from pokayoke_eks.rules.finding import shown
from pokayoke_policies.analyzer import Analyzer
from pokayoke_policies.pack import policies
from pokayoke_policies.sealing import Secrets

RELEASE = "kubernetes:helm.sh/v3:Release"
ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
KARPENTER = {"chart": "oci://public.ecr.aws/karpenter/karpenter", "name": "karpenter", "namespace": "system"}


def secret(value: Any) -> dict[str, Any]:
    return {SIG: "1b47061264138c4ac30d75fd1eb44270", "value": value}


def blanked(message: str, *said: dict[str, Any]) -> str:
    secrets = Secrets()
    for one in said:
        secrets.learn(wire(one))
    return secrets.blanked(message)


@pytest.mark.parametrize(
    ("hidden", "message", "told"),
    [
        ("hunter2", "'hunter2' is", "'[secret]' is"),
        ("hunter2", "arn:aws:iam::1:role/hunter2-x", "arn:aws:iam::1:role/[secret]-x"),
        ("hunter2", "data.hunter2: hunter2", "data.[secret]: [secret]"),
        ("app", "the application of app", "the application of [secret]"),
        ("app", "an myapp, app1", "an myapp, app1"),
        ("a.c", "abc a.c", "abc [secret]"),
        (["one", {"b": "two"}], "one and two at b", "[secret] and [secret] at b"),
        ({"key": {"deeper": "hunter2"}}, "key.deeper: hunter2", "key.deeper: [secret]"),
        (123456789012, "account 123456789012", "account [secret]"),
        (5432.0, "port 5432", "port [secret]"),
        (80, "port 80", "port 80"),
        ("ab", "ab", "ab"),
        (True, "is true, True", "is true, True"),
        ("true", "is true", "is true"),
        ("false", "is false", "is false"),
        (None, "None null", "None null"),
        ("two\nlines", repr("two\nlines"), "'[secret]'"),
        ("hunter2 and hunter2's", "hunter2 and hunter2's", "[secret]"),
    ],
)
def test_a_secret_is_blanked_wherever_it_stands_as_a_word(hidden: Any, message: str, told: str) -> None:
    assert blanked(message, {"x": {"y": [secret(hidden)]}}) == told


def test_what_is_shortened_is_blanked_too() -> None:
    hidden = "hunter2-" * 20
    assert blanked(f"it is {shown(hidden)}", {"a": secret(hidden)}) == "it is '[secret]..."


def test_of_two_secrets_the_longer_is_blanked_whole() -> None:
    assert blanked("it is one-two", {"a": secret("one"), "b": secret("one-two")}) == "it is [secret]"


def test_what_is_no_secret_stays() -> None:
    assert blanked("it is hunter2", {"a": "hunter2"}) == "it is hunter2"
    assert blanked("it is hunter2", {"a": "hunter2", "b": secret("x")}) == "it is hunter2"


def test_secrets_of_all_resources_are_kept() -> None:
    secrets = Secrets()
    secrets.learn(wire({"a": secret("first")}))
    assert secrets.blanked("first second") == "[secret] second"
    secrets.learn(wire({"a": secret("second")}))
    secrets.learn(wire({"a": "third"}))
    assert secrets.blanked("first second third") == "[secret] [secret] third"


def described(kind: str, said: dict[str, Any], provider: dict[str, Any]) -> Any:
    return proto.AnalyzerResource(
        type=kind,
        name="x",
        urn=f"urn:pulumi:s::p::{kind}::x",
        properties=wire(said),
        provider=proto.AnalyzerProviderResource(
            type="pulumi:providers:p", urn="urn:pulumi:s::p::pulumi:providers:p::p", name="p", properties=wire(provider)
        ),
    )


@pytest.mark.parametrize("where", ["output", "input", "provider"])
def test_the_pack_as_it_is_served_tells_no_secret(where: str) -> None:
    """A release's namespace is secret by an output, or by the inputs that were shown before, or by its provider."""
    analyzer = Analyzer("pack", "0", policies(TODAY), sdk.EnforcementLevel.MANDATORY)
    hidden = {**KARPENTER, "namespace": secret("hunter2")}
    if where == "input":
        shown_before = analyzer.Analyze(request(RELEASE, {**hidden, "name": "${hunter2}"}), None).diagnostics
        assert "'${[secret]}'" in next(
            one.message for one in shown_before if one.policyName == "unresolved-placeholder"
        )
    release = hidden if where == "output" else {**KARPENTER, "namespace": "hunter2"}
    association = {"clusterName": "c", "namespace": "other", "serviceAccount": "karpenter"}
    answer = analyzer.AnalyzeStack(
        proto.AnalyzeStackRequest(
            resources=[
                described(RELEASE, release, {"token": secret("hunter2")} if where == "provider" else {}),
                described(ASSOCIATION, association, {}),
            ]
        ),
        None,
    )
    told = [one.message for one in answer.diagnostics if one.policyName == "pod-identity-namespace-mismatch"]
    assert told
    assert all("in namespace '[secret]'" in message and "hunter2" not in message for message in told)
