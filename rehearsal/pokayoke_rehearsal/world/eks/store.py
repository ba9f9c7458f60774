"""The store that all EKS operations work on: one per region, a backend of moto's."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
from __future__ import annotations

from typing import Any

from moto.core.base_backend import BaseBackend

from pokayoke_rehearsal.world.eks.state import Cluster, not_found
from pokayoke_rehearsal.world.model import World


class Backend(BaseBackend):
    """The clusters of one region. `world` is set on the class when a world starts: moto makes backends by itself."""

    world: World

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.clusters: dict[str, Cluster] = {}

    @property
    def _url_module(self) -> Any:
        from pokayoke_rehearsal.world.eks import responses

        return responses

    def cluster(self, name: str) -> Cluster:
        found = self.clusters.get(name)
        if found is None:
            raise not_found(f"No cluster found for name: {name}.")
        return found
