"""A recording monitor: as much of Pulumi's engine as a component provider sees, keeping everything registered."""

# ruff: noqa: N802 - method names of gRPC services

from __future__ import annotations

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import eks_clouds as clouds
import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import engine_pb2_grpc, provider_pb2, provider_pb2_grpc, resource_pb2, resource_pb2_grpc

SIGNATURE = "4dabf18193072939515e22adb298388d"
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"

PROJECT, STACK = "eks-cases", "dev"
ROOT = f"urn:pulumi:{STACK}::{PROJECT}::pulumi:pulumi:Stack::{PROJECT}-{STACK}"


@dataclass
class Registered:
    """One RegisterResource request, and what the monitor answered."""

    request: resource_pb2.RegisterResourceRequest
    urn: str
    id: str
    inputs: dict[str, Any]
    state: dict[str, Any]
    outputs: dict[str, Any] = field(default_factory=dict)


class RecordingMonitor(resource_pb2_grpc.ResourceMonitorServicer, engine_pb2_grpc.EngineServicer):
    """Answers a component provider as the engine over echoing clouds would; `with` serves it, `address` is where.

    In a preview every computed value is unknown. `providers` of a registered resource are kept, never interpreted.
    """

    def __init__(self, *, preview: bool = False) -> None:
        self.preview = preview
        self.registered: list[Registered] = []
        self.invokes: list[dict[str, Any]] = []
        self.logs: list[tuple[int, str]] = []
        self.by_urn: dict[str, Registered] = {}
        self.fail: dict[str, str] = {}
        self._lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(4), options=[("grpc.max_receive_message_length", -1)])
        resource_pb2_grpc.add_ResourceMonitorServicer_to_server(self, self._server)
        engine_pb2_grpc.add_EngineServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self) -> RecordingMonitor:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(None)

    # What a component provider calls

    def GetDeploymentInfo(self, request, context):
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "an engine of before there was this call")

    def SupportsFeature(self, request, context):
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id != "parameterization")

    def RegisterResource(self, request, context):
        kind = request.type
        urn = child_urn(request.parent, kind, request.name)
        inputs = plain(request.object)
        if request.name in self.fail:
            context.abort(grpc.StatusCode.UNKNOWN, self.fail[request.name])
        id_, computed = ("", {}) if not request.custom else self._create(kind, request.name, inputs)
        state = {**inputs, **computed}
        entry = Registered(request, urn, id_, inputs, state)
        with self._lock:
            self.registered.append(entry)
            self.by_urn[urn] = entry
        answer = {key: value for key, value in state.items() if value != UNKNOWN} if self.preview else state
        return resource_pb2.RegisterResourceResponse(urn=urn, id=id_, object=struct(answer))

    def RegisterResourceOutputs(self, request, context):
        self.by_urn[request.urn].outputs = plain(request.outputs)
        return empty_pb2.Empty()

    def ReadResource(self, request, context):
        urn = child_urn(request.parent, request.type, request.name)
        entry = Registered(request, urn, request.id, plain(request.properties), {"name": request.id, "read": True})
        with self._lock:
            self.registered.append(entry)
            self.by_urn[urn] = entry
        return resource_pb2.ReadResourceResponse(urn=urn, properties=struct(entry.state))

    def Invoke(self, request, context):
        args = plain(request.args)
        if request.tok == "pulumi:pulumi:getResource":
            return provider_pb2.InvokeResponse(**{"return": struct(self._resource(args["urn"]))})
        with self._lock:
            self.invokes.append(
                {"tok": request.tok, "args": args, "version": request.version, "provider": request.provider}
            )
        try:
            return provider_pb2.InvokeResponse(**{"return": struct(clouds.function(request.tok, args))})
        except LookupError as error:
            return provider_pb2.InvokeResponse(failures=[provider_pb2.CheckFailure(property="", reason=str(error))])

    def Log(self, request, context):
        self.logs.append((request.severity, request.message))
        return empty_pb2.Empty()

    # What the program, and the tests, do

    def known(self, kind: str, name: str, inputs: dict[str, Any], parent: str = ROOT) -> Registered:
        """A resource that the program registered before; nothing that the provider did."""
        id_, computed = self._create(kind, name, inputs)
        urn = child_urn(parent, kind, name)
        request = resource_pb2.RegisterResourceRequest(type=kind, name=name, parent=parent, custom=True)
        self.by_urn[urn] = Registered(request, urn, id_, inputs, {**inputs, **computed})
        return self.by_urn[urn]

    def reference(self, urn: str) -> dict[str, Any]:
        """A reference to a resource, as the wire carries it."""
        entry = self.by_urn[urn]
        reference = {SIGNATURE: REFERENCE, "urn": urn, "packageVersion": entry.request.version}
        return {**reference, "id": entry.id or UNKNOWN} if entry.request.custom else reference

    def _create(self, kind: str, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        id_, computed = clouds.resource(kind, name, {key: self._flat(value) for key, value in inputs.items()})
        return ("", dict.fromkeys(computed, UNKNOWN)) if self.preview else (id_, computed)

    def _flat(self, value: Any) -> Any:
        if isinstance(value, dict) and SIGNATURE in value:
            return value.get("id") or value.get("value")
        return value

    def _resource(self, urn: str) -> dict[str, Any]:
        entry = self.by_urn[urn]
        return {"urn": urn, "id": entry.id, "state": entry.state if entry.request.custom else entry.outputs}


def construct(
    address: str,
    monitor: RecordingMonitor,
    kind: str,
    name: str,
    inputs: Mapping[str, Any],
    *,
    parent: str = ROOT,
    dependencies: Mapping[str, list[str]] | None = None,
    config: Mapping[str, str] | None = None,
    providers: Mapping[str, str] | None = None,
    timeout: float = 60,
    **options: Any,
) -> provider_pb2.ConstructResponse:
    """The engine's Construct of one remote component, with that monitor to call back; what it answers."""
    request = provider_pb2.ConstructRequest(
        project=PROJECT,
        stack=STACK,
        dryRun=monitor.preview,
        parallel=16,
        monitorEndpoint=monitor.address,
        type=kind,
        name=name,
        parent=parent,
        inputs=struct(inputs),
        inputDependencies={
            key: provider_pb2.ConstructRequest.PropertyDependencies(urns=urns)
            for key, urns in (dependencies or {}).items()
        },
        config=config,
        providers=providers,
        accepts_output_values=True,
        **options,
    )
    with grpc.insecure_channel(address) as channel:
        return provider_pb2_grpc.ResourceProviderStub(channel).Construct(request, timeout=timeout)


def child_urn(parent: str, kind: str, name: str) -> str:
    """The URN that the engine gives."""
    prefix, qualified = parent.split("::")[:2], parent.split("::")[2]
    types = [] if qualified == "pulumi:pulumi:Stack" else [qualified]
    return "::".join([*prefix, "$".join([*types, kind]), name])


def struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Plain values on the wire, null entries left out of objects."""
    result = struct_pb2.Struct()
    json_format.ParseDict(_without_none(values), result)
    return result


def plain(value: struct_pb2.Struct) -> dict[str, Any]:
    """Values from the wire, whole numbers as integers."""
    return {key: _plain(item) for key, item in json_format.MessageToDict(value).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return value
