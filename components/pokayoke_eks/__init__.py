"""EKS platforms in which the documented failures cannot be written.

Names load on first use: the catalogue, the rules and the config are plain Python, and whoever needs only those (the
policy pack, an editor, a CI job) never pays for loading a provider's SDK.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cluster import Cluster
    from .config import (
        ApiAccess,
        ClusterConfig,
        DnsConfig,
        Dsql,
        DsqlConfig,
        Edge,
        ExternalDnsConfig,
        KarpenterConfig,
        Lifecycle,
        Limits,
        NetworkConfig,
        NodePoolsConfig,
        PlatformConfig,
        PoolConfig,
        StartupTaint,
        Taint,
    )
    from .config.existing import ExistingClusterConfig, ExistingNetworkConfig
    from .config.gateway import (
        GatewayApiConfig,
        GatewayConfig,
        IstioConfig,
        LoadBalancerControllerConfig,
        RouteConfig,
    )
    from .config.guardrails import GuardrailsConfig
    from .config.network_policies import NetworkPoliciesConfig, Traffic
    from .config.registry import Images, RegistryConfig
    from .config.state import StateBackendConfig
    from .dns import Certificate, Dns, ExternalDns
    from .dsql import DatabaseRole, MultiRegionDsql
    from .existing import ExistingCluster, ExistingNetwork
    from .gateway import DemoBackend, PublicGateway
    from .gateway_api import GatewayApi
    from .guardrails import Guardrails
    from .identity import IdentityConfig, PodSecurity, WorkloadIdentity
    from .istio import IstioAmbient
    from .karpenter import Karpenter
    from .load_balancer import LoadBalancerController
    from .network import Network
    from .network_policies import NetworkPolicies
    from .node_pools import NodePools
    from .registry import Registry
    from .state_backend import StateBackend

_HOME = {
    "ApiAccess": "config",
    "Certificate": "dns",
    "Cluster": "cluster",
    "ClusterConfig": "config",
    "DatabaseRole": "dsql",
    "DemoBackend": "gateway",
    "Dns": "dns",
    "DnsConfig": "config",
    "Dsql": "config",
    "DsqlConfig": "config",
    "Edge": "config",
    "ExistingCluster": "existing",
    "ExistingClusterConfig": "config.existing",
    "ExistingNetwork": "existing",
    "ExistingNetworkConfig": "config.existing",
    "ExternalDns": "dns",
    "ExternalDnsConfig": "config",
    "GatewayApi": "gateway_api",
    "GatewayApiConfig": "config.gateway",
    "GatewayConfig": "config.gateway",
    "Guardrails": "guardrails",
    "GuardrailsConfig": "config.guardrails",
    "IdentityConfig": "identity",
    "Images": "config.registry",
    "IstioAmbient": "istio",
    "IstioConfig": "config.gateway",
    "Karpenter": "karpenter",
    "KarpenterConfig": "config",
    "Lifecycle": "config",
    "Limits": "config",
    "LoadBalancerController": "load_balancer",
    "LoadBalancerControllerConfig": "config.gateway",
    "MultiRegionDsql": "dsql",
    "Network": "network",
    "NetworkConfig": "config",
    "NetworkPolicies": "network_policies",
    "NetworkPoliciesConfig": "config.network_policies",
    "NodePools": "node_pools",
    "NodePoolsConfig": "config",
    "PlatformConfig": "config",
    "PodSecurity": "identity",
    "PoolConfig": "config",
    "PublicGateway": "gateway",
    "Registry": "registry",
    "RegistryConfig": "config.registry",
    "RouteConfig": "config.gateway",
    "StartupTaint": "config",
    "StateBackend": "state_backend",
    "StateBackendConfig": "config.state",
    "Taint": "config",
    "Traffic": "config.network_policies",
    "WorkloadIdentity": "identity",
}

__all__ = [
    "ApiAccess",
    "Certificate",
    "Cluster",
    "ClusterConfig",
    "DatabaseRole",
    "DemoBackend",
    "Dns",
    "DnsConfig",
    "Dsql",
    "DsqlConfig",
    "Edge",
    "ExistingCluster",
    "ExistingClusterConfig",
    "ExistingNetwork",
    "ExistingNetworkConfig",
    "ExternalDns",
    "ExternalDnsConfig",
    "GatewayApi",
    "GatewayApiConfig",
    "GatewayConfig",
    "Guardrails",
    "GuardrailsConfig",
    "IdentityConfig",
    "Images",
    "IstioAmbient",
    "IstioConfig",
    "Karpenter",
    "KarpenterConfig",
    "Lifecycle",
    "Limits",
    "LoadBalancerController",
    "LoadBalancerControllerConfig",
    "MultiRegionDsql",
    "Network",
    "NetworkConfig",
    "NetworkPolicies",
    "NetworkPoliciesConfig",
    "NodePools",
    "NodePoolsConfig",
    "PlatformConfig",
    "PodSecurity",
    "PoolConfig",
    "PublicGateway",
    "Registry",
    "RegistryConfig",
    "RouteConfig",
    "StartupTaint",
    "StateBackend",
    "StateBackendConfig",
    "Taint",
    "Traffic",
    "WorkloadIdentity",
]


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
