"""A network as small as its few machines, without the addresses of pods."""

from pokayoke_eks import NetworkConfig

NetworkConfig.model_validate(
    {
        "name": "demo",
        "region": "ap-northeast-2",
        "lifecycle": "disposable",
        "cidr": "10.0.0.0/24",
        "zones": ["a", "b"],
    }
)
