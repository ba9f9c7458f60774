"""The roles of nodes, and who is let into the cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.authentication import (
    access_entries,
    aws_auth,
    supports_access_entries,
    supports_config_map,
)
from pokayoke_rehearsal.doubles.eks.children import Custom, child_of
from pokayoke_rehearsal.doubles.eks.service_role import ServiceRole
from pokayoke_rehearsal.doubles.eks.values import Args, Value, first, given, nested, output, pick

_NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly")


@dataclass(frozen=True)
class InstanceRoles:
    """The roles that nodes may have, and the one of the default nodes among them."""

    all: pulumi.Output[Any]
    default: pulumi.Output[Any] | None


@dataclass(frozen=True)
class Granted:
    """What lets principals in: an aws-auth ConfigMap, access entries (as the program wrote them too), or both."""

    config_map: Custom | None
    entries: list[Value]
    dependencies: list[pulumi.Resource]


def instance_roles(
    name: str, args: Args, node_options: dict[str, Value], partition: pulumi.Output[Any], parent: pulumi.Resource
) -> InstanceRoles:
    """The roles given, or one made; an instance profile for the default nodes goes into their options."""
    if given(args.get("instanceRoles")):
        return InstanceRoles(output(args["instanceRoles"]), None)
    role = args.get("instanceRole")
    if given(role):
        auto = nested(args, "autoMode").get("enabled")
        if not any(given(value) for value in (args.get("skipDefaultNodeGroup"), args.get("fargate"), auto)):
            node_options["instanceProfile"] = _instance_profile(name, args, node_options, role, parent)
        return InstanceRoles(output([role]), output(role))
    unsaid = args.get("createInstanceRole") is None and not given(args.get("skipDefaultNodeGroup"))
    if not given(args.get("createInstanceRole")) and not unsaid:
        return InstanceRoles(output([]), None)
    tags = args.get("tags")
    made = ServiceRole(
        f"{name}-instanceRole", "ec2.amazonaws.com", _NODE_POLICIES, partition=partition, parent=parent, tags=tags
    ).attached
    node_options["instanceProfile"] = _instance_profile(name, args, node_options, made, parent)
    return InstanceRoles(output([made]), made)


def grant(
    name: str,
    args: Args,
    cluster: Custom,
    roles: InstanceRoles,
    provider: pulumi.ProviderResource,
    parent: pulumi.Resource,
) -> Granted:
    """Registers what the authentication mode calls for."""
    mode = args.get("authenticationMode")
    config_map = _config_map(name, args, roles, provider, parent) if supports_config_map(mode) else None
    wanted: dict[str, Value] = dict(args.get("accessEntries") or {}) if supports_access_entries(mode) else {}
    if supports_access_entries(mode) and roles.default is not None:
        nodes = {"principalArn": pick(roles.default, "arn"), "type": "EC2_LINUX"}
        wanted = {"defaultNodeGroupInstanceRole": nodes, **wanted}
    entries = access_entries(name, cluster, wanted, parent)
    dependencies: list[pulumi.Resource] = [*entries, *([config_map] if config_map else [])]
    return Granted(config_map, list(wanted.values()), dependencies)


def _config_map(
    name: str, args: Args, roles: InstanceRoles, provider: pulumi.ProviderResource, parent: pulumi.Resource
) -> Custom:
    return Custom(
        "kubernetes:core/v1:ConfigMap",
        f"{name}-nodeAccess",
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "immutable": False,
            "metadata": {
                "name": "aws-auth",
                "namespace": "kube-system",
                "annotations": {"pulumi.com/patchForce": "true"},
            },
            "data": aws_auth(roles.all, args.get("roleMappings"), args.get("userMappings")),
        },
        child_of(parent, provider=provider),
    )


def _instance_profile(name: str, args: Args, node_options: Args, role: Value, parent: pulumi.Resource) -> Custom:
    existing = first(args.get("instanceProfileName"), node_options.get("instanceProfileName"))
    kind = "aws:iam/instanceProfile:InstanceProfile"
    if given(existing):
        return Custom(kind, f"{name}-instanceProfile", {}, child_of(parent, id=existing))
    return Custom(kind, f"{name}-instanceProfile", {"role": role}, child_of(parent))
