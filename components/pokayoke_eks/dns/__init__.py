"""DNS: the hosted zone, certificates for hosts in it, and records that follow the routes."""

from .certificate import Certificate
from .external_dns import ExternalDns
from .zone import Dns

__all__ = ["Certificate", "Dns", "ExternalDns"]
