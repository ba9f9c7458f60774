"""The host of dynamic resources, as `python -m pulumi.dynamic` is one, but in which `time.sleep` passes no time.

A provider that polls sleeps until something happened in the world. When nothing can happen any more, the world has time
pass: the clock of the thread that slept jumps past every limit. Who sleeps on after that would sleep for ever, and is
told so.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import functools
import os
import runpy
import threading
import time
from collections.abc import Callable
from concurrent import futures
from typing import Any

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

WORLD = "POKAYOKE_WORLD"
_SLEEP = "world:index:sleep"
_OPERATIONS = ("Create", "Update", "Delete", "Read")
_THREADS = 256
_JUMP = 24 * 60 * 60.0
_SHORTEST = 0.2  # seconds between two polls, however much happens

_thread = threading.local()
_really_sleep, _really_monotonic = time.sleep, time.monotonic


def main() -> None:
    """Serves as `python -m pulumi.dynamic` does."""
    address = os.environ.get(WORLD, "")
    if address:
        stub: Any = provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(address))
        time.sleep = functools.partial(_sleep, stub)
        time.monotonic = _monotonic
        provider_pb2_grpc.add_ResourceProviderServicer_to_server = _named(
            provider_pb2_grpc.add_ResourceProviderServicer_to_server
        )
        grpc.server = _with_threads(grpc.server)
    runpy.run_module("pulumi.dynamic", run_name="__main__", alter_sys=True)


def _sleep(stub: Any, seconds: float) -> None:
    if not getattr(_thread, "urn", ""):
        _really_sleep(seconds)
        return
    began = _really_monotonic()
    args = struct_pb2.Struct()
    args.update({"urn": _thread.urn})
    answer = stub.Invoke(provider_pb2.InvokeRequest(tok=_SLEEP, args=args))
    woken = getattr(answer, "return")["woken"]
    if woken == "never":
        raise TimeoutError("nothing can happen any more that this resource could wait for")
    if woken == "time":
        _thread.ahead = getattr(_thread, "ahead", 0.0) + _JUMP
        return
    _really_sleep(max(0.0, _SHORTEST - (_really_monotonic() - began)))


def _monotonic() -> float:
    return _really_monotonic() + getattr(_thread, "ahead", 0.0)


def _with_threads(server: Callable[..., Any]) -> Callable[..., Any]:
    """In the SDK's four threads four would sleep, and a fifth resource wait for the time that passes only with it."""

    def made(_pool: Any, **options: Any) -> Any:
        return server(futures.ThreadPoolExecutor(max_workers=_THREADS), **options)

    return made


def _named(add: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Has every operation of the servicer leave in its thread about which resource it is."""

    def of(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        def served(request: Any, context: Any) -> Any:
            _thread.urn = request.urn
            try:
                return operation(request, context)
            finally:
                _thread.urn = ""

        return served

    def added(servicer: Any, server: Any) -> None:
        for name in _OPERATIONS:
            setattr(servicer, name, of(getattr(servicer, name)))
        add(servicer, server)

    return added


if __name__ == "__main__":
    main()
