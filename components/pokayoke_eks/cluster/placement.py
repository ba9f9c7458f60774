"""Where the platform's own pods run: on the system nodes, which nothing else may use."""

from ..handles import Placement

LABEL = "pokayoke-eks/nodes"
SYSTEM = "system"
TAINT = "CriticalAddonsOnly"
"""Kubernetes' own word for it: add-ons of EKS and the chart of Karpenter tolerate it unasked, the other platform charts
are told to. What an application brings goes to the pools; the sum of what is placed here stays what was computed."""

NODE_SELECTOR: dict[str, str] = {LABEL: SYSTEM}
TOLERATIONS: list[dict[str, str]] = [{"key": TAINT, "operator": "Exists"}]
SYSTEM_NODES = Placement(NODE_SELECTOR, TOLERATIONS)
