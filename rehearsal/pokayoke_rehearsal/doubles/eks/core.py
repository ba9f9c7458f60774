"""The cluster that a node group is for: the component, or what it says of itself as `core`."""

from __future__ import annotations

from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.references import KnownComponent
from pokayoke_rehearsal.doubles.eks.values import Value, output


def core_of(cluster: Value) -> pulumi.Output[Any]:
    """The core data, whichever of the two was given; raises `InputPropertyError` where neither was."""
    if cluster is None:
        raise pulumi.InputPropertyError("cluster", "the cluster that the nodes are for is required")

    def resolve(found: Any) -> Any:
        return found.out("core") if isinstance(found, KnownComponent) else found

    return output(cluster).apply(resolve, True)
