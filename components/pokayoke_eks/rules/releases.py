"""The forms in which EKS takes the versions of add-ons and of Bottlerocket."""

import re

from .finding import Finding, shown
from .kubernetes_versions import minor

ADDONS = (
    "vpc-cni",
    "kube-proxy",
    "coredns",
    "eks-pod-identity-agent",
    "aws-ebs-csi-driver",
    "metrics-server",
)
SKEW = "ami-version-skew"
_FIRST_WITH = {"1.35": "1.53.0", "1.36": "1.61.0", "1.37": "1.66.0"}
_ADDON = re.compile(r"v(\d{1,4})\.(\d{1,4})\.(\d{1,4})-eksbuild\.\d{1,4}", re.ASCII)
_BOTTLEROCKET = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}-[0-9a-f]{8}", re.ASCII)


def bad_addon_version(version: str) -> Finding | None:
    """Why EKS knows no add-on version of this form."""
    if _ADDON.fullmatch(version):
        return None
    return Finding(
        f"{shown(version)} is no version of an EKS add-on",
        "Write it as EKS does, vX.Y.Z-eksbuild.N, or leave it out for EKS's default; `pokayoke pins` fills it in.",
    )


def kube_proxy_of_another_minor(version: str, kubernetes: str) -> Finding | None:
    """Why this kube-proxy does not belong to this Kubernetes minor. Both must be well formed."""
    found = _ADDON.fullmatch(version)
    if found is None or int(found.group(2)) == minor(kubernetes):
        return None
    return Finding(
        f"kube-proxy {version} is of another minor than Kubernetes {kubernetes}",
        f"Take a v{kubernetes}.x build, or leave it out for EKS's default.",
        SKEW,
    )


def bad_bottlerocket_release(release: str) -> Finding | None:
    """Why a node group takes no such release. The bare version is refused by EKS: the build id belongs to it
    (cloudposse/terraform-aws-eks-node-group#209)."""
    if _BOTTLEROCKET.fullmatch(release):
        return None
    return Finding(
        f"{shown(release)} is no Bottlerocket release as a node group takes it",
        "Write version and build id, e.g. 1.65.0-0be31b34 (SSM parameter image_version); `pokayoke pins` fills it in.",
        SKEW,
    )


def bottlerocket_alias(release: str) -> str:
    """`bottlerocket@v1.65.0` for `1.65.0-0be31b34`: Karpenter's form of the same release."""
    return f"bottlerocket@v{release.split('-')[0]}"


def bottlerocket_without_variant(release: str, kubernetes: str) -> Finding | None:
    """Why this release has no image for this Kubernetes minor: variants come with a release and not before
    (bottlerocket-os/bottlerocket#4737, #4841, #4946). Both must be well formed."""
    first = _FIRST_WITH.get(kubernetes)
    if first is None or _numbers(release) >= _numbers(first):
        return None
    return Finding(
        f"Bottlerocket {release} has no image for Kubernetes {kubernetes}, which came with {first}",
        f"Take a release from {first} on (for Karpenter bottlerocket@v{first}); `pokayoke pins` fills in the newest.",
        SKEW,
    )


def _numbers(release: str) -> tuple[int, ...]:
    return tuple(int(digits) for digits in release.split("-")[0].split("."))
