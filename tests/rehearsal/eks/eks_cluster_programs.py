"""Clusters, their security groups and add-ons."""

from eks_vocabulary import (
    API,
    CLUSTER,
    GROUP,
    LEAN,
    NETWORK,
    ROLE,
    ROLE_MAPPINGS,
    THE_CLUSTER,
    THE_GROUP,
    THE_ROLE,
    USER_MAPPINGS,
    WITH_NODES,
    Program,
    cluster,
    output,
)

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


CLUSTERS: dict[str, Program] = {
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
}
