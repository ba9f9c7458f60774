"""Programs whose components the real provider was asked to build, besides those in `../shared/data/eks`.

A program is a list of resources (type, name, inputs), in order. In inputs `reference` stands for a resource before it,
`output` for one of its outputs, and `computed` for a value that depends on the VPC and is unknown in a preview unless
it is given.
"""

from typing import Any

Program = list[tuple[str, str, dict[str, Any]]]

CLUSTER, MANAGED = "eks:index:Cluster", "eks:index:ManagedNodeGroup"
V1, V2 = "eks:index:NodeGroup", "eks:index:NodeGroupV2"


def reference(key: str) -> dict[str, Any]:
    return {"$resource": key}


def output(key: str, name: str) -> dict[str, Any]:
    return {"$output": [key, name]}


def computed(value: Any = None, *, secret: bool = False) -> dict[str, Any]:
    return {"$computed": value, "secret": secret}


ROLE = ("aws:iam/role:Role", "node-role", {"assumeRolePolicy": "{}"})
GROUP = ("aws:ec2/securityGroup:SecurityGroup", "own-group", {"vpcId": "vpc-0abc"})
RULE = ("aws:ec2/securityGroupRule:SecurityGroupRule", "own-rule", {})
PROFILE = ("aws:iam/instanceProfile:InstanceProfile", "own-profile", {})
VPC = ("aws:ec2/vpc:Vpc", "vpc", {})
THE_ROLE, THE_GROUP, THE_RULE, THE_PROFILE = (
    reference(f"{kind}::{name}") for kind, name, _ in (ROLE, GROUP, RULE, PROFILE)
)
THE_CLUSTER = reference(f"{CLUSTER}::demo")
CORE = output(f"{CLUSTER}::demo", "core")

NETWORK = {"vpcId": "vpc-0abc", "privateSubnetIds": ["subnet-priv-a", "subnet-priv-b"], "version": "1.34"}
API = {**NETWORK, "authenticationMode": "API", "skipDefaultNodeGroup": True}
WITH_NODES = {**NETWORK, "authenticationMode": "API"}
LEAN = {
    **API,
    "skipDefaultSecurityGroups": True,
    "useDefaultVpcCni": True,
    "kubeProxyAddonOptions": {"enabled": False},
    "corednsAddonOptions": {"enabled": False},
    "createInstanceRole": False,
}


def cluster(base: dict[str, Any], *before: tuple[str, str, dict[str, Any]], **arguments: Any) -> Program:
    return [*before, (CLUSTER, "demo", {**base, **arguments})]


def managed(**arguments: Any) -> Program:
    return [*cluster(API, ROLE), (MANAGED, "mng", {"cluster": THE_CLUSTER, "nodeRole": THE_ROLE, **arguments})]


def self_managed(
    kind: str, base: dict[str, Any], *before: tuple[str, str, dict[str, Any]], **arguments: Any
) -> Program:
    return [*cluster(base, *before), (kind, "nodes", {"cluster": THE_CLUSTER, **arguments})]


