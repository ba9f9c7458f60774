"""Which arguments the components have (the schema of pulumi-eks 4.4.0, and two that it forgets).

The real provider passes over any other; here a misspelt one is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pulumi

from pokayoke_rehearsal.doubles.eks.values import Args, Value


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NODES = _names(
    """
    amiId amiType autoScalingGroupTags bootstrapExtraArgs bottlerocketSettings cloudFormationTags
    clusterIngressRule clusterIngressRuleId desiredCapacity enableDetailedMonitoring encryptRootBlockDevice
    extraNodeSecurityGroups gpu instanceProfile instanceProfileName instanceType keyName kubeletExtraArgs
    labels maxSize minSize nodeAssociatePublicIpAddress nodePublicKey nodeRootVolumeDeleteOnTermination
    nodeRootVolumeEncrypted nodeRootVolumeIops nodeRootVolumeSize nodeRootVolumeThroughput
    nodeRootVolumeType nodeSecurityGroup nodeSecurityGroupId nodeSubnetIds nodeUserData nodeUserDataOverride
    nodeadmExtraOptions operatingSystem spotPrice taints version
    """
)
_CNI = _names(
    """
    addonVersion cniConfigureRpfilter cniCustomNetworkCfg cniExternalSnat configurationValues
    customNetworkConfig disableTcpEarlyDemux enableNetworkPolicy enablePodEni enablePrefixDelegation
    eniConfigLabelDef eniMtu externalSnat logFile logLevel nodePortSupport resolveConflictsOnCreate
    resolveConflictsOnUpdate securityContextPrivileged serviceAccountRoleArn vethPrefix warmEniTarget
    warmIpTarget warmPrefixTarget
    pluginLogFile pluginLogLevel
    """
)
_CLUSTER = _names(
    """
    accessEntries authenticationMode autoMode bootstrapSelfManagedAddons clusterSecurityGroup
    clusterSecurityGroupTags clusterTags corednsAddonOptions createInstanceRole createOidcProvider
    creationRoleProvider deletionProtection desiredCapacity enableConfigMapMutable enabledClusterLogTypes
    encryptionConfigKeyArn endpointPrivateAccess endpointPublicAccess fargate gpu instanceProfileName
    instanceRole instanceRoles instanceType ipFamily kubeProxyAddonOptions kubernetesServiceIpAddressRange
    maxSize minSize name nodeAmiId nodeAssociatePublicIpAddress nodeGroupOptions nodePublicKey
    nodeRootVolumeEncrypted nodeRootVolumeSize nodeSecurityGroupTags nodeSubnetIds nodeUserData
    privateSubnetIds providerCredentialOpts proxy publicAccessCidrs publicSubnetIds roleMappings serviceRole
    skipDefaultNodeGroup skipDefaultSecurityGroups storageClasses subnetIds tags upgradePolicy
    useDefaultVpcCni userMappings version vpcCniOptions vpcId
    """
)
_MANAGED = _names(
    """
    amiId amiType bootstrapExtraArgs bottlerocketSettings capacityType cluster clusterName diskSize
    enableEfaSupport enableIMDSv2 forceUpdateVersion gpu ignoreScalingChanges instanceTypes kubeletExtraArgs
    labels launchTemplate nodeGroupName nodeGroupNamePrefix nodeRole nodeRoleArn nodeadmExtraOptions
    operatingSystem placementGroupAvailabilityZone releaseVersion remoteAccess scalingConfig subnetIds tags
    taints userData version
    """
)
_V2 = _names("ignoreScalingChanges launchTemplateTagSpecifications minRefreshPercentage")
_ADDON = _names(
    """
    addonName addonVersion cluster configurationValues preserve resolveConflictsOnCreate resolveConflictsOnUpdate
    serviceAccountRoleArn tags
    """
)
_ARGUMENTS = {
    "eks:index:Addon": _ADDON,
    "eks:index:Cluster": _CLUSTER,
    "eks:index:ManagedNodeGroup": _MANAGED,
    "eks:index:NodeGroup": _NODES | {"cluster"},
    "eks:index:NodeGroupV2": _NODES | _V2 | {"cluster"},
    "eks:index:NodeGroupSecurityGroup": _names("clusterSecurityGroup eksCluster tags vpcId"),
    "eks:index:VpcCniAddon": _CNI | _names("clusterName clusterVersion tags"),
}
_NESTED = {"nodeGroupOptions": _NODES | _V2, "vpcCniOptions": _CNI}
_REQUIRED = {
    "eks:index:Addon": ("addonName", "cluster"),
    "eks:index:NodeGroupSecurityGroup": ("clusterSecurityGroup", "eksCluster", "vpcId"),
}


def check_names(kind: str, args: Args) -> None:
    """Raises `InputPropertiesError` for all arguments that the component does not have, or must have and lacks."""
    problems = _unknown("", args, _ARGUMENTS[kind])
    for name, known in _NESTED.items():
        if isinstance(args.get(name), Mapping):
            problems += _unknown(f"{name}.", cast("Mapping[str, Value]", args[name]), known)
    missing = [name for name in _REQUIRED.get(kind, ()) if args.get(name) is None]
    problems += [_problem(name, "this argument is required") for name in missing]
    if problems:
        raise pulumi.InputPropertiesError(f"The arguments of {kind} are invalid.", problems)


def _unknown(prefix: str, args: Args, known: frozenset[str]) -> list[pulumi.InputPropertyErrorDetails]:
    return [_problem(prefix + name, "the component has no such argument") for name in sorted(args) if name not in known]


def _problem(path: str, reason: str) -> pulumi.InputPropertyErrorDetails:
    return {"property_path": path, "reason": reason}
