"""The provider of the recordings: it echoes what it is given (see the README beside the recordings)."""
# ruff: noqa: N802 the methods of a gRPC service have these names

import asyncio
from typing import Any

import grpc
import grpc.aio
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, status_pb2
from served import Served

from pokayoke_rehearsal.engine.urns import name_of
from pokayoke_rehearsal.engine.values import UNKNOWN, PropertyMap, equal, from_struct, reveal, to_struct

REPLACING = ("fixed", "exclusive")


class Echo(Served):
    """Keeps what it was asked in `calls`, in the shape of the recordings; its state lives as long as it."""

    def __init__(self, *, accepts_secrets: bool = True) -> None:
        self.calls: list[dict[str, Any]] = []
        self.alive: dict[str, str] = {}
        self.requests: list[tuple[str, Any]] = []
        self.slow: asyncio.Event | None = None
        self.busy = self.busiest = 0
        self._more = asyncio.Condition()
        self._accepts_secrets = accepts_secrets
        self._counts: dict[str, int] = {}
        self._refused: set[str] = set()

    async def Handshake(self, request: Any, context: Any) -> Any:
        await context.abort(grpc.StatusCode.UNIMPLEMENTED, "Handshake is not known here")

    async def Attach(self, request: Any, context: Any) -> Any:
        return empty_pb2.Empty()

    async def GetPluginInfo(self, request: Any, context: Any) -> Any:
        return plugin_pb2.PluginInfo(version="1.0.0")

    async def CheckConfig(self, request: Any, context: Any) -> Any:
        return provider_pb2.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: Any, context: Any) -> Any:
        olds, news = _plain(request.old_inputs), _plain(request.news)
        for properties in (olds, news):
            properties.pop("version", None)
        return _diff(olds, news, (), ("fixed",))

    async def Configure(self, request: Any, context: Any) -> Any:
        self.calls.append({"call": "Configure", "args": _plain(request.args)})
        return provider_pb2.ConfigureResponse(
            acceptSecrets=self._accepts_secrets, acceptResources=True, acceptOutputs=False, supportsPreview=True
        )

    async def Check(self, request: Any, context: Any) -> Any:
        self.requests.append(("Check", request))
        failures = []
        if _plain(request.news).get("failCheck") is True:
            failures = [provider_pb2.CheckFailure(property="failCheck", reason="refused by check")]
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    async def Diff(self, request: Any, context: Any) -> Any:
        return _diff(_plain(request.old_inputs), _plain(request.news), request.ignoreChanges, REPLACING)

    async def Create(self, request: Any, context: Any) -> Any:
        self.requests.append(("Create", request))
        name = name_of(request.urn)
        inputs = from_struct(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=to_struct({**inputs, "computed": UNKNOWN}))
        self.calls.append({"call": "Create", "name": name})
        if self.slow is not None:
            await self._linger(self.slow)
        if reveal(inputs).get("fail") == "create":
            await context.abort(grpc.StatusCode.UNKNOWN, f"echo: create of {name} failed")
        self._counts[name] = self._counts.get(name, 0) + 1
        identity = f"{name}-{self._counts[name]}"
        self.alive[identity] = request.urn
        outputs = {**inputs, "computed": f"{identity}-computed"}
        if reveal(inputs).get("fail") == "init":
            await _init_failed(context, identity, outputs)
        return provider_pb2.CreateResponse(id=identity, properties=to_struct(outputs))

    async def until_busy(self, count: int) -> None:
        """Waits until that many creations are under way."""
        async with self._more:
            await self._more.wait_for(lambda: self.busy >= count)

    async def _linger(self, signal: asyncio.Event) -> None:
        self.busy += 1
        self.busiest = max(self.busiest, self.busy)
        async with self._more:
            self._more.notify_all()
        await signal.wait()
        self.busy -= 1

    async def Update(self, request: Any, context: Any) -> Any:
        self.requests.append(("Update", request))
        name = name_of(request.urn)
        inputs = from_struct(request.news)
        outputs = {**inputs, "computed": f"{request.id}-computed"}
        if request.preview:
            return provider_pb2.UpdateResponse(properties=to_struct(outputs))
        self.calls.append({"call": "Update", "id": request.id, "name": name})
        if reveal(inputs).get("fail") == "update":
            await context.abort(grpc.StatusCode.UNKNOWN, f"echo: update of {name} failed")
        if reveal(inputs).get("fail") == "init":
            await _init_failed(context, request.id, outputs)
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    async def Delete(self, request: Any, context: Any) -> Any:
        self.requests.append(("Delete", request))
        name = name_of(request.urn)
        self.calls.append({"call": "Delete", "id": request.id, "name": name})
        if _plain(request.properties).get("fail") == "delete" and request.id not in self._refused:
            self._refused.add(request.id)
            await context.abort(grpc.StatusCode.UNKNOWN, f"echo: delete of {name} failed")
        self.alive.pop(request.id, None)
        return empty_pb2.Empty()

    async def Read(self, request: Any, context: Any) -> Any:
        self.calls.append({"call": "Read", "id": request.id, "name": name_of(request.urn)})
        if request.id == "missing":
            return provider_pb2.ReadResponse()
        known = from_struct(request.properties) or {"value": f"read-{request.id}"}
        return provider_pb2.ReadResponse(id=request.id, properties=to_struct(known), inputs=to_struct(known))

    async def Invoke(self, request: Any, context: Any) -> Any:
        args = _plain(request.args)
        self.calls.append({"call": "Invoke", "tok": request.tok, "args": args})
        if args.get("fail") is True:
            failure = provider_pb2.CheckFailure(property="fail", reason="refused by invoke")
            return provider_pb2.InvokeResponse(failures=[failure])
        result = {**args, "result": f"looked up {args.get('key')}"}
        return provider_pb2.InvokeResponse(**{"return": to_struct(result)})


def _plain(struct: Any) -> PropertyMap:
    return reveal(from_struct(struct))


def _diff(olds: PropertyMap, news: PropertyMap, ignored: Any, replacing: tuple[str, ...]) -> Any:
    changed = sorted(key for key in {*olds, *news} if not equal(olds.get(key), news.get(key)) and key not in ignored)
    kinds = provider_pb2.DiffResponse
    return provider_pb2.DiffResponse(
        changes=kinds.DIFF_SOME if changed else kinds.DIFF_NONE,
        diffs=changed,
        replaces=[key for key in changed if key.startswith(replacing)],
        deleteBeforeReplace=any(key.startswith("exclusive") for key in changed),
    )


async def _init_failed(context: Any, identity: str, outputs: PropertyMap) -> None:
    detail = provider_pb2.ErrorResourceInitFailed(
        id=identity, properties=to_struct(outputs), reasons=["echo: not ready"]
    )
    status = status_pb2.Status(code=2, message="echo: not ready")
    status.details.add().Pack(detail)
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    await context.abort(grpc.StatusCode.UNKNOWN, "echo: not ready")
