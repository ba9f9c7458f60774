"""A word that lets all states go, and is not the name of the bucket's own backend."""

from pokayoke_eks import StateBackendConfig

StateBackendConfig.model_validate(
    {"name": "shop", "region": "ap-northeast-2", "environments": ["dev"], "empty_and_remove": "yes"}
)
