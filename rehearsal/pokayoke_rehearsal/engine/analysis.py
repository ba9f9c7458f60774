"""The policy packs of an act: asked about each resource before its step, and about the stack when all succeeded."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
import grpc.aio
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from pokayoke_rehearsal.pack_config import Setting

from . import urns
from .connection import CHANNEL_OPTIONS
from .errors import EngineError
from .events import Observer, Remediation, Violation
from .goal import Goal
from .policy_config import NAMES, reconciled
from .program import Stack
from .state import Resource
from .values import PropertyMap, for_peer, from_struct, lower_outputs, to_struct

ADVISORY, MANDATORY, DISABLED, REMEDIATE = "advisory", "mandatory", "disabled", "remediate"


@dataclass
class _Pack:
    """One analyzer process; `remediates` and `looks` say whether any of its policies would answer."""

    address: str
    channel: Any
    stub: Any
    settings: Mapping[str, Setting]
    remediates: bool = False
    looks: bool = False
    overlooks: bool = False


class Analysis:
    """Talks to the analyzers; `failed` tells whether a mandatory policy was violated."""

    def __init__(
        self,
        addresses: Sequence[str],
        settings: Sequence[Mapping[str, Setting]],
        stack: Stack,
        observe: Observer,
        *,
        preview: bool,
    ) -> None:
        self._addresses = addresses
        self._settings = settings
        self._stack = stack
        self._observe = observe
        self._preview = preview
        self._packs: list[_Pack] = []
        self.failed = False

    async def start(self) -> None:
        """Configures every pack for this act."""
        for index, address in enumerate(self._addresses):
            channel = grpc.aio.insecure_channel(address, options=CHANNEL_OPTIONS)
            settings = self._settings[index] if self._settings else {}
            pack = _Pack(address, channel, analyzer_pb2_grpc.AnalyzerStub(channel), settings)
            self._packs.append(pack)
            await self._configure(pack)

    async def close(self) -> None:
        for pack in self._packs:
            await pack.channel.close()

    async def remediate(self, resource: Resource, goal: Goal, provider: Resource | None) -> None:
        """Lets each pack in turn change the inputs; who comes later sees what earlier ones did."""
        for pack in self._packs:
            if not pack.remediates:
                continue
            request = _request(resource, goal, provider, internal=True)
            answer = await _ask(pack.stub.Remediate(request), "run remediation")
            for fix in answer.remediations if answer is not None else ():
                if fix.diagnostic:
                    self._violated(
                        fix.policyPackName, fix.policyName, ADVISORY, fix.diagnostic, resource.urn, fix.description
                    )
                    continue
                resource.inputs = lower_outputs(from_struct(fix.properties))
                self._observe(Remediation(fix.policyPackName, fix.policyName, resource.urn, fix.description))

    async def admits(self, resource: Resource, goal: Goal, provider: Resource | None) -> bool:
        """Asks every pack about a resource; False when a mandatory policy is violated and the act is no preview."""
        asked = [pack for pack in self._packs if pack.looks]
        if not asked:
            return True
        request = _request(resource, goal, provider)
        answers = await asyncio.gather(*(_ask(pack.stub.Analyze(request), "run policy") for pack in asked))
        violated = False
        for answer in answers:
            violated = self._take(answer, resource.urn) or violated
        return self._preview or not violated

    async def review(
        self, resources: Iterable[Resource], goals: Mapping[str, Goal], providers: Mapping[str, Resource]
    ) -> None:
        """Asks every pack about the stack as a whole, as it came out."""
        asked = [pack for pack in self._packs if pack.overlooks]
        if not asked:
            return
        request = analyzer_pb2.AnalyzeStackRequest(
            resources=[
                _described(resource, goals.get(resource.urn), providers.get(resource.provider_urn))
                for resource in resources
            ]
        )
        project, name = self._stack.project, self._stack.name
        stack = urns.make(name, project, "", urns.STACK_TYPE, f"{project}-{name}")
        for answer in await asyncio.gather(
            *(_ask(pack.stub.AnalyzeStack(request), "analyze the stack") for pack in asked)
        ):
            self._take(answer, stack)

    async def _configure(self, pack: _Pack) -> None:
        stack = self._stack
        await _ask(
            pack.stub.ConfigureStack(
                analyzer_pb2.AnalyzerStackConfigureRequest(
                    stack=stack.name,
                    project=stack.project,
                    organization=stack.organization,
                    dry_run=self._preview,
                    config=dict(stack.config),
                    config_secret_keys=sorted(stack.secret_keys),
                )
            ),
            "configure the policy pack",
        )
        info = await _ask(pack.stub.GetAnalyzerInfo(empty_pb2.Empty()), "ask the policy pack what it holds")
        if info is None:
            raise EngineError(f"{pack.address} is no policy pack")
        configs = reconciled(info, pack.settings)
        await _ask(
            pack.stub.Configure(analyzer_pb2.ConfigureAnalyzerRequest(policyConfig=configs)),
            "configure the policy pack",
        )
        for policy in info.policies:
            level = NAMES[configs[policy.name].enforcementLevel]
            if level == DISABLED:
                continue
            kind = policy.policy_type
            pack.remediates = pack.remediates or level == REMEDIATE
            pack.looks = pack.looks or kind != analyzer_pb2.POLICY_TYPE_STACK
            pack.overlooks = pack.overlooks or kind != analyzer_pb2.POLICY_TYPE_RESOURCE

    def _take(self, answer: Any, urn: str) -> bool:
        violated = False
        for found in answer.diagnostics if answer is not None else ():
            level = NAMES[found.enforcementLevel]
            if level == REMEDIATE:
                level = MANDATORY
            violated = violated or level == MANDATORY
            self._violated(
                found.policyPackName, found.policyName, level, found.message, found.urn or urn, found.description
            )
        self.failed = self.failed or violated
        return violated

    def _violated(self, pack: str, policy: str, level: str, message: str, urn: str, description: str) -> None:
        self._observe(Violation(pack, policy, level, message, urn, description))


async def _ask(call: Any, doing: str) -> Any:
    """The answer; None when the pack is too old to know the question."""
    try:
        return await call
    except grpc.aio.AioRpcError as error:
        if error.code() == grpc.StatusCode.UNIMPLEMENTED:
            return None
        raise EngineError(f"failed to {doing}: {error.details()}") from None


def _request(resource: Resource, goal: Goal, provider: Resource | None, *, internal: bool = False) -> Any:
    return analyzer_pb2.AnalyzeRequest(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=_visible(resource.inputs, internal=internal),
        options=_options(resource, goal),
        provider=_provider(provider),
    )


def _described(resource: Resource, goal: Goal | None, provider: Resource | None) -> Any:
    return analyzer_pb2.AnalyzerResource(
        urn=resource.urn,
        type=resource.type,
        name=resource.name,
        properties=_visible(resource.outputs or {}),
        options=_options(resource, goal),
        provider=_provider(provider),
        parent=resource.parent,
        dependencies=resource.dependencies,
        propertyDependencies={
            key: analyzer_pb2.AnalyzerPropertyDependencies(urns=found)
            for key, found in resource.property_dependencies.items()
            if found
        },
    )


def _options(resource: Resource, goal: Goal | None) -> Any:
    first = goal.delete_before_replace if goal else None
    timeouts = resource.custom_timeouts
    return analyzer_pb2.AnalyzerResourceOptions(
        protect=resource.protect,
        ignoreChanges=resource.ignore_changes,
        deleteBeforeReplace=bool(first),
        deleteBeforeReplaceDefined=first is not None,
        additionalSecretOutputs=resource.additional_secret_outputs,
        aliases=resource.aliases,
        customTimeouts=analyzer_pb2.AnalyzerResourceOptions.CustomTimeouts(
            create=timeouts.get("create", 0), update=timeouts.get("update", 0), delete=timeouts.get("delete", 0)
        ),
        parent=resource.parent,
    )


def _provider(provider: Resource | None) -> Any:
    if provider is None:
        return None
    return analyzer_pb2.AnalyzerProviderResource(
        urn=provider.urn, type=provider.type, name=provider.name, properties=_visible(provider.inputs)
    )


def _visible(properties: PropertyMap, *, internal: bool = False) -> Any:
    shown = {key: value for key, value in properties.items() if internal or not key.startswith("__")}
    return to_struct(for_peer(shown, resources=False))
