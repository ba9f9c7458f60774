"""Faults on resources as people name them."""

from pokayoke_rehearsal.engine import Fault
from pokayoke_rehearsal.engine.urns import name_of, type_of
from pokayoke_rehearsal.plan import FaultRequest
from pokayoke_rehearsal.report.words import short_type


class SpokenFault(Fault):
    """A fault whose target may also be a type as the report writes it (`aws:eks:NodeGroup`) or its last word.

    Either may have a name behind it (`Release external-dns`), as many resources share one.
    """

    def hits(self, urn: str, operation: str) -> bool:
        """Whether the fault is meant for an operation on a resource."""
        token = type_of(urn)
        kinds = (token, short_type(token), token.rpartition(":")[2])
        names = {urn, name_of(urn), *kinds, *(f"{kind} {name_of(urn)}" for kind in kinds)}
        return self.target in names and self.operation in (None, operation)


def spoken(request: FaultRequest) -> SpokenFault:
    """The fault that was asked for."""
    given = {key: value for key, value in request._asdict().items() if value is not None}
    return SpokenFault(**given)
