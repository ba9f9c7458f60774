"""A monitor and an engine that only listen, for programs that are run without a whole engine."""
# ruff: noqa: N802

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import grpc
import grpc.aio
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import engine_pb2_grpc, resource_pb2, resource_pb2_grpc


@dataclass
class Heard:
    """What came of runs of a program: exit codes, printed lines, error messages, stack outputs."""

    codes: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    outputs: list[dict[str, object]] = field(default_factory=list)


class _Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    async def GetDeploymentInfo(self, request, context):
        return await context.abort(grpc.StatusCode.UNIMPLEMENTED)

    async def SupportsFeature(self, request, context):
        return resource_pb2.SupportsFeatureResponse(hasSupport=False)

    async def RegisterResource(self, request, context):
        return resource_pb2.RegisterResourceResponse(urn=f"urn:pulumi:s::p::{request.type}::{request.name}")

    async def RegisterResourceOutputs(self, request, context):
        self._heard.outputs.append(json_format.MessageToDict(request.outputs))
        return empty_pb2.Empty()


class _Engine(engine_pb2_grpc.EngineServicer):
    def __init__(self, heard: Heard) -> None:
        self._heard = heard

    async def Log(self, request, context):
        self._heard.errors.append(request.message)
        return empty_pb2.Empty()


@asynccontextmanager
async def listening(heard: Heard) -> AsyncIterator[str]:
    """The address of a monitor and engine that note what they are told."""
    server = grpc.aio.server()
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(_Monitor(heard), server)
    engine_pb2_grpc.add_EngineServicer_to_server(_Engine(heard), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        await server.stop(None)
