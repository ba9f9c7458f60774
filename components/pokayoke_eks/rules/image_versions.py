"""Which Kubernetes a node's image is made for, and whether that goes with the control plane's.

Sources: Kubernetes documentation, "Version Skew Policy": a kubelet, or kube-proxy, is never newer than the API server
and at most three minors older. EKS user guide, "Retrieve recommended AMI IDs", and Bottlerocket's README: names and
parameters of AWS's own images; "EKS AMI deprecation": Amazon Linux 2 ends with Kubernetes 1.32.
"""

import re
from datetime import date, timedelta
from typing import TypeGuard

from .finding import Finding
from .kubernetes_versions import SUPPORT, is_well_formed, minor
from .releases import SKEW, bad_bottlerocket_release, bottlerocket_without_variant

MOST_MINORS_BEHIND = 3
LAST_WITH_AL2 = 32
_AHEAD = timedelta(days=60)
"""Ours: images for a minor may be older than its first day on EKS, by no more than this."""
_MINOR = re.compile(r"(?:k8s-|node-|standard-|nvidia-|neuron-|optimized-ami/)1\.(\d{1,3})(?![\d.]*\.\d)", re.ASCII)
_AL_RELEASE = re.compile(r"1\.(\d{1,3})\.\d{1,3}-\d{8}", re.ASCII)
_DATED = re.compile(r"v(\d{4})(\d{2})(\d{2})", re.ASCII)
_BOTTLEROCKET = re.compile(r"v?(\d{1,4}\.\d{1,4}\.\d{1,4})(?:-[0-9a-f]+)?", re.ASCII)
_PIN = "Pin a release that has an image for the cluster's version, e.g. alias bottlerocket@vX.Y.Z, and move it with it."


def minor_in(name: str) -> int | None:
    """The minor version that an image's name, or the parameter it stands under, was made for; None where none shows."""
    found = _MINOR.search(name)
    return int(found[1]) if found else None


def skewed(what: str, of_it: int, kubernetes: str) -> Finding | None:
    """Why something of minor `1.of_it` does not go with a control plane of this well-formed version."""
    there = minor(kubernetes)
    if of_it > there:
        how = "newer than it"
    elif of_it < there - MOST_MINORS_BEHIND:
        how = f"more than {MOST_MINORS_BEHIND} minors older"
    else:
        return None
    return Finding(f"{what} is of Kubernetes 1.{of_it}, and the control plane of {kubernetes}: {how}", _PIN, SKEW)


def image_name_skewed(name: str, kubernetes: str) -> Finding | None:
    """The same of an image by its name or parameter."""
    of_it = minor_in(name)
    return None if of_it is None else skewed("the image", of_it, kubernetes)


def alias_without_image(alias: str, kubernetes: str) -> Finding | None:
    """Why Karpenter finds no image for this alias (`family@version`) and a well-formed version of Kubernetes."""
    family, _, version = alias.partition("@")
    if family == "bottlerocket":
        found = _BOTTLEROCKET.fullmatch(version)
        return bottlerocket_without_variant(found[1], kubernetes) if found else None
    if family == "al2":
        return al2_ended(kubernetes)
    dated = _DATED.fullmatch(version) if family == "al2023" else None
    support = SUPPORT.get(kubernetes)
    if dated is None or support is None:
        return None
    try:
        made = date(int(dated[1]), int(dated[2]), int(dated[3]))
    except ValueError:
        return None
    if made >= support.released - _AHEAD:
        return None
    return Finding(
        f"the images of {made} are older than Kubernetes {kubernetes} on EKS ({support.released}): none is for it",
        _PIN,
        SKEW,
    )


def al2_ended(kubernetes: str) -> Finding | None:
    """Why Amazon Linux 2 has no image for a well-formed version."""
    if minor(kubernetes) <= LAST_WITH_AL2:
        return None
    return Finding(
        f"Amazon Linux 2 has no image for Kubernetes {kubernetes}: its last is for 1.{LAST_WITH_AL2}",
        "Take al2023 or bottlerocket.",
        SKEW,
    )


def release_skewed(release: str, ami_type: str, kubernetes: str) -> Finding | None:
    """Why a node group does not get this `releaseVersion` for its `amiType` and well-formed version."""
    if ami_type.startswith("BOTTLEROCKET"):
        return None if bad_bottlerocket_release(release) else bottlerocket_without_variant(release, kubernetes)
    found = _AL_RELEASE.fullmatch(release)
    if found is None or int(found[1]) == minor(kubernetes):
        return None
    return Finding(
        f"releaseVersion is an image for Kubernetes 1.{found[1]}, and the group is of {kubernetes}",
        f"Take a release {kubernetes}.x, or leave it out for the newest of that version.",
        SKEW,
    )


def is_judged(version: object) -> TypeGuard[str]:
    """Whether this is a version that can be compared."""
    return isinstance(version, str) and is_well_formed(version)
