"""The pack as an engine asks it: messages in, findings by policy out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pulumi_policy.policy as sdk
from google.protobuf import struct_pb2
from pulumi.runtime import proto
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE

from pokayoke_policies.pack import policies
from pokayoke_policies.practices import PRACTICES
from pokayoke_policies.sharing import share_deserialisation
from pokayoke_policies.sparing import Sparing

TODAY = date(2026, 11, 21)
UNKNOWN = UNKNOWN_STRING_VALUE
"""On the wire, a value that preview cannot tell."""
RELEASE = "kubernetes:helm.sh/v3:Release"

_EXCHANGED = ("json_format", "deserialize_properties", "unknown_checking_proxy")


@dataclass(frozen=True)
class Resource:
    """A resource of a stack; what it leans on is named by name."""

    type: str
    name: str
    properties: Mapping[str, Any] = field(default_factory=dict[str, Any])
    outputs: Mapping[str, Any] | None = field(default_factory=dict[str, Any])
    """What comes on top of its inputs; None where its provider is not configured yet, and so tells nothing at all."""
    after: tuple[str, ...] = ()
    sources: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict[str, str | tuple[str, ...]])
    parent: str = ""
    provider: str = ""
    protect: bool = False


class Pack:
    """The pack's analyzer, in process, with what the pack exchanges in the SDK; that is put back after each answer."""

    def __init__(self) -> None:
        self._servicer = Sparing("pack", "0", policies(TODAY), sdk.EnforcementLevel.MANDATORY)
        before = {name: getattr(sdk, name) for name in _EXCHANGED}
        share_deserialisation()
        self._exchanged = {name: getattr(sdk, name) for name in _EXCHANGED}
        vars(sdk).update(before)
        self._config: dict[str, Any] = {}

    def configure(self, policy: str, level: str, properties: Mapping[str, Any]) -> None:
        """What the engine was given with `--policy-pack-config` for one policy, beside what it was given for others."""
        stated = proto.PolicyConfig(enforcementLevel=proto.EnforcementLevel.Value(level))
        stated.properties.update(properties)
        self._config[policy] = stated
        self._servicer.Configure(proto.ConfigureAnalyzerRequest(policyConfig=self._config), None)

    def info(self) -> list[Any]:
        """What the pack tells the engine of its policies."""
        return list(self._servicer.GetAnalyzerInfo(None, None).policies)

    def refusals(self, kind: str, properties: Mapping[str, Any], *, protect: bool = False) -> dict[str, list[str]]:
        """What documented failures say of one resource, by policy; a notice that a policy could not run stands under
        `unknown`."""
        return _by_policy(self._said(kind, properties, protect=protect), practices=False)

    def advice(self, kind: str, properties: Mapping[str, Any], *, protect: bool = False) -> dict[str, list[str]]:
        """The same of the practices."""
        return _by_policy(self._said(kind, properties, protect=protect), practices=True)

    def _said(self, kind: str, properties: Mapping[str, Any], *, protect: bool) -> Any:
        with self._as_it_runs():
            return self._servicer.Analyze(request(kind, properties, protect=protect), None)

    def of_stack(self, *resources: Resource, shown: bool = True) -> dict[str, list[tuple[str, str]]]:
        """What documented failures say of a stack, of which every resource's inputs were `shown` before: by policy, the
        resource's name and the message. A notice that a policy could not run stands under `unknown`, with the policy's
        name in place of a message."""
        return self._of_stack(resources, shown=shown, practices=False)

    def advice_on(self, *resources: Resource) -> dict[str, list[tuple[str, str]]]:
        """The same of the practices."""
        return self._of_stack(resources, shown=True, practices=True)

    def _of_stack(
        self, resources: tuple[Resource, ...], *, shown: bool, practices: bool
    ) -> dict[str, list[tuple[str, str]]]:
        together = stack_request(*resources)
        with self._as_it_runs():
            for one in resources if shown else ():
                self._servicer.Analyze(request(one.type, one.properties, one.name), None)
            answer = self._servicer.AnalyzeStack(together, None)
        found: dict[str, list[tuple[str, str]]] = {}
        for one in _of(answer, practices=practices):
            name, message = one.urn.rpartition("::")[2], one.message.partition("\n")[2]
            policy, said = ("unknown", one.policyName) if _is_notice(one) else (one.policyName, message)
            found.setdefault(policy, []).append((name, said))
        return found

    @contextmanager
    def _as_it_runs(self) -> Iterator[None]:
        before = {name: getattr(sdk, name) for name in _EXCHANGED}
        vars(sdk).update(self._exchanged)
        try:
            yield
        finally:
            vars(sdk).update(before)


def told(pack: Pack, slug: str, *resources: Resource) -> list[tuple[str, str]]:
    """What a practice says of a stack: the resource's name, and what is wrong with it."""
    return [(name, message.partition(";")[0]) for name, message in pack.advice_on(*resources).get(slug, [])]


def request(kind: str, properties: Mapping[str, Any], name: str = "x", *, protect: bool = False) -> Any:
    """The engine's message about one resource."""
    return proto.AnalyzeRequest(
        type=kind,
        properties=wire(properties),
        urn=_urn(kind, name),
        name=name,
        options=proto.AnalyzerResourceOptions(protect=protect),
    )


def stack_request(*resources: Resource) -> Any:
    """The engine's message about a stack."""
    urns = {one.name: _urn(one.type, one.name) for one in resources}
    return proto.AnalyzeStackRequest(resources=[_described(one, urns, resources) for one in resources])


def _by_policy(answer: Any, *, practices: bool) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in _of(answer, practices=practices):
        if _is_notice(one):
            found.setdefault("unknown", []).append(one.policyName)
        else:
            found.setdefault(one.policyName, []).append(one.message.partition("\n")[2])
    return found


def _of(answer: Any, *, practices: bool) -> list[Any]:
    return [one for one in answer.diagnostics if (one.policyName in PRACTICES) is practices]


def _is_notice(diagnostic: Any) -> bool:
    """Whether it is no finding of a policy at its own level."""
    advisory = diagnostic.enforcementLevel == proto.EnforcementLevel.Value("ADVISORY")
    return advisory and (diagnostic.policyName not in PRACTICES or "can't run policy" in diagnostic.message)


def _described(one: Resource, urns: Mapping[str, str], resources: tuple[Resource, ...]) -> Any:
    provider = next((other for other in resources if other.name == one.provider), None)
    named = {key: (names,) if isinstance(names, str) else names for key, names in one.sources.items()}
    sources = {
        key: proto.AnalyzerPropertyDependencies(urns=[urns[name] for name in names]) for key, names in named.items()
    }
    before = dict.fromkeys((*one.after, *(name for names in named.values() for name in names)))
    return proto.AnalyzerResource(
        type=one.type,
        name=one.name,
        urn=urns[one.name],
        properties=wire({} if one.outputs is None else {**one.properties, **one.outputs}),
        parent=urns.get(one.parent, ""),
        options=proto.AnalyzerResourceOptions(protect=one.protect),
        dependencies=[urns[name] for name in before],
        propertyDependencies=sources,
        provider=proto.AnalyzerProviderResource(
            type=provider.type, urn=urns[provider.name], name=provider.name, properties=wire(provider.properties)
        )
        if provider
        else None,
    )


def wire(properties: Mapping[str, Any]) -> Any:
    """Properties as messages carry them."""
    struct = struct_pb2.Struct()
    struct.update(dict(properties))
    return struct


def _urn(kind: str, name: str) -> str:
    return f"urn:pulumi:s::p::{kind}::{name}"
