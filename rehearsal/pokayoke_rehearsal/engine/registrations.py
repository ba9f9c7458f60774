"""Registrations: what the program wants becomes a goal for the engine, or a component that a provider constructs."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any

from pulumi.runtime.proto import provider_pb2, resource_pb2

from . import urns
from .callbacks import Transform, as_outputs, with_dependencies
from .defaults import Package
from .errors import EngineError, ProviderError
from .events import Diagnostic
from .goal import Goal
from .knowledge import BUILTIN
from .options import (
    UnsupportedError,
    aliases_of,
    pin_plugin,
    refuse_unsupported,
    seconds,
    timeouts_of,
    transform_options,
)
from .session import Known, Session
from .sources import Finished, Registration
from .state import Resource
from .values import (
    PropertyMap,
    contains_unknowns,
    for_peer,
    from_struct,
    from_value,
    lower_outputs,
    output_dependencies,
    to_struct,
)

Dependencies = dict[str, list[str]]


class Registrar:
    """Serves RegisterResource for one act."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def register(self, request: Any) -> Any:
        """The response to a registration. Raises EngineError, or Closed when the act ends first."""
        session = self._session
        _inherit(request, session.goals.get(request.parent))
        managed = request.custom or request.remote
        about = f"{request.type} resource '{request.name}'"
        if managed and request.type.count(":") != 2:
            raise EngineError(f"{about}: '{request.type}' is no type of the form package:module:name")
        if managed and urns.package_of(request.type) == BUILTIN:
            raise UnsupportedError(f"the type {request.type}", about)
        options = transform_options(request)
        package = urns.package_of(request.type)
        options.provider = request.provider
        if managed:
            options.provider = session.provider_for(request.provider, dict(request.providers), request.parent, package)
        own, transforms = self._transforms(request)
        properties = from_struct(request.object)
        if transforms or request.remote:
            properties = as_outputs(properties)
        dependencies = list(request.dependencies)
        by_property = _property_dependencies(request, properties)
        if request.transforms:
            properties = with_dependencies(properties, by_property)
        for transform in transforms:
            properties, options = await session.callbacks.transform(
                transform,
                name=request.name,
                kind=request.type,
                custom=request.custom,
                parent=request.parent,
                properties=properties,
                options=options,
            )
        refuse_unsupported(request, options, about)
        if request.transforms:
            dependencies = list(options.depends_on)
            by_property = {key: output_dependencies(value) for key, value in properties.items()}
            dependencies += [urn for found in by_property.values() for urn in found]
        else:
            for key, value in properties.items():
                by_property.setdefault(key, []).extend(output_dependencies(value))
        if not request.custom and (above := session.known.get(request.parent)) is not None and not above.custom:
            for name, reference in above.providers.items():
                if name not in options.providers:
                    options.providers[name] = reference

        if managed and not await session.knowledge.knows_type(request.type):
            return await self._unknown(request)
        known = Known(request.parent, request.custom, created=False, transforms=own)
        if not request.custom:
            known.providers = dict(options.providers)
        settled = {key: list(dict.fromkeys(found)) for key, found in by_property.items()}
        wanted = _Wanted(request, options, properties, list(dict.fromkeys(dependencies)), settled)
        if request.remote:
            return await self._construct(wanted, known)
        return await self._plain(wanted, known)

    async def _plain(self, wanted: "_Wanted", known: Known) -> Any:
        session = self._session
        request, options = wanted.request, wanted.options
        reference = ""
        properties: PropertyMap = lower_outputs(wanted.properties)
        if urns.is_provider_type(request.type):
            pin_plugin(properties, options)
        elif request.custom:
            package = Package(urns.package_of(request.type), options.version, options.plugin_download_url.rstrip("/"))
            reference = await session.reference(options.provider, package, request)
        goal = wanted.goal(properties, reference)
        registration = Registration(goal)
        session.post(registration)
        state = await session.answer(registration.done)
        session.goals[state.urn] = goal
        known.created = bool(state.id)
        session.remember(state.urn, known)
        return _response(request, state)

    async def _construct(self, wanted: "_Wanted", known: Known) -> Any:
        session = self._session
        request, options = wanted.request, wanted.options
        package = Package(urns.package_of(request.type), options.version, options.plugin_download_url.rstrip("/"))
        plugin = session.plugin(await session.reference(options.provider, package, request))
        providers = {name: await session.reference(given, package) for name, given in sorted(options.providers.items())}
        question = wanted.construction(session, providers)
        try:
            answer = await session.running(plugin.construct(question, wanted.properties), constructs=True)
        except ProviderError as error:
            session.observe(Diagnostic("error", f"{request.type} resource '{request.name}' has a problem: {error}"))
            await session.end(Finished(bail=True))
        if answer is None:
            # The provider has no configuration yet, so nobody knows the children: the component stands there alone.
            stand_in = resource_pb2.RegisterResourceRequest(
                type=request.type,
                name=request.name,
                parent=request.parent,
                supportsPartialValues=True,
                acceptSecrets=True,
            )
            return await self.register(stand_in)
        outputs = from_struct(answer.state)
        state = Resource(answer.urn, request.type, custom=False, outputs=lower_outputs(outputs))
        session.remember(answer.urn, known)
        carried = {key: list(found.urns) for key, found in answer.stateDependencies.items()}
        for key, value in outputs.items():
            carried[key] = list(dict.fromkeys([*carried.get(key, ()), *output_dependencies(value)]))
        return _response(request, state, carried)

    def _transforms(self, request: Any) -> tuple[list[Transform], list[Transform]]:
        """The resource's own transforms, and all that apply: its own, its parents', the stack's."""
        session = self._session
        key = (request.parent, request.type, request.name)
        own = session.handed_over.pop(key, None)
        if own is None:
            own = [Transform(callback.target, callback.token) for callback in request.transforms]
            if request.remote and own:
                # The provider registers the component again while it constructs it: then they are already applied.
                session.handed_over[key] = own
        found = list(own)
        parent = request.parent
        while parent:
            above = session.known.get(parent)
            found += above.transforms if above else []
            parent = above.parent if above else ""
        return own, [*found, *session.stack_transforms]

    async def _unknown(self, request: Any) -> Any:
        """Nobody knows the type: a preview goes on to find all such, an update ends before it makes a mess."""
        session = self._session
        if not session.preview:
            await session.end(Finished(error=session.knowledge.complaint))
        urn = session.claim(request.parent, request.type, request.name)
        session.remember(urn, Known(request.parent, request.custom, created=False))
        return resource_pb2.RegisterResourceResponse(urn=urn, result=resource_pb2.FAIL)


