"""The provider instances of an act, and the life of provider resources: checked, compared, configured, never called."""

import uuid
from collections.abc import Callable, Mapping, Sequence

from . import urns
from .answers import Checked, Diff, State
from .errors import EngineError, ProviderError
from .plugin import Plugin
from .state import Resource
from .values import UNKNOWN, PropertyMap, equal

INTERNAL = "__internal"
_UNCONFIGURED = "unconfigured"


class MissingPluginError(EngineError):
    """No plugin serves a package."""

    def __init__(self, package: str) -> None:
        super().__init__(f"no provider for package '{package}' is known here")
        self.package = package


class Registry:
    """Plugins by provider reference. For resources of type `pulumi:providers:*` it is itself the provider."""

    def __init__(self, addresses: Mapping[str, str], engine_address: str, warn: Callable[[str, str], None]) -> None:
        self._addresses = addresses
        self._engine_address = engine_address
        self._warn = warn
        self._plugins: dict[str, Plugin] = {}
        self._all: list[Plugin] = []
        self._aliases: dict[str, str] = {}

    def get(self, reference: str) -> Plugin | None:
        return self._plugins.get(reference)

    def alias(self, urn: str, former: str) -> None:
        """A provider resource answers to its former URN too."""
        self._aliases[urn] = former

    async def close(self) -> None:
        for plugin in self._all:
            await plugin.close()

    async def cancel(self) -> None:
        for plugin in self._all:
            await plugin.cancel()

    async def same(self, resource: Resource, *, checked: bool) -> None:
        """Configures a provider from the state; `checked` when it was loaded to be checked in this act."""
        if not resource.id or resource.id == UNKNOWN:
            raise EngineError(f"provider '{resource.urn}' has an unknown ID")
        reference = urns.provider_reference(resource.urn, resource.id)
        if reference in self._plugins:
            return
        plugin = self._plugins.pop(_unconfigured(resource.urn), None) if checked else None
        plugin = plugin or await self._load(resource.urn, resource.inputs)
        plugin.configure(resource.urn, resource.id, without_internal(resource.inputs))
        self._set(resource.urn, resource.id, plugin)

    async def check(self, urn: str, olds: PropertyMap, news: PropertyMap, *, preview: bool, seed: bytes) -> Checked:
        del preview, seed
        plugin = await self._load(urn, news)
        checked = await plugin.check_config(urn, without_internal(olds), without_internal(news))
        if checked.failures:
            return checked
        self._set(urn, _UNCONFIGURED, plugin)
        inputs = checked.inputs
        if "version" in news and "version" not in inputs:
            inputs["version"] = news["version"]
        if "version" in news and not equal(news["version"], inputs["version"]):
            raise ProviderError(
                f"provider '{urn}' attempted to change version from {news['version']} to {inputs['version']}"
            )
        if INTERNAL in news:
            if INTERNAL in inputs:
                self._warn(urn, f"provider attempted to use {INTERNAL} key that is reserved by the engine")
            inputs[INTERNAL] = news[INTERNAL]
        return Checked(inputs)

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
        del preview
        plugin = self._plugins.get(_unconfigured(urn)) or self._plugins[urns.provider_reference(urn, identity)]
        news = without_internal(new_inputs)
        diff = await plugin.diff_config(urn, without_internal(old_inputs), old_outputs, news, ignored)
        if diff.changed is None:
            diff.changed = not equal(old_outputs, news)
        return diff

    async def create(self, urn: str, inputs: PropertyMap, *, preview: bool, timeout: float) -> State:
        del timeout
        plugin = self._plugins.pop(_unconfigured(urn), None) or await self._load(urn, inputs)
        identity = UNKNOWN if preview else str(uuid.uuid4())
        return self._configured(plugin, urn, identity, inputs)

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
        del old_inputs, old_outputs, preview, timeout, ignored
        return self._configured(self._plugins.pop(_unconfigured(urn)), urn, identity, new_inputs)

    async def delete(
        self, urn: str, identity: str, inputs: PropertyMap, outputs: PropertyMap, *, timeout: float
    ) -> None:
        del inputs, outputs, timeout
        self._plugins.pop(urns.provider_reference(urn, identity), None)

    async def read(self, urn: str, identity: str, inputs: PropertyMap, outputs: PropertyMap) -> State | None:
        del inputs, outputs
        raise ProviderError(f"provider resources may not be read: {urn} ({identity})")

    def _configured(self, plugin: Plugin, urn: str, identity: str, inputs: PropertyMap) -> State:
        properties = without_internal(inputs)
        plugin.configure(urn, identity, properties)
        self._set(urn, identity, plugin)
        return State(identity, properties)

    async def _load(self, urn: str, inputs: PropertyMap) -> Plugin:
        package = urns.package_of(urns.type_of(urn))
        if package not in self._addresses:
            raise MissingPluginError(package)
        plugin = Plugin(package, self._addresses[package], self._engine_address)
        self._all.append(plugin)
        await plugin.start()
        wanted = inputs.get("version")
        if isinstance(wanted, str):
            has = await plugin.version()
            if _precedence(has) < _precedence(wanted):
                self._warn(
                    "",
                    f"resource plugin {package} is expected to have version >={wanted}, but has {has};"
                    " the wrong version may be on your path, or this may be a bug in the plugin",
                )
        return plugin

    def _set(self, urn: str, identity: str, plugin: Plugin) -> None:
        self._plugins[urns.provider_reference(urn, identity)] = plugin
        if former := self._aliases.get(urn):
            self._plugins[urns.provider_reference(former, identity)] = plugin


def without_internal(inputs: PropertyMap) -> PropertyMap:
    """A provider's configuration without what the engine keeps beside it."""
    return {key: value for key, value in inputs.items() if key != INTERNAL}


def _unconfigured(urn: str) -> str:
    return urns.provider_reference(urn, _UNCONFIGURED)


def _precedence(version: str) -> tuple[list[int], bool, list[tuple[bool, int, str]]]:
    """A semantic version in a form that sorts; a pre-release comes before its release."""
    core, _, pre = version.lstrip("v").split("+")[0].partition("-")
    numbers = [int(part) if part.isdigit() else 0 for part in core.split(".")]
    parts = [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in pre.split(".") if part]
    return numbers, not parts, parts
