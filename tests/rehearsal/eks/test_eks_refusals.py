"""What the components refuse, in the words of the real ones, and as an error of the argument where they do."""

from typing import Any

import grpc
import pytest
from eks_monitor import RecordingMonitor, construct
from eks_recording import run
from eks_vocabulary import (
    API,
    CLUSTER,
    GROUP,
    LEAN,
    MANAGED,
    NETWORK,
    PROFILE,
    ROLE,
    ROLE_MAPPINGS,
    RULE,
    THE_CLUSTER,
    THE_GROUP,
    THE_PROFILE,
    THE_ROLE,
    THE_RULE,
    V1,
    V2,
    VPC,
    Program,
    cluster,
    computed,
    managed,
    self_managed,
)
from pulumi.runtime.proto import errors_pb2, status_pb2


def options(**arguments: Any) -> Program:
    return cluster(NETWORK, nodeGroupOptions=arguments)


REFUSED = {
    "subnets twice": (
        cluster(API, subnetIds=["a"]),
        "subnetIds, and the use of publicSubnetIds and/or privateSubnetIds",
    ),
    "node roles twice": (
        cluster(NETWORK, ROLE, instanceRole=THE_ROLE, instanceRoles=[THE_ROLE]),
        "instanceRole and instanceRoles are mutually exclusive",
    ),
    "an unknown mode": (cluster({}, authenticationMode="RBAC"), "Invalid value for authenticationMode: RBAC"),
    "role mappings in API mode": (cluster(API, roleMappings=ROLE_MAPPINGS), "'roleMappings' property does not support"),
    "computed role mappings in API mode": (
        cluster(API, VPC, roleMappings=computed(ROLE_MAPPINGS)),
        "'roleMappings' property does not support",
    ),
    "user mappings in API mode": (cluster(API, userMappings=[{}]), "'userMappings' property does not support"),
    "instance roles in API mode": (
        cluster(API, ROLE, instanceRoles=[THE_ROLE]),
        "'instanceRoles' property does not support",
    ),
    "access entries without a mode": (
        cluster(NETWORK, accessEntries={"a": {"principalArn": "x"}}),
        "'accessEntries' property is not supported when 'authenticationMode' is not set",
    ),
    "access entries with aws-auth alone": (
        cluster(NETWORK, authenticationMode="CONFIG_MAP", accessEntries={"a": {"principalArn": "x"}}),
        "is set to 'CONFIG_MAP'",
    ),
    "options of nodes twice": (
        cluster(NETWORK, desiredCapacity=2, nodeGroupOptions={"minSize": 1}),
        "Setting nodeGroupOptions, and any set of singular node group option(s)",
    ),
    "auto mode without access entries": (
        cluster(NETWORK, autoMode={"enabled": True}),
        "Access entries are required when using EKS Auto Mode",
    ),
    "CIDRs without public access": (
        cluster(LEAN, endpointPublicAccess=False, publicAccessCidrs=["203.0.113.0/24"]),
        "`publicAccessCidrs` can only be set when `endpointPublicAccess` is true",
    ),
    "a creation role's provider": (
        cluster(LEAN, ROLE, creationRoleProvider={"role": THE_ROLE, "provider": THE_ROLE}),
        "`creationRoleProvider.provider` option is not supported in non-nodejs",
    ),
    "two kinds of SNAT": (
        cluster(API, vpcCniOptions={"cniExternalSnat": True, "externalSnat": True}),
        "specify one of `cniExternalSnat` or `externalSnat`",
    ),
    "mappings without a name": (
        cluster(NETWORK, roleMappings=[{"roleArn": "x"}]),
        "could not be properly serialized to YAML for the aws-auth ConfigMap",
    ),
    "an architecture without GPUs": (
        cluster(NETWORK, gpu=True, instanceType="m7g.large"),
        "No AMI type found for OS: AL2023, GPU support: true, architecture: arm64",
    ),
    "bootstrap arguments of nodeadm": (
        options(bootstrapExtraArgs="x"),
        "'bootstrapExtraArgs' argument is not supported",
    ),
    "kubelet arguments of Bottlerocket": (
        options(operatingSystem="Bottlerocket", kubeletExtraArgs="x"),
        "'kubeletExtraArgs' argument is not supported with Bottlerocket",
    ),
    "scripts of Bottlerocket": (
        options(operatingSystem="Bottlerocket", nodeUserData="x"),
        "Bottlerocket does not support running scripts",
    ),
    "Bottlerocket settings of Amazon Linux": (
        options(operatingSystem="AL2", bottlerocketSettings={}),
        "'bottlerocketSettings' argument is not supported",
    ),
    "a VPC CNI for no cluster": (
        [("eks:index:VpcCniAddon", "cni", {"clusterVersion": "1.34"})],
        "Missing required option 'clusterName'",
    ),
    "a VPC CNI without any version": (
        [("eks:index:VpcCniAddon", "cni", {"clusterName": "c"})],
        "either `addonVersion` or `clusterVersion`",
    ),
}
REFUSED_BY_ARGUMENT = {
    "a misspelt argument": (cluster(LEAN, publicAccesCidrs=[]), {"publicAccesCidrs"}),
    "misspelt options": (
        cluster(LEAN, vpcCniOptions={"warmIp": 1}, nodeGroupOptions={"size": 1}),
        {"nodeGroupOptions.size", "vpcCniOptions.warmIp"},
    ),
    "an add-on without a cluster": ([("eks:index:Addon", "a", {"addonName": "x"})], {"cluster"}),
    "a node group without a cluster": ([(MANAGED, "mng", {"nodeRoleArn": "x"})], {"cluster"}),
    "a profile twice": (
        cluster(NETWORK, PROFILE, nodeGroupOptions={"instanceProfile": THE_PROFILE, "instanceProfileName": "x"}),
        {"instanceProfile"},
    ),
    "no profile": (cluster(NETWORK, createInstanceRole=False), {"instanceProfile"}),
    "many contradictions": (
        options(nodePublicKey="a", keyName="b", amiId="x", gpu=True, nodeUserDataOverride="o", labels={}),
        {"nodePublicKey", "amiId", "nodeUserDataOverride"},
    ),
    "an AMI type of another system": (
        options(amiType="BOTTLEROCKET_x86_64", operatingSystem="AL2"),
        {"operatingSystem"},
    ),
    "an unknown AMI type": (options(amiType="WINDOWS"), {"amiType"}),
    "volume settings of another type": (
        options(nodeRootVolumeIops=5, nodeRootVolumeThroughput=5),
        {"nodeRootVolumeIops", "nodeRootVolumeThroughput"},
    ),
    "a broken throughput": (
        options(nodeRootVolumeType="gp3", nodeRootVolumeThroughput=1.5),
        {"nodeRootVolumeThroughput"},
    ),
    "no instance type": (cluster(NETWORK, instanceType="large"), {"instanceType"}),
    "public addresses as an output": (
        self_managed(V2, API, VPC, instanceProfileName="x", nodeAssociatePublicIpAddress=computed(False)),
        {"nodeAssociatePublicIpAddress"},
    ),
    "no node role": ([*cluster(API), (MANAGED, "mng", {"cluster": THE_CLUSTER})], {"nodeRole"}),
    "everything at once": (
        managed(
            nodeRoleArn="x",
            amiId="a",
            gpu=True,
            amiType="b",
            enableEfaSupport=True,
            launchTemplate={"id": "x", "version": "1"},
            userData="u",
            kubeletExtraArgs="k",
        ),
        {"nodeRole", "amiId", "enableEfaSupport", "launchTemplate", "userData"},
    ),
    "a node role that aws-auth does not know": (
        [
            *cluster(NETWORK, ROLE, skipDefaultNodeGroup=True),
            (MANAGED, "mng", {"cluster": THE_CLUSTER, "nodeRole": THE_ROLE}),
        ],
        {"nodeRole"},
    ),
    "an unknown taint": (managed(kubeletExtraArgs="x", taints=[{"key": "a", "effect": "NEVER"}]), {"taints"}),
    "a zone without the instance type": (
        managed(enableEfaSupport=True, placementGroupAvailabilityZone="us-west-2z", instanceTypes=["p4d.24xlarge"]),
        {"placementGroupAvailabilityZone"},
    ),
    "an instance type without EFA": (
        managed(enableEfaSupport=True, placementGroupAvailabilityZone="us-west-2a", instanceTypes=["t3.large"]),
        {"instanceTypes"},
    ),
    "two architectures": (
        managed(operatingSystem="AL2023", instanceTypes=["m7g.large", "m5.large"]),
        {"instanceTypes"},
    ),
    "a security group twice": (
        self_managed(
            V2, API, PROFILE, GROUP, instanceProfile=THE_PROFILE, nodeSecurityGroup=THE_GROUP, nodeSecurityGroupId="x"
        ),
        {"nodeSecurityGroup", "clusterIngressRule"},
    ),
    "a security group beside the cluster's tags": (
        self_managed(
            V2,
            {**API, "nodeSecurityGroupTags": {"a": "b"}},
            PROFILE,
            GROUP,
            RULE,
            instanceProfile=THE_PROFILE,
            nodeSecurityGroup=THE_GROUP,
            clusterIngressRule=THE_RULE,
        ),
        {"nodeSecurityGroup"},
    ),
    "a security group's id beside the cluster's tags": (
        self_managed(
            V1,
            {**API, "nodeSecurityGroupTags": {"a": "b"}},
            PROFILE,
            instanceProfile=THE_PROFILE,
            nodeSecurityGroupId="sg-2",
            clusterIngressRuleId="rule",
        ),
        {"nodeSecurityGroupId"},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_contradiction_is_refused_in_one_sentence(name: str, double: str) -> None:
    program, sentence = REFUSED[name]

    refusal = _refusal(double, program)

    assert sentence in (refusal.details() or "")
    assert "Traceback" not in (refusal.details() or "")
    assert refusal.code() == grpc.StatusCode.UNKNOWN


@pytest.mark.parametrize("name", REFUSED_BY_ARGUMENT)
def test_a_wrong_argument_is_told_by_its_path(name: str, double: str) -> None:
    program, paths = REFUSED_BY_ARGUMENT[name]

    refusal = _refusal(double, program)

    assert refusal.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert {error.property_path for error in _errors(refusal)} == paths


def test_what_the_engine_says_of_a_child_is_what_the_component_fails_with(double: str) -> None:
    with RecordingMonitor() as monitor:
        monitor.fail["demo-eksRole-role"] = "EntityAlreadyExists: Role demo exists"
        with pytest.raises(grpc.RpcError) as refusal:
            construct(double, monitor, CLUSTER, "demo", LEAN)

    assert refusal.value.details() == "EntityAlreadyExists: Role demo exists"


def test_a_type_that_is_not_modelled_is_refused_by_name(double: str) -> None:
    with RecordingMonitor() as monitor, pytest.raises(grpc.RpcError) as refusal:
        construct(double, monitor, "eks:index:ClusterCreationRoleProvider", "creator", {})

    assert "does not know the resource type eks:index:ClusterCreationRoleProvider" in refusal.value.details()


def _refusal(address: str, program: Program) -> Any:
    with RecordingMonitor() as monitor, pytest.raises(grpc.RpcError) as refusal:
        run(address, program, monitor)
    return refusal.value


def _errors(refusal: Any) -> list[Any]:
    (packed,) = (value for key, value in refusal.trailing_metadata() if key == "grpc-status-details-bin")
    details = errors_pb2.InputPropertiesError()
    assert status_pb2.Status.FromString(packed).details[0].Unpack(details)
    return list(details.errors)
