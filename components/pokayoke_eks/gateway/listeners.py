"""What the listeners of all gateways share. Pure."""

from ..crds.gateway_api import AllowedRoutes, RouteNamespaces
from ..crds.label_selector import LabelSelector

READY = {"pulumi.com/waitFor": '["condition=Programmed", "jsonpath={.status.addresses[0].value}"]'}
"""Pulumi's word for: a Gateway is there when its balancer is, and has an address."""
ATTACHED = "pokayoke-eks/gateway"
"""The label of namespaces whose routes a gateway takes: its name."""


def attached(gateway: str) -> AllowedRoutes:
    """Routes of namespaces that are labelled for this gateway, and of no other."""
    return AllowedRoutes(
        namespaces=RouteNamespaces(from_="Selector", selector=LabelSelector(match_labels={ATTACHED: gateway}))
    )
