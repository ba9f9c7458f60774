"""Nodes of every kind: default, self-managed and managed."""

from eks_vocabulary import (
    API,
    CORE,
    GROUP,
    MANAGED,
    NETWORK,
    PROFILE,
    ROLE,
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

NODES: dict[str, Program] = {
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