ENTRIES = {
    "admin": {
        "principalArn": "arn:aws:iam::123456789012:role/admin",
        "type": "STANDARD",
        "username": "admin",
        "kubernetesGroups": ["ops"],
        "tags": {"a": "b"},
        "accessPolicies": {
            "all": {"policyArn": "arn:all", "accessScope": {"type": "cluster"}},
            "some": {"policyArn": "arn:some", "accessScope": {"type": "namespace", "namespaces": ["web"]}},
        },
    },
    "ci": {"principalArn": "arn:aws:iam::123456789012:role/ci"},
}
ROLE_MAPPINGS = [{"roleArn": "arn:aws:iam::123456789012:role/ops", "username": "ops", "groups": ["system:masters"]}]
USER_MAPPINGS = [
    {"userArn": "arn:aws:iam::123456789012:user/u: #odd", "username": "true", "groups": ["a b", "123", "- x", ""]},
    {"userArn": "arn:" + "long words " * 12, "username": "off", "groups": []},
]
TAINTS = {"k": {"value": "v", "effect": "NoSchedule"}, "q": {"effect": "NoExecute"}}
MANAGED_TAINTS = [
    {"key": "C", "effect": "NO_EXECUTE"},
    {"key": "D", "value": "v", "effect": "PREFER_NO_SCHEDULE"},
]
SETTINGS = {
    "settings": {
        "kubernetes": {"max-pods": 110, "eviction-hard": {"memory.available": "15%"}},
        "host-containers": {"admin": {"enabled": True}},
        "Zeta": [1, 2],
        "alpha": 1.5,
        "ntp": {"time-servers": ["a", "b"]},
        "bootstrap": {"x": [{"a": 1}, {"b": 'c"d'}]},
    },
    "other": "several\nlines",
}
CNI = {
    "warmEniTarget": 0,
    "warmIpTarget": 5,
    "warmPrefixTarget": 1,
    "enablePrefixDelegation": True,
    "logLevel": "INFO",
    "logFile": "/log",
    "pluginLogLevel": "INFO",
    "pluginLogFile": "/plugin",
    "vethPrefix": "v",
    "eniMtu": 1500,
    "eniConfigLabelDef": "zone",
    "enablePodEni": True,
    "disableTcpEarlyDemux": True,
    "customNetworkConfig": True,
    "nodePortSupport": True,
    "cniConfigureRpfilter": True,
    "cniExternalSnat": True,
    "enableNetworkPolicy": True,
    "addonVersion": "v9",
    "serviceAccountRoleArn": "arn:cni",
    "resolveConflictsOnCreate": "NONE",
    "configurationValues": {"env": {"X": "y", "WARM_ENI_TARGET": "9"}, "init": {"foo": 1}},
}
STORAGE = {
    "Fast": {
        "type": "io1",
        "iopsPerGb": 10,
        "encrypted": True,
        "kmsKeyId": "key",
        "zones": ["a", "b"],
        "default": True,
        "allowVolumeExpansion": True,
        "mountOptions": ["ro"],
        "reclaimPolicy": "Retain",
        "volumeBindingMode": "WaitForFirstConsumer",
        "metadata": {"name": "fast", "annotations": {"x": "y"}},
    },
    "plain": {"type": "gp2", "encrypted": False},
}

