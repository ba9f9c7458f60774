"""The Kubernetes side of the rehearsal: API servers with real schemas, and Pulumi's provider over them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pokayoke_rehearsal.doubles.kubernetes.provider.double import KubernetesDouble
    from pokayoke_rehearsal.doubles.kubernetes.stores import Stores

__all__ = ["KubernetesDouble", "Stores"]


def __getattr__(name: str) -> Any:
    if name == "KubernetesDouble":
        from pokayoke_rehearsal.doubles.kubernetes.provider.double import KubernetesDouble

        return KubernetesDouble
    if name == "Stores":
        from pokayoke_rehearsal.doubles.kubernetes.stores import Stores

        return Stores
    raise AttributeError(name)
