"""The arguments of a Construct as the component sees them: plain values, outputs, and resources that others made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, cast

import pulumi
from google.protobuf import struct_pb2
from pulumi.output import UNKNOWN, _OutputData  # pyright: ignore[reportPrivateUsage]
from pulumi.resource import DependencyResource
from pulumi.runtime import rpc, settings
from pulumi.runtime.proto import resource_pb2

from pokayoke_rehearsal.doubles.eks.children import Custom
from pokayoke_rehearsal.doubles.eks.values import Value

_SIGNATURE: str = rpc._special_sig_key  # pyright: ignore[reportPrivateUsage]
_SECRET: str = rpc._special_secret_sig  # pyright: ignore[reportPrivateUsage]
_OUTPUT: str = rpc._special_output_value_sig  # pyright: ignore[reportPrivateUsage]
_RESOURCE: str = rpc._special_resource_sig  # pyright: ignore[reportPrivateUsage]


class KnownComponent(pulumi.ComponentResource):
    """A component that exists already; its outputs are read from the engine when first asked for."""

    def __init__(self, urn: str, version: str) -> None:
        pulumi.Resource.__init__(self, "", "", False, dependency=True)
        parts = urn.split("::")
        self._remote = False
        self._type, self._name = parts[2].split("$")[-1], parts[3]
        self._version, self._protect, self._aliases = version or None, None, []
        self.__dict__["urn"] = pulumi.Output.from_input(urn)
        self._known_urn = urn

    def out(self, name: str) -> pulumi.Output[Any]:
        """The output of that name, without a dependency: the component stands for children that are not known here."""
        if "state" not in self.__dict__:
            self.__dict__["state"] = pulumi.Output.from_input(asyncio.ensure_future(_read_state(self._known_urn)))
        state: pulumi.Output[Any] = self.__dict__["state"]
        return state.apply(lambda outputs: cast("dict[str, Value]", outputs).get(name), True)


def arguments(inputs: struct_pb2.Struct, dependencies: Mapping[str, Iterable[str]]) -> dict[str, Value]:
    """The arguments; one that is secret, or depends on resources without saying where, becomes an output as a whole."""
    return {key: _argument(item, set(dependencies.get(key, ()))) for key, item in inputs.fields.items()}


def _argument(item: struct_pb2.Value, urns: set[str]) -> Value:
    value = decode(item)
    if not urns or _holds_outputs(value) or _is_reference_to(value, urns):
        return value
    return _output(value, urns)


def decode(item: struct_pb2.Value) -> Value:
    """A value from the wire, with secrets, unknowns and output values as outputs and references as resources."""
    match item.WhichOneof("kind"):
        case "number_value":
            number = item.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return _output(UNKNOWN, ()) if item.string_value == rpc.UNKNOWN else item.string_value
        case "bool_value":
            return item.bool_value
        case "list_value":
            return [decode(element) for element in item.list_value.values]
        case "struct_value":
            return _decode_struct(item.struct_value.fields)
        case _:
            return None


def _decode_struct(fields: Mapping[str, struct_pb2.Value]) -> Value:
    signature = fields[_SIGNATURE].string_value if _SIGNATURE in fields else ""
    if signature == _SECRET:
        return _output(decode(fields["value"]), (), secret=True)
    if signature == _OUTPUT:
        urns = (
            [urn.string_value for urn in fields["dependencies"].list_value.values] if "dependencies" in fields else []
        )
        secret = "secret" in fields and fields["secret"].bool_value
        return _output(decode(fields["value"]) if "value" in fields else UNKNOWN, urns, secret=secret)
    if signature == _RESOURCE:
        version = fields["packageVersion"].string_value if "packageVersion" in fields else ""
        return _resource(fields["urn"].string_value, version, custom="id" in fields)
    if signature:
        raise pulumi.RunError("assets and archives are no arguments of the eks components")
    # Objects come in any order: sorted, the texts that are made of them are the same every time.
    return {key: decode(fields[key]) for key in sorted(fields)}


def _resource(urn: str, version: str, *, custom: bool) -> pulumi.Resource:
    if not custom:
        return KnownComponent(urn, version)
    kind, name = urn.split("::")[2].split("$")[-1], urn.split("::")[3]
    return Custom(kind, name, {}, pulumi.ResourceOptions(urn=urn, version=version or None))


def _output(value: Value, urns: Iterable[str], *, secret: bool = False) -> pulumi.Output[Any]:
    async def data() -> _OutputData[Any]:
        inner = await pulumi.Output.from_input(value)._data  # pyright: ignore[reportPrivateUsage]
        resources = {DependencyResource(urn) for urn in urns} | inner.resources
        return _OutputData(resources, inner.value, inner.is_known, secret or inner.is_secret)

    return cast("Any", pulumi.Output)._from_data(data())


async def _read_state(urn: str) -> Value:
    monitor = cast("Any", settings.get_monitor())
    args = struct_pb2.Struct(fields={"urn": struct_pb2.Value(string_value=urn)})
    request = resource_pb2.ResourceInvokeRequest(tok="pulumi:pulumi:getResource", args=args, acceptResources=True)
    response = await asyncio.get_running_loop().run_in_executor(None, monitor.Invoke, request)
    if response.failures:
        raise pulumi.RunError(f"{urn} could not be read: {response.failures[0].reason}")
    state = getattr(response, "return").fields["state"].struct_value
    return {key: decode(item) for key, item in state.fields.items()}


def _holds_outputs(value: Value) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_outputs(item) for item in cast("Mapping[str, Value]", value).values())
    if isinstance(value, list):
        return any(_holds_outputs(item) for item in cast("list[Value]", value))
    return isinstance(value, pulumi.Output)


def _is_reference_to(value: Value, urns: set[str]) -> bool:
    return isinstance(value, pulumi.Resource) and len(urns) == 1
