"""A Gateway of class `istio`: Envoys that istiod makes, behind an NLB that ends TLS. Pure.

Sources: Istio 1.30.3, `pilot/pkg/config/kube/gatewaycommon/deploymentcontroller.go` (what istiod makes of a Gateway,
and what the ConfigMap of its `parametersRef` may change); AWS Load Balancer Controller v3.5.0,
`docs/guide/service/annotations.md`.
"""

import json
from typing import Any

from ..config.gateway import GatewayConfig
from ..crds import Gateway
from ..crds.gateway_api import GatewayInfrastructure, GatewaySpec, Listener, LocalParametersReference
from ..crds.metadata import ObjectMeta
from .balancer import EXAMPLE, PLAIN_PORT, PORT, TARGETS, Around, attributes, listed
from .listeners import READY, attached

CLASS = "istio"
CONTROLLER_CLASS = "service.k8s.aws/nlb"
"""Of Services: the controller's, said outright."""
STATUS_PORT = 15021
REPLICAS = 2
SECONDS_TO_LEAVE = 30
"""From the end of a pod until its balancer knows of it, and a little longer."""
_PREFIX = "service.beta.kubernetes.io/aws-load-balancer-"


def gateway(config: GatewayConfig) -> Gateway:
    """Two listeners, both in plain HTTP: on 443 because the NLB has ended TLS before, on 80 for the redirect. The
    annotations hold examples where outputs go: see `annotations`."""
    return Gateway(
        metadata=ObjectMeta(name=config.variant, namespace=config.gateway, annotations=READY),
        spec=GatewaySpec(
            gateway_class_name=CLASS,
            listeners=(
                Listener(name="https", port=PORT, protocol="HTTP", allowed_routes=attached(config.gateway)),
                Listener(name="http", port=PLAIN_PORT, protocol="HTTP", allowed_routes=attached(config.gateway)),
            ),
            infrastructure=GatewayInfrastructure(
                annotations=annotations(config, EXAMPLE),
                parameters_ref=LocalParametersReference(group="", kind="ConfigMap", name=config.variant),
            ),
        ),
    )


def annotations(config: GatewayConfig, around: Around) -> dict[str, str]:
    """The listener as one value: certificate, ports, policy, scheme, subnets, target type, plain HTTP behind, and how
    the Envoys are asked whether they are well.

    Without `ssl-ports` the redirect's port would be TLS too.
    """
    said = {
        "scheme": config.scheme,
        "subnets": ",".join(around.subnets),
        "nlb-target-type": "ip",
        "ssl-cert": around.certificate,
        "ssl-ports": str(PORT),
        "ssl-negotiation-policy": config.tls_policy,
        "backend-protocol": "tcp",
        # Envoy takes HTTP/2 in plain text; without a protocol agreed on in the handshake no client would speak it.
        "alpn-policy": "HTTP2Preferred",
        "attributes": listed(attributes(config, around.bucket)),
        "target-group-attributes": listed(TARGETS),
        "healthcheck-protocol": "http",
        "healthcheck-port": str(STATUS_PORT),
        "healthcheck-path": "/healthz/ready",
    }
    return {f"{_PREFIX}{key}": value for key, value in said.items()}


def overlays(config: GatewayConfig) -> dict[str, str]:
    """What istiod's Deployment and Service are changed into (strategic merge patches, by kind).

    The Service loses the port on which Envoys tell of themselves, so that no listener leads there from outside; the
    balancer asks the pods. An Envoy that goes still answers until the balancer sends it nobody any more.
    """
    labels = {"matchLabels": {"gateway.networking.k8s.io/gateway-name": config.variant}}
    memory = "512Mi"
    pod: dict[str, Any] = {
        "terminationGracePeriodSeconds": 2 * SECONDS_TO_LEAVE,
        "topologySpreadConstraints": [
            {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "ScheduleAnyway", "labelSelector": labels}
            for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
        ],
        "containers": [
            {
                "name": "istio-proxy",
                "lifecycle": {"preStop": {"sleep": {"seconds": SECONDS_TO_LEAVE}}},
                "resources": {
                    "requests": {"cpu": "250m", "memory": memory},
                    "limits": {"cpu": "2", "memory": memory},
                },
            }
        ],
    }
    said: dict[str, Any] = {
        "deployment": {"spec": {"replicas": REPLICAS, "template": {"spec": pod}}},
        "service": {
            "spec": {"loadBalancerClass": CONTROLLER_CLASS, "ports": [{"$patch": "delete", "port": STATUS_PORT}]}
        },
        "podDisruptionBudget": {"spec": {"minAvailable": REPLICAS - 1}},
    }
    return {kind: json.dumps(overlay, separators=(",", ":")) for kind, overlay in said.items()}
