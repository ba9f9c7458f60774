"""Valid objects that the generated cases start from; between them they set every field of the three kinds."""

from typing import Any

_METADATA = {"name": "case"}

_CLASS_EVERYTHING: dict[str, Any] = {
    "apiVersion": "karpenter.k8s.aws/v1",
    "kind": "EC2NodeClass",
    "metadata": _METADATA,
    "spec": {
        "role": "demo-nodes",
        "amiFamily": "Bottlerocket",
        "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}],
        "subnetSelectorTerms": [{"id": "subnet-0a1b"}, {"tags": {"karpenter.sh/discovery": "demo"}}],
        "securityGroupSelectorTerms": [{"id": "sg-0a1b"}, {"name": "nodes"}, {"tags": {"team": "*"}}],
        "capacityReservationSelectorTerms": [
            {"id": "cr-0a1b"},
            {"tags": {"team": "a"}, "ownerID": "123456789012", "instanceMatchCriteria": "open"},
        ],
        "placementGroupSelector": {"name": "together"},
        "blockDeviceMappings": [
            {
                "deviceName": "/dev/xvda",
                "rootVolume": True,
                "ebs": {"volumeSize": "4Gi", "volumeType": "gp3", "encrypted": True, "deleteOnTermination": True},
            },
            {
                "deviceName": "/dev/xvdb",
                "rootVolume": False,
                "ebs": {
                    "snapshotID": "snap-0a1b",
                    "volumeInitializationRate": 100,
                    "kmsKeyID": "alias/disks",
                    "iops": 3000,
                    "throughput": 125,
                },
            },
        ],
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpProtocolIPv6": "disabled",
            "httpPutResponseHopLimit": 1,
            "httpTokens": "required",
        },
        "networkInterfaces": [
            {"networkCardIndex": 0, "deviceIndex": 0, "interfaceType": "interface"},
            {"networkCardIndex": 0, "deviceIndex": 1, "interfaceType": "efa-only"},
            {"networkCardIndex": 1, "deviceIndex": 1, "interfaceType": "efa-only"},
        ],
        "connectionTracking": {"tcpEstablishedTimeout": 60, "udpStreamTimeout": 60, "udpTimeout": 30},
        "cpuOptions": {"nestedVirtualization": "disabled"},
        "instanceStorePolicy": "RAID0",
        "detailedMonitoring": False,
        "associatePublicIPAddress": False,
        "ipPrefixCount": 0,
        "context": "context",
        "userData": "[settings]",
        "tags": {"Name": "node", "team": ""},
        "kubelet": {
            "clusterDNS": ["172.20.0.10"],
            "cpuCFSQuota": True,
            "maxPods": 58,
            "podsPerCore": 0,
            "kubeReserved": {"cpu": "100m", "memory": "1Gi"},
            "systemReserved": {"ephemeral-storage": "1Gi", "pid": "1000"},
            "evictionHard": {"memory.available": "5%", "nodefs.available": "10Gi"},
            "evictionSoft": {"memory.available": "500Mi", "imagefs.inodesFree": ""},
            "evictionSoftGracePeriod": {"memory.available": "1m", "imagefs.inodesFree": "1m"},
            "evictionMaxPodGracePeriod": 60,
            "imageGCHighThresholdPercent": 85,
            "imageGCLowThresholdPercent": 80,
        },
    },
}

_CLASS_BY_ID: dict[str, Any] = {
    "apiVersion": "karpenter.k8s.aws/v1",
    "kind": "EC2NodeClass",
    "metadata": _METADATA,
    "spec": {
        "instanceProfile": "demo-nodes",
        "amiFamily": "AL2023",
        "amiSelectorTerms": [
            {"id": "ami-0a1b"},
            {"name": "mine-*", "owner": "self", "tags": {"arch": "arm64"}},
            {"ssmParameter": "/mine"},
        ],
        "subnetSelectorTerms": [{"id": "subnet-0a1b"}],
        "securityGroupSelectorTerms": [{"id": "sg-0a1b"}],
        "placementGroupSelector": {"id": "pg-0a1b"},
    },
}

_CLASSES_BY_ALIAS: tuple[dict[str, Any], ...] = tuple(
    {
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": _METADATA,
        "spec": {
            "role": "demo-nodes",
            "amiFamily": family,
            "amiSelectorTerms": [{"alias": alias}],
            "subnetSelectorTerms": [{"tags": {"karpenter.sh/discovery": "demo"}}],
            "securityGroupSelectorTerms": [{"tags": {"karpenter.sh/discovery": "demo"}}],
        },
    }
    for alias, family in (
        ("al2@latest", "AL2"),
        ("al2023@v20240703", "AL2023"),
        ("windows2019@latest", "Windows2019"),
        ("windows2022@latest", "Windows2022"),
        ("windows2025@latest", "Custom"),
    )
)

_NODE: dict[str, Any] = {
    "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "general"},
    "requirements": [
        {"key": "kubernetes.io/arch", "operator": "In", "values": ["arm64"]},
        {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["spot", "on-demand"], "minValues": 2},
        {"key": "karpenter.k8s.aws/instance-cpu", "operator": "Gt", "values": ["3"]},
        {"key": "karpenter.k8s.aws/instance-gpu-count", "operator": "DoesNotExist"},
    ],
    "taints": [{"key": "team", "value": "a", "effect": "NoSchedule", "timeAdded": "2026-01-02T03:04:05Z"}],
    "startupTaints": [{"key": "example.com/agent", "effect": "NoExecute"}],
    "expireAfter": "720h",
    "terminationGracePeriod": "1h30m",
}

_POOL: dict[str, Any] = {
    "apiVersion": "karpenter.sh/v1",
    "kind": "NodePool",
    "metadata": _METADATA,
    "spec": {
        "template": {
            "metadata": {"labels": {"team": "a", "example.com/tier": ""}, "annotations": {"note": "anything"}},
            "spec": _NODE,
        },
        "disruption": {
            "consolidateAfter": "5m",
            "consolidationPolicy": "WhenEmpty",
            "budgets": [
                {"nodes": "10%"},
                {"nodes": "0", "reasons": ["Empty", "Drifted"], "schedule": "0 9 * * mon", "duration": "8h"},
            ],
        },
        "limits": {"cpu": "32", "memory": "64Gi", "nodes": 8},
        "weight": 10,
    },
}

_POOL_STATIC: dict[str, Any] = {
    "apiVersion": "karpenter.sh/v1",
    "kind": "NodePool",
    "metadata": _METADATA,
    "spec": {
        "replicas": 3,
        "limits": {"nodes": "5"},
        "template": {"spec": {"nodeClassRef": _NODE["nodeClassRef"], "requirements": []}},
    },
}

_CLAIM: dict[str, Any] = {
    "apiVersion": "karpenter.sh/v1",
    "kind": "NodeClaim",
    "metadata": _METADATA,
    "spec": {**_NODE, "resources": {"requests": {"cpu": 1, "memory": "1Gi"}}},
}

BASES: dict[str, tuple[dict[str, Any], ...]] = {
    "EC2NodeClass": (_CLASS_EVERYTHING, _CLASS_BY_ID, *_CLASSES_BY_ALIAS),
    "NodePool": (_POOL, _POOL_STATIC),
    "NodeClaim": (_CLAIM,),
}
