"""Taints of nodes and the tolerations of pods; who takes which startup taint off.

Source: Kubernetes documentation, "Taints and Tolerations"; Karpenter v1.14 documentation, NodePools, "Taints": of
startup taints Karpenter expects that somebody removes them, and until then a node is not initialized.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from .finding import Finding
from .labels import DEADLOCK

REMOVED_BY = "pokayoke-eks/startup-taints-removed-by"
"""An annotation on a NodePool: `key=who` of each startup taint, with commas between, whose remover is not in the stack.
"""

REMOVERS: Mapping[str, tuple[str, ...]] = {
    "node.cilium.io/agent-not-ready": ("cilium",),
    "ebs.csi.aws.com/agent-not-ready": ("aws-ebs-csi-driver",),
    "efs.csi.aws.com/agent-not-ready": ("aws-efs-csi-driver",),
    "s3.csi.aws.com/agent-not-ready": ("aws-mountpoint-s3-csi-driver",),
    "fsx.csi.aws.com/agent-not-ready": ("aws-fsx-csi-driver",),
    "cni.istio.io/not-ready": ("istio/istiod",),
}
"""Who takes a taint off, by the name of chart or add-on (cilium/cilium#16631; kubernetes-sigs/aws-ebs-csi-driver#1581;
kubernetes-sigs/aws-efs-csi-driver#1236; awslabs/mountpoint-s3-csi-driver#621; istio/istio, nodeUntainter)."""

BLOCKING = ("NoSchedule", "NoExecute")
_EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}


@dataclass(frozen=True, slots=True)
class Taint:
    """A taint. Its effect is in Kubernetes' spelling."""

    key: str
    value: str
    effect: str

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> "Taint":
        """Of a NodePool, or of a node group, which EKS spells in its own way."""
        effect = str(said.get("effect"))
        return cls(str(said.get("key")), str(said.get("value") or ""), _EFFECTS.get(effect, effect))

    def is_tolerated(self, tolerations: Iterable[object]) -> bool:
        """Whether one of these tolerations lets a pod onto a node with the taint."""
        return any(self._matches(cast("Mapping[str, Any]", one)) for one in tolerations if isinstance(one, Mapping))

    def _matches(self, toleration: Mapping[str, Any]) -> bool:
        if toleration.get("effect") not in (None, "", self.effect):
            return False
        exists = toleration.get("operator") == "Exists"
        if not toleration.get("key"):
            return exists
        return toleration["key"] == self.key and (exists or str(toleration.get("value") or "") == self.value)


def declared(annotation: object) -> dict[str, str]:
    """Keys of startup taints, and who the pool's annotation says takes them off."""
    found = [one.partition("=") for one in annotation.split(",")] if isinstance(annotation, str) else []
    return {key.strip(): who.strip() for key, _, who in found if key.strip() and who.strip()}


def without_remover(key: str) -> Finding:
    """Why a startup taint of this key stays for ever."""
    known = REMOVERS.get(key)
    who = f"'{known[0].rpartition('/')[2]}', which takes it off, is not installed" if known else "nothing takes it off"
    return Finding(
        f"the startup taint {key} stays: {who} in this stack, so that no node of the pool is ever initialized",
        "Install what takes it off, with a toleration for its key; or name who does in the annotation "
        f'{REMOVED_BY}: "{key}=NAME" of the pool; or make it a plain taint.',
        DEADLOCK,
    )


def kept_off(name: str, taint: Taint, *, remover: bool) -> Finding:
    """Why a DaemonSet that nodes need does not get onto them."""
    then = "and so the startup taint, which it would take off, stays" if remover else "which they need to become ready"
    return Finding(
        f"the DaemonSet '{name}' does not tolerate the taint {taint.key}:{taint.effect}, {then}",
        f"Give it the toleration {{key: {taint.key}, operator: Exists}}, or {{operator: Exists}} for all taints.",
        DEADLOCK,
    )
