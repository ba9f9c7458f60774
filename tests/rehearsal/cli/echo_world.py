"""A world of one package, `echo`, whose resources are whatever they are given: `python echo_world.py --directory DIR`.

A resource with the input `waitFor` is created only when somebody has written to the FIFO of that path.
"""
# ruff: noqa: N802, T201

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))
from echo_double import Echo


class WaitingEcho(Echo):
    async def Create(self, request: Any, context: Any) -> Any:
        path = json_format.MessageToDict(request.properties).get("waitFor")
        if path and not request.preview:
            await asyncio.to_thread(Path(path).read_text)
        return await super().Create(request, context)


class World(provider_pb2_grpc.ResourceProviderServicer):
    def __init__(self, echo: Echo) -> None:
        self._echo = echo

    async def Handshake(self, request: Any, context: Any) -> Any:
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "not known here")

    async def Configure(self, request: Any, context: Any) -> Any:
        return provider_pb2.ConfigureResponse()

    async def Invoke(self, request: Any, context: Any) -> Any:
        answer = struct_pb2.Struct()
        if request.tok == "world:index:knows":
            answer.update({"unknownTypes": [], "unknownFunctions": []})
        elif request.tok == "world:index:operate":
            sick = [f"thing {identity} is not well" for identity in sorted(self._echo.alive) if "sick" in identity]
            answer.update(
                {
                    "headline": f"{len(self._echo.alive)} things live",
                    "lines": ["a came first"],
                    "usdPerHour": 0.25,
                    "troubles": sick,
                    "warnings": [f"{identity} is large" for identity in sorted(self._echo.alive) if "c-" in identity],
                }
            )
        else:
            left = [{"service": "echo", "kind": "thing", "id": identity} for identity in sorted(self._echo.alive)]
            key = {"service": "kms", "kind": "key", "id": "1234", "region": "eu-west-1", "note": "7 days"}
            zone = {"service": "route53", "kind": "hosted zone", "id": "Z1", "note": "example.com"}
            answer.update({"leftovers": left, "pending": [key], "presumed": [zone]})
        return provider_pb2.InvokeResponse(**{"return": answer})


async def serve(directory: Path) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with WaitingEcho() as echo:
        server = grpc.aio.server()
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(World(echo), server)
        address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
        await server.start()
        plugins = {"echo": echo.address, "world": address}
        line = json.dumps({"pid": os.getpid(), "plugins": plugins, "aws_endpoint": f"http://{address}"})
        (directory / "world.json").write_text(line)
        print(line, flush=True)
        await ended.wait()
        await server.stop(None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path)
    asyncio.run(serve(parser.parse_args().directory))
