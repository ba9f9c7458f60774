"""Versions of add-ons, Bottlerocket and images, at the edges of what goes together."""

import pytest

from pokayoke_eks.rules.image_versions import (
    al2_ended,
    alias_without_image,
    image_name_skewed,
    minor_in,
    release_skewed,
    skewed,
)
from pokayoke_eks.rules.releases import (
    bad_addon_version,
    bad_bottlerocket_release,
    bottlerocket_alias,
    bottlerocket_without_variant,
    kube_proxy_of_another_minor,
)


@pytest.mark.parametrize(
    ("version", "taken"), [("v1.19.0-eksbuild.1", True), ("1.19.0-eksbuild.1", False), ("v1.19.0", False)]
)
def test_an_add_on_version_has_the_form_of_eks(version: str, taken: bool) -> None:
    assert (bad_addon_version(version) is None) is taken


@pytest.mark.parametrize(
    ("version", "goes"), [("v1.36.2-eksbuild.3", True), ("v1.35.36-eksbuild.36", False), ("latest", True)]
)
def test_kube_proxy_is_of_the_clusters_minor(version: str, goes: bool) -> None:
    assert (kube_proxy_of_another_minor(version, "1.36") is None) is goes


@pytest.mark.parametrize(
    ("release", "kubernetes", "there"),
    [
        ("1.61.0", "1.36", True),
        ("1.61.0-0be31b34", "1.36", True),
        ("1.60.9", "1.36", False),
        ("1.9.0", "1.36", False),
        ("1.0.0", "1.34", True),
    ],
)
def test_bottlerocket_has_images_for_a_minor_from_one_release_on(release: str, kubernetes: str, there: bool) -> None:
    assert (bottlerocket_without_variant(release, kubernetes) is None) is there


def test_a_bottlerocket_release_has_its_build_id_and_an_alias_has_none() -> None:
    assert bad_bottlerocket_release("1.65.0-0be31b34") is None
    assert bad_bottlerocket_release("1.65.0") is not None
    assert bottlerocket_alias("1.65.0-0be31b34") == "bottlerocket@v1.65.0"


@pytest.mark.parametrize(
    ("of_it", "how"),
    [(37, "newer than it"), (36, None), (33, None), (32, "more than 3 minors older")],
)
def test_a_kubelet_is_never_newer_and_at_most_three_minors_older(of_it: int, how: str | None) -> None:
    finding = skewed("the image", of_it, "1.36")
    said = f"the image is of Kubernetes 1.{of_it}, and the control plane of 1.36: {how}"
    assert (finding.problem if finding else None) == (said if how else None)


def test_an_images_name_tells_its_minor() -> None:
    assert minor_in("bottlerocket-aws-k8s-1.32-aarch64-v1.65.0") == 32
    assert minor_in("my-image-1.32") is None
    finding = image_name_skewed("amazon-eks-node-1.30-v20260101", "1.36")
    assert finding is not None
    assert finding.problem.startswith("the image is of Kubernetes 1.30, ")
    assert image_name_skewed("my-image", "1.36") is None


@pytest.mark.parametrize(
    ("alias", "kubernetes", "there"),
    [
        ("bottlerocket@v1.61.0", "1.36", True),
        ("bottlerocket@v1.60.0", "1.36", False),
        ("bottlerocket@latest", "1.36", True),
        ("al2@latest", "1.32", True),
        ("al2@latest", "1.33", False),
        ("al2", "1.33", False),
        ("al2023@v20260403", "1.36", True),
        ("al2023@v20260402", "1.36", False),
        ("al2023@v20261332", "1.36", True),
        ("al2023@latest", "1.36", True),
        ("al2023@v20200101", "1.99", True),
        ("windows2022@v20200101", "1.36", True),
    ],
)
def test_an_alias_has_an_image_for_the_clusters_version(alias: str, kubernetes: str, there: bool) -> None:
    assert (alias_without_image(alias, kubernetes) is None) is there


def test_amazon_linux_2_ends_with_its_last_minor() -> None:
    assert al2_ended("1.32") is None
    assert al2_ended("1.33") is not None


@pytest.mark.parametrize(
    ("release", "ami_type", "goes"),
    [
        ("1.65.0-0be31b34", "BOTTLEROCKET_ARM_64", True),
        ("1.60.0-0be31b34", "BOTTLEROCKET_ARM_64", False),
        ("latest", "BOTTLEROCKET_ARM_64", True),
        ("1.36.2-20261101", "AL2023_ARM_64_STANDARD", True),
        ("1.35.2-20261101", "AL2023_ARM_64_STANDARD", False),
        ("latest", "AL2023_ARM_64_STANDARD", True),
    ],
)
def test_a_node_groups_release_is_of_its_version(release: str, ami_type: str, goes: bool) -> None:
    assert (release_skewed(release, ami_type, "1.36") is None) is goes
