"""What several kinds of the AWS Load Balancer Controller share. Source: v3.5.0, `config/crd`."""

from typing import Literal

from ..constraints import Int32
from ..part import Part

IpAddressType = Literal["ipv4", "dualstack", "dualstack-without-public-ipv4"]
Scheme = Literal["internal", "internet-facing"]
TargetType = Literal["instance", "ip"]


class Attribute(Part):
    """One attribute of a balancer, a listener or a target group, as Elastic Load Balancing calls it."""

    key: str
    value: str


class MinimumLoadBalancerCapacity(Part):
    """Capacity that is kept ready, in LCUs."""

    capacity_units: Int32
