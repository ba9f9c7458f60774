"""Clusters with arguments that depend on other resources, are unknown in a preview, or secret."""

from eks_vocabulary import API, LEAN, NETWORK, ROLE_MAPPINGS, USER_MAPPINGS, VPC, WITH_NODES, Program, cluster, computed

COMPUTED: dict[str, Program] = {
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
}
