"""Runs one Construct, or Call of a method, in a thread and an event loop of its own.

The SDK keeps its settings in context variables, works in the running loop's default pool of threads and waits there
for the engine, which may be waiting for another double of this process. Apart from the others, a Construct neither sees
their settings nor takes the threads that they need to answer it. Every setting is set, so that none falls back to what
an earlier Construct left as the process-wide default.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import grpc
import pulumi
import pulumi.runtime.config
from pulumi.resource import DependencyProviderResource, DependencyResource
from pulumi.runtime import proto, rpc, settings
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS  # pyright: ignore[reportPrivateUsage]
from pulumi.runtime.proto import resource_pb2_grpc
from pulumi.runtime.stack import wait_for_rpcs

from pokayoke_rehearsal.doubles.eks.values import Value
from pokayoke_rehearsal.stack_lines import tell_lines_alone

_T = TypeVar("_T")

_CALLS = 64
"""Calls to the engine that one Construct has in flight at most; the largest component has about forty children."""


async def isolated(request: Any, work: Callable[[], Awaitable[_T]]) -> _T:
    """What `work` answers, run with the settings of a Construct or Call request, all that it started having ended."""
    answer: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
    caller = asyncio.get_running_loop()

    def deliver(result: _T | None, error: BaseException | None) -> None:
        if answer.done():  # the engine has given up waiting
            return
        if error is None:
            answer.set_result(result)  # pyright: ignore[reportArgumentType]
        else:
            answer.set_exception(error)

    def run() -> None:
        try:
            result, error = asyncio.run(_with_settings(request, work)), None
        except BaseException as raised:
            result, error = None, raised
        if not caller.is_closed():
            caller.call_soon_threadsafe(deliver, result, error)

    context = contextvars.Context()
    threading.Thread(target=context.run, args=(run,), name=f"eks {request.DESCRIPTOR.name}", daemon=True).start()
    return await answer


async def _with_settings(request: Any, work: Callable[[], Awaitable[_T]]) -> _T:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(_CALLS))
    # A failure is raised here; the outputs that fail with it, and that nobody awaits, need not be told one by one.
    loop.set_exception_handler(lambda _, __: None)
    tell_lines_alone()
    with grpc.insecure_channel(request.monitorEndpoint, options=_GRPC_CHANNEL_OPTIONS) as channel:
        settings.ROOT.set(None)
        settings.configure(
            settings.Settings(
                project=request.project,
                stack=request.stack,
                monitor=resource_pb2_grpc.ResourceMonitorStub(channel),
                parallel=request.parallel or None,
                dry_run=request.dryRun,
                organization=request.organization or "organization",
                legacy_apply_enabled=False,
            )
        )
        await settings._load_monitor_feature_support()  # pyright: ignore[reportPrivateUsage]
        pulumi.runtime.config.set_all_config(dict(request.config), list(request.configSecretKeys))
        result = await work()
        await wait_for_rpcs(await_all_outstanding_tasks=True)
        return result


def options(request: proto.ConstructRequest) -> pulumi.ResourceOptions:
    """The options that the program gave to the component; its children inherit provider and protection."""
    timeouts = request.customTimeouts
    return pulumi.ResourceOptions(
        parent=DependencyResource(request.parent) if request.parent else None,
        aliases=[_alias(alias) for alias in request.aliases],
        depends_on=[DependencyResource(urn) for urn in request.dependencies],
        protect=request.protect,
        providers={package: DependencyProviderResource(reference) for package, reference in request.providers.items()},
        custom_timeouts=pulumi.CustomTimeouts(timeouts.create, timeouts.update, timeouts.delete)
        if request.HasField("customTimeouts")
        else None,
        ignore_changes=list(request.ignoreChanges) or None,
        replace_on_changes=list(request.replaceOnChanges) or None,
        additional_secret_outputs=list(request.additionalSecretOutputs) or None,
        retain_on_delete=request.retainOnDelete,
        deleted_with=DependencyResource(request.deletedWith) if request.deletedWith else None,
    )


async def response(component: pulumi.Resource, state: Mapping[str, Value]) -> proto.ConstructResponse:
    """The answer to the engine: the component's URN, its outputs and what each of them depends on."""
    dependencies: dict[str, list[pulumi.Resource]] = {}
    fields = await rpc.serialize_properties(dict(state), dependencies)
    return proto.ConstructResponse(
        urn=await component.urn.future() or "",
        state=fields,
        stateDependencies={
            key: proto.ConstructResponse.PropertyDependencies(urns=await _urns(resources))
            for key, resources in dependencies.items()
        },
    )


async def call_response(values: Mapping[str, Value]) -> proto.CallResponse:
    """The answer to a call of a method."""
    dependencies: dict[str, list[pulumi.Resource]] = {}
    fields = await rpc.serialize_properties(dict(values), dependencies)
    answer = proto.CallResponse(
        returnDependencies={
            key: proto.CallResponse.ReturnDependencies(urns=await _urns(resources))
            for key, resources in dependencies.items()
        }
    )
    getattr(answer, "return").CopyFrom(fields)
    return answer


async def _urns(resources: list[pulumi.Resource]) -> list[str]:
    urns = [await resource.urn.future() for resource in resources]
    return sorted({urn for urn in urns if urn})


def _alias(alias: Any) -> str | pulumi.Alias:
    if alias.urn:
        return alias.urn
    spec = alias.spec
    parts = {"name": spec.name, "type_": spec.type, "stack": spec.stack, "project": spec.project}
    given: dict[str, Any] = {key: part for key, part in parts.items() if part}
    if spec.noParent or spec.parentUrn:
        given["parent"] = None if spec.noParent else spec.parentUrn
    return pulumi.Alias(**given)
