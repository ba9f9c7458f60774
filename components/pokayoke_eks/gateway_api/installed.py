"""The kinds that a cluster has already: looked at, never changed."""

from collections.abc import Mapping, Sequence

import pulumi
from pulumi_kubernetes.apiextensions.v1 import CustomResourceDefinition
from pulumi_kubernetes.apiextensions.v1.outputs import CustomResourceDefinitionVersion

from ..handles import ClusterHandle

SERVED: Mapping[str, str] = {
    **{
        f"{kind}.gateway.networking.k8s.io": "v1"
        for kind in ("gatewayclasses", "gateways", "httproutes", "grpcroutes", "tlsroutes", "tcproutes", "udproutes")
    },
    **{f"{kind}configurations.gateway.k8s.aws": "v1" for kind in ("listenerrule", "loadbalancer", "targetgroup")},
}
"""What the controller looks for as it starts, and in which version: a kind that is missing switches its gateways off
without a word (kubernetes-sigs/aws-load-balancer-controller v3.5.0, `pkg/gateway/crddetect`)."""


def looked_at(name: str, *, cluster: ClusterHandle, parent: pulumi.Resource) -> list[pulumi.Resource]:
    """Reads every definition; the program fails where the cluster lacks one, or serves another version of it."""
    return [_definition(f"{name}-{kind}", kind, version, cluster, parent) for kind, version in SERVED.items()]


def _definition(
    name: str, kind: str, version: str, cluster: ClusterHandle, parent: pulumi.Resource
) -> CustomResourceDefinition:
    found = CustomResourceDefinition.get(
        name,
        kind,
        opts=pulumi.ResourceOptions(parent=parent, provider=cluster.provider, protect=False),
    )
    found.spec.versions.apply(lambda versions: _require_served(kind, version, versions))
    return found


def _require_served(kind: str, version: str, versions: Sequence[CustomResourceDefinitionVersion]) -> None:
    served = [one.name for one in versions if one.served]
    if version not in served:
        raise pulumi.RunError(
            f"the cluster serves {kind} as {', '.join(served) or 'nothing'}, the controllers need {version} "
            "[crd-not-installed]. Upgrade the definitions, or leave `installed` out so that they are applied."
        )
