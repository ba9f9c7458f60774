"""A provider of one component, `comp:index:Pair`, as a process of its own: prints its port."""
# ruff: noqa: N802 the methods of a gRPC service have these names

import asyncio
from typing import Any, Optional, TypedDict

import grpc.aio
import pulumi
from google.protobuf import empty_pb2
from pulumi.provider.experimental.component import ComponentProvider
from pulumi.provider.server import ProviderServicer
from pulumi.runtime.proto import provider_pb2_grpc


class Thing(pulumi.CustomResource):
    """A resource of the echo double."""

    computed: pulumi.Output[str]

    def __init__(self, name: str, opts: pulumi.ResourceOptions, **props: Any) -> None:
        super().__init__("echo:index:Thing", name, {**props, "computed": None}, opts)


class PairArgs(TypedDict, total=False):
    value: pulumi.Input[str]
    fail: Optional[bool]  # noqa: UP045 the SDK reads annotations of this form


class Pair(pulumi.ComponentResource):
    """Two things, the second of the first."""

    second: pulumi.Output[str]

    def __init__(self, name: str, args: PairArgs, opts: Optional[pulumi.ResourceOptions] = None) -> None:  # noqa: UP045
        super().__init__("comp:index:Pair", name, dict(args), opts)
        if args.get("fail"):
            raise ValueError("pair: refused")
        inner = pulumi.ResourceOptions(parent=self)
        first = Thing(f"{name}-first", inner, value=args.get("value"))
        self.second = Thing(f"{name}-second", inner, source=first.computed).computed
        self.register_outputs({"second": self.second})


class Servicer(ProviderServicer):
    """The SDK's server, to which an engine can attach."""

    async def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()


async def serve() -> None:
    server = grpc.aio.server()
    servicer = Servicer(ComponentProvider([Pair], "comp", None, "1.0.0"), [], engine_address="")
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(servicer, server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)  # noqa: T201
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(serve())
