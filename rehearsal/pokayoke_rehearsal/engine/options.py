"""What a registration says, in the engine's terms; what the engine does not support it refuses by name."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import re
from collections.abc import Iterable
from typing import Any

from pulumi.runtime.proto import alias_pb2, resource_pb2

from .errors import EngineError
from .goal import Alias
from .registry import INTERNAL
from .values import PropertyMap

_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
_HOOKS = ("before_create", "after_create", "before_update", "after_update", "before_delete", "after_delete", "on_error")


class UnsupportedError(EngineError):
    """The program asks for something that this engine does not do."""

    def __init__(self, what: str, about: str) -> None:
        super().__init__(f"{about}: the embedded engine does not support {what}")


def transform_options(request: Any) -> Any:
    """A registration's options in the form in which transforms see and change them."""
    aliases = [alias_pb2.Alias(urn=urn) for urn in request.aliasURNs]
    aliases += list(request.aliases)
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies,
        ignore_changes=request.ignoreChanges,
        replace_on_changes=request.replaceOnChanges,
        version=request.version,
        aliases=aliases,
        providers=request.providers,
        plugin_download_url=request.pluginDownloadURL,
        deleted_with=request.deletedWith,
        replace_with=request.replace_with,
        additional_secret_outputs=request.additionalSecretOutputs,
        hide_diff=request.hideDiffs,
    )
    setattr(options, "import", request.importId)
    if request.HasField("protect"):
        options.protect = request.protect
    if request.HasField("retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    if request.deleteBeforeReplaceDefined or request.deleteBeforeReplace:
        options.delete_before_replace = request.deleteBeforeReplace
    if request.HasField("customTimeouts"):
        options.custom_timeouts.CopyFrom(request.customTimeouts)
    if request.HasField("hooks"):
        options.hooks.CopyFrom(request.hooks)
    if request.HasField("replacement_trigger"):
        options.replacement_trigger.CopyFrom(request.replacement_trigger)
    return options


def refuse_unsupported(request: Any, options: Any, about: str) -> None:
    """Raises UnsupportedError for the first thing asked for that this engine would have to ignore."""
    if getattr(options, "import"):
        raise UnsupportedError("the option import_", about)
    if options.HasField("hooks") and any(getattr(options.hooks, name) for name in _HOOKS):
        raise UnsupportedError("the option hooks", about)
    if request.envVarMappings:
        raise UnsupportedError("the option env_var_mappings", about)
    if request.state_migrations:
        raise UnsupportedError("the option state_migrations", about)
    if request.packageRef:
        raise UnsupportedError("parameterized packages", about)
    if request.pluginChecksums:
        raise UnsupportedError("the option plugin_checksums", about)


def pin_plugin(properties: PropertyMap, options: Any) -> None:
    """Keeps version and origin of an explicit provider's plugin among its inputs, as the state has them."""
    if options.version or options.plugin_download_url:
        properties[INTERNAL] = {"pluginDownloadURL": options.plugin_download_url} if options.plugin_download_url else {}
    if options.version:
        properties["version"] = options.version


def aliases_of(aliases: Iterable[Any]) -> list[Alias]:
    return [_alias(alias) for alias in aliases]


def timeouts_of(options: Any) -> dict[str, float]:
    """The custom timeouts that were given, in seconds. Raises EngineError for what is no duration."""
    if not options.HasField("custom_timeouts"):
        return {}
    given = {name: getattr(options.custom_timeouts, name) for name in ("create", "update", "delete", "read")}
    return {name: seconds(text) for name, text in given.items() if text}


def seconds(text: str) -> float:
    """A duration such as `1h30m` or `40s`. Raises EngineError for anything else."""
    parts = _DURATION.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise EngineError(f"unable to parse customTimeout Value {text}")
    total = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    return int(total) if float(total).is_integer() else total


def _alias(alias: Any) -> Alias:
    if alias.WhichOneof("alias") != "spec":
        return Alias(urn=alias.urn)
    spec = alias.spec
    which = spec.WhichOneof("parent")
    return Alias(
        name=spec.name,
        type=spec.type,
        project=spec.project,
        stack=spec.stack,
        parent=spec.parentUrn if which == "parentUrn" else "",
        no_parent=which == "noParent" and spec.noParent,
    )
