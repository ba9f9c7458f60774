"""List prices of what stands beside instances, in us-east-1, US dollars an hour; others differ, traffic is not counted.

Control planes: AWS containers blog, "Amazon EKS extended support for Kubernetes versions pricing" (2024-01), unchanged
in pages of 2026 (cloudburn.io, 2026-04-01). NAT gateways and public addresses: cloudburn.io, "AWS NAT Gateway Pricing"
(2026-02-24). Load balancers of every kind: clustercost.com, "Network Load Balancer Pricing" (2025).
"""

STANDARD_SUPPORT = 0.10
EXTENDED_SUPPORT = 0.60
"""A control plane, all in all."""
NAT_GATEWAY = 0.045
PUBLIC_ADDRESS = 0.005
LOAD_BALANCER = 0.0225
