"""Versions that EKS knows: of Kubernetes and of add-ons. Facts with their sources; nothing here is from memory.

Kubernetes: endoflife-date/endoflife.date, products/amazon-eks.md of 2026-08-22. Add-ons: what EKS installs by default
and the newest seen, collected 2026-11-21 from public sources of up to 2026-10-08 (deployed clusters, module defaults,
AWS's user guide). For versions before 1.35 few builds were collected: the oldest known stands in for them.
"""

from __future__ import annotations

from datetime import date

KUBERNETES = ("1.31", "1.32", "1.33", "1.34", "1.35", "1.36")
DEFAULT_KUBERNETES = "1.36"

STANDARD_UNTIL = {
    "1.31": date(2025, 11, 26),
    "1.32": date(2026, 3, 23),
    "1.33": date(2026, 7, 29),
    "1.34": date(2026, 12, 2),
    "1.35": date(2027, 3, 27),
    "1.36": date(2027, 8, 2),
}
"""The last day of standard support."""

# Platform versions seen: 1.35 eks.23, 1.36 eks.14.
PLATFORM = {"1.35": "eks.23", "1.36": "eks.14"}

# (add-on, Kubernetes minor) -> versions, newest first; the one that EKS installs by default is the last.
_SEEN: dict[tuple[str, str], tuple[str, ...]] = {
    ("vpc-cni", "1.35"): ("v1.23.2-eksbuild.1", "v1.22.4-eksbuild.3"),
    ("vpc-cni", "1.36"): ("v1.23.2-eksbuild.1", "v1.23.1-eksbuild.1", "v1.22.4-eksbuild.3"),
    ("kube-proxy", "1.35"): ("v1.35.3-eksbuild.29",),
    ("kube-proxy", "1.36"): ("v1.36.0-eksbuild.25",),
    ("coredns", "1.35"): ("v1.14.6-eksbuild.4", "v1.14.3-eksbuild.22", "v1.13.2-eksbuild.31"),
    ("coredns", "1.36"): ("v1.14.6-eksbuild.4", "v1.14.3-eksbuild.23"),
    ("eks-pod-identity-agent", "1.35"): ("v1.4.0-eksbuild.3", "v1.3.10-eksbuild.3"),
    ("eks-pod-identity-agent", "1.36"): ("v1.4.0-eksbuild.2", "v1.3.10-eksbuild.3"),
    ("aws-ebs-csi-driver", "1.35"): ("v1.66.0-eksbuild.1",),
    ("aws-ebs-csi-driver", "1.36"): ("v1.66.0-eksbuild.1",),
    ("metrics-server", "1.35"): ("v0.9.0-eksbuild.11",),
    ("metrics-server", "1.36"): ("v0.9.0-eksbuild.11",),
    ("snapshot-controller", "1.35"): ("v8.6.0-eksbuild.6",),
    ("snapshot-controller", "1.36"): ("v8.6.0-eksbuild.8",),
    ("eks-node-monitoring-agent", "1.36"): ("v1.7.2-eksbuild.1",),
}

# Seen for 1.34 in recordings of pulumi-eks (getAddonVersion, mostRecent).
_OLDER: dict[str, str] = {"vpc-cni": "v1.20.4-eksbuild.2", "kube-proxy": "v1.34.0-eksbuild.2"}

ADDONS = tuple(sorted({name for name, _ in _SEEN}))

# Add-ons with a Deployment: they need a node to become healthy. The others are DaemonSets, healthy without one.
DEPLOYMENTS = ("coredns", "metrics-server", "aws-ebs-csi-driver", "snapshot-controller")

# Installed by EKS itself, unmanaged, unless bootstrapSelfManagedAddons is false.
SELF_MANAGED = ("vpc-cni", "kube-proxy", "coredns")


def addon_versions(addon: str, kubernetes: str) -> tuple[str, ...]:
    """Known versions of an add-on for a Kubernetes minor, newest first, the default last; empty if unknown."""
    if (addon, kubernetes) in _SEEN:
        return _SEEN[addon, kubernetes]
    if addon not in ADDONS:
        return ()
    if addon == "kube-proxy":
        return (f"v{kubernetes}.0-eksbuild.2",)
    if addon in _OLDER:
        return (_OLDER[addon],)
    oldest = min(version for name, version in _SEEN if name == addon)
    return _SEEN[addon, oldest][-1:]


def default_version(addon: str, kubernetes: str) -> str:
    """What EKS installs when no version is said."""
    return addon_versions(addon, kubernetes)[-1]
