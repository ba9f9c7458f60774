"""Istio's own kinds, which its base chart brings and Helm keeps.

Source: istio/istio 1.31.0-rc.0, manifests/charts/base/files/crd-all.gen.yaml.
"""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.definitions import CustomKind
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object

_ALL = ("v1", "v1alpha3", "v1beta1")
KINDS = (
    CustomKind("extensions.istio.io", "TrafficExtension", "trafficextensions", True, ("v1alpha1",), "v1alpha1"),
    CustomKind("extensions.istio.io", "WasmPlugin", "wasmplugins", True, ("v1alpha1",), "v1alpha1"),
    CustomKind("networking.istio.io", "DestinationRule", "destinationrules", True, _ALL, "v1"),
    CustomKind("networking.istio.io", "EnvoyFilter", "envoyfilters", True, ("v1alpha3",), "v1alpha3"),
    CustomKind("networking.istio.io", "Gateway", "gateways", True, _ALL, "v1"),
    CustomKind("networking.istio.io", "ProxyConfig", "proxyconfigs", True, ("v1beta1",), "v1beta1"),
    CustomKind("networking.istio.io", "ServiceEntry", "serviceentries", True, _ALL, "v1"),
    CustomKind("networking.istio.io", "Sidecar", "sidecars", True, _ALL, "v1"),
    CustomKind("networking.istio.io", "VirtualService", "virtualservices", True, _ALL, "v1"),
    CustomKind("networking.istio.io", "WorkloadEntry", "workloadentries", True, _ALL, "v1"),
    CustomKind("networking.istio.io", "WorkloadGroup", "workloadgroups", True, _ALL, "v1"),
    CustomKind("security.istio.io", "AuthorizationPolicy", "authorizationpolicies", True, ("v1", "v1beta1"), "v1"),
    CustomKind("security.istio.io", "PeerAuthentication", "peerauthentications", True, ("v1", "v1beta1"), "v1"),
    CustomKind("security.istio.io", "RequestAuthentication", "requestauthentications", True, ("v1", "v1beta1"), "v1"),
    CustomKind("telemetry.istio.io", "Telemetry", "telemetries", True, ("v1", "v1alpha1"), "v1alpha1"),
)


def definitions() -> list[Object]:
    """All of them; an uninstallation leaves them where they are."""
    return [kind.definition({"helm.sh/resource-policy": "keep"}) for kind in KINDS]
