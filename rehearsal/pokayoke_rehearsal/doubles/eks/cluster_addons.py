"""The add-ons that come with a cluster, unless the program or Auto Mode does without."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.addons import ADDON, configuration_text, newest_version
from pokayoke_rehearsal.doubles.eks.children import Custom, child_of
from pokayoke_rehearsal.doubles.eks.values import Args, Value, first, given, joined, nested, output
from pokayoke_rehearsal.doubles.eks.vpc_cni import VpcCniAddon

_OPTIONS = {"kube-proxy": "kubeProxyAddonOptions", "coredns": "corednsAddonOptions"}


def kube_proxy(name: str, args: Args, cluster: Custom, parent: pulumi.Resource) -> None:
    """kube-proxy, unless switched off; off by default in Auto Mode."""
    wish = nested(args, "kubeProxyAddonOptions")
    if given(first(wish.get("enabled"), not given(_auto(args)))):
        configuration = wish.get("configurationValues")
        _addon(name, "kube-proxy", args, cluster, configuration, parent)


def vpc_cni(
    name: str,
    args: Args,
    cluster: Custom,
    provider: pulumi.ProviderResource,
    dependencies: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> VpcCniAddon | None:
    """The VPC CNI, unless `useDefaultVpcCni` leaves EKS's own in place; off by default in Auto Mode."""
    default = args.get("useDefaultVpcCni")
    if given(default) if default is not None else given(_auto(args)):
        return None
    settings: Args = {
        **nested(args, "vpcCniOptions"),
        "clusterName": cluster.out("name"),
        "clusterVersion": cluster.out("version"),
        "tags": args.get("tags"),
    }
    options = child_of(parent, depends_on=list(dependencies), providers={"kubernetes": provider})
    return VpcCniAddon(f"{name}-vpc-cni", settings, options)


def coredns(name: str, args: Args, cluster: Custom, profile: pulumi.Output[Any], parent: pulumi.Resource) -> None:
    """coredns, where the component knows of something to run it on, or the program asks for it."""
    wish = nested(args, "corednsAddonOptions")

    def register(fargate: Value) -> None:
        asked = wish.get("enabled") is True or given(wish.get("configurationValues"))
        somewhere = given(fargate) or not given(args.get("skipDefaultNodeGroup")) or given(_auto(args))
        if not asked and not (somewhere and given(first(wish.get("enabled"), True))):
            return
        values = joined(args.get("fargate"), wish.get("configurationValues")).apply(_coredns_configuration)
        # Pods placed before the profile is there would wait for nodes.
        after = profile.apply(lambda found: [found] if found else [])
        _addon(name, "coredns", args, cluster, values, parent, after)

    output(args.get("fargate")).apply(register)


def _coredns_configuration(found: Sequence[Any]) -> Value:
    fargate: Value = found[0]
    values: Args | None = found[1]
    return {"computeType": "Fargate", **(values or {})} if given(fargate) else values


def _addon(
    name: str,
    addon: str,
    args: Args,
    cluster: Custom,
    configuration: Value,
    parent: pulumi.Resource,
    depends_on: Value = None,
) -> None:
    """The add-on in its newest version unless one is given; EKS keeps it when the resource goes."""
    wish = nested(args, _OPTIONS[addon])
    version = wish.get("version")
    Custom(
        ADDON,
        f"{name}-{addon}",
        {
            "clusterName": cluster.out("name"),
            "addonName": addon,
            "preserve": True,
            "tags": args.get("tags"),
            "resolveConflictsOnCreate": first(wish.get("resolveConflictsOnCreate"), "OVERWRITE"),
            "resolveConflictsOnUpdate": first(wish.get("resolveConflictsOnUpdate"), "OVERWRITE"),
            "addonVersion": version if given(version) else newest_version(addon, cluster.out("version"), parent),
            "configurationValues": configuration_text(configuration),
        },
        child_of(parent, depends_on=depends_on),
    )


def _auto(args: Args) -> Value:
    return nested(args, "autoMode").get("enabled")
