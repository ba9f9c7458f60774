"""The kubeconfig of a new cluster: a user that gets its token from the `aws` CLI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.children import Custom
from pokayoke_rehearsal.doubles.eks.values import Value, given, joined, json_text, pick, tidy

_EXEC_API = "client.authentication.k8s.io/v1beta1"


def kubeconfig(
    cluster: Custom, endpoint: pulumi.Output[Any], credentials: Value, *, with_profile: bool
) -> pulumi.Output[Any]:
    """The kubeconfig as an object; `credentials` names a role or a profile, which is left out of what others get."""
    values = joined(
        cluster.out("name"), endpoint, cluster.out("certificateAuthority"), credentials, region(cluster.out("arn"))
    )
    return values.apply(lambda found: _document(*found, with_profile=with_profile))


def region(arn: pulumi.Output[Any]) -> pulumi.Output[Any]:
    """The region in a cluster's ARN."""
    return arn.apply(_region)


def _region(arn: str) -> str:
    parts = arn.split(":")
    if len(parts) < 4 or parts[0] != "arn":
        raise pulumi.RunError(f"Invalid ARN: '{arn}'")
    return parts[3]


def _document(
    name: str,
    endpoint: str,
    authority: Mapping[str, Value] | None,
    credentials: Mapping[str, Value] | None,
    region_name: str,
    *,
    with_profile: bool,
) -> Value:
    arguments = ["--region", region_name, "eks", "get-token", "--cluster-name", name, "--output", "json"]
    role, profile = (credentials or {}).get("roleArn"), (credentials or {}).get("profileName")
    arguments += ["--role", role] if given(role) else []
    arguments += ["--profile", profile] if with_profile and given(profile) else []
    exec_info = {"name": "KUBERNETES_EXEC_INFO", "value": '{"apiVersion": "' + _EXEC_API + '"}'}
    token = {"apiVersion": _EXEC_API, "command": "aws", "args": arguments, "env": [exec_info]}
    server = {"server": endpoint, "certificate-authority-data": (authority or {}).get("data")}
    return tidy(
        {
            "apiVersion": "v1",
            "clusters": [{"cluster": server, "name": "kubernetes"}],
            "contexts": [{"context": {"cluster": "kubernetes", "user": "aws"}, "name": "aws"}],
            "current-context": "aws",
            "kind": "Config",
            "users": [{"name": "aws", "user": {"exec": token}}],
        }
    )


def method(cluster: Value, arguments: Mapping[str, Value]) -> pulumi.Output[Any]:
    """`eks:index:Cluster/getKubeconfig`: the text of a kubeconfig with a profile or role of the caller's choice."""
    found = cluster.out("eksCluster")
    credentials = {key: arguments.get(key) for key in ("profileName", "roleArn")}
    values = joined(
        pick(found, "name"),
        pick(found, "endpoint"),
        pick(found, "certificateAuthority"),
        credentials,
        region(pick(found, "arn")),
    )
    return values.apply(lambda parts: json_text(_document(*parts, with_profile=True)))
