"""What a config allows beyond the baseline."""

from collections.abc import Sequence

from pulumi_kubernetes.meta.v1 import LabelSelectorArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicySpecArgs,
)

from ..config.network_policies import NetworkPoliciesConfig, Traffic
from .peers import addresses, pods, ports


def policy(config: NetworkPoliciesConfig) -> NetworkPolicySpecArgs:
    """A rule each for what is stated; what is not stated stays as the baseline has it."""
    return NetworkPolicySpecArgs(
        pod_selector=LabelSelectorArgs(),
        policy_types=["Ingress", "Egress"],
        ingress=[
            NetworkPolicyIngressRuleArgs(from_=_peers(one), ports=ports(one.ports, one.protocol))
            for one in config.ingress
        ],
        egress=[
            NetworkPolicyEgressRuleArgs(to=_peers(one), ports=ports(one.ports, one.protocol)) for one in config.egress
        ],
    )


def _peers(traffic: Traffic) -> Sequence[NetworkPolicyPeerArgs]:
    return addresses(traffic.ranges) if traffic.ranges else [pods(traffic.namespaces, traffic.pods)]
