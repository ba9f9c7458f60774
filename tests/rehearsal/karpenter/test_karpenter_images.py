"""Which images of AWS exist for a version of Kubernetes, whose kubelet fits it, and what user data does to a node."""

from __future__ import annotations

import pytest

from pokayoke_rehearsal.doubles.kubernetes.karpenter import user_data
from pokayoke_rehearsal.world.eks import images

BOTTLEROCKET = "/aws/service/bottlerocket/aws-k8s-{}/arm64/{}/image_id"
CONFIG = "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {kubelet: {config: {maxPods: 40}}}"
PARTS = 'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: application/node.eks.aws\n\n%s\n--b--\n'


@pytest.mark.parametrize(
    ("kubernetes", "release", "there"),
    [
        ("1.36", "1.60.0", False),
        ("1.36", "1.61.0", True),
        ("1.36", "1.65.0-0be31b34", True),
        ("1.36", "latest", True),
        ("1.35", "1.56.0", True),
    ],
)
def test_bottlerocket_has_an_image_for_a_minor_from_one_release_on(kubernetes: str, release: str, there: bool) -> None:
    assert images.exists(BOTTLEROCKET.format(kubernetes, release)) is there


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("amazon-eks-node-al2023-arm64-standard-1.32-v20250915", "its kubelet 1.32 is of an older image"),
        ("bottlerocket-aws-k8s-1.32-aarch64-v1.50.0-0be31b34", "its kubelet 1.32 is of an older image"),
        ("amazon-eks-node-al2023-arm64-standard-1.33-v20250915", ""),
        ("bottlerocket/aws-k8s-1.36/arm64/1.65.0", ""),
        ("bottlerocket/aws-k8s-1.37/arm64/1.66.0", "its kubelet 1.37 is newer than the control plane 1.36"),
        ("an-image-of-our-own", ""),
    ],
)
def test_a_kubelet_is_at_most_three_minors_older_than_its_control_plane(name: str, told: str) -> None:
    assert images.skew(name, "1.36").startswith(told)
    assert bool(images.skew(name, "1.36")) is bool(told)


@pytest.mark.parametrize(
    ("name", "architectures"),
    [
        ("amazon-eks-node-al2023-arm64-standard-1.36-v20260911", {"arm64"}),
        ("amazon-eks-node-al2023-*-standard-1.36-*", {"amd64", "arm64"}),
        ("bottlerocket-aws-k8s-1.36-x86_64-v1.65.0-0be31b34", {"amd64"}),
        ("golden-image-7", set[str]()),
    ],
)
def test_images_of_aws_are_known_by_their_names(name: str, architectures: set[str]) -> None:
    assert set(images.published(name)) == architectures


def test_an_id_tells_what_it_was_derived_from() -> None:
    parameter = BOTTLEROCKET.format("1.36", "1.65.0")
    assert images.name_of(images.image_id(parameter)) == parameter
    assert images.name_of("ami-12c6146b") == ""


@pytest.mark.parametrize(
    ("family", "data", "launches", "joins"),
    [
        ("Bottlerocket", "[settings.kubernetes]\nmax-pods = 40", True, True),
        ("Bottlerocket", "[settings.kubernetes\nmax-pods = 40", False, True),
        ("Bottlerocket", '[settings.kubernetes]\nmax-pods = "many"', False, True),
        ("AL2023", "#!/bin/sh\nexit 1", True, True),
        ("AL2023", CONFIG, True, True),
        ("AL2023", "kubelet: {maxPods: 40}", True, False),
        ("AL2023", PARTS % CONFIG, True, True),
        ("AL2023", PARTS % "kubelet: {maxPods: 40}", True, False),
        ("AL2023", "MIME-Version: 1.0\n\nkubelet", False, True),
        ("AL2023", "", True, True),
    ],
)
def test_user_data_is_read_by_karpenter_and_by_the_node(family: str, data: str, launches: bool, joins: bool) -> None:
    node_class = {"spec": {"amiFamily": family, "userData": data}}
    assert (not user_data.unreadable(node_class), not user_data.unusable(node_class)) == (launches, joins)
