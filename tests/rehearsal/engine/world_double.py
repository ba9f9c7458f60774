"""The world's own plugin, for tests of what nobody knows: `world:index:knows`."""
# ruff: noqa: N802 the methods of a gRPC service have these names

from typing import Any

import grpc
import grpc.aio
from pulumi.runtime.proto import provider_pb2
from served import Served

from pokayoke_rehearsal.engine.values import from_struct, to_struct


class World(Served):
    """Knows the given types and functions; keeps what it was asked."""

    def __init__(self, known: set[str]) -> None:
        self._known = known
        self.asked: list[str] = []

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
