"""What each policy of a pack is configured with: the defaults of its schema, then what the pack says of itself, then a
file; as the engine puts them together (pulumi 1b59498, `ReconcilePolicyPackConfig`)."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi.runtime.proto import analyzer_pb2

from pokayoke_rehearsal.pack_config import LEVELS, Setting, objections

from .errors import EngineError
from .values import PropertyMap, from_struct, to_struct

NAMES: Mapping[Any, str] = {analyzer_pb2.EnforcementLevel.Value(level.upper()): level for level in LEVELS}
"""The levels as the wire has them."""
_NUMBERS = {name: number for number, name in NAMES.items()}
_ALL = "all"


def reconciled(info: Any, configured: Mapping[str, Setting]) -> dict[str, Any]:
    """The configuration of a pack that tells `info` of itself, by policy.

    Raises:
        EngineError: it is not what a policy's schema asks for.
    """
    if configured and not info.supportsConfig:
        raise EngineError(f"the policy pack {info.name} takes no configuration")
    initial = {
        name: Setting(NAMES[one.enforcementLevel], from_struct(one.properties))
        for name, one in info.initialConfig.items()
    }
    configs: dict[str, Any] = {}
    wrong: list[str] = []
    for policy in info.policies:
        level = NAMES[policy.enforcementLevel]
        properties = _defaults(policy)
        for settings in (initial, configured):
            # Of `all` only the level counts.
            for setting in (
                Setting(settings[_ALL].level) if _ALL in settings else Setting(),
                settings.get(policy.name),
            ):
                if setting is not None:
                    level = setting.level or level
                    properties.update(setting.properties)
        if policy.name in {**initial, **configured} or policy.configSchema.required:
            wrong += [f"{policy.name}: {problem}" for problem in _problems(policy, properties)]
        configs[policy.name] = analyzer_pb2.PolicyConfig(
            enforcementLevel=_NUMBERS[level], properties=to_struct(properties)
        )
    for name in configured.keys() - configs.keys() - {_ALL}:
        # A pack is told, too, of policies that it does not have; that takes a level.
        setting = configured[name]
        if setting.level is None:
            wrong.append(f"{name}: the pack has no such policy")
        else:
            configs[name] = analyzer_pb2.PolicyConfig(
                enforcementLevel=_NUMBERS[setting.level], properties=to_struct(setting.properties)
            )
    if wrong:
        raise EngineError(f"the configuration of the policy pack {info.name} is wrong: {'; '.join(sorted(wrong))}")
    return configs


def _defaults(policy: Any) -> PropertyMap:
    schemas = from_struct(policy.configSchema.properties)
    return {
        key: schema["default"] for key, schema in schemas.items() if isinstance(schema, dict) and "default" in schema
    }


def _problems(policy: Any, properties: PropertyMap) -> Iterator[str]:
    schema = {
        "type": "object",
        "properties": from_struct(policy.configSchema.properties),
        "required": list(policy.configSchema.required),
    }
    return objections(schema, properties)
