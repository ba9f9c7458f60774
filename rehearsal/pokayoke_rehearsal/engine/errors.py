"""The ways in which a deployment ends before its time."""

from collections.abc import Sequence
from typing import Any


class EngineError(Exception):
    """Something to report to the user; the deployment ends."""


class Bail(Exception):  # noqa: N818 not an error of its own: what was wrong has been reported
    """Ends the deployment; whatever was wrong is reported already."""


class ProviderError(EngineError):
    """A provider refused an operation."""


class PartialFailureError(ProviderError):
    """A provider made or changed a resource that is not what was asked for: there is state to keep."""

    def __init__(
        self,
        reasons: Sequence[str],
        identity: str,
        properties: dict[str, Any],
        inputs: dict[str, Any] | None = None,
    ) -> None:
        count = len(reasons)
        listed = "".join(f"\n\t* {reason}" for reason in reasons)
        super().__init__(f"{count} error{'s' if count != 1 else ''} occurred:{listed}\n")
        self.reasons = list(reasons)
        self.id = identity
        self.properties = properties
        self.inputs = inputs


class DiffUnavailable(Exception):  # noqa: N818
    """The provider cannot compare, since its own configuration is not known yet."""

    MESSAGE = (
        "The provider for this resource has inputs that are not known during preview.\n"
        "This preview may not correctly represent the changes that will be applied during an update."
    )
