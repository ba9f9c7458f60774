"""Container images by their names: what a name leaves open, and which publishers' images are gone.

Sources: distribution/reference (the grammar of names, Docker's defaults); Kubernetes documentation, "Images": a tag
that is left out is `latest`. Bitnami: bitnami/containers#83267 and bitnami/charts#35256: since 2025-08-28 versioned
images are no longer under docker.io/bitnami, and its charts, which name them, work with other images alone.
"""

from dataclasses import dataclass

from .finding import Finding, shown

MUTABLE, DISCONTINUED, SWAPPED = "mutable-image-tag", "discontinued-image", "chart-image-swap"
DOCKER = ("docker.io", "index.docker.io", "registry-1.docker.io")
GONE = "bitnami/"
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class Image:
    """A reference to an image, as Docker completes it. Tag and digest are empty where they are left out."""

    registry: str
    repository: str
    tag: str = ""
    digest: str = ""

    @classmethod
    def read(cls, reference: str) -> "Image":
        """`nginx` is `docker.io/library/nginx`."""
        name, _, digest = reference.strip().partition("@")
        first, slash, rest = name.partition("/")
        hosted = bool(slash) and ("." in first or ":" in first or first == "localhost")
        path = rest if hosted else name
        repository, _, tag = path.partition(":")
        if not hosted and "/" not in repository:
            repository = f"library/{repository}"
        return cls(first.lower() if hosted else "docker.io", repository, tag, digest)

    @property
    def is_gone(self) -> bool:
        """Whether it was taken away, other than by its tag `latest`."""
        moved = self.registry in DOCKER and self.repository.startswith(GONE)
        return moved and (bool(self.digest) or self.tag not in ("", LATEST))


def mutable_tag(reference: str) -> Finding | None:
    """Why nodes may run another image than the one that is meant: they keep what they once pulled under the name."""
    image = Image.read(reference)
    if image.digest or image.tag not in ("", LATEST):
        return None
    how = "the tag latest, which is pushed anew" if image.tag else "no tag, which means latest"
    return Finding(
        f"the image has {how}: a node that has pulled it once may go on with what it has, or pull what nobody tried",
        "Name a tag that is used once, as a version or a commit, or the digest, image: NAME@sha256:DIGEST.",
        MUTABLE,
    )


def discontinued(reference: str) -> Finding | None:
    """Why an image can no longer be pulled."""
    image = Image.read(reference)
    if not image.is_gone:
        return None
    return Finding(
        f"Bitnami took its versioned images away from docker.io on 2025-08-28, {shown(image.repository)} too",
        "Take the project's own image, e.g. image: docker.io/library/rabbitmq:VERSION; for brokers and databases an "
        "operator (RabbitMQ: its Cluster Operator).",
        DISCONTINUED,
    )


def chart_without_images() -> Finding:
    """Why a chart of Bitnami does not run as it is."""
    return Finding(
        "the images that Bitnami's charts name by default are gone from docker.io since 2025-08-28: no pod comes up",
        "Take the project's own chart or operator; or state the registry that keeps Bitnami's images "
        "(values.global.imageRegistry).",
        DISCONTINUED,
    )


def swapped(repository: str) -> Finding | None:
    """Why the image of this repository does not run under a chart of Bitnami: its scripts expect Bitnami's own."""
    if any(part.startswith("bitnami") for part in repository.lower().split("/")):
        return None
    return Finding(
        "the chart is Bitnami's and the image is not: the chart's scripts expect what only its own image holds, and "
        "its init containers end in CrashLoopBackOff",
        "Take image.repository out, or take the chart of the image's own publisher.",
        SWAPPED,
    )
