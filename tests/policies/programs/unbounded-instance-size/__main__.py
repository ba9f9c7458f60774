"""A pool with a wide range of sizes and no limits."""

from pulumi_kubernetes.apiextensions import CustomResource

CustomResource(
    "pool",
    api_version="karpenter.sh/v1",
    kind="NodePool",
    metadata={"name": "general"},
    spec={
        "template": {
            "spec": {
                "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "general"},
                "requirements": [{"key": "karpenter.k8s.aws/instance-cpu", "operator": "Gt", "values": ["1"]}],
            }
        }
    },
)
