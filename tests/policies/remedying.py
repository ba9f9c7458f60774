"""The pack as it is served, with policies at level `remediate`."""

from __future__ import annotations

from datetime import date
from typing import Any

import grpc
import pulumi_policy.policy as sdk
from analyzing import TODAY, request
from google.protobuf import json_format
from pulumi.runtime import proto

from pokayoke_policies.analyzer import Analyzer
from pokayoke_policies.pack import policies

CLUSTER = "aws:eks/cluster:Cluster"
REPOSITORY = "aws:ecr/repository:Repository"
NATIVE = "aws-native:ecr:Repository"
BUCKET = "aws:s3/bucket:Bucket"
ROLE = "aws:iam/role:Role"
MENDABLE = {
    "extended-support",
    "registry-not-empty",
    "state-bucket-not-empty",
    "registry-scans-images",
    "resources-tagged",
}
SIG = "4dabf18193072939515e22adb298388d"
SECRET = {SIG: "1b47061264138c4ac30d75fd1eb44270", "value": "hunter2"}
FILE = {SIG: "c44067f5952c0a294b673a41bacd8c17", "hash": "b5bb9d80", "path": "user-data.toml"}
FILES = {SIG: "0def7320c3a5731c473e5ecbe6d01bc7", "hash": "7d865e95", "assets": {"a": FILE}}
MENDED = {"version": "1.36", "upgradePolicy": {"supportType": "STANDARD"}}
DISPOSABLE = {"tags": {"lifecycle": "disposable"}}
TEAM = {"tags": {"team": "shop"}}


class GivenUpError(Exception):
    """What gRPC raises when a call is given up."""


class Context:
    """A call that can be given up."""

    def abort(self, code: Any, details: str) -> None:
        assert code is grpc.StatusCode.INVALID_ARGUMENT
        raise GivenUpError(details)


class Served:
    """The pack as it is served, with policies at level `remediate`, by slug with their settings."""

    def __init__(self, *, today: date = TODAY, **settings: dict[str, Any]) -> None:
        self._analyzer = Analyzer("pack", "0", policies(today), sdk.EnforcementLevel.MANDATORY)
        self.configure("REMEDIATE", {slug.replace("_", "-"): said for slug, said in settings.items()})

    def configure(self, level: str, settings: dict[str, dict[str, Any]]) -> None:
        """What the engine was given with `--policy-pack-config`."""
        configs = {slug: proto.PolicyConfig(enforcementLevel=level) for slug in settings}
        for slug, said in settings.items():
            configs[slug].properties.update(said)
        self._analyzer.Configure(proto.ConfigureAnalyzerRequest(policyConfig=configs), Context())

    def mend(self, kind: str, said: dict[str, Any], *, protect: bool = False) -> list[tuple[str, dict[str, Any]]]:
        """What the engine is told to take instead of a resource's inputs, by policy, in turn."""
        answer = self._analyzer.Remediate(request(kind, said, protect=protect), None)
        assert not any(one.diagnostic for one in answer.remediations)
        return [(one.policyName, json_format.MessageToDict(one.properties)) for one in answer.remediations]

    def judge(self, kind: str, said: dict[str, Any]) -> list[tuple[str, str]]:
        """What policies at levels other than advice say, with what they cannot tell yet under `unknown`."""
        answer = self._analyzer.Analyze(request(kind, said), None)
        notices = [("unknown", one.message) for one in answer.diagnostics if "can't run policy" in one.message]
        mandatory = proto.EnforcementLevel.Value("MANDATORY")
        found = [(one.policyName, one.message) for one in answer.diagnostics if one.enforcementLevel == mandatory]
        return [*found, *notices]
