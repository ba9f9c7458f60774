"""What every part on top of a cluster has in common."""

from collections.abc import Mapping

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource

from .crds import Resource
from .handles import ClusterHandle
from .rules.finding import Finding


def of(cluster: ClusterHandle, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """The options of a part: made by the provider of the cluster's region and protected as the cluster is, unless
    `opts` say otherwise."""
    stated = opts is not None and opts.providers
    own = pulumi.ResourceOptions(protect=cluster.config.protected or None, provider=None if stated else cluster.account)
    return pulumi.ResourceOptions.merge(own, opts)


def require(cluster: ClusterHandle, *, name: str, region: str, part: str) -> None:
    """Raises ValueError where a part's config is of another cluster than the one that it is given."""
    if (name, region) != (cluster.config.name, cluster.config.region):
        raise ValueError(
            f"{part}: its config is of {name} in {region}, its cluster is {cluster.config.name} in "
            f"{cluster.config.region}"
        )


def refuse(part: str, finding: Finding | None) -> None:
    """Raises ValueError where there is a finding about a part."""
    if finding:
        raise ValueError(f"{part}: {finding}")


def custom_object(
    name: str, obj: Resource, outputs: Mapping[str, object], opts: pulumi.ResourceOptions
) -> CustomResource:
    """An object of a custom kind. What is plain was judged as the model was made; `outputs` take the place of parts of
    its spec."""
    manifest = obj.to_manifest()
    return CustomResource(
        name,
        api_version=manifest["apiVersion"],
        kind=manifest["kind"],
        metadata=manifest["metadata"],
        spec={**manifest["spec"], **outputs},
        opts=opts,
    )
