"""Serves a `Double` on a loopback port behind the SDK's own provider server.

What the SDK's server lacks or does badly is put right here, once: unknowns (its property values cannot marshal them),
old inputs in Diff, Update and Delete, CheckConfig and DiffConfig that answer, configuration kept per provider instance,
failures that keep a half-made resource in the state, and errors without tracebacks. Construct and Call go to the double
as they came: the SDK's server refuses unknown arguments and runs them in settings and threads that all share.

Configuration belongs to a gRPC peer, because the real engine opens one connection for each provider instance. A Python
client must do the same: channels to one address share a connection unless each is made with the option
`("grpc.use_local_subchannel_pool", 1)`.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownParameterType=false, reportMissingParameterType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeArgument=false, reportIncompatibleMethodOverride=false, reportUntypedFunctionDecorator=false
from __future__ import annotations

import functools
import sys
import traceback
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import grpc
import grpc.aio
from google.protobuf import any_pb2, empty_pb2
from pulumi.errors import InputPropertiesError, InputPropertyError
from pulumi.provider.experimental.server import ProviderServicer
from pulumi.runtime import proto
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS  # pyright: ignore[reportPrivateUsage]
from pulumi.runtime.proto import errors_pb2, provider_pb2_grpc, status_pb2

from pokayoke_rehearsal.doubles.base import (
    INSTANCE,
    Call,
    CheckError,
    Difference,
    Double,
    PartialError,
    ProviderError,
)
from pokayoke_rehearsal.doubles.wire import UNKNOWN, Secret, SecretMask, decode, encode
from pokayoke_rehearsal.world.waits import ASKED

_PEER: ContextVar[str] = ContextVar("peer")
_NO_ENGINE = "127.0.0.1:1"
"""Where the servicer expects its engine until one has attached itself."""


async def serve(double: Double) -> tuple[grpc.aio.Server, str]:
    """Starts serving and answers the server and its address; the caller stops it."""
    server = grpc.aio.server(options=[*_GRPC_CHANNEL_OPTIONS, ("grpc.max_send_message_length", -1)])
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(DoubleServicer(double), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, f"127.0.0.1:{port}"


def _clean(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Runs a method as the provider instance that asks, and turns what it raises into the status the engine expects."""

    @functools.wraps(method)
    async def answered(self: DoubleServicer, request: Any, context: grpc.aio.ServicerContext) -> Any:
        _PEER.set(context.peer())
        ASKED.set(getattr(request, "urn", ""))
        if context.peer() in self.instances:
            INSTANCE.set(self.instances[context.peer()])
        try:
            return await method(self, request)
        except PartialError as failure:
            detail = any_pb2.Any()
            detail.Pack(
                proto.ErrorResourceInitFailed(
                    id=failure.resource_id, properties=encode(failure.outputs), reasons=failure.reasons
                )
            )
            status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(failure), details=[detail])
            trailer = (("grpc-status-details-bin", status.SerializeToString()),)
            await context.abort(grpc.StatusCode.UNKNOWN, str(failure), trailer)
        except ProviderError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except InputPropertyError as error:
            await _abort_with_properties(context, "", [(error.property_path, error.reason)])
        except InputPropertiesError as error:
            failures = [(item["property_path"], item["reason"]) for item in error.errors or []]
            await _abort_with_properties(context, error.message, failures)
        except (grpc.aio.AbortError, grpc.aio.AioRpcError):
            raise
        except Exception as error:
            print(traceback.format_exc(), file=sys.stderr, flush=True)  # noqa: T201 - a fault of the double itself
            text = f"the {self.double.package} double failed in {method.__name__}: {type(error).__name__}: {error}"
            await context.abort(grpc.StatusCode.INTERNAL, text)
        finally:
            self.double.answered()

    return answered


