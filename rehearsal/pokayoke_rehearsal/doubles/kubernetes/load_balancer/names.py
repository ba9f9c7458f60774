"""The names by which the controller's objects are known.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/shared_constants and pkg/gateway.
"""

from __future__ import annotations

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind

MANAGER = "aws-load-balancer-controller"

SERVICE = Kind("", "v1", "Service")
POD = Kind("", "v1", "Pod")
NODE = Kind("", "v1", "Node")
INGRESS = Kind("networking.k8s.io", "v1", "Ingress")
INGRESS_CLASS = Kind("networking.k8s.io", "v1", "IngressClass")
BINDING = Kind("elbv2.k8s.aws", "v1beta1", "TargetGroupBinding")
CLASS_PARAMETERS = Kind("elbv2.k8s.aws", "v1beta1", "IngressClassParams")

_API = "gateway.networking.k8s.io"
GATEWAY = Kind(_API, "v1", "Gateway")
GATEWAY_CLASS = Kind(_API, "v1", "GatewayClass")
L4_ROUTES = tuple(Kind(_API, "v1", kind) for kind in ("TCPRoute", "UDPRoute", "TLSRoute"))
L7_ROUTES = tuple(Kind(_API, "v1", kind) for kind in ("HTTPRoute", "GRPCRoute"))

_OWN = "gateway.k8s.aws"
CONFIGURATION = Kind(_OWN, "v1", "LoadBalancerConfiguration")
TARGET_CONFIGURATION = Kind(_OWN, "v1", "TargetGroupConfiguration")
RULE_CONFIGURATION = Kind(_OWN, "v1", "ListenerRuleConfiguration")

SERVICE_FINALIZER = "service.k8s.aws/resources"
INGRESS_FINALIZER = "ingress.k8s.aws/resources"
GROUP_FINALIZER = "group.ingress.k8s.aws/"
"""Followed by the name of an explicit group of Ingresses."""
BINDING_FINALIZER = "elbv2.k8s.aws/resources"
CLASS_FINALIZER = "gateway.k8s.aws/gatewayclass"
CONFIGURATION_FINALIZERS = {
    CONFIGURATION: "gateway.k8s.aws/loadbalancerconfigurations",
    TARGET_CONFIGURATION: "gateway.k8s.aws/targetgroupconfigurations",
    RULE_CONFIGURATION: "gateway.k8s.aws/listenerruleconfigurations",
}
CONTROLLERS = {"gateway.k8s.aws/nlb": "network", "gateway.k8s.aws/alb": "application"}
"""The controller names of GatewayClasses, each also the finalizer of its Gateways, with the kind of balancer."""

SERVICE_CLASS = "service.k8s.aws/nlb"
INGRESS_CONTROLLER = "ingress.k8s.aws/alb"

CLUSTER_TAG = "elbv2.k8s.aws/cluster"
RESOURCE_TAG = "elbv2.k8s.aws/resource"
BACKEND = "backend-sg"
"""Value of the resource tag on the security group that all balancers of a cluster share."""
