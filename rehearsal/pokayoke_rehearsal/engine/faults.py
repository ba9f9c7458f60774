"""Faults put in the place of provider calls, and which of them were met."""

from collections.abc import Sequence

from .errors import ProviderError
from .events import Fault


class Faults:
    """The faults of one act."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self._faults = list(faults)
        self._met: set[Fault] = set()

    def strike(self, urn: str, operation: str, *, preview: bool) -> None:
        """Fails the operation when a fault is meant for it; a preview only notes that it would.

        Raises ProviderError.
        """
        for fault in self._faults:
            if fault.hits(urn, operation):
                self._met.add(fault)
                if not preview:
                    raise ProviderError(fault.message)

    @property
    def unmatched(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self._faults if fault not in self._met)
