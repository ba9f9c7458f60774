"""The gRPC services that a program and its components see: ResourceMonitor and Engine.

They hold no lock and no worker while they wait: a transform, or a component under construction, calls back in the
meantime.
"""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportIncompatibleMethodOverride=false
# ruff: noqa: ARG002 the methods of a gRPC service have these arguments

from collections.abc import Callable
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, resource_pb2, resource_pb2_grpc

from .callbacks import Transform
from .errors import EngineError
from .events import Diagnostic, Severity
from .invocations import Invocations
from .registrations import Registrar
from .session import Closed, Session
from .sources import Finished, Outputs
from .values import from_struct, lower_outputs

FEATURES = {
    "secrets": resource_pb2.RESOURCE_MONITOR_FEATURE_SECRETS,
    "resourceReferences": resource_pb2.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
    "outputValues": resource_pb2.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
    "aliasSpecs": resource_pb2.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
    "replacementTrigger": resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACEMENT_TRIGGER,
    "deletedWith": resource_pb2.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
    "replaceWith": resource_pb2.RESOURCE_MONITOR_FEATURE_REPLACE_WITH,
    "transforms": resource_pb2.RESOURCE_MONITOR_FEATURE_TRANSFORMS,
    "invokeDependsOn": resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON,
    "invokeParent": resource_pb2.RESOURCE_MONITOR_FEATURE_INVOKE_PARENT,
}
_SEVERITIES: dict[int, Severity] = {0: "debug", 1: "info", 2: "warning", 3: "error"}


class Monitor(resource_pb2_grpc.ResourceMonitorServicer):
    """ResourceMonitor of one act."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._registrar: Registrar | None = None
        self._invocations: Invocations | None = None

    def serve(self, session: Session | None) -> None:
        """Serves an act from now on, or none."""
        self._session = session
        self._registrar = Registrar(session) if session else None
        self._invocations = Invocations(session) if session else None

    async def RegisterResource(self, request: Any, context: Any) -> Any:
        return await self._answer(context, lambda: self._registrar and self._registrar.register(request))

    async def Invoke(self, request: Any, context: Any) -> Any:
        return await self._answer(context, lambda: self._invocations and self._invocations.invoke(request))

    async def Call(self, request: Any, context: Any) -> Any:
        return await self._answer(context, lambda: self._invocations and self._invocations.call(request))

    async def ReadResource(self, request: Any, context: Any) -> Any:
        return await self._answer(context, lambda: self._invocations and self._invocations.read(request))

    async def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
        async def register(session: Session) -> Any:
            outputs = Outputs(request.urn, lower_outputs(from_struct(request.outputs)))
            session.post(outputs)
            await session.answer(outputs.done)
            return empty_pb2.Empty()

        return await self._answer(context, lambda: self._session and register(self._session))

    async def RegisterStackTransform(self, request: Any, context: Any) -> Any:
        async def register(session: Session) -> Any:
            session.stack_transforms.append(Transform(request.target, request.token))
            return empty_pb2.Empty()

        return await self._answer(context, lambda: self._session and register(self._session))

    async def SignalAndWaitForShutdown(self, request: Any, context: Any) -> Any:
        async def wait(session: Session) -> Any:
            session.post(Finished())
            await session.released.wait()
            return empty_pb2.Empty()

        return await self._answer(context, lambda: self._session and wait(self._session))

    async def GetDeploymentInfo(self, request: Any, context: Any) -> Any:
        async def describe(session: Session) -> Any:
            return resource_pb2.DeploymentInfo(
                **session.described,
                supportedFeatures=list(FEATURES.values()),
            )

        return await self._answer(context, lambda: self._session and describe(self._session))

    async def SupportsFeature(self, request: Any, context: Any) -> Any:
        return resource_pb2.SupportsFeatureResponse(hasSupport=request.id in FEATURES)

    async def RegisterPackage(self, request: Any, context: Any) -> Any:
        await _refuse(context, f"package '{request.name}': the embedded engine does not support parameterized packages")

    async def RegisterResourceHook(self, request: Any, context: Any) -> Any:
        await _refuse(context, f"hook '{request.name}': the embedded engine does not support resource hooks")

    async def RegisterErrorHook(self, request: Any, context: Any) -> Any:
        await _refuse(context, f"hook '{request.name}': the embedded engine does not support error hooks")

    async def RegisterStackInvokeTransform(self, request: Any, context: Any) -> Any:
        await _refuse(context, "the embedded engine does not support transforms of functions (invoke transforms)")

    async def _answer(self, context: Any, serve: Callable[[], Any]) -> Any:
        session = self._session
        try:
            served = serve()
            if served is None or session is None:
                raise Closed
            session.calls += 1
            try:
                return await served
            finally:
                session.calls -= 1
        except Closed:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "resource monitor shut down")
        except EngineError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, str(error))


class Logs(engine_pb2_grpc.EngineServicer):
    """Engine: takes what programs, providers and packs have to say."""

    def __init__(self) -> None:
        self._session: Session | None = None

    def serve(self, session: Session | None) -> None:
        """Hears for an act from now on, or for none."""
        self._session = session

    async def Log(self, request: Any, context: Any) -> Any:
        session = self._session
        if session is not None and not session.closed and not request.ephemeral:
            severity = _SEVERITIES.get(request.severity, "info")
            session.observe(Diagnostic(severity, request.message.rstrip("\n"), request.urn))
        return empty_pb2.Empty()

    async def GetRootResource(self, request: Any, context: Any) -> Any:
        return engine_pb2.GetRootResourceResponse(urn=self._session.root if self._session else "")

    async def SetRootResource(self, request: Any, context: Any) -> Any:
        if self._session is not None:
            self._session.root = request.urn
        return engine_pb2.SetRootResourceResponse()

    async def RequirePulumiVersion(self, request: Any, context: Any) -> Any:
        return engine_pb2.RequirePulumiVersionResponse()

    async def StartDebugging(self, request: Any, context: Any) -> Any:
        await _refuse(context, "the embedded engine does not support debugging")


async def _refuse(context: Any, message: str) -> None:
    await context.abort(grpc.StatusCode.UNIMPLEMENTED, message)
