"""Gateways: hosts, their balancer with its certificate, and routes to Services."""

from .component import PublicGateway
from .demo import DemoBackend

__all__ = ["DemoBackend", "PublicGateway"]
