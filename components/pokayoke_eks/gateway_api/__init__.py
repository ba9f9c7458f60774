"""Gateway API: the kinds of gateways and routes."""

from .component import GatewayApi

__all__ = ["GatewayApi"]
