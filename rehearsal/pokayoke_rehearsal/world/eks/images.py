"""AWS's own machine images for EKS: which exist, under which ids and names, and which kubelet each brings.

Names and parameters: EKS user guide, "Retrieve recommended AMI IDs", and Bottlerocket's README. No id can be known
here: they are derived from the parameter, and remembered so that an id, too, tells what it is.
"""

from __future__ import annotations

import hashlib
import re

_FIRST_BOTTLEROCKET = {35: (1, 53, 0), 36: (1, 61, 0)}
"""With which release the images for a minor came (bottlerocket-os/bottlerocket#4737, #4841)."""
_MOST_MINORS_BEHIND = 3
"""How much older than the API server a kubelet may be (Kubernetes documentation, "Version Skew Policy")."""
_BOTTLEROCKET = re.compile(
    r"/aws/service/bottlerocket/aws-k8s-1\.(\d+)(?:-nvidia|-fips)?/(?:x86_64|arm64)/(?:latest|(\d+)\.(\d+)\.(\d+)"
    r"(?:-[0-9a-f]+)?)/image_id"
)
_PUBLISHED = re.compile(
    r"amazon-eks-(?:arm64-)?node-(?:al2023-(?P<arch>x86_64|arm64|\*)-standard-)?1\.\d+-v?[\d*]+|"
    r"bottlerocket-aws-k8s-1\.\d+-(?P<own>x86_64|aarch64|\*)-v[\d.*]+(?:-[0-9a-f*]+)?\*?"
)
_KUBELET = re.compile(r"(?:k8s-|node-|standard-|optimized-ami/)1\.(\d+)\b")
_parameters: dict[str, str] = {}


def image_id(parameter: str) -> str:
    """The id of the image that a public parameter, or a published name, stands for."""
    found = f"ami-{hashlib.sha256(parameter.encode()).hexdigest()[:17]}"
    _parameters[found] = parameter
    return found


def name_of(found: str) -> str:
    """What is known by an image's id: its parameter or name; empty for one that is none of AWS's."""
    return _parameters.get(found, "")


def exists(parameter: str) -> bool:
    """Whether AWS has an image under a well-formed parameter: none of Bottlerocket before its release had the minor."""
    found = _BOTTLEROCKET.fullmatch(parameter)
    if found is None or found.group(2) is None:
        return True
    return tuple(int(one) for one in found.groups()[1:]) >= _FIRST_BOTTLEROCKET.get(int(found.group(1)), (0, 0, 0))


def published(name: str) -> dict[str, str]:
    """AWS's images of a name, which may have stars, by architecture (`amd64`, `arm64`); none for a name not AWS's."""
    found = _PUBLISHED.fullmatch(name)
    if found is None:
        return {}
    stated = found.group("arch") or found.group("own") or ("arm64" if "-arm64-" in name else "x86_64")
    wanted = {"x86_64": ["amd64"], "arm64": ["arm64"], "aarch64": ["arm64"]}.get(stated, ["amd64", "arm64"])
    return {architecture: f"{name} ({architecture})" for architecture in wanted}


def skew(name: str, kubernetes: str) -> str:
    """Why the kubelet of an image and a control plane of a version do not go together, empty when they do."""
    found = _KUBELET.search(name)
    if found is None:
        return ""
    kubelet, control_plane = int(found.group(1)), int(kubernetes.split(".")[1])
    if kubelet > control_plane:
        return f"its kubelet 1.{kubelet} is newer than the control plane {kubernetes}"
    if control_plane - kubelet > _MOST_MINORS_BEHIND:
        bound = f"a control plane of {kubernetes} supports kubelets from 1.{control_plane - _MOST_MINORS_BEHIND} on"
        return f"its kubelet 1.{kubelet} is of an older image, and {bound}"
    return ""
