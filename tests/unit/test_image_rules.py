"""Names of images as Docker completes them, and what they say of an architecture."""

import pytest

from pokayoke_eks.rules.image_architectures import architecture_in, architectures, unsaid
from pokayoke_eks.rules.image_versions import is_judged
from pokayoke_eks.rules.images import Image, discontinued, mutable_tag, swapped
from pokayoke_eks.rules.scheduling import Nodes, Pod, Requirement

DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("reference", "image"),
    [
        ("nginx", Image("docker.io", "library/nginx")),
        (" nginx:1.29 ", Image("docker.io", "library/nginx", "1.29")),
        ("bitnami/redis:7", Image("docker.io", "bitnami/redis", "7")),
        ("GHCR.io/a/b:1", Image("ghcr.io", "a/b", "1")),
        ("localhost/a:1", Image("localhost", "a", "1")),
        ("registry:5000/a", Image("registry:5000", "a")),
        (f"a/b:1@{DIGEST}", Image("docker.io", "a/b", "1", DIGEST)),
        (f"nginx@{DIGEST}", Image("docker.io", "library/nginx", "", DIGEST)),
    ],
)
def test_a_reference_is_completed_as_docker_does(reference: str, image: Image) -> None:
    assert Image.read(reference) == image


@pytest.mark.parametrize(
    ("reference", "how"),
    [
        ("nginx", "no tag, which means latest"),
        ("nginx:latest", "the tag latest, which is pushed anew"),
        ("nginx:1.29", None),
        (f"nginx:latest@{DIGEST}", None),
    ],
)
def test_a_tag_that_moves_is_told(reference: str, how: str | None) -> None:
    finding = mutable_tag(reference)
    assert (finding.problem.partition(": ")[0] if finding else None) == (f"the image has {how}" if how else None)


@pytest.mark.parametrize(
    ("reference", "gone"),
    [
        ("bitnami/redis:7", True),
        (f"bitnami/redis@{DIGEST}", True),
        ("index.docker.io/bitnami/redis:7", True),
        ("bitnami/redis", False),
        ("bitnami/redis:latest", False),
        ("example.com/bitnami/redis:7", False),
        ("bitnamilegacy/redis:7", False),
    ],
)
def test_bitnamis_versioned_images_are_gone_from_docker_hub(reference: str, gone: bool) -> None:
    assert (discontinued(reference) is not None) is gone


def test_only_an_image_of_bitnamis_own_runs_under_its_charts() -> None:
    assert swapped("library/redis") is not None
    assert swapped("mirror/Bitnami/redis") is None
    assert swapped("bitnamilegacy/redis") is None


@pytest.mark.parametrize(
    ("reference", "architecture"),
    [
        ("arm64v8/nginx:1", "arm64"),
        ("a/b:1.0-x86_64", "amd64"),
        ("a/b:1.0", None),
        ("a/b-arm64:1.0-amd64", None),
        ("a/charm64:1", None),
    ],
)
def test_some_names_tell_an_architecture(reference: str, architecture: str | None) -> None:
    assert architecture_in(reference) == architecture


def test_of_a_group_without_types_nothing_is_known_and_a_pool_without_may_have_any() -> None:
    both = {"amd64", "arm64"}
    assert architectures(Nodes("g", is_pool=False)) == set()
    assert architectures(Nodes("g", types=("m7g.large",), is_pool=False)) == {"arm64"}
    assert architectures(Nodes("p", types=("m7g.large",))) == {"arm64"}
    assert architectures(Nodes("p")) == both


@pytest.mark.parametrize(
    ("there", "images", "pod", "told"),
    [
        ((), ["a/b:1-arm64"], Pod(), None),
        (("amd64",), ["a/b:1-arm64"], Pod(), "an image of it is for arm64 by its name, and the nodes are amd64: its"),
        (("arm64",), ["a/b:1-arm64"], Pod(), None),
        (("arm64",), ["123456789012.dkr.ecr.eu-west-1.amazonaws.com/b:1"], Pod(), None),
        (("arm64", "amd64"), ["nginx:1", "ghcr.io/a/b:1"], Pod(), None),
        (
            ("arm64", "amd64"),
            ["nginx:1", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/b:1"],
            Pod(),
            "the nodes that take it are amd64 and arm64, and nothing says for which",
        ),
        (("amd64",), ["a/b:1-arm64"], Pod(((Requirement("kubernetes.io/arch", "In", ("arm64",)),),)), None),
    ],
    ids=range(7),
)
def test_a_pod_that_may_start_on_the_wrong_architecture_is_told(
    there: tuple[str, ...], images: list[str], pod: Pod, told: str | None
) -> None:
    finding = unsaid(pod, there, images)
    assert (finding is None) == (told is None)
    assert finding is None or finding.problem.startswith(told or "")


def test_a_version_that_cannot_be_compared_is_not_judged() -> None:
    assert is_judged("1.36")
    assert not is_judged("latest")
    assert not is_judged(1.36)
