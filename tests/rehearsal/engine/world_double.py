"""The world's own plugin, for tests of what nobody knows: `world:index:knows`."""
# ruff: noqa: N802 the methods of a gRPC service have these names

from typing import Any

import grpc
import grpc.aio
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from pokayoke_rehearsal.engine.values import from_struct, to_struct


class World(provider_pb2_grpc.ResourceProviderServicer):
    """Knows the given types and functions; keeps what it was asked."""

    def __init__(self, known: set[str]) -> None:
        self._known = known
        self.asked: list[str] = []
        self._server = grpc.aio.server()
        self.address = ""

    async def __aenter__(self) -> "World":
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        await self._server.start()
        return self

    async def __aexit__(self, *reason: object) -> None:
        await self._server.stop(grace=None)

    async def Handshake(self, request: Any, context: Any) -> Any:
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "Handshake is not known here")

    async def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse(acceptSecrets=True, acceptResources=True)

    async def Invoke(self, request: Any, context: Any) -> Any:
        question = from_struct(request.args)
        self.asked += question["types"] + question["functions"]
        answer = {
            "unknownTypes": [kind for kind in question["types"] if kind not in self._known],
            "unknownFunctions": [token for token in question["functions"] if token not in self._known],
        }
        return provider_pb2.InvokeResponse(**{"return": to_struct(answer)})
