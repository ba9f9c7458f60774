"""The kubelet's settings in an EC2NodeClass. Source: Karpenter v1.14.1, `karpenter.k8s.aws_ec2nodeclasses.yaml`."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import Field

from .cel import Rule, every, get, has
from .constraints import Bool, Int32
from .part import Part
from .patterns import EvictionThreshold, QuantityText

Percent = Annotated[Int32, Field(ge=0, le=100)]

_SIGNALS = (
    "memory.available",
    "nodefs.available",
    "nodefs.inodesFree",
    "imagefs.available",
    "imagefs.inodesFree",
    "pid.available",
)
_RESERVABLE = ("cpu", "memory", "ephemeral-storage", "pid")


class Kubelet(Part):
    """What Karpenter tells each node's kubelet, and reckons with itself when it chooses an instance type."""

    cluster_dns: tuple[str, ...] | None = None
    max_pods: Annotated[Int32, Field(ge=0)] | None = None
    pods_per_core: Annotated[Int32, Field(ge=0)] | None = None
    system_reserved: dict[str, QuantityText] | None = None
    kube_reserved: dict[str, QuantityText] | None = None
    eviction_hard: dict[str, EvictionThreshold] | None = None
    eviction_soft: dict[str, EvictionThreshold] | None = None
    eviction_soft_grace_period: dict[str, str] | None = None
    eviction_max_pod_grace_period: Int32 | None = None
    """Seconds."""
    image_gc_high_threshold_percent: Percent | None = None
    image_gc_low_threshold_percent: Percent | None = None
    cpu_cfs_quota: Bool | None = None


def _high_is_above_low(kubelet: dict[str, Any]) -> bool:
    if not (has(kubelet, "imageGCHighThresholdPercent") and has(kubelet, "imageGCLowThresholdPercent")):
        return True
    return kubelet["imageGCHighThresholdPercent"] > kubelet["imageGCLowThresholdPercent"]


def _each_is_in(name: str, other: str) -> Callable[[dict[str, Any]], bool]:
    def keeps(kubelet: dict[str, Any]) -> bool:
        return not has(kubelet, name) or every(kubelet[name], lambda key: key in get(kubelet, other))

    return keeps


def _known(names: Sequence[str]) -> Callable[[dict[str, str]], bool]:
    return lambda entries: every(entries, lambda key: key in names)


def _not_negative(entries: dict[str, str]) -> bool:
    return every(entries, lambda key: not entries[key].startswith("-"))


_KUBELET = "spec.kubelet"
_LISTED_SIGNALS = ",".join(f"'{name}'" for name in _SIGNALS)

KUBELET_RULES: Sequence[Rule] = (
    Rule(
        _KUBELET,
        "imageGCHighThresholdPercent must be greater than imageGCLowThresholdPercent",
        _high_is_above_low,
    ),
    Rule(
        _KUBELET,
        "evictionSoft OwnerKey does not have a matching evictionSoftGracePeriod",
        _each_is_in("evictionSoft", "evictionSoftGracePeriod"),
    ),
    Rule(
        _KUBELET,
        "evictionSoftGracePeriod OwnerKey does not have a matching evictionSoft",
        _each_is_in("evictionSoftGracePeriod", "evictionSoft"),
    ),
    *(
        Rule(f"{_KUBELET}.{name}", f"valid keys for {name} are [{_LISTED_SIGNALS}]", _known(_SIGNALS))
        for name in ("evictionHard", "evictionSoft", "evictionSoftGracePeriod")
    ),
    *(
        rule
        for name in ("kubeReserved", "systemReserved")
        for rule in (
            Rule(
                f"{_KUBELET}.{name}",
                f"valid keys for {name} are ['cpu','memory','ephemeral-storage','pid']",
                _known(_RESERVABLE),
            ),
            Rule(f"{_KUBELET}.{name}", f"{name} value cannot be a negative resource quantity", _not_negative),
        )
    ),
)
"""Every rule on the kubelet's settings."""
