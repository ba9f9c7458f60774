"""Functions, methods and reads that the program asks for."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any

from pulumi.runtime.proto import provider_pb2, resource_pb2

from . import urns
from .callbacks import as_outputs
from .defaults import Package
from .errors import EngineError, ProviderError
from .events import Diagnostic
from .knowledge import BUILTIN
from .options import UnsupportedError
from .session import Known, Session
from .sources import Finished, Reading
from .values import PropertyMap, for_peer, from_struct, lower_outputs, output_dependencies, to_struct

GET_RESOURCE = "pulumi:pulumi:getResource"


class Invocations:
    """Serves Invoke, Call and ReadResource for one act."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def invoke(self, request: Any) -> Any:
        """A function's result. Raises EngineError when it failed."""
        session = self._session
        args: PropertyMap = lower_outputs(from_struct(request.args))
        if request.packageRef:
            raise UnsupportedError("parameterized packages", request.tok)
        if urns.package_of(request.tok) == BUILTIN:
            return _result(self._builtin(request.tok, args), resources=True)
        if not await session.knowledge.knows_function(request.tok):
            if session.preview:
                return resource_pb2.ResourceInvokeResponse(unknown=True)
            await session.end(Finished(error=session.knowledge.complaint))
        package = Package(urns.package_of(request.tok), request.version, request.pluginDownloadURL.rstrip("/"))
        given = session.provider_for(request.provider, {}, request.parent, package.name)
        plugin = session.plugin(await session.reference(given, package, request))
        if session.pending(list(request.dependsOn)):
            return resource_pb2.ResourceInvokeResponse(unknown=True)
        try:
            answer = await session.running(plugin.invoke(request.tok, args, preview=session.preview))
        except ProviderError as error:
            raise EngineError(f"invocation of {request.tok} returned an error: {error}") from None
        response = _result(answer.inputs, resources=request.acceptResources)
        response.failures.extend(
            provider_pb2.CheckFailure(property=name, reason=reason) for name, reason in answer.failures
        )
        return response

    async def call(self, request: Any) -> Any:
        """The result of a component's method. Raises EngineError when it failed."""
        session = self._session
        args = as_outputs(from_struct(request.args))
        if request.packageRef:
            raise UnsupportedError("parameterized packages", request.tok)
        plugin = session.plugin(await self._provider_of_call(request, args))
        carried = {key: list(found.urns) for key, found in request.argDependencies.items()}
        for key, value in args.items():
            carried[key] = list(dict.fromkeys([*carried.get(key, ()), *output_dependencies(value)]))
        question = provider_pb2.CallRequest(
            tok=request.tok,
            **session.described,
            monitorEndpoint=session.monitor_address,
            accepts_output_values=True,
            argDependencies={
                key: provider_pb2.CallRequest.ArgumentDependencies(urns=found) for key, found in carried.items()
            },
        )
        try:
            answer = await session.running(plugin.call(question, args))
        except ProviderError as error:
            session.observe(Diagnostic("error", f"call to function '{request.tok}' failed: {error}"))
            await session.end(Finished(bail=True))
        response = provider_pb2.CallResponse()
        if answer is None:
            return response
        result = from_struct(getattr(answer, "return"))
        getattr(response, "return").CopyFrom(to_struct(for_peer(result)))
        response.failures.extend(answer.failures)
        for key, value in result.items():
            given = answer.returnDependencies[key].urns if key in answer.returnDependencies else ()
            response.returnDependencies[key].urns.extend(dict.fromkeys([*given, *output_dependencies(value)]))
        return response

    async def read(self, request: Any) -> Any:
        """The state of a resource outside of the stack. Raises EngineError when there is none."""
        session = self._session
        about = f"{request.type} resource '{request.name}'"
        if request.packageRef:
            raise UnsupportedError("parameterized packages", about)
        if urns.package_of(request.type) == BUILTIN:
            raise UnsupportedError(f"the type {request.type}", about)
        if not await session.knowledge.knows_type(request.type):
            if not session.preview:
                await session.end(Finished(error=session.knowledge.complaint))
            urn = session.claim(request.parent, request.type, request.name)
            return resource_pb2.ReadResourceResponse(urn=urn)
        package = Package(urns.package_of(request.type), request.version, request.pluginDownloadURL.rstrip("/"))
        reading = Reading(
            request.type,
            request.name,
            request.id,
            request.parent,
            await session.reference(request.provider, package, request),
            lower_outputs(from_struct(request.properties)),
            list(request.dependencies),
            list(request.additionalSecretOutputs),
        )
        session.post(reading)
        state = await session.answer(reading.done)
        session.remember(state.urn, Known(request.parent, custom=True, created=bool(state.id)))
        visible = for_peer(state.outputs or {}, secrets=request.acceptSecrets, resources=request.acceptResources)
        return resource_pb2.ReadResourceResponse(urn=state.urn, properties=to_struct(visible))

    async def _provider_of_call(self, request: Any, args: PropertyMap) -> str:
        """The provider that serves a method: that of the object it is called on, unless another one is given."""
        self_reference = for_peer(args.get("__self__"))
        urn = self_reference.get("urn", "") if isinstance(self_reference, dict) else ""
        if urns.is_provider_type(request.tok) and isinstance(self_reference, dict):
            return urns.provider_reference(urn, self_reference.get("id", ""))
        goal = self._session.goals.get(urn)
        given = request.provider or (goal.provider if goal else "")
        package = Package(urns.package_of(request.tok), request.version, request.pluginDownloadURL.rstrip("/"))
        return await self._session.reference(given, package)

    def _builtin(self, token: str, args: PropertyMap) -> PropertyMap:
        if token != GET_RESOURCE:
            raise UnsupportedError(f"the function {token}", token)
        state = self._session.states(args["urn"])
        if state is None:
            raise EngineError(f"unknown resource {args['urn']}")
        return {"urn": state.urn, "id": state.id, "provider": state.provider, "state": state.outputs or {}}


def _result(result: PropertyMap, *, resources: bool) -> Any:
    response = resource_pb2.ResourceInvokeResponse()
    getattr(response, "return").CopyFrom(to_struct(for_peer(result, resources=resources)))
    return response
