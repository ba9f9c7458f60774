"""Asks a world what is left in it."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Mapping
from typing import Any, cast

import grpc.aio
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from pokayoke_rehearsal.hosts.errors import HostError
from pokayoke_rehearsal.plan import Leftover, Remains

_TOKEN = "world:index:leftovers"  # noqa: S105 - a Pulumi token


async def leftovers(address: str) -> Remains:
    """What AWS and the clusters still hold, and the keys that wait for their deletion.

    Raises:
        HostError: the world does not answer.
    """
    async with grpc.aio.insecure_channel(address) as channel:
        stub: Any = provider_pb2_grpc.ResourceProviderStub(channel)
        try:
            answer = await stub.Invoke(provider_pb2.InvokeRequest(tok=_TOKEN, args=struct_pb2.Struct()))
        except grpc.aio.AioRpcError as error:
            raise HostError(f"the world does not say what is left in it: {error.details()}") from error
    said = json_format.MessageToDict(getattr(answer, "return"))
    return Remains(world=_items(said, "leftovers"), pending=_items(said, "pending"))


def _items(said: Mapping[str, Any], key: str) -> tuple[Leftover, ...]:
    names = ("service", "kind", "id", "region", "note")
    items = cast("list[dict[str, Any]]", said.get(key) or [])
    return tuple(Leftover(*(str(item.get(name) or "") for name in names)) for item in items)
