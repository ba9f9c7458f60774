"""Kinds from a release manifest."""

import pulumi
from pulumi_kubernetes.yaml.v2 import ConfigFile

from ..handles import ClusterHandle


def applied(name: str, file: str, *, cluster: ClusterHandle, parent: pulumi.Resource) -> ConfigFile:
    """Every object of a manifest, from a file or an address, as a resource of its own: upgraded with its version and
    deleted with the stack. Applied by the server: these definitions are too large for an annotation of the client."""
    return ConfigFile(
        name,
        file=file,
        opts=pulumi.ResourceOptions(parent=parent, provider=cluster.provider, depends_on=cluster.control_plane),
    )
