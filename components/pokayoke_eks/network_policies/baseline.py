"""What every pod needs, and what therefore no policy of ours ever denies."""

from ipaddress import IPv4Network

from pulumi_kubernetes.meta.v1 import LabelSelectorArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicySpecArgs,
)

from ..config.network_policies import NetworkPoliciesConfig
from ..handles import ClusterHandle
from .peers import addresses, pods, ports

API_SERVER_PORT = 443
DNS = {"k8s-app": "kube-dns"}
"""The label of CoreDNS's pods, in kube-system (EKS add-on coredns)."""
DNS_PORT = 53
AGENT, AGENT_PORT = IPv4Network("169.254.170.23/32"), 80
"""Where pods get credentials (EKS user guide, "Set up the Amazon EKS Pod Identity Agent")."""
HBONE_PORT = 15008
PROBES = IPv4Network("169.254.7.127/32")
"""Whence a kubelet's probes come to a pod of the ambient mesh. Both: Istio, "Ambient and Kubernetes NetworkPolicy"."""


def policy(config: NetworkPoliciesConfig, cluster: ClusterHandle) -> NetworkPolicySpecArgs:
    """For all pods of a namespace, both ways; whatever it does not name is denied."""
    return NetworkPolicySpecArgs(
        pod_selector=LabelSelectorArgs(),
        policy_types=["Ingress", "Egress"],
        ingress=_ingress(config, cluster),
        egress=_egress(config, cluster),
    )


def _egress(config: NetworkPoliciesConfig, cluster: ClusterHandle) -> list[NetworkPolicyEgressRuleArgs]:
    # A Service's address becomes that of a pod, here of the control plane, before or after a policy looks at it,
    # depending on the network plugin: both are allowed.
    server = [_api_server(cluster.config.service_cidr), *cluster.control_plane_ranges]
    rules = [
        NetworkPolicyEgressRuleArgs(to=addresses(server), ports=ports([API_SERVER_PORT])),
        NetworkPolicyEgressRuleArgs(
            to=[pods(["kube-system"], DNS)], ports=[*ports([DNS_PORT], "UDP"), *ports([DNS_PORT], "TCP")]
        ),
        NetworkPolicyEgressRuleArgs(to=addresses([AGENT]), ports=ports([AGENT_PORT])),
    ]
    if config.mesh:
        rules.append(NetworkPolicyEgressRuleArgs(to=[_any_pod()], ports=ports([HBONE_PORT])))
    return rules


def _ingress(config: NetworkPoliciesConfig, cluster: ClusterHandle) -> list[NetworkPolicyIngressRuleArgs]:
    rules: list[NetworkPolicyIngressRuleArgs] = []
    if config.webhook_ports:
        called_from = addresses(cluster.control_plane_ranges)
        rules.append(NetworkPolicyIngressRuleArgs(from_=called_from, ports=ports(config.webhook_ports)))
    if config.mesh:
        rules.append(NetworkPolicyIngressRuleArgs(from_=[_any_pod()], ports=ports([HBONE_PORT])))
        rules.append(NetworkPolicyIngressRuleArgs(from_=addresses([PROBES])))
    return rules


def _api_server(services: IPv4Network) -> IPv4Network:
    """The address of the Service `kubernetes`: the first of the range (Kubernetes, "Service ClusterIP allocation")."""
    return IPv4Network((int(services.network_address) + 1, 32))


def _any_pod() -> NetworkPolicyPeerArgs:
    return NetworkPolicyPeerArgs(namespace_selector=LabelSelectorArgs())
