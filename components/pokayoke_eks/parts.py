"""What every part on top of a cluster has in common."""

import pulumi

from .handles import ClusterHandle


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
