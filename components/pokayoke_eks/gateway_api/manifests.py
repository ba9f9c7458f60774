"""Kinds from a release manifest, each version at the address that upstream gave it."""

import pulumi
from pulumi_kubernetes.yaml.v2 import ConfigFile

from ..handles import ClusterHandle

_CONTROLLER = "https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller"


def gateway_api(version: str) -> str:
    """The standard channel of a release (`v1.6.1`) of kubernetes-sigs/gateway-api."""
    return f"https://github.com/kubernetes-sigs/gateway-api/releases/download/{version}/standard-install.yaml"


def controller_gateway_kinds(version: str) -> str:
    """The `gateway.k8s.aws` kinds of a version (`3.5.0`) of the load balancer controller."""
    return f"{_controller_chart(version)}/crds/gateway-crds.yaml"


def controller_kinds(version: str) -> str:
    """The `elbv2.k8s.aws` kinds, and whatever else its chart's own manifest defines, of a version of the controller."""
    return f"{_controller_chart(version)}/crds/crds.yaml"


def applied(name: str, file: str, *, cluster: ClusterHandle, parent: pulumi.Resource) -> ConfigFile:
    """Every object of a manifest, from a file or an address, as a resource of its own: upgraded with its version and
    deleted with the stack. Applied by the server: these definitions are too large for an annotation of the client."""
    return ConfigFile(
        name,
        file=file,
        opts=pulumi.ResourceOptions(parent=parent, provider=cluster.provider, depends_on=cluster.control_plane),
    )


def _controller_chart(version: str) -> str:
    return f"{_CONTROLLER}/v{version}/helm/aws-load-balancer-controller"
