"""Bottlerocket's settings, typed, and written as TOML by a library (`user-data-invalid`).

Source of the names: Bottlerocket's documentation, settings.kubernetes. Karpenter adds what it decides itself: cluster,
labels, taints, the most pods.
"""

import tomli_w
from pydantic import BaseModel, ConfigDict


def _spelt(name: str) -> str:
    return name.replace("_", "-")


class Settings(BaseModel):
    """A table of settings; a key that is not declared is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=_spelt, populate_by_name=True)


class KubernetesSettings(Settings):
    """The kubelet's."""

    seccomp_default: bool = True
    """Pods that name no seccomp profile get the container runtime's."""


class BottlerocketSettings(Settings):
    """What a node is told at its first start, beside what Karpenter tells it."""

    kubernetes: KubernetesSettings = KubernetesSettings()

    def user_data(self) -> str:
        """The node's user data."""
        return tomli_w.dumps({"settings": self.model_dump(mode="json", by_alias=True, exclude_none=True)})
