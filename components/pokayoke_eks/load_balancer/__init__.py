"""The AWS Load Balancer Controller: load balancers that Gateways, Services and Ingresses ask for."""

from .component import LoadBalancerController

__all__ = ["LoadBalancerController"]
