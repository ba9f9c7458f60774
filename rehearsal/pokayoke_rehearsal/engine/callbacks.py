"""Callbacks into the program: transforms, called while a registration waits for them."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from dataclasses import dataclass
from typing import Any

import grpc
import grpc.aio
from pulumi.runtime.proto import callback_pb2, callback_pb2_grpc, resource_pb2

from .connection import CHANNEL_OPTIONS
from .errors import EngineError
from .values import OUTPUT, PropertyMap, from_struct, is_secret, is_unknown, map_values, output, signature, to_struct


@dataclass(frozen=True)
class Transform:
    """A function of the program that changes a resource's properties and options before it is registered."""

    target: str
    token: str


class Callbacks:
    """The connections to the callback servers of the program."""

    def __init__(self) -> None:
        self._channels: dict[str, grpc.aio.Channel] = {}

    async def transform(
        self,
        transform: Transform,
        *,
        name: str,
        kind: str,
        custom: bool,
        parent: str,
        properties: PropertyMap,
        options: Any,
    ) -> tuple[PropertyMap, Any]:
        """Properties and options after the transform. Raises EngineError when it failed."""
        request = resource_pb2.TransformRequest(
            name=name, type=kind, custom=custom, parent=parent, properties=to_struct(properties), options=options
        )
        call = callback_pb2.CallbackInvokeRequest(token=transform.token, request=request.SerializeToString())
        try:
            answer = await self._stub(transform.target).Invoke(call)
        except grpc.aio.AioRpcError as error:
            raise EngineError(f"invoke transform: {error.details()}") from None
        response = resource_pb2.TransformResponse.FromString(answer.response)
        if response.HasField("properties"):
            properties = from_struct(response.properties)
        return properties, response.options if response.HasField("options") else options

    async def close(self) -> None:
        for channel in self._channels.values():
            await channel.close()

    def _stub(self, target: str) -> Any:
        if target not in self._channels:
            self._channels[target] = grpc.aio.insecure_channel(target, options=CHANNEL_OPTIONS)
        return callback_pb2_grpc.CallbacksStub(self._channels[target])


def as_outputs(properties: PropertyMap) -> PropertyMap:
    """The properties as transforms want them: secrets and unknowns as output values."""

    def change(item: Any) -> Any:
        if is_unknown(item):
            return output()
        if is_secret(item):
            inner = item["value"]
            if signature(inner) == OUTPUT:
                return {**inner, "secret": True}
            return output(inner, hidden=True)
        return item

    return {key: map_values(value, change) for key, value in properties.items()}


def with_dependencies(properties: PropertyMap, dependencies: dict[str, list[str]]) -> PropertyMap:
    """The properties as output values that carry what each depends on."""
    result: PropertyMap = {}
    for key, value in properties.items():
        urns = dependencies.get(key)
        if not urns:
            result[key] = value
            continue
        known = value if signature(value) == OUTPUT else output(value)
        carried = dict.fromkeys([*known.get("dependencies", ()), *urns])
        result[key] = {**known, "dependencies": list(carried)}
    return result
