"""Labels and taints of nodes: their form, and whose keys they may be.

Source of the forms: Kubernetes documentation, "Labels and Selectors" and "Taints and Tolerations". Of the restricted
domains: Karpenter v1.14's CRDs, and `RestrictedLabelDomains` of kubernetes-sigs/karpenter, pkg/apis/v1/labels.go.
"""

import re

from .finding import Finding, shown

DEADLOCK = "startup-taint-deadlock"
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", re.ASCII)
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII)
_KARPENTER = ("karpenter.sh", "karpenter.k8s.aws")
_KUBERNETES = ("kubernetes.io", "k8s.io")
_FREE = ("node-restriction.kubernetes.io",)
_OURS = "pokayoke-eks"

WITHOUT_REMOVER = Finding(
    "nothing is said to take the startup taint off, so every node would stay empty",
    "Name the DaemonSet or controller that takes it off, or make it a plain taint.",
    DEADLOCK,
)


def bad_key(key: str) -> Finding | None:
    """Why Kubernetes takes no such key of a label or taint."""
    domain, slash, name = key.rpartition("/")
    if _NAME.fullmatch(name) and (not slash or (_DOMAIN.fullmatch(domain) and len(domain) <= 253)):
        return None
    return Finding(
        f"Kubernetes takes no key {shown(key)}",
        "Write up to 63 letters, digits, - _ . with a letter or digit at both ends, after a domain/ if you have one.",
    )


def bad_value(value: str) -> Finding | None:
    """Why Kubernetes takes no such value of a label or taint."""
    if not value or _NAME.fullmatch(value):
        return None
    return Finding(
        f"Kubernetes takes no value {shown(value)} here",
        "Write up to 63 letters, digits, - _ . with a letter or digit at both ends.",
    )


def restricted_label(key: str) -> Finding | None:
    """Why nobody but Karpenter, the kubelet or the platform sets this label on a node."""
    domain = key.rpartition("/")[0]
    if domain == _OURS:
        return Finding(f"the label {shown(key)} says where the platform itself runs", "Use a domain of your own.")
    if _is_in(domain, _KARPENTER):
        return Finding(f"the label {shown(key)} is Karpenter's own", "Use a domain of your own.")
    if _is_in(domain, _KUBERNETES) and not _is_in(domain, _FREE):
        return Finding(f"the label {shown(key)} is set by Kubernetes and Karpenter alone", "Use a domain of your own.")
    return None


def restricted_taint(key: str) -> Finding | None:
    """Why this taint is one that Kubernetes or Karpenter puts on and takes off itself."""
    domain = key.rpartition("/")[0]
    if _is_in(domain, (*_KARPENTER, "node.kubernetes.io", "node.cloudprovider.kubernetes.io")):
        return Finding(f"the taint {shown(key)} is put on and taken off by others", "Use a key of your own.", DEADLOCK)
    return None


def _is_in(domain: str, domains: tuple[str, ...]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") for one in domains)
