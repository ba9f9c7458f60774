"""Objects of a gateway in the cluster."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource

from .. import parts
from ..crds import Resource
from ..handles import ClusterHandle

MINUTES_UNTIL_READY = 20
"""A node for the gateway's own pods, where there is none yet, then a balancer."""
MINUTES_UNTIL_GONE = 20


class Objects:
    """Makes custom objects of one component: what is plain was judged as the model was made, only outputs are new."""

    def __init__(self, name: str, *, cluster: ClusterHandle, parent: pulumi.Resource) -> None:
        self._name, self._cluster, self._parent = name, cluster, parent

    def make(
        self, name: str, obj: Resource, outputs: Mapping[str, Any] | None = None, *, after: Sequence[pulumi.Resource]
    ) -> CustomResource:
        """An object that comes after others, and goes before them; `outputs` take the place of parts of its spec."""
        return parts.custom_object(f"{self._name}-{name}", obj, outputs or {}, self.options(after))

    def options(self, after: Sequence[pulumi.Resource]) -> pulumi.ResourceOptions:
        """Of whatever waits for a balancer as it comes and as it goes."""
        return pulumi.ResourceOptions(
            parent=self._parent,
            provider=self._cluster.provider,
            depends_on=list(after),
            custom_timeouts=pulumi.CustomTimeouts(
                create=f"{MINUTES_UNTIL_READY}m", update=f"{MINUTES_UNTIL_READY}m", delete=f"{MINUTES_UNTIL_GONE}m"
            ),
        )


class AddressedGateway(pulumi.CustomResource):
    """A Gateway, of which the address is asked once its controller has written it there."""

    status: pulumi.Output[Any]

    def __init__(self, name: str, obj: Resource, outputs: Mapping[str, Any], opts: pulumi.ResourceOptions) -> None:
        manifest = obj.to_manifest()
        inputs = {**manifest, "spec": {**manifest["spec"], **outputs}, "status": None}
        super().__init__(f"kubernetes:{manifest['apiVersion']}:{manifest['kind']}", name, inputs, opts)

    @property
    def address(self) -> pulumi.Output[str]:
        """The balancer's host name."""
        return self.status.apply(_address)


def _address(status: Mapping[str, Any] | None) -> str:
    addresses: Sequence[Mapping[str, str]] = (status or {}).get("addresses") or ()
    return addresses[0]["value"] if addresses else ""
