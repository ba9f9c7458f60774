"""`eks:index:Cluster`: everything around one EKS cluster."""

from __future__ import annotations

from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks import access, control_plane
from pokayoke_rehearsal.doubles.eks.authentication import supports_access_entries, validated
from pokayoke_rehearsal.doubles.eks.children import Component, Custom, KubernetesProvider, child_of
from pokayoke_rehearsal.doubles.eks.cluster_addons import coredns, kube_proxy, vpc_cni
from pokayoke_rehearsal.doubles.eks.fargate import fargate_profile
from pokayoke_rehearsal.doubles.eks.kubeconfig import kubeconfig
from pokayoke_rehearsal.doubles.eks.node_group_v2 import NodeGroupParts, create_node_group_v2
from pokayoke_rehearsal.doubles.eks.oidc import oidc_provider
from pokayoke_rehearsal.doubles.eks.security_group import node_security_group
from pokayoke_rehearsal.doubles.eks.storage_class import storage_classes
from pokayoke_rehearsal.doubles.eks.values import (
    Args,
    Value,
    first,
    given,
    json_text,
    merged,
    nested,
    output,
    pick,
    tidy,
)

_NODE_OPTIONS = {
    **{
        name: name
        for name in (
            *("nodeSubnetIds", "nodeAssociatePublicIpAddress", "instanceType", "nodePublicKey", "gpu", "version"),
            *("nodeRootVolumeEncrypted", "nodeRootVolumeSize", "nodeUserData", "minSize", "maxSize", "desiredCapacity"),
        )
    },
    "amiId": "nodeAmiId",
}
"""Options of the default node group, and the cluster's argument for each."""
_EXCLUDED_BY_NODE_GROUP_OPTIONS = (
    *("nodeSubnetIds", "nodeAssociatePublicIpAddress", "instanceType", "instanceProfileName", "nodePublicKey", "gpu"),
    *("nodeRootVolumeSize", "nodeUserData", "minSize", "maxSize", "desiredCapacity", "nodeAmiId"),
)


class Cluster(Component):
    """The cluster with its roles, security groups, add-ons, provider, access and default nodes."""

    def __init__(self, name: str, args: Args, opts: pulumi.ResourceOptions) -> None:
        super().__init__("eks:index:Cluster", name, args, opts)
        if given(nested(args, "creationRoleProvider").get("provider")):
            raise pulumi.RunError(
                "The `creationRoleProvider.provider` option is not supported in non-nodejs Pulumi programs. Please use "
                "the `providerCredentialOpts` option instead."
            )
        args = validated(_with_profile(args))
        _refuse_contradictions(args)
        core = _core(name, args, self)
        self._nodes, self._rule, self._default_nodes = _node_parts(name, args, core, self)
        self._core: dict[str, Value] = tidy(core)
        self.register_outputs(self.state())

    def state(self) -> dict[str, Value]:
        """What the engine is told as the component's outputs."""
        core = self._core
        cluster: Custom = core["cluster"]
        eks_security_group = pick(cluster.out("vpcConfig"), "clusterSecurityGroupId")
        security_group: Custom | None = core.get("clusterSecurityGroup")
        issuer = cluster.out("identities").apply(_issuer)
        oidc: Custom | None = core.get("oidcProvider")
        profile: pulumi.Output[Any] = core.get("fargateProfile", output(None))
        default_nodes = self._default_nodes
        return {
            "clusterSecurityGroup": security_group,
            # As outputs: in a preview, where some of it is unknown, they are unknown as a whole.
            "core": output(core),
            "defaultNodeGroup": output(default_nodes.data()) if default_nodes else None,
            "eksCluster": cluster,
            "eksClusterIngressRule": self._rule,
            "instanceRoles": core["instanceRoles"],
            "kubeconfig": core["kubeconfig"],
            "kubeconfigJson": core["kubeconfig"].apply(json_text),
            "nodeSecurityGroup": self._nodes,
            "clusterSecurityGroupId": security_group.out("id") if security_group else eks_security_group,
            "nodeSecurityGroupId": self._nodes.id if self._nodes else eks_security_group,
            "clusterIngressRuleId": self._rule.out("securityGroupRuleId") if self._rule else "",
            "defaultNodeGroupAsgName": default_nodes.group.out("name") if default_nodes else "",
            "fargateProfileId": profile.apply(lambda found: found.id if found else ""),
            "fargateProfileStatus": profile.apply(lambda found: found.out("status") if found else ""),
            "oidcProviderArn": oidc.out("arn") if oidc else "",
            "oidcProviderUrl": issuer,
            "oidcIssuer": issuer.apply(lambda url: url.replace("https://", "")),
            "autoModeNodeRoleName": core["autoModeNodeRoleName"],
        }


