"""Asks a world, over the protocol of its doubles."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Mapping
from typing import Any

import grpc.aio
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from pokayoke_rehearsal.hosts.errors import HostError


class Asking:
    """A connection to the world at an address."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.aio.insecure_channel(address, options=[("grpc.max_send_message_length", -1)])
        self._stub: Any = provider_pb2_grpc.ResourceProviderStub(self._channel)

    async def ask(self, token: str, arguments: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What a function answers.

        Raises:
            grpc.aio.AioRpcError: the world does not answer.
        """
        args = struct_pb2.Struct()
        args.update(dict(arguments or {}))
        answer = await self._stub.Invoke(provider_pb2.InvokeRequest(tok=token, args=args))
        return json_format.MessageToDict(getattr(answer, "return"))

    async def close(self) -> None:
        """Ends the connection."""
        await self._channel.close()


async def once(address: str, token: str, problem: str, arguments: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a function answers, over a connection of its own.

    Raises:
        HostError: `problem`, and why, where the world does not answer.
    """
    asking = Asking(address)
    try:
        return await asking.ask(token, arguments)
    except grpc.aio.AioRpcError as error:
        raise HostError(f"{problem}: {error.details()}") from error
    finally:
        await asking.close()