class _Wanted:
    """A registration after its transforms."""

    def __init__(
        self, request: Any, options: Any, properties: PropertyMap, dependencies: list[str], by_property: Dependencies
    ) -> None:
        self.request = request
        self.options = options
        self.properties = properties
        self._dependencies = dependencies
        self._by_property = by_property

    def goal(self, properties: PropertyMap, provider: str) -> Goal:
        request, options = self.request, self.options
        first = options.delete_before_replace if options.HasField("delete_before_replace") else None
        trigger = options.replacement_trigger if options.HasField("replacement_trigger") else None
        return Goal(
            request.type,
            request.name,
            request.custom,
            properties,
            parent=request.parent,
            provider=provider,
            protect=options.protect if options.HasField("protect") else None,
            retain_on_delete=options.retain_on_delete if options.HasField("retain_on_delete") else None,
            delete_before_replace=first,
            deleted_with=options.deleted_with,
            dependencies=self._dependencies,
            property_dependencies=self._by_property,
            replace_with=list(options.replace_with),
            ignore_changes=list(options.ignore_changes),
            replace_on_changes=list(options.replace_on_changes),
            hide_diff=list(options.hide_diff),
            additional_secret_outputs=list(options.additional_secret_outputs),
            aliases=aliases_of(options.aliases),
            custom_timeouts=timeouts_of(options),
            replacement_trigger=lower_outputs(from_value(trigger)) if trigger is not None else None,
        )

    def construction(self, session: Session, providers: dict[str, str]) -> Any:
        """The question to the provider, without the inputs, which depend on what it accepts."""
        request, options = self.request, self.options
        question = provider_pb2.ConstructRequest(
            **session.described,
            monitorEndpoint=session.monitor_address,
            type=request.type,
            name=request.name,
            parent=request.parent,
            providers=providers,
            dependencies=self._dependencies,
            inputDependencies={
                key: provider_pb2.ConstructRequest.PropertyDependencies(urns=found)
                for key, found in self._by_property.items()
            },
            aliases=options.aliases,
            additionalSecretOutputs=options.additional_secret_outputs,
            deletedWith=options.deleted_with,
            ignoreChanges=options.ignore_changes,
            replaceOnChanges=options.replace_on_changes,
            replace_with=options.replace_with,
            accepts_output_values=True,
        )
        for name, field in (
            ("protect", "protect"),
            ("retain_on_delete", "retainOnDelete"),
            ("delete_before_replace", "deleteBeforeReplace"),
        ):
            if options.HasField(name):
                setattr(question, field, getattr(options, name))
        if options.HasField("custom_timeouts"):
            for name in ("create", "update", "delete", "read"):
                text = getattr(options.custom_timeouts, name)
                if text:
                    seconds(text)
                    setattr(question.customTimeouts, name, text)
        return question


def _inherit(request: Any, parent: Goal | None) -> None:
    """Fills in what a resource takes over from its parent."""
    if parent is None:
        return
    if not request.deletedWith:
        request.deletedWith = parent.deleted_with
    if not request.HasField("protect") and parent.protect is not None:
        request.protect = parent.protect
    if not request.HasField("retainOnDelete") and parent.retain_on_delete is not None:
        request.retainOnDelete = parent.retain_on_delete
    if not request.provider and parent.provider:
        package = urns.package_of(urns.type_of(urns.split_reference(parent.provider)[0]))
        if not (request.remote or request.custom) or package == urns.package_of(request.type):
            request.provider = parent.provider


def _property_dependencies(request: Any, properties: PropertyMap) -> Dependencies:
    if not request.propertyDependencies and not request.remote:
        return {key: list(request.dependencies) for key in properties}
    return {key: list(found.urns) for key, found in request.propertyDependencies.items()}


def _response(request: Any, state: Resource, carried: Dependencies | None = None) -> Any:
    outputs = state.outputs or {}
    if not request.custom and not request.remote:
        # A local component's outputs are what it says later; those of the state may name what is not registered yet.
        outputs = {}
    if not request.supportsPartialValues:
        outputs = {key: value for key, value in outputs.items() if not contains_unknowns(value)}
    visible = for_peer(outputs, secrets=request.acceptSecrets, resources=request.acceptResources)
    response = resource_pb2.RegisterResourceResponse(urn=state.urn, id=state.id, object=to_struct(visible))
    for key, found in (carried or {}).items():
        response.propertyDependencies[key].urns.extend(found)
    return response
