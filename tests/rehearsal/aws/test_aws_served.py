"""A double behind the SDK's provider server: values on the wire, configuration per connection, errors in one line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import grpc
import grpc.aio
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime import proto
from pulumi.runtime.proto import provider_pb2_grpc, status_pb2

from pokayoke_rehearsal.doubles.base import (
    UNKNOWN,
    Call,
    CheckError,
    Created,
    Difference,
    Double,
    Inputs,
    PartialError,
    ProviderError,
    Secret,
    difference,
)
from pokayoke_rehearsal.doubles.server import serve
from pokayoke_rehearsal.doubles.wire import decode, encode

URN = "urn:pulumi:dev::p::comp:index:C$thing:index:Thing::one"
Steps = Callable[[Any], Awaitable[Any]]


class Thing(Double):
    """Answers with what it was asked, and fails when told to."""

    package: ClassVar[str] = "thing"
    distribution: ClassVar[str] = "pulumi"

    def knows_type(self, token: str) -> bool:
        return token == "thing:index:Thing"

    def knows_function(self, token: str) -> bool:
        return token == "thing:index:who"

    async def configure_instance(self, args: Inputs) -> str:
        return args["region"]

    async def check_resource(self, call: Call, olds: Inputs | None, news: Inputs) -> Inputs:
        if "bad" in news:
            raise CheckError(("bad", "not that"))
        return {**news, "isNew": olds is None, "seed": call.seed.decode()}

    async def diff_resource(self, call: Call, old_inputs: Inputs, olds: Inputs, news: Inputs) -> Difference:
        return difference(old_inputs, news, replace=("fixed",), delete_before_replace=True)

    async def create_resource(self, call: Call, inputs: Inputs) -> Created:
        if inputs.get("fail") == "half":
            raise PartialError("one-1", inputs, "it never woke up")
        if inputs.get("fail") == "clean":
            raise ProviderError("creating Thing (one): refused")
        if inputs.get("fail") == "bug":
            raise KeyError("oops")
        outputs = {**inputs, "where": self.instance, "token": Secret("s3cret")}
        return Created(
            UNKNOWN if call.preview else f"{call.name}-1", {**outputs, "later": UNKNOWN if call.preview else 1}
        )

    async def invoke_function(self, token: str, args: Inputs, preview: bool) -> Inputs:
        return {"region": self.instance}


def served(steps: Steps) -> None:
    async def run() -> None:
        server, address = await serve(Thing())
        try:
            await steps(address)
        finally:
            await server.stop(None)

    asyncio.run(run())


async def connected(address: str, region: str | None = "here") -> Any:
    """A provider instance: a connection of its own, configured."""
    channel = grpc.aio.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])
    provider: Any = provider_pb2_grpc.ResourceProviderStub(channel)
    if region is not None:
        await provider.Configure(proto.ConfigureRequest(args=encode({"region": region})))
    return provider


def test_each_connection_has_its_own_configuration() -> None:
    async def steps(address: str) -> None:
        seoul, tokyo = await connected(address, "seoul"), await connected(address, "tokyo")
        for provider, region in ((seoul, "seoul"), (tokyo, "tokyo"), (seoul, "seoul")):
            answer = await provider.Invoke(proto.InvokeRequest(tok="thing:index:who"))
            assert decode(getattr(answer, "return"))[0] == {"region": region}

    served(steps)


def test_an_instance_that_was_not_configured_is_told_so() -> None:
    async def steps(address: str) -> None:
        provider = await connected(address, None)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await provider.Invoke(proto.InvokeRequest(tok="thing:index:who"))
        assert caught.value.details() == "the thing provider was asked before it was configured"

    served(steps)


def test_it_attaches_and_claims_the_version_of_the_sdk() -> None:
    async def steps(address: str) -> None:
        provider = await connected(address, None)
        await provider.Attach(proto.PluginAttach(address="127.0.0.1:1"))
        info = await provider.GetPluginInfo(empty_pb2.Empty())
        assert info.version.count(".") == 2

    served(steps)


def test_unknowns_numbers_and_secrets_survive_the_way_there_and_back() -> None:
    async def steps(address: str) -> None:
        provider = await connected(address)
        asked = {"count": 3, "half": 0.5, "later2": UNKNOWN, "deep": {"list": [1, UNKNOWN]}, "key": Secret("k")}
        request = proto.CreateRequest(urn=URN, properties=encode(asked), preview=True)
        answer = await provider.Create(request)
        outputs, secrets = decode(answer.properties)
        assert answer.id == ""
        assert outputs == {
            "count": 3,
            "half": 0.5,
            "later2": UNKNOWN,
            "deep": {"list": [1, UNKNOWN]},
            "key": "k",
            "where": "here",
            "token": "s3cret",
            "later": UNKNOWN,
        }
        assert isinstance(outputs["count"], int)
        assert secrets == {"key": True, "token": True}

    served(steps)


def test_check_knows_new_resources_and_names_what_it_refuses() -> None:
    async def steps(address: str) -> None:
        provider = await connected(address)
        fresh = await provider.Check(proto.CheckRequest(urn=URN, news=encode({"a": Secret(1)}), randomSeed=b"s"))
        assert decode(fresh.inputs) == ({"a": 1, "isNew": True, "seed": "s"}, {"a": True})
        known = await provider.Check(proto.CheckRequest(urn=URN, olds=encode({}), news=encode({})))
        assert decode(known.inputs)[0]["isNew"] is False
        refused = await provider.Check(proto.CheckRequest(urn=URN, news=encode({"bad": 1})))
        assert [(failure.property, failure.reason) for failure in refused.failures] == [("bad", "not that")]

    served(steps)


def test_a_diff_tells_paths_kinds_and_what_replaces() -> None:
    async def steps(address: str) -> None:
        provider = await connected(address)
        olds = {"same": 1, "tags": {"a": "1", "b": "2"}, "fixed": "x", "list": [1]}
        news = {"same": 1, "tags": {"a": "2"}, "fixed": "y", "list": [1, 2]}
        request = proto.DiffRequest(urn=URN, id="one-1", old_inputs=encode(olds), olds=encode({}), news=encode(news))
        answer = await provider.Diff(request)
        kinds = proto.PropertyDiff.Kind
        assert answer.changes == proto.DiffResponse.DIFF_SOME
        assert {path: kinds.Name(change.kind) for path, change in answer.detailedDiff.items()} == {
            "tags.a": "UPDATE",
            "tags.b": "DELETE",
            "fixed": "UPDATE_REPLACE",
            "list[1]": "ADD",
        }
        assert (answer.replaces, answer.deleteBeforeReplace) == (["fixed"], True)
        assert list(answer.diffs) == ["fixed", "list", "tags"]
        same = proto.DiffRequest(urn=URN, old_inputs=encode(olds), news=encode(olds))
        assert (await provider.Diff(same)).changes == proto.DiffResponse.DIFF_NONE
        ignored = proto.DiffRequest(
            urn=URN, old_inputs=encode(olds), news=encode(news), ignoreChanges=["tags", "fixed", "list"]
        )
        assert (await provider.Diff(ignored)).changes == proto.DiffResponse.DIFF_NONE

    served(steps)


async def failing(provider: Any, how: str, **inputs: Any) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await provider.Create(proto.CreateRequest(urn=URN, properties=encode({"fail": how, **inputs})))
    return caught.value


def test_a_refusal_is_one_line_without_a_trace() -> None:
    async def steps(address: str) -> None:
        error = await failing(await connected(address), "clean")
        assert (error.code(), error.details()) == (grpc.StatusCode.UNKNOWN, "creating Thing (one): refused")

    served(steps)


def test_a_half_made_resource_comes_back_with_its_state() -> None:
    async def steps(address: str) -> None:
        error = await failing(await connected(address), "half", key=Secret("k"))
        metadata = dict(error.trailing_metadata() or ())
        status = status_pb2.Status.FromString(metadata["grpc-status-details-bin"])
        detail = proto.ErrorResourceInitFailed()
        assert status.details[0].Unpack(detail)
        assert (detail.id, list(detail.reasons)) == ("one-1", ["it never woke up"])
        assert decode(detail.properties) == ({"fail": "half", "key": "k"}, {"key": True})

    served(steps)


def test_a_fault_of_the_double_says_whose_it_is() -> None:
    async def steps(address: str) -> None:
        error = await failing(await connected(address), "bug")
        assert error.code() == grpc.StatusCode.INTERNAL
        assert error.details() == "the thing double failed in Create: KeyError: 'oops'"

    served(steps)


def test_what_it_does_not_know_is_refused_by_name() -> None:
    async def steps(address: str) -> None:
        provider = await connected(address)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await provider.Check(proto.CheckRequest(urn="urn:pulumi:dev::p::thing:index:Other::x", news=encode({})))
        assert caught.value.details() == "the thing double does not know the resource type thing:index:Other"
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await provider.Invoke(proto.InvokeRequest(tok="thing:index:other"))
        assert caught.value.details() == "the thing double does not know the function thing:index:other"

    served(steps)


def test_a_secret_element_makes_its_whole_list_secret() -> None:
    _, secrets = decode(encode({"list": ["open", Secret("k")], "deep": {"x": Secret(1), "y": 2}}))
    assert secrets == {"list": True, "deep": {"x": True}}
