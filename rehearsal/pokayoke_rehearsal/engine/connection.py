"""A connection to a provider: what it says of itself, and calls in the form that it accepts.

What a provider accepts (secrets, resource references, output values, previews) it says in its answer to Handshake or
Configure.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import grpc
import grpc.aio
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from .answers import init_failed, refused
from .errors import PartialFailureError, ProviderError
from .values import PropertyMap, annotate_secrets, for_peer, from_struct, lower_outputs, to_struct

MESSAGE_LIMIT = 400 * 1024 * 1024
CHANNEL_OPTIONS = [
    ("grpc.max_send_message_length", MESSAGE_LIMIT),
    ("grpc.max_receive_message_length", MESSAGE_LIMIT),
    ("grpc.use_local_subchannel_pool", 1),  # a provider tells its instances apart by their connections
    ("grpc.enable_http_proxy", 0),
]


@dataclass(slots=True)
class Protocol:
    """What a provider accepts."""

    secrets: bool = False
    resources: bool = False
    outputs: bool = False
    preview: bool = False


class Connection:
    """A provider behind a gRPC address."""

    def __init__(self, package: str, address: str, engine_address: str) -> None:
        self.protocol = Protocol()
        self.stub: Any
        self._package = package
        self._engine_address = engine_address
        self._channel = grpc.aio.insecure_channel(address, options=CHANNEL_OPTIONS)
        self.stub = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self._negotiated = False

    async def start(self) -> None:
        """Shakes hands; most providers do not know how, and say what they accept when they are configured."""
        request = provider_pb2.ProviderHandshakeRequest(
            engine_address=self._engine_address, configure_with_urn=True, invoke_with_preview=True
        )
        try:
            answer = await self.stub.Handshake(request)
        except grpc.aio.AioRpcError as error:
            if error.code() != grpc.StatusCode.UNIMPLEMENTED:
                raise ProviderError(f"{self._package}: the provider does not answer: {error.details()}") from None
            return
        self.protocol = Protocol(answer.accept_secrets, answer.accept_resources, answer.accept_outputs, True)
        self._negotiated = True

    def configured(self, answer: Any) -> None:
        """Takes in what the answer to Configure says, unless hands were shaken."""
        if not self._negotiated:
            self.protocol = Protocol(
                answer.acceptSecrets, answer.acceptResources, answer.acceptOutputs, answer.supportsPreview
            )

    async def version(self) -> str:
        """The plugin's own version; empty when it does not tell."""
        try:
            return (await self.stub.GetPluginInfo(empty_pb2.Empty())).version
        except grpc.aio.AioRpcError:
            return ""

    async def cancel(self) -> None:
        """Asks the provider to end what it is doing."""
        try:
            await self.stub.Cancel(empty_pb2.Empty())
        except grpc.aio.AioRpcError:
            return

    async def close(self) -> None:
        await self._channel.close()

    async def call(self, call: Any, inputs: PropertyMap | None = None) -> Any:
        """Waits for an answer. Raises PartialFailureError, with what is left of `inputs` secret, or ProviderError."""
        try:
            return await call
        except grpc.aio.AioRpcError as error:
            partial = init_failed(error)
            if partial is None:
                raise refused(error) from None
            live = self.unpack(partial.inputs, inputs or {}) if partial.HasField("inputs") else None
            raise PartialFailureError(
                list(partial.reasons), partial.id, self.unpack(partial.properties, inputs or {}), live
            ) from None

    def pack(self, properties: Mapping[str, Any], *, unknowns: bool = True, outputs: bool = False) -> Any:
        protocol = self.protocol
        return to_struct(
            for_peer(
                properties, secrets=protocol.secrets, resources=protocol.resources, unknowns=unknowns, outputs=outputs
            )
        )

    def unpack(self, struct: Any, inputs: PropertyMap) -> PropertyMap:
        outputs: PropertyMap = lower_outputs(from_struct(struct))
        if not self.protocol.secrets:
            annotate_secrets(outputs, inputs)
        return outputs