def _node_parts(
    name: str, args: Args, core: dict[str, Value], parent: pulumi.Resource
) -> tuple[Custom | None, Custom | None, NodeGroupParts | None]:
    """The nodes' security group, the rule that lets them reach the API server, and the default node group."""
    nodes: Custom | None = None
    ingress: Custom | None = None
    if not given(first(args.get("skipDefaultSecurityGroups"), auto_mode(args))):
        nodes, ingress = node_security_group(
            name,
            parent,
            vpc_id=core["vpcId"],
            cluster_security_group_id=core["clusterSecurityGroup"].out("id"),
            cluster_name=core["cluster"].out("name"),
            tags=merged(args.get("nodeSecurityGroupTags"), args.get("tags")),
        )
        core["nodeGroupOptions"] |= {"nodeSecurityGroup": nodes, "clusterIngressRule": ingress}
    if skips_default_nodes(args):
        return nodes, ingress, None
    known = output(tidy(core))
    return nodes, ingress, create_node_group_v2(name, core["nodeGroupOptions"], known, parent)


def auto_mode(args: Args) -> Value:
    """Whether EKS manages the nodes by itself; nothing when the program does not say."""
    return nested(args, "autoMode").get("enabled")


def skips_default_nodes(args: Args) -> bool:
    """Whether there is no default node group: by the program's word, or because Fargate or Auto Mode runs the pods."""
    return any(given(value) for value in (args.get("skipDefaultNodeGroup"), args.get("fargate"), auto_mode(args)))


def _core(name: str, args: Args, parent: Cluster) -> dict[str, Value]:
    node_options = dict(
        args.get("nodeGroupOptions") or {option: args.get(arg) for option, arg in _NODE_OPTIONS.items()}
    )
    plane = control_plane.create(name, args, parent)
    cluster = plane.cluster
    kube_proxy(name, args, cluster, parent)

    credentials = _credentials(args)
    endpoint = cluster.out("endpoint")
    whole = kubeconfig(cluster, endpoint, credentials, with_profile=True)
    mutable = args.get("enableConfigMapMutable")
    provider = KubernetesProvider(
        f"{name}-eks-k8s",
        {
            "kubeconfig": whole.apply(json_text),
            "enableConfigMapMutable": output(mutable).apply(json_text) if mutable is not None else None,
        },
        child_of(parent),
    )
    roles = access.instance_roles(name, args, node_options, plane.partition, parent)
    granted = access.grant(name, args, cluster, roles, provider, parent)
    classes = storage_classes(
        name, args.get("storageClasses"), child_of(parent, provider=provider, depends_on=granted.dependencies)
    )
    cni = vpc_cni(name, args, cluster, provider, granted.dependencies, parent)
    profile = fargate_profile(name, args, cluster, plane, granted.config_map, parent)
    coredns(name, args, cluster, profile, parent)
    oidc = oidc_provider(name, cluster, parent) if given(args.get("createOidcProvider")) else None
    return {
        "vpcId": output(plane.vpc_id),
        "subnetIds": output(plane.subnet_ids),
        "publicSubnetIds": args.get("publicSubnetIds"),
        "privateSubnetIds": args.get("privateSubnetIds"),
        "clusterSecurityGroup": plane.security_group,
        "cluster": cluster,
        "endpoint": endpoint,
        "nodeGroupOptions": node_options,
        "kubeconfig": kubeconfig(cluster, endpoint, credentials, with_profile=False),
        "provider": provider,
        "vpcCni": cni,
        "instanceRoles": roles.all,
        "eksNodeAccess": granted.config_map,
        "tags": args.get("tags"),
        "nodeSecurityGroupTags": args.get("nodeSecurityGroupTags"),
        "storageClasses": classes,
        "fargateProfile": profile if given(args.get("fargate")) else None,
        "oidcProvider": oidc,
        "encryptionConfig": plane.encryption,
        "clusterIamRole": plane.role,
        "accessEntries": granted.entries,
        "autoModeNodeRoleName": plane.node_role_name,
    }


def _with_profile(args: Args) -> Args:
    profile = pulumi.Config("aws").get("profile")
    if profile and not given(args.get("providerCredentialOpts")):
        return {**args, "providerCredentialOpts": {"profileName": profile}}
    return args


def _refuse_contradictions(args: Args) -> None:
    if given(args.get("instanceRole")) and given(args.get("instanceRoles")):
        raise pulumi.RunError("instanceRole and instanceRoles are mutually exclusive, and cannot both be set.")
    if given(args.get("subnetIds")) and (given(args.get("publicSubnetIds")) or given(args.get("privateSubnetIds"))):
        raise pulumi.RunError(
            "subnetIds, and the use of publicSubnetIds and/or privateSubnetIds are mutually exclusive. Choose a single "
            "approach."
        )
    if given(args.get("nodeGroupOptions")) and any(given(args.get(name)) for name in _EXCLUDED_BY_NODE_GROUP_OPTIONS):
        raise pulumi.RunError(
            "Setting nodeGroupOptions, and any set of singular node group option(s) on the cluster, is mutually "
            "exclusive. Choose a single approach."
        )
    if given(auto_mode(args)) and not supports_access_entries(args.get("authenticationMode")):
        raise pulumi.RunError(
            "Access entries are required when using EKS Auto Mode. Use the authentication mode 'API' or "
            "'API_AND_CONFIG_MAP'."
        )


def _credentials(args: Args) -> Value:
    creator = args.get("creationRoleProvider")
    if given(creator):
        return {"roleArn": pick(creator, "role", "arn")}
    return args.get("providerCredentialOpts")


def _issuer(identities: Value) -> str:
    if not identities or not identities[0].get("oidcs"):
        return ""
    return identities[0]["oidcs"][0]["issuer"]
