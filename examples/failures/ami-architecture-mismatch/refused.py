"""System nodes of an instance type for which there is no image: no other word decides on the image."""

from pokayoke_eks import ClusterConfig

ClusterConfig.model_validate(
    {
        "name": "shop",
        "region": "ap-northeast-2",
        "lifecycle": "disposable",
        "kubernetes": "1.36",
        "bottlerocket": "1.65.0-0be31b34",
        "api_access": "private",
        "admins": ["arn:aws:iam::123456789012:role/platform"],
        "system_instance": "m7i.large",
    }
)