CASES: dict[str, Program] = {
    "no arguments": cluster({}),
    "API mode": cluster(API),
    "lean": cluster(LEAN),
    "access entries, tags and endpoints": cluster(
        API,
        accessEntries=ENTRIES,
        tags={"team": "x"},
        clusterTags={"c": "d", "team": "y"},
        encryptionConfigKeyArn="arn:key",
        endpointPrivateAccess=True,
        publicAccessCidrs=["203.0.113.0/24"],
        upgradePolicy={"supportType": "STANDARD"},
        deletionProtection=False,
        corednsAddonOptions={"enabled": True},
    ),
    "both modes with default nodes": cluster(
        NETWORK,
        authenticationMode="API_AND_CONFIG_MAP",
        accessEntries={"ci": ENTRIES["ci"]},
        roleMappings=ROLE_MAPPINGS,
        userMappings=USER_MAPPINGS,
    ),
    "aws-auth alone": cluster(NETWORK, authenticationMode="CONFIG_MAP", roleMappings=ROLE_MAPPINGS, userMappings=[]),
    "a storage class by volume type": cluster(API, storageClasses="gp2"),
    "storage classes": cluster(API, storageClasses=STORAGE),
    "a storage class beside aws-auth": cluster(NETWORK, storageClasses={"plain": {"type": "gp2"}}),
    "fargate": cluster(NETWORK, fargate=True),
    "fargate in API mode": cluster(
        WITH_NODES, fargate=True, tags={"a": "b"}, corednsAddonOptions={"configurationValues": {"replicaCount": 3}}
    ),
    "fargate with a profile": cluster(
        NETWORK,
        fargate={
            "selectors": [{"namespace": "x", "labels": {"a": "b"}}],
            "subnetIds": ["subnet-priv-z", "subnet-pub-z"],
            "podExecutionRoleArn": "arn:pods",
        },
    ),
    "fargate without coredns": cluster(NETWORK, fargate=True, corednsAddonOptions={"enabled": False}),
    "fargate with a reserved name": [(CLUSTER, "EKS-dev", {**NETWORK, "fargate": True})],
    "auto mode": cluster(WITH_NODES, autoMode={"enabled": True}),
    "auto mode with a role of its own": cluster(
        NETWORK,
        authenticationMode="API_AND_CONFIG_MAP",
        autoMode={
            "enabled": True,
            "createNodeRole": False,
            "computeConfig": {"nodePools": ["system"], "nodeRoleArn": "arn:nodes"},
        },
        corednsAddonOptions={"enabled": False},
        kubeProxyAddonOptions={"enabled": True},
        useDefaultVpcCni=False,
    ),
    "auto mode over IPv6": cluster(
        WITH_NODES, autoMode={"enabled": True}, skipDefaultSecurityGroups=False, ipFamily="ipv6"
    ),
    "auto mode off": cluster(API, autoMode={"enabled": False}),
    "subnets of either kind": cluster(LEAN, subnetIds=["subnet-a", "subnet-b"], privateSubnetIds=None),
    "public subnets before private ones": cluster(LEAN, publicSubnetIds=["subnet-pub-a"]),
    "a service range": cluster(LEAN, kubernetesServiceIpAddressRange="10.100.0.0/16"),
    "no service range with IPv6": cluster(LEAN, kubernetesServiceIpAddressRange="10.100.0.0/16", ipFamily="ipv6"),
    "a name and switches": cluster(
        LEAN,
        name="given",
        enableConfigMapMutable=True,
        bootstrapSelfManagedAddons=False,
        enabledClusterLogTypes=["api"],
    ),
    "a cluster role of one's own": cluster(LEAN, ROLE, serviceRole=THE_ROLE),
    "a node role of one's own": cluster(NETWORK, ROLE, instanceRole=THE_ROLE),
    "a node role of one's own in API mode": cluster(WITH_NODES, ROLE, instanceRole=THE_ROLE),
    "a node role without default nodes": cluster(NETWORK, ROLE, skipDefaultNodeGroup=True, instanceRole=THE_ROLE),
    "node roles of one's own": cluster(NETWORK, ROLE, skipDefaultNodeGroup=True, instanceRoles=[THE_ROLE]),
    "an instance profile that exists": cluster(NETWORK, instanceProfileName="existing"),
    "a node role without nodes": cluster(API, createInstanceRole=True),
    "aws-auth without a role": cluster(NETWORK, createInstanceRole=False, skipDefaultNodeGroup=True),
    "a security group of one's own": cluster(API, GROUP, clusterSecurityGroup=THE_GROUP),
    "a security group and no default ones": cluster(
        API, GROUP, clusterSecurityGroup=THE_GROUP, skipDefaultSecurityGroups=True
    ),
    "tags of security groups": cluster(
        API,
        clusterSecurityGroupTags={"a": "1"},
        nodeSecurityGroupTags={"b": "2", "Name": "mine"},
        tags={"t": "x", "a": "over"},
    ),
    "options of add-ons": cluster(
        API,
        kubeProxyAddonOptions={
            "version": "v1",
            "configurationValues": {"b": {"z": 1, "a": [{"y": 1, "x": "é"}]}, "a": True},
            "resolveConflictsOnCreate": "NONE",
            "resolveConflictsOnUpdate": "PRESERVE",
        },
        corednsAddonOptions={"version": "v2", "configurationValues": {"b": 1}},
    ),
    "options of the VPC CNI": cluster(API, vpcCniOptions=CNI, tags={"a": "b"}),
    "a privileged VPC CNI": cluster(
        API,
        vpcCniOptions={
            "securityContextPrivileged": True,
            "cniCustomNetworkCfg": True,
            "externalSnat": True,
            "enableNetworkPolicy": False,
            "configurationValues": {"init": {"env": {"A": "b"}}, "enableNetworkPolicy": "x"},
        },
    ),
    "credentials of a profile and role": cluster(
        LEAN, providerCredentialOpts={"profileName": "profile", "roleArn": "arn:role"}
    ),
    "settings of default nodes": cluster(
        NETWORK,
        instanceType="m7g.large",
        desiredCapacity=3,
        minSize=0,
        maxSize=5,
        nodeRootVolumeSize=50,
        nodeRootVolumeEncrypted=True,
        nodePublicKey="ssh-rsa x",
        nodeSubnetIds=["subnet-nodes"],
        nodeAssociatePublicIpAddress=False,
        nodeUserData="#!/bin/sh\necho hi\n",
        gpu=False,
    ),
    "an image of default nodes": cluster(NETWORK, nodeAmiId="ami-1"),
    "GPUs": cluster(NETWORK, gpu=True),
    "default nodes in public subnets": cluster({"vpcId": "vpc-0abc", "publicSubnetIds": ["subnet-pub-a"]}),
    "default nodes look for private subnets": cluster(
        {"vpcId": "vpc-0abc", "subnetIds": ["subnet-pub-a", "subnet-priv-b", "subnet-main-c"]}
    ),
    "default nodes find public subnets only": cluster(
        {"vpcId": "vpc-0abc", "subnetIds": ["subnet-pub-a", "subnet-pub-b"]}
    ),
    "options of default nodes": cluster(
        NETWORK,
        nodeGroupOptions={
            "instanceType": "t3.large",
            "spotPrice": "0.1",
            "labels": {"a": "b", "c": "d"},
            "taints": TAINTS,
            "kubeletExtraArgs": "--x=1 --y",
            "autoScalingGroupTags": {"t": "u"},
            "enableDetailedMonitoring": True,
            "nodeRootVolumeType": "gp3",
            "nodeRootVolumeThroughput": 200,
            "nodeRootVolumeDeleteOnTermination": False,
            "keyName": "key",
            "nodeadmExtraOptions": [{"content": "x: y", "contentType": "application/node.eks.aws"}],
            "minRefreshPercentage": 80,
            "ignoreScalingChanges": True,
            "launchTemplateTagSpecifications": [{"resourceType": "instance", "tags": {"a": "b"}}],
            "version": "1.33",
        },
    ),
    "Amazon Linux 2": cluster(
        NETWORK,
        nodeGroupOptions={
            "operatingSystem": "AL2",
            "nodeUserData": "echo x",
            "bootstrapExtraArgs": "--foo",
            "labels": {"a": "b"},
            "taints": TAINTS,
        },
    ),
    "Amazon Linux 2 by an old name": cluster(
        NETWORK,
        nodeGroupOptions={
            "amiType": "amazon-linux-2-gpu",
            "nodeRootVolumeIops": 100,
            "nodeRootVolumeType": "io1",
            "nodeRootVolumeSize": 100,
            "kubeletExtraArgs": "--one",
        },
    ),
    "Bottlerocket": cluster(
        NETWORK,
        nodeGroupOptions={
            "operatingSystem": "Bottlerocket",
            "labels": {"a.b/c": "d"},
            "taints": TAINTS,
            "bottlerocketSettings": SETTINGS,
            "nodeRootVolumeSize": 80,
        },
    ),
    "Bottlerocket with GPUs on ARM": cluster(NETWORK, nodeGroupOptions={"amiType": "BOTTLEROCKET_ARM_64_NVIDIA"}),
    "user data of one's own": cluster(
        NETWORK, nodeGroupOptions={"nodeUserDataOverride": "#!/bin/bash\nfoo", "nodeSubnetIds": ["subnet-1"]}
    ),
    "an instance profile of one's own": cluster(
        NETWORK, PROFILE, createInstanceRole=False, nodeGroupOptions={"instanceProfile": THE_PROFILE}
    ),
    "an instance profile by name": cluster(
        NETWORK, createInstanceRole=False, nodeGroupOptions={"instanceProfileName": "existing"}
    ),
    "further security groups": cluster(NETWORK, GROUP, nodeGroupOptions={"extraNodeSecurityGroups": [THE_GROUP]}),
    "managed: nothing said": managed(),
    "managed: everything said": managed(
        capacityType="SPOT",
        clusterName="other",
        diskSize=40,
        forceUpdateVersion=True,
        ignoreScalingChanges=True,
        instanceTypes=["m7g.large"],
        labels={"a": "b"},
        nodeGroupName="group",
        releaseVersion="r",
        remoteAccess={"ec2SshKey": "k", "sourceSecurityGroupIds": ["sg-1"]},
        scalingConfig={"minSize": 3},
        subnetIds=["subnet-1"],
        tags={"a": "b"},
        taints=MANAGED_TAINTS,
        version="1.33",
    ),
    "managed: a name's prefix": managed(nodeGroupNamePrefix="prefix"),
    "managed: a launch template of one's own": managed(launchTemplate={"id": "lt-1", "version": "3"}),
    "managed: Bottlerocket": managed(operatingSystem="Bottlerocket", instanceTypes=["m7g.large"]),
    "managed: GPUs": managed(operatingSystem="AL2023", gpu=True, instanceTypes=["g5.xlarge"]),
    "managed: IMDSv2": managed(enableIMDSv2=True, diskSize=30, amiType="AL2023_ARM_64_STANDARD"),
    "managed: IMDSv2 off": managed(enableIMDSv2=False, operatingSystem="Bottlerocket", diskSize=30),
    "managed: kubelet arguments": managed(
        kubeletExtraArgs="--max-pods=500", labels={"a": "b"}, taints=MANAGED_TAINTS, amiType="AL2023_x86_64_STANDARD"
    ),
    "managed: Bottlerocket settings": managed(
        bottlerocketSettings={"settings": {"kernel": {"lockdown": "integrity"}}},
        operatingSystem="Bottlerocket",
        instanceTypes=["t4g.medium"],
        taints=MANAGED_TAINTS,
        labels={"x": "y"},
        releaseVersion="dropped",
        clusterName="other",
    ),
    "managed: nodeadm documents": managed(
        nodeadmExtraOptions=[{"content": "a: b\n", "contentType": "application/node.eks.aws"}]
    ),
    "managed: bootstrap arguments": managed(
        operatingSystem="AL2", bootstrapExtraArgs="--x", kubeletExtraArgs="--a --b"
    ),
    "managed: user data of one's own": managed(userData="raw"),
    "managed: an image of one's own": managed(amiId="ami-9", operatingSystem="AL2"),
    "managed: EFA with several cards": managed(
        enableEfaSupport=True,
        placementGroupAvailabilityZone="us-west-2a",
        instanceTypes=["p4d.24xlarge"],
        tags={"a": "b"},
    ),
    "managed: EFA with one card": managed(
        enableEfaSupport=True, placementGroupAvailabilityZone="us-west-2b", instanceTypes=["c5n.18xlarge"]
    ),
    "managed: a role's ARN": [*cluster(API), (MANAGED, "mng", {"cluster": THE_CLUSTER, "nodeRoleArn": "arn:x"})],
    "managed: a role that aws-auth knows": [
        *cluster(NETWORK, ROLE, skipDefaultNodeGroup=True, instanceRoles=[THE_ROLE]),
        (MANAGED, "mng", {"cluster": THE_CLUSTER, "nodeRole": THE_ROLE}),
    ],
    "managed: core data in place of the cluster": [
        *cluster(API, ROLE),
        (MANAGED, "mng", {"cluster": CORE, "nodeRole": THE_ROLE, "operatingSystem": "Bottlerocket"}),
    ],
    "self-managed: a profile": self_managed(V2, API, PROFILE, instanceProfile=THE_PROFILE),
    "self-managed: the cluster's profile and tags": self_managed(
        V2,
        {**NETWORK, "tags": {"a": "b"}, "nodeSecurityGroupTags": {"n": "s"}},
        instanceType="m7g.large",
        operatingSystem="Bottlerocket",
    ),
    "self-managed: core data in place of the cluster": [*cluster(NETWORK), (V2, "nodes", {"cluster": CORE})],
    "self-managed: security groups of one's own": self_managed(
        V2,
        API,
        PROFILE,
        GROUP,
        RULE,
        instanceProfile=THE_PROFILE,
        nodeSecurityGroup=THE_GROUP,
        clusterIngressRule=THE_RULE,
        extraNodeSecurityGroups=[THE_GROUP],
    ),
    "self-managed: a security group by id": self_managed(
        V2, API, instanceProfileName="x", nodeSecurityGroupId="sg-1", clusterIngressRuleId="rule-1"
    ),
    "self-managed: a cluster without security groups": self_managed(
        V2, {**API, "skipDefaultSecurityGroups": True}, PROFILE, instanceProfile=THE_PROFILE
    ),
    "self-managed of old: a profile": self_managed(V1, API, PROFILE, instanceProfile=THE_PROFILE),
    "self-managed of old: everything said": self_managed(
        V1,
        {**NETWORK, "tags": {"a": "b"}},
        desiredCapacity=3,
        minSize=2,
        maxSize=4,
        spotPrice="0.2",
        autoScalingGroupTags={"x": "y"},
        cloudFormationTags={"c": "f"},
        nodeRootVolumeSize=33,
        nodePublicKey="ssh",
        labels={"l": "m"},
        nodeUserData="#!/bin/sh\nx",
        enableDetailedMonitoring=False,
        nodeAssociatePublicIpAddress=False,
        nodeadmExtraOptions=[{"content": "c", "contentType": "t"}],
    ),
    "self-managed of old: Bottlerocket": self_managed(
        V1,
        NETWORK,
        operatingSystem="Bottlerocket",
        nodeRootVolumeSize=33,
        bottlerocketSettings={"settings": {"cloudformation": {"should-signal": False}}},
    ),
    "self-managed of old: Amazon Linux 2": self_managed(V1, NETWORK, operatingSystem="AL2", nodeUserData="echo"),
    "self-managed of old: user data of one's own": self_managed(V1, NETWORK, nodeUserDataOverride="over"),
    "a security group for nodes": [
        *cluster(API, GROUP),
        (
            "eks:index:NodeGroupSecurityGroup",
            "group",
            {
                "vpcId": "vpc-1",
                "clusterSecurityGroup": THE_GROUP,
                "eksCluster": output(f"{CLUSTER}::demo", "eksCluster"),
                "tags": {"a": "b"},
            },
        ),
    ],
    "an add-on": [
        *cluster(API),
        (
            "eks:index:Addon",
            "ebs",
            {
                "cluster": THE_CLUSTER,
                "addonName": "x",
                "addonVersion": "v",
                "configurationValues": {"b": 1, "a": {"d": 2, "c": [1]}},
                "preserve": True,
                "resolveConflictsOnCreate": "NONE",
                "resolveConflictsOnUpdate": "PRESERVE",
                "serviceAccountRoleArn": "arn:ebs",
                "tags": {"a": "b"},
            },
        ),
    ],
    "an add-on with nothing said": [
        *cluster(API),
        ("eks:index:Addon", "ebs", {"cluster": THE_CLUSTER, "addonName": "x"}),
    ],
    "a VPC CNI by Kubernetes version": [
        ("eks:index:VpcCniAddon", "cni", {"clusterName": "c", "clusterVersion": "1.34", "tags": {"a": "b"}})
    ],
    "a VPC CNI by its own version": [
        ("eks:index:VpcCniAddon", "cni", {"clusterName": "c", "addonVersion": "v1", "securityContextPrivileged": True})
    ],
    "computed network": cluster(API, VPC, vpcId=computed(), privateSubnetIds=computed(["subnet-priv-q"])),
    "computed subnets and tags": cluster(
        NETWORK,
        VPC,
        vpcId=computed("vpc-x"),
        privateSubnetIds=[computed(), "subnet-priv-b"],
        tags={"a": computed("b")},
        clusterTags={"c": computed()},
    ),
    "a secret name": cluster(LEAN, name=computed("hidden", secret=True), tags={"a": computed("x", secret=True)}),
    "a computed version": cluster(NETWORK, VPC, version=computed()),
    "computed fargate": cluster(NETWORK, VPC, fargate=computed(True)),
    "computed mappings": cluster(
        NETWORK,
        VPC,
        skipDefaultNodeGroup=True,
        roleMappings=computed(ROLE_MAPPINGS),
        userMappings=[computed(USER_MAPPINGS[0])],
    ),
    "computed access entries": cluster(
        API,
        VPC,
        roleMappings=computed([]),
        accessEntries={
            "a": {
                "principalArn": computed("arn:x"),
                "accessPolicies": {"p": computed({"policyArn": "pp", "accessScope": {"type": "cluster"}})},
                "tags": computed({"a": "b"}),
            }
        },
    ),
    "computed add-on options": cluster(
        API,
        VPC,
        vpcCniOptions={
            "warmIpTarget": computed(3),
            "enablePodEni": computed(False),
            "configurationValues": computed({"env": {"A": "b"}}),
            "logLevel": computed("X"),
        },
        kubeProxyAddonOptions={"version": computed("v3"), "configurationValues": computed({"b": 1, "a": 2})},
    ),
    "computed credentials": cluster(
        LEAN,
        VPC,
        providerCredentialOpts=computed({"roleArn": "arn:q", "profileName": "p"}),
        enableConfigMapMutable=computed(True),
    ),
    "computed storage classes": cluster(
        API,
        VPC,
        storageClasses={
            "a": {
                "type": computed("gp2"),
                "zones": [computed("z1"), "z2"],
                "encrypted": computed(False),
                "iopsPerGb": computed(10),
                "default": computed(True),
            }
        },
    ),
    "computed compute settings": cluster(
        WITH_NODES,
        VPC,
        autoMode={"enabled": True, "computeConfig": computed({"nodePools": ["x"]})},
        kubernetesServiceIpAddressRange=computed("10.0.0.0/16"),
    ),
    "managed: computed settings": [
        VPC,
        *managed(
            instanceTypes=[computed("m7g.large")],
            scalingConfig={"desiredSize": computed(1)},
            subnetIds=[computed()],
            labels={"a": computed("b")},
            bottlerocketSettings=computed({"settings": {"a": {"b": "c"}}}),
            operatingSystem=computed("Bottlerocket"),
            taints=[computed({"key": "k", "value": "v", "effect": "NO_SCHEDULE"})],
            diskSize=computed(30),
        ),
    ],
    "self-managed: computed settings": self_managed(
        V2,
        API,
        VPC,
        PROFILE,
        instanceProfile=THE_PROFILE,
        instanceType=computed("m5.large"),
        nodeRootVolumeSize=computed(30),
        nodeRootVolumeEncrypted=computed(True),
        labels=computed({"a": "b"}),
        spotPrice=computed("1"),
        desiredCapacity=computed(3),
        nodeSubnetIds=[computed("subnet-1")],
        amiId=computed("ami-z"),
    ),
}

UNSERVED_BY_NEWER_SDKS = {name for name, program in CASES.items() if "nodeGroupOptions" in program[-1][2]}
"""With these the real component waits for itself when built with a recent @pulumi/pulumi; recorded with 3.173."""
