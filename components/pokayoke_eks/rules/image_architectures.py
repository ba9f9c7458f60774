"""Architectures of images, and of the nodes on which pods with them may come to run.

An image's architecture cannot be seen without its registry; some names tell it (Docker's official images: `arm64v8/`,
`amd64/`; by custom the end of a tag).
"""

import re
from collections.abc import Collection

from .finding import Finding
from .images import Image
from .scheduling import Nodes, Pod, architectures_of_nodes

SLUG = "image-architecture-mismatch"
LABEL = "kubernetes.io/arch"
_NAMES = {"arm64": "arm64", "aarch64": "arm64", "arm64v8": "arm64", "amd64": "amd64", "x86_64": "amd64", "x64": "amd64"}
_IN_NAME = re.compile(rf"(?:^|[/:_-])({'|'.join(_NAMES)})(?=$|[/:@_-])", re.ASCII)

_FOR_BOTH = ("docker.io", "gcr.io", "ghcr.io", "mcr.microsoft.com", "public.ecr.aws", "quay.io", "registry.k8s.io")
"""Ours: registries of images for everybody, which are mostly built for both architectures. One's own are mostly not."""


def architecture_in(reference: str) -> str | None:
    """The architecture that an image's name tells, as Kubernetes calls it."""
    found = {_NAMES[one] for one in _IN_NAME.findall(reference)}
    return found.pop() if len(found) == 1 else None


def architectures(nodes: Nodes) -> frozenset[str]:
    """Those of which nodes of a pool or group may be; empty where nothing is known of them."""
    if nodes.types is None and not nodes.is_pool:
        return frozenset()
    return architectures_of_nodes(nodes)


def unsaid(pod: Pod, there: Collection[str], images: Collection[str]) -> Finding | None:
    """Why a pod, of which it is not said on which architecture it runs, may start on the wrong one."""
    if not there or any(one.key == LABEL for term in pod.terms for one in term):
        return None
    told = {one for image in images if (one := architecture_in(image))}
    lost = sorted(told - set(there))
    if lost:
        return Finding(
            f"an image of it is for {lost[0]} by its name, and the nodes are {', '.join(sorted(there))}: its "
            "containers end with exec format error",
            f"Build the image for the nodes, or offer nodes of {lost[0]} and set nodeSelector: {{{LABEL}: {lost[0]}}}.",
            SLUG,
        )
    if len(there) < 2 or all(Image.read(one).registry in _FOR_BOTH for one in images):
        return None
    return Finding(
        f"the nodes that take it are {' and '.join(sorted(there))}, and nothing says for which its images are: on the "
        "other its containers end with exec format error",
        f"State nodeSelector {LABEL}; where the images are for both, a node affinity In [amd64, arm64].",
        SLUG,
    )
