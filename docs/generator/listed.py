"""The components that have a page, from the ground up."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Component:
    """A component, the models that its config is written in, and the documented failures that it holds."""

    name: str
    configs: tuple[str, ...]
    after: tuple[str, ...]
    """Whose examples its own goes on from."""
    holds: tuple[str, ...]

    @property
    def file(self) -> str:
        """`load-balancer-controller.md` for `LoadBalancerController`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", self.name).lower() + ".md"


COMPONENTS = (
    Component(
        "Network",
        ("NetworkConfig",),
        (),
        ("no-egress", "subnet-ip-exhaustion", "subnet-tags-missing", "stale-vpc-id", "vpc-delete-blocked"),
    ),
    Component(
        "Cluster",
        ("ClusterConfig",),
        ("Network",),
        (
            "extended-support",
            "control-plane-ports-blocked",
            "security-group-selector",
            "node-role-policies-missing",
            "ami-architecture-mismatch",
            "ami-version-skew",
            "duplicate-node-role",
            "missing-resource-limits",
            "dependency-cycle",
            "vpc-delete-blocked",
        ),
    ),
    Component(
        "ExistingNetwork",
        ("ExistingNetworkConfig",),
        (),
        ("stale-vpc-id", "no-egress", "subnet-tags-missing", "subnet-ip-exhaustion"),
    ),
    Component(
        "ExistingCluster",
        ("ExistingClusterConfig",),
        ("ExistingNetwork",),
        (
            "stale-vpc-id",
            "security-group-selector",
            "control-plane-ports-blocked",
            "in-tree-load-balancer",
            "extended-support",
        ),
    ),
    Component(
        "WorkloadIdentity",
        ("IdentityConfig",),
        ("Network", "Cluster"),
        ("pod-identity-namespace-mismatch", "duplicate-node-role", "leftover-node-role"),
    ),
    Component(
        "NetworkPolicies",
        ("NetworkPoliciesConfig",),
        ("Network", "Cluster", "WorkloadIdentity"),
        ("network-policy-blocks-api-server", "webhook-not-ready"),
    ),
    Component(
        "Guardrails",
        ("GuardrailsConfig",),
        ("Network", "Cluster"),
        (
            "unresolved-placeholder",
            "missing-resource-limits",
            "network-policy-blocks-api-server",
            "in-tree-load-balancer",
            "discontinued-image",
            "mutable-image-tag",
            "manual-change-drift",
        ),
    ),
    Component(
        "Karpenter",
        ("KarpenterConfig",),
        ("Network", "Cluster"),
        (
            "controller-permission-missing",
            "pod-identity-namespace-mismatch",
            "public-registry-credentials",
            "untyped-helm-values",
            "duplicate-node-role",
            "leftover-node-role",
            "node-role-policies-missing",
            "missing-resource-limits",
        ),
    ),
    Component(
        "NodePools",
        ("NodePoolsConfig",),
        ("Network", "Cluster", "Karpenter"),
        (
            "unbounded-instance-size",
            "image-architecture-mismatch",
            "security-group-selector",
            "subnet-tags-missing",
            "startup-taint-deadlock",
            "user-data-invalid",
            "incompatible-requirements",
            "subnet-ip-exhaustion",
            "crd-not-installed",
        ),
    ),
    Component("GatewayApi", ("GatewayApiConfig",), ("Network", "Cluster"), ("crd-not-installed", "deployment-waves")),
    Component(
        "LoadBalancerController",
        ("LoadBalancerControllerConfig",),
        ("Network", "Cluster", "GatewayApi"),
        (
            "lbc-iam-incomplete",
            "webhook-not-ready",
            "in-tree-load-balancer",
            "stale-vpc-id",
            "vpc-delete-blocked",
            "crd-not-installed",
            "untyped-helm-values",
        ),
    ),
    Component(
        "IstioAmbient",
        ("IstioConfig",),
        ("Network", "Cluster", "GatewayApi"),
        ("istio-gateway-chart-in-ambient", "deployment-waves", "untyped-helm-values"),
    ),
    Component(
        "Dns", ("DnsConfig",), ("Network",), ("stale-dns-record", "alias-zone-mismatch", "environment-isolation")
    ),
    Component(
        "ExternalDns",
        ("ExternalDnsConfig",),
        ("Network", "Cluster", "GatewayApi", "Dns"),
        ("stale-dns-record", "alias-zone-mismatch", "environment-isolation"),
    ),
    Component(
        "PublicGateway",
        ("GatewayConfig", "RouteConfig"),
        (
            "Network",
            "Cluster",
            "Karpenter",
            "NodePools",
            "GatewayApi",
            "LoadBalancerController",
            "IstioAmbient",
            "Dns",
            "ExternalDns",
        ),
        (
            "nlb-tls-termination",
            "in-tree-load-balancer",
            "webhook-not-ready",
            "vpc-delete-blocked",
            "istio-gateway-chart-in-ambient",
            "stale-dns-record",
        ),
    ),
    Component(
        "DemoBackend",
        (),
        ("PublicGateway",),
        ("image-architecture-mismatch", "mutable-image-tag", "missing-resource-limits"),
    ),
    Component("MultiRegionDsql", ("DsqlConfig",), ("Network",), ("dsql-delete-deadlock", "environment-isolation")),
    Component(
        "Registry",
        ("RegistryConfig",),
        ("Network",),
        ("registry-not-empty", "mutable-image-tag", "environment-isolation"),
    ),
    Component("StateBackend", ("StateBackendConfig",), (), ("state-bucket-not-empty", "environment-isolation")),
)