class DoubleServicer(ProviderServicer):
    """The SDK's servicer over a `Double`."""

    def __init__(self, double: Double) -> None:
        super().__init__([], double.version, double, _NO_ENGINE)
        self.double = double
        self.instances: dict[str, Any] = {}

    async def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: ARG002
        self._engine_address = request.address
        return empty_pb2.Empty()

    async def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:  # noqa: ARG002
        # The engine cancels when it is done with the provider; the double lives on for the next act.
        return empty_pb2.Empty()

    @_clean
    async def CheckConfig(self, request: Any) -> Any:
        news, mask = decode(request.news)
        try:
            return proto.CheckResponse(inputs=encode(await self.double.check_instance(news), mask))
        except CheckError as refused:
            return proto.CheckResponse(failures=_failures(refused))

    @_clean
    async def DiffConfig(self, request: Any) -> Any:
        olds = decode(request.old_inputs)[0] or decode(request.olds)[0]
        return _diff_response(await self.double.diff_instance(olds, decode(request.news)[0]))

    @_clean
    async def Configure(self, request: Any) -> Any:
        args, _ = decode(request.args)
        self.instances[_PEER.get()] = await self.double.configure_instance(args)
        takes_references = self.double.takes_references
        return proto.ConfigureResponse(
            acceptSecrets=True,
            acceptResources=takes_references,
            acceptOutputs=takes_references,
            supportsPreview=True,
        )

    @_clean
    async def Check(self, request: Any) -> Any:
        news, mask = decode(request.news)
        olds = decode(request.olds)[0] if request.HasField("olds") else None
        self._require_type(request.urn)
        try:
            call = Call(request.urn, seed=request.randomSeed)
            return proto.CheckResponse(inputs=encode(await self.double.check_resource(call, olds, news), mask))
        except CheckError as refused:
            return proto.CheckResponse(failures=_failures(refused))

    @_clean
    async def Diff(self, request: Any) -> Any:
        olds, news = decode(request.olds)[0], decode(request.news)[0]
        old_inputs = decode(request.old_inputs)[0]
        for path in request.ignoreChanges:
            key = path.partition(".")[0].partition("[")[0]
            if path == key and key in old_inputs:
                news[key] = old_inputs[key]
        call = Call(request.urn, request.id)
        return _diff_response(await self.double.diff_resource(call, old_inputs, olds, news))

    @_clean
    async def Create(self, request: Any) -> Any:
        inputs, mask = decode(request.properties)
        self._require_type(request.urn)
        call = Call(request.urn, preview=request.preview, timeout=request.timeout)
        created = await self._kept_secret(mask, self.double.create_resource(call, inputs))
        known = "" if created.resource_id is UNKNOWN else created.resource_id
        return proto.CreateResponse(id=known, properties=encode(created.outputs, mask))

    @_clean
    async def Read(self, request: Any) -> Any:
        inputs, mask = decode(request.inputs)
        state, state_mask = decode(request.properties)
        self._require_type(request.urn)
        found = await self.double.read_resource(Call(request.urn, request.id), inputs, state)
        if found is None:
            return proto.ReadResponse()
        live_inputs, outputs = found
        return proto.ReadResponse(
            id=request.id, inputs=encode(live_inputs, mask), properties=encode(outputs, {**mask, **state_mask})
        )

    @_clean
    async def Update(self, request: Any) -> Any:
        news, mask = decode(request.news)
        olds, old_inputs = decode(request.olds)[0], decode(request.old_inputs)[0]
        call = Call(request.urn, request.id, preview=request.preview, timeout=request.timeout)
        outputs = await self._kept_secret(mask, self.double.update_resource(call, old_inputs, olds, news))
        return proto.UpdateResponse(properties=encode(outputs, mask))

    @_clean
    async def Delete(self, request: Any) -> Any:
        olds, old_inputs = decode(request.properties)[0], decode(request.old_inputs)[0]
        call = Call(request.urn, request.id, timeout=request.timeout)
        await self.double.delete_resource(call, old_inputs, olds)
        return empty_pb2.Empty()

    @_clean
    async def Invoke(self, request: Any) -> Any:
        if not self.double.knows_function(request.tok):
            raise ProviderError(f"the {self.double.package} double does not know the function {request.tok}")
        try:
            answer = await self.double.invoke_function(request.tok, decode(request.args)[0], request.preview)
        except CheckError as refused:
            return proto.InvokeResponse(failures=_failures(refused))
        response = proto.InvokeResponse()
        getattr(response, "return").CopyFrom(encode(answer))  # `return` is a keyword of Python
        return response

    @_clean
    async def Construct(self, request: Any) -> Any:
        self._require_type(request.type)
        return await self.double.construct_component(request)

    @_clean
    async def Call(self, request: Any) -> Any:
        return await self.double.call_method(request)

    def _require_type(self, urn: str) -> None:
        token = Call(urn).type if "::" in urn else urn
        if not self.double.knows_type(token):
            raise ProviderError(f"the {self.double.package} double does not know the resource type {token}")

    async def _kept_secret(self, mask: dict[str, SecretMask], answer: Awaitable[Any]) -> Any:
        try:
            return await answer
        except PartialError as failure:
            # The state of a half-made resource must not show what its inputs keep secret.
            failure.outputs = {key: Secret(value) if mask.get(key) else value for key, value in failure.outputs.items()}
            raise


def _failures(refused: CheckError) -> list[Any]:
    return [proto.CheckFailure(property=name, reason=reason) for name, reason in refused.failures]


def _diff_response(answer: Difference) -> Any:
    kinds = proto.PropertyDiff
    detailed: dict[str, Any] = {}
    for paths, plain, replace in (
        (answer.added, kinds.ADD, kinds.ADD_REPLACE),
        (answer.removed, kinds.DELETE, kinds.DELETE_REPLACE),
        (answer.updated, kinds.UPDATE, kinds.UPDATE_REPLACE),
    ):
        for path in paths:
            kind = replace if path in answer.replacing else plain
            detailed[path] = proto.PropertyDiff(kind=kind, inputDiff=True)
    response = proto.DiffResponse
    return response(
        changes=response.DIFF_SOME if answer.changed else response.DIFF_NONE,
        diffs=sorted({_top(path) for path in answer.changed}),
        replaces=sorted({_top(path) for path in answer.replacing}),
        deleteBeforeReplace=answer.delete_before_replace,
        detailedDiff=detailed,
        hasDetailedDiff=True,
    )


def _top(path: str) -> str:
    return path.removeprefix('["').split('"]')[0] if path.startswith('["') else path.split(".")[0].split("[")[0]


async def _abort_with_properties(context: Any, message: str, failures: list[tuple[str, str]]) -> None:
    errors = [errors_pb2.InputPropertiesError.PropertyError(property_path=p, reason=r) for p, r in failures]
    detail = any_pb2.Any()
    detail.Pack(errors_pb2.InputPropertiesError(errors=errors))
    code = grpc.StatusCode.INVALID_ARGUMENT
    status = status_pb2.Status(code=code.value[0], message=message, details=[detail])
    await context.abort(code, message, (("grpc-status-details-bin", status.SerializeToString()),))
