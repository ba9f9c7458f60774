"""The resources and functions of other packages, as the component uses them: by token and raw properties.

The SDKs of those packages are not imported (they take seconds); what they add to a request is here instead: their
version, which gives the children default providers of their own, former types, and the defaults that a class fills in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi.runtime

from pokayoke_rehearsal.doubles.eks.values import Args, Value, tidy

VERSIONS = {"aws": "7.25.0", "kubernetes": "4.21.1", "eks": "4.4.0"}
"""Versions of the SDKs that the component of pulumi-eks 4.4.0 was built with (`sdk_version` in the recordings)."""

Properties = Mapping[str, Any]

_READ = {
    "aws:autoscaling/group:Group": ("name",),
    "aws:cloudformation/stack:Stack": ("outputs",),
    "aws:ec2/keyPair:KeyPair": ("keyName",),
    "aws:ec2/launchTemplate:LaunchTemplate": ("name", "latestVersion"),
    "aws:ec2/placementGroup:PlacementGroup": ("name",),
    "aws:ec2/securityGroupRule:SecurityGroupRule": ("securityGroupRuleId",),
    "aws:eks/cluster:Cluster": (
        *("accessConfig", "arn", "certificateAuthority", "endpoint", "identities"),
        *("kubernetesNetworkConfig", "name", "version", "vpcConfig"),
    ),
    "aws:eks/fargateProfile:FargateProfile": ("status",),
    "aws:iam/instanceProfile:InstanceProfile": ("name",),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ("arn",),
    "aws:iam/role:Role": ("arn", "name"),
    "eks:index:RandomSuffix": ("output",),
}
_FORMER_TYPES = {
    "kubernetes:apps/v1:DaemonSetPatch": (
        "kubernetes:apps/v1beta2:DaemonSetPatch",
        "kubernetes:extensions/v1beta1:DaemonSetPatch",
    ),
    "kubernetes:storage.k8s.io/v1:StorageClass": ("kubernetes:storage.k8s.io/v1beta1:StorageClass",),
}
_DEFAULTS: dict[str, Properties] = {"aws:ec2/securityGroup:SecurityGroup": {"description": "Managed by Pulumi"}}


class Custom(pulumi.CustomResource):
    """A child that another package's provider creates, or, with `urn` in the options, one that exists already."""

    def __init__(self, kind: str, name: str, properties: Properties, opts: pulumi.ResourceOptions) -> None:
        inputs = {**_DEFAULTS.get(kind, {}), **tidy(properties)}
        version = pulumi.ResourceOptions(
            version=VERSIONS.get(kind.split(":")[0]),
            aliases=[pulumi.Alias(type_=former, parent=opts.parent) for former in _FORMER_TYPES.get(kind, ())],
        )
        options = pulumi.ResourceOptions.merge(version, opts)
        super().__init__(kind, name, {**dict.fromkeys(_READ.get(kind, ())), **inputs}, options)

    def out(self, name: str) -> pulumi.Output[Any]:
        """The output of that name; only those that the component reads are kept."""
        return self.id if name == "id" else self.__dict__[name]


class KubernetesProvider(pulumi.ProviderResource):
    """The provider for the new cluster."""

    def __init__(self, name: str, properties: Properties, opts: pulumi.ResourceOptions) -> None:
        version = pulumi.ResourceOptions(version=VERSIONS["kubernetes"])
        options = pulumi.ResourceOptions.merge(version, opts)
        super().__init__("kubernetes", name, tidy(properties), options)


class Component(pulumi.ComponentResource):
    """A component of the eks package itself, with its arguments as inputs."""

    def __init__(self, kind: str, name: str, args: Args, opts: pulumi.ResourceOptions | None) -> None:
        self._for_children: Mapping[str, pulumi.ProviderResource] = {}
        super().__init__(kind, name, tidy(args), opts)
        self._providers = self._for_children

    def _get_providers(
        self, t: str, pkg: str | None, opts: pulumi.ResourceOptions
    ) -> tuple[pulumi.ProviderResource | None, Mapping[str, pulumi.ProviderResource]]:
        """Only a component's own providers are sent with it, as the SDK for Node.js does; children inherit them all."""
        own = {**opts.providers} if isinstance(opts.providers, Mapping) else {}
        provider, self._for_children = super()._get_providers(t, pkg, opts)
        return provider, own


def child_of(parent: pulumi.Resource, **options: Any) -> pulumi.ResourceOptions:
    """Options of a child; provider and protection come with the parent."""
    return pulumi.ResourceOptions(parent=parent, **options)


def invoke(token: str, args: Args, parent: pulumi.Resource) -> pulumi.Output[Any]:
    """A function's answer, which depends on what its arguments depend on and is unknown when they are."""
    return pulumi.runtime.invoke_output(token, tidy(args), _invoke_options(token, parent))


async def lookup(token: str, args: Args, parent: pulumi.Resource) -> dict[str, Value]:
    """A function's plain answer, for use inside `apply`, where the arguments are known."""
    return await pulumi.runtime.invoke_async(token, tidy(args), _invoke_options(token, parent))


def _invoke_options(token: str, parent: pulumi.Resource) -> pulumi.InvokeOptions:
    return pulumi.InvokeOptions(parent=parent, version=VERSIONS[token.split(":")[0]])
