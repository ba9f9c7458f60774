"""Release manifests: what stands at the addresses that upstream projects gave their releases, whatever the version.

The rehearsal fetches nothing. The kinds are those of the versions named in each module; an older or newer release is
taken to define the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pokayoke_rehearsal.doubles.kubernetes.manifests import gateway_api, load_balancer_controller
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, fields

Manifest = Callable[[str], list[Object]]
"""What stands at an address, given the version that it names (empty where it names none)."""


class Manifests:
    """The known addresses; `{version}` in one stands for any version."""

    def __init__(self) -> None:
        self._known: dict[str, Manifest] = {}
        for address, manifest in (*gateway_api.MANIFESTS, *load_balancer_controller.MANIFESTS):
            self.add(address, manifest)

    def add(self, address: str, manifest: Manifest) -> None:
        """Makes an address known."""
        self._known[address] = manifest

    def read(self, address: str) -> list[Object] | None:
        """Fresh objects, None for an address that is not known."""
        for known, manifest in self._known.items():
            found = re.fullmatch(re.escape(known).replace(re.escape("{version}"), "([^/]+)"), address)
            if found is not None:
                return [fields(obj) for obj in manifest(next(iter(found.groups()), ""))]
        return None

    @property
    def addresses(self) -> list[str]:
        """All known addresses."""
        return sorted(self._known)
