"""What providers answer, and how their refusals become errors."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from dataclasses import dataclass, field
from typing import Any

import grpc
import grpc.aio
from pulumi.runtime.proto import provider_pb2, status_pb2

from .errors import ProviderError
from .values import PropertyMap, from_struct, lower_outputs


@dataclass(slots=True)
class Diff:
    """What a provider found different; `changed` is None when it could not say."""

    changed: bool | None
    keys: list[str] = field(default_factory=list[str])
    replace_keys: list[str] = field(default_factory=list[str])
    detailed: dict[str, str] = field(default_factory=dict[str, str])
    delete_before_replace: bool = False

    @property
    def replaces(self) -> bool:
        return bool(self.replace_keys) or any(kind.endswith("_REPLACE") for kind in self.detailed.values())


@dataclass(slots=True)
class Checked:
    """Inputs as the provider completed them, and what it refused: pairs of property and reason."""

    inputs: PropertyMap
    failures: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


@dataclass(slots=True)
class State:
    """What a provider made, changed or read."""

    id: str
    outputs: PropertyMap
    inputs: PropertyMap | None = None


def read_checked(answer: Any) -> Checked:
    failures = [(failure.property, failure.reason) for failure in answer.failures]
    return Checked(lower_outputs(from_struct(answer.inputs)), failures)


def read_diff(answer: Any) -> Diff:
    changed = {provider_pb2.DiffResponse.DIFF_NONE: False, provider_pb2.DiffResponse.DIFF_SOME: True}
    names = provider_pb2.PropertyDiff.Kind.Name
    return Diff(
        changed.get(answer.changes),
        list(answer.diffs),
        list(answer.replaces),
        {key: names(value.kind) for key, value in answer.detailedDiff.items()} if answer.hasDetailedDiff else {},
        answer.deleteBeforeReplace,
    )


def refused(error: grpc.aio.AioRpcError) -> ProviderError:
    return ProviderError(error.details() or error.code().name.lower())


def unimplemented(error: grpc.aio.AioRpcError) -> bool:
    return error.code() == grpc.StatusCode.UNIMPLEMENTED


def init_failed(error: grpc.aio.AioRpcError) -> Any:
    for key, value in error.trailing_metadata() or ():
        if key != "grpc-status-details-bin":
            continue
        status = status_pb2.Status()
        status.ParseFromString(value if isinstance(value, bytes) else value.encode())
        for detail in status.details:
            failed = provider_pb2.ErrorResourceInitFailed()
            if detail.Unpack(failed):
                return failed
    return None
