"""A cluster of a Kubernetes version whose standard support is over."""

from pokayoke_eks import ClusterConfig

ClusterConfig.model_validate(
    {
        "name": "shop",
        "region": "ap-northeast-2",
        "lifecycle": "disposable",
        "kubernetes": "1.33",
        "bottlerocket": "1.65.0-0be31b34",
        "api_access": "private",
        "admins": ["arn:aws:iam::123456789012:role/platform"],
    }
)
