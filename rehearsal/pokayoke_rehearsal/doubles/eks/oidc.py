"""The IAM identity provider for the cluster's service accounts."""

from __future__ import annotations

import pulumi

from pokayoke_rehearsal.doubles.eks.children import Custom, child_of, invoke
from pokayoke_rehearsal.doubles.eks.values import pick

THUMBPRINT = "27c8e893fb57c5c6d7cf8297154bca5d5d1c00a6"
"""Stands for the fingerprint of the issuer's certificate authority, which the real component fetches over HTTPS; it is
the one in the recordings. IAM looks at none where it trusts the authority, as with EKS (IAM user guide, "Obtain the
thumbprint for an OpenID Connect identity provider")."""


def oidc_provider(name: str, cluster: Custom, parent: pulumi.Resource) -> Custom:
    """The identity provider `<name>-oidcProvider`."""
    region = pick(invoke("aws:index/getRegion:getRegion", {}, parent), "name")
    issuer = cluster.out("identities").apply(lambda found: found[0]["oidcs"][0]["issuer"])
    return Custom(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        f"{name}-oidcProvider",
        {
            "clientIdLists": ["sts.amazonaws.com"],
            "url": issuer,
            "thumbprintLists": [region.apply(lambda _: THUMBPRINT)],
        },
        child_of(parent),
    )
