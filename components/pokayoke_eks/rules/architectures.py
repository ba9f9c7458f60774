"""Processor architectures: of instance types, of the images that nodes start from, and whether they meet."""

import difflib
import re
from collections.abc import Iterable, Sequence

from ..instances import ARM64, X86_64, instance_type, names
from .finding import Finding, shown

SLUG = "ami-architecture-mismatch"
_BOTH = (
    "Take both of one architecture: amiType: AL2023_ARM_64_STANDARD with instanceTypes: [m7g.large], or "
    "AL2023_x86_64_STANDARD with [m7i.large]."
)

DEFAULT_AMI_ARCHITECTURE = X86_64
"""What EKS takes for a node group that states no amiType, whatever its instance types (HHS/simpler-grants-gov#12404:
`[t4g.medium] is not a valid instance type for requested amiType AL2023_x86_64_STANDARD`)."""
DEFAULT_INSTANCE_TYPE = "t3.medium"
"""What EKS takes for a node group that states no instance type, nor has one in its launch template (EKS API reference,
CreateNodegroup)."""

_KUBERNETES_NAMES = {ARM64: "arm64", X86_64: "amd64"}


def ami_architecture(ami_type: str) -> str | None:
    """The architecture of an EKS `amiType`; None for CUSTOM, and for what is no such type."""
    found = re.search(r"_(ARM_64|x86_64)(?:_|$)", ami_type)
    return {"ARM_64": ARM64, "x86_64": X86_64}[found.group(1)] if found else None


def kubernetes_name(architecture: str) -> str:
    """`arm64` or `amd64`: the value of the node label `kubernetes.io/arch`."""
    return _KUBERNETES_NAMES[architecture]


def architectures_of(types: Iterable[str]) -> dict[str, list[str]]:
    """The types by architecture, those of which nothing is known left out."""
    found: dict[str, list[str]] = {}
    for name in types:
        kind = instance_type(name)
        if kind is not None:
            found.setdefault(kind.architecture, []).append(name)
    return found


def unknown_type(name: str) -> Finding | None:
    """Why nothing is known of an instance type, and what may have been meant."""
    if instance_type(name) is not None:
        return None
    close = difflib.get_close_matches(name, names())
    return Finding(
        f"nothing is known of an instance type {shown(name)}",
        f"Did you mean {close[0]}?" if close else "Write it as EC2 does, e.g. m7g.large.",
    )


def mixed(types: Sequence[str]) -> Finding | None:
    """Why these types cannot be nodes of one image: they are of two architectures."""
    found = architectures_of(types)
    if len(found) < 2:
        return None
    listed = "; ".join(f"{_are(members)} {one}" for one, members in found.items())
    return Finding(f"the types are of two architectures: {listed}", "Make one group or pool for each of them.", SLUG)


def ami_unfit(ami_type: str | None, types: Sequence[str]) -> Finding | None:
    """Why nodes of these types do not start from this `amiType`, as EKS reads both where they are left out (None)."""
    architecture = DEFAULT_AMI_ARCHITECTURE if ami_type is None else ami_architecture(ami_type)
    if architecture is None:
        return None
    listed = types or (DEFAULT_INSTANCE_TYPE,)
    wrong = [name for one, members in architectures_of(listed).items() if one != architecture for name in members]
    if not wrong:
        return None
    image = f"amiType is left out, which means {architecture}" if ami_type is None else f"amiType is {architecture}"
    named = f"{_are(wrong)} not"
    if not types:
        named = f"no instance type is stated, which means {DEFAULT_INSTANCE_TYPE}, and that is not"
    return Finding(f"{image}, but {named}", _BOTH, SLUG)


def none_of(architectures: Sequence[str], types: Sequence[str]) -> Finding | None:
    """Why no node can come of a pool that asks for these architectures (Kubernetes' names) and lists these types."""
    found = architectures_of(types)
    unknown = len(types) - sum(len(members) for members in found.values())
    if not types or unknown or any(kubernetes_name(one) in architectures for one in found):
        return None
    there = ", ".join(kubernetes_name(one) for one in found)
    return Finding(
        f"kubernetes.io/arch asks for {', '.join(architectures)}, and every listed instance type is {there}",
        "List types of that architecture, or take the requirement out.",
        SLUG,
    )


def _are(types: Sequence[str]) -> str:
    listed = ", ".join(types[:3]) + (f" and {len(types) - 3} more" if len(types) > 3 else "")
    return f"{listed} {'is' if len(types) == 1 else 'are'}"
