"""A provider that is served for a context."""

from typing import Self

import grpc.aio
from pulumi.runtime.proto import provider_pb2_grpc


class Served(provider_pb2_grpc.ResourceProviderServicer):
    """`address` is where, as long as the context lasts."""

    address = ""

    async def __aenter__(self) -> Self:
        self._server = grpc.aio.server()
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(self, self._server)
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        await self._server.start()
        return self

    async def __aexit__(self, *reason: object) -> None:
        await self._server.stop(grace=None)
