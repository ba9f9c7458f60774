"""Service addresses, handed out in order from the cluster's service range."""

from __future__ import annotations

from ipaddress import ip_network

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, fields

_RANGE = ip_network("172.20.0.0/16")


class Addresses:
    """The service range of a cluster: its first address belongs to the API server, as everywhere."""

    def __init__(self) -> None:
        self._hosts = _RANGE.hosts()
        self.api_server = str(next(self._hosts))

    def assign(self, service: Object) -> None:
        """Gives a new Service its address, unless it asks for none or for one of its own."""
        spec = fields(service.get("spec"))
        if spec.get("type") == "ExternalName" or "clusterIP" in spec:
            return
        spec["clusterIP"] = str(next(self._hosts))
