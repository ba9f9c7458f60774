"""List prices in us-east-1, US dollars an hour; other regions differ, and traffic is not counted.

Control planes: AWS containers blog, "Amazon EKS extended support for Kubernetes versions pricing" (2024-01), unchanged
in pages of 2026 (cloudburn.io, 2026-04-01). NAT gateways and public addresses: cloudburn.io, "AWS NAT Gateway Pricing"
(2026-02-24). Load balancers of every kind: clustercost.com, "Network Load Balancer Pricing" (2025). Instances:
`pokayoke_eks.instances`.
"""

from __future__ import annotations

STANDARD_SUPPORT = 0.10
EXTENDED_SUPPORT = 0.60
"""A control plane, all in all."""
NAT_GATEWAY = 0.045
PUBLIC_ADDRESS = 0.005
LOAD_BALANCER = 0.0225


def dollars(amount: float) -> str:
    """`$0.0672`: an hour's price, as precise as it is known."""
    whole, _, fraction = f"{amount:.4f}".partition(".")
    return f"${whole}.{fraction.rstrip('0'):0<2}"
