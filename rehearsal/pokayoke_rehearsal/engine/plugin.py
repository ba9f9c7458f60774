"""One instance of a provider: a connection of its own, configured once, asked for one resource at a time.

Until its configuration is known a provider is not configured, and what it would do is guessed as the real engine
guesses.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import grpc.aio
from pulumi.runtime.proto import provider_pb2

from . import urns
from .answers import Checked, Diff, State, read_checked, read_diff, refused, unimplemented
from .connection import Connection
from .errors import DiffUnavailable, ProviderError
from .values import (
    PropertyMap,
    annotate_secrets,
    contains_secrets,
    contains_unknowns,
    for_peer,
    from_struct,
    is_secret,
    lower_outputs,
    reveal,
    secret,
    to_struct,
)


class Plugin:
    """A provider behind a gRPC address."""

    def __init__(self, package: str, address: str, engine_address: str) -> None:
        self.package = package
        self._peer = Connection(package, address, engine_address)
        self._configured: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._configuring: asyncio.Future[bool] | None = None

    async def start(self) -> None:
        """Shakes hands."""
        await self._peer.start()

    async def version(self) -> str:
        """The plugin's own version; empty when it does not tell."""
        return await self._peer.version()

    async def close(self) -> None:
        if self._configuring is not None:
            await asyncio.wait({self._configuring})
        await self._peer.close()

    async def check_config(self, urn: str, olds: PropertyMap, news: PropertyMap) -> Checked:
        request = provider_pb2.CheckRequest(
            **_named(urn),
            olds=to_struct(for_peer(olds, secrets=False, resources=False)),
            news=to_struct(for_peer(news, secrets=False, resources=False)),
        )
        try:
            answer = await self._peer.stub.CheckConfig(request)
        except grpc.aio.AioRpcError as error:
            if unimplemented(error):
                return Checked(news)
            raise refused(error) from None
        checked = read_checked(answer)
        annotate_secrets(checked.inputs, news)
        return checked

    async def diff_config(
        self,
        urn: str,
        old_inputs: PropertyMap,
        old_outputs: PropertyMap,
        new_inputs: PropertyMap,
        ignored: Sequence[str],
    ) -> Diff:
        request = provider_pb2.DiffRequest(
            **_named(urn),
            old_inputs=to_struct(for_peer(old_inputs, secrets=False, resources=False)),
            olds=to_struct(for_peer(old_outputs, secrets=False, resources=False)),
            news=to_struct(for_peer(new_inputs, secrets=False, resources=False)),
            ignoreChanges=ignored,
        )
        try:
            return read_diff(await self._peer.stub.DiffConfig(request))
        except grpc.aio.AioRpcError as error:
            if unimplemented(error):
                return Diff(None)
            raise refused(error) from None

    def configure(self, urn: str, identity: str, inputs: PropertyMap) -> None:
        """Configures the provider unless something in its inputs is unknown.

        Who asks it for something waits for that.
        """
        if any(contains_unknowns(value) for key, value in inputs.items() if key != "version"):
            self._configured.set_result(False)
            return
        self._configuring = asyncio.ensure_future(self._configure(urn, identity, inputs))
        self._configuring.add_done_callback(self._settle)

    async def check(self, urn: str, olds: PropertyMap, news: PropertyMap, *, preview: bool, seed: bytes) -> Checked:
        if not await self._configured:
            return Checked(news)
        request = provider_pb2.CheckRequest(
            **_named(urn),
            olds=self._peer.pack(olds, unknowns=preview),
            news=self._peer.pack(news, unknowns=preview),
            randomSeed=seed,
        )
        checked = read_checked(await self._peer.call(self._peer.stub.Check(request)))
        if not preview and (found := [key for key, value in checked.inputs.items() if contains_unknowns(value)]):
            raise ProviderError(f"the provider's check returned an unknown value for {', '.join(sorted(found))}")
        if not self._peer.protocol.secrets:
            annotate_secrets(checked.inputs, news)
        return checked

    async def diff(
        self,
        urn: str,
        identity: str,
        old_inputs: PropertyMap,
        old_outputs: PropertyMap,
        new_inputs: PropertyMap,
        *,
        preview: bool,
        ignored: Sequence[str],
    ) -> Diff:
        if not await self._configured:
            raise DiffUnavailable(DiffUnavailable.MESSAGE)
        request = provider_pb2.DiffRequest(
            id=identity,
            **_named(urn),
            old_inputs=self._peer.pack(old_inputs, unknowns=preview),
            olds=self._peer.pack(old_outputs, unknowns=preview),
            news=self._peer.pack(new_inputs, unknowns=preview),
            ignoreChanges=ignored,
        )
        return read_diff(await self._peer.call(self._peer.stub.Diff(request)))

    async def create(self, urn: str, inputs: PropertyMap, *, preview: bool, timeout: float) -> State:
        known = await self._configured
        if preview and not known:
            return State("", {})
        if preview and not self._peer.protocol.preview:
            return State("", inputs)
        request = provider_pb2.CreateRequest(
            **_named(urn),
            properties=self._peer.pack(inputs, unknowns=preview),
            timeout=timeout,
            preview=preview,
        )
        answer = await self._peer.call(self._peer.stub.Create(request), inputs)
        if not answer.id and not preview:
            raise ProviderError(f"the provider returned no id for {urn}")
        return State(answer.id, self._peer.unpack(answer.properties, inputs))

    async def update(
        self,
        urn: str,
        identity: str,
        old_inputs: PropertyMap,
        old_outputs: PropertyMap,
        new_inputs: PropertyMap,
        *,
        preview: bool,
        timeout: float,
        ignored: Sequence[str],
    ) -> State:
        known = await self._configured
        if preview and not known:
            return State(identity, {})
        if preview and not self._peer.protocol.preview:
            return State(identity, new_inputs)
        request = provider_pb2.UpdateRequest(
            id=identity,
            **_named(urn),
            olds=self._peer.pack(old_outputs, unknowns=False),
            news=self._peer.pack(new_inputs, unknowns=preview),
            old_inputs=self._peer.pack(old_inputs, unknowns=False),
            timeout=timeout,
            ignoreChanges=ignored,
            preview=preview,
        )
        answer = await self._peer.call(self._peer.stub.Update(request), new_inputs)
        return State(identity, self._peer.unpack(answer.properties, new_inputs))

    async def delete(
        self, urn: str, identity: str, inputs: PropertyMap, outputs: PropertyMap, *, timeout: float
    ) -> None:
        await self._configured
        request = provider_pb2.DeleteRequest(
            id=identity,
            **_named(urn),
            properties=self._peer.pack(outputs, unknowns=False),
            old_inputs=self._peer.pack(inputs, unknowns=False),
            timeout=timeout,
        )
        await self._peer.call(self._peer.stub.Delete(request))

    async def read(self, urn: str, identity: str, inputs: PropertyMap, outputs: PropertyMap) -> State | None:
        """The resource as it is, without inputs where the provider tells none; None when there is none of this id."""
        if not await self._configured:
            return State(identity, {}, {})
        request = provider_pb2.ReadRequest(
            id=identity,
            **_named(urn),
            properties=self._peer.pack(outputs, unknowns=False),
            inputs=self._peer.pack(inputs, unknowns=False),
        )
        answer = await self._peer.call(self._peer.stub.Read(request), inputs)
        if not answer.id and not answer.properties.fields:
            return None
        live = self._peer.unpack(answer.inputs, inputs) if answer.HasField("inputs") else None
        return State(answer.id, self._peer.unpack(answer.properties, outputs), live)

    async def invoke(self, token: str, args: PropertyMap, *, preview: bool) -> Checked:
        """A function's result, and what it refused."""
        if not await self._configured:
            return Checked({})
        request = provider_pb2.InvokeRequest(tok=token, args=self._peer.pack(args, unknowns=False), preview=preview)
        answer = await self._peer.call(self._peer.stub.Invoke(request))
        result = lower_outputs(from_struct(getattr(answer, "return")))
        if contains_secrets(args) and not self._peer.protocol.secrets:
            result = {key: value if is_secret(value) else secret(value) for key, value in result.items()}
        return Checked(result, [(failure.property, failure.reason) for failure in answer.failures])

    async def construct(self, request: Any, inputs: PropertyMap) -> Any:
        """Has the provider register a component and its children; None when its configuration is not known yet."""
        if not await self._configured:
            return None
        if not self._peer.protocol.secrets:
            raise ProviderError("plugins that can construct components must support secrets")
        request.inputs.CopyFrom(self._peer.pack(inputs, outputs=self._peer.protocol.outputs))
        return await self._peer.call(self._peer.stub.Construct(request))

    async def call(self, request: Any, args: PropertyMap) -> Any:
        """Calls a method of a component; None when the provider's configuration is not known yet."""
        if not await self._configured:
            return None
        request.args.CopyFrom(to_struct(for_peer(args, outputs=self._peer.protocol.outputs)))
        return await self._peer.call(self._peer.stub.Call(request))

    async def cancel(self) -> None:
        """Asks the provider to end what it is doing."""
        await self._peer.cancel()

    async def _configure(self, urn: str, identity: str, inputs: PropertyMap) -> bool:
        plain = reveal(inputs)
        variables = {
            f"{self.package}:config:{key}": value if isinstance(value, str) else json.dumps(value)
            for key, value in plain.items()
            if key != "version"
        }
        request = provider_pb2.ConfigureRequest(
            **_named(urn),
            id=identity,
            acceptSecrets=True,
            acceptResources=True,
            sends_old_inputs=True,
            sends_old_inputs_to_delete=True,
            variables=variables,
            args=to_struct(for_peer(inputs)),
        )
        answer = await self._peer.call(self._peer.stub.Configure(request))
        self._peer.configured(answer)
        return True

    def _settle(self, task: "asyncio.Future[bool]") -> None:
        if self._configured.done():
            return
        if task.cancelled():
            self._configured.cancel()
        elif (error := task.exception()) is not None:
            self._configured.set_exception(error)
            self._configured.exception()  # whoever needs the provider reports it
        else:
            self._configured.set_result(task.result())


def _named(urn: str) -> dict[str, Any]:
    return {"urn": urn, "name": urns.name_of(urn), "type": urns.type_of(urn)}
