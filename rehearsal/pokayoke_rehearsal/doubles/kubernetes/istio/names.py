"""The names by which Istio's objects are known (istio/istio 1.31.0-rc.0)."""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.attachment import GROUP
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind

NAMESPACE = "istio-system"
MODE = "istio.io/dataplane-mode"
"""The label by which namespaces and pods are in the mesh, or not."""
MANAGER = "pilot-discovery"
CONTROLLER = "istio.io/gateway-controller"
"""The controller of class `istio`, and the field manager of what is made for its Gateways."""

CLASSES = {
    "istio": (CONTROLLER, "The default Istio GatewayClass"),
    "istio-remote": (
        "istio.io/unmanaged-gateway",
        "Remote to this cluster. Does not deploy or affect configuration.",
    ),
    "istio-waypoint": ("istio.io/mesh-controller", "The default Istio waypoint GatewayClass"),
}
"""The GatewayClasses that istiod makes by itself where they are missing (the last one in ambient only)."""

ROUTES = tuple(Kind(GROUP, "v1", kind) for kind in ("HTTPRoute", "GRPCRoute", "TLSRoute"))

INJECTOR = "istio-sidecar-injector"
"""The ConfigMap with istiod's values, and the injecting webhooks."""
SERVICE = "istiod"
NODE_AGENT = {"k8s-app": "istio-cni-node"}
NOT_READY = "cni.istio.io/not-ready"
"""The taint that istiod, told so, takes off nodes whose agent is ready."""

PILOT, PROXY, AGENT, ZTUNNEL = "pilot", "proxyv2", "install-cni", "ztunnel"
"""Images, without hub and tag."""
