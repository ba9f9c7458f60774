"""The policy `ami-version-skew`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, obj, release

SLUG = "ami-version-skew"
KINDS = release("kinds", "oci://public.ecr.aws/karpenter/karpenter-crd")
EKS = "/aws/service/eks/optimized-ami"


def group(**said: Any) -> Resource:
    content = {"clusterName": "demo", "instanceTypes": ["m7i.large"], "amiType": "AL2023_x86_64_STANDARD", **said}
    sources = {"clusterName": "cluster", **({"launchTemplate": "template"} if "launchTemplate" in said else {})}
    return Resource("aws:eks/nodeGroup:NodeGroup", "group", content, sources=sources)


def node_class(*terms: Any) -> Resource:
    spec = {"amiSelectorTerms": list(terms), "role": "nodes"}
    return obj("class", "EC2NodeClass", "kinds", api="karpenter.k8s.aws/v1", spec=spec)


def cluster(version: Any) -> Resource:
    return Resource(CLUSTER.type, "cluster", {**CLUSTER.properties, "version": version})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, ""),
        ({"version": "1.36"}, ""),
        ({"version": "1.33"}, ""),
        ({"version": "1.32"}, "version: the node group is of Kubernetes 1.32"),
        ({"version": "1.37"}, "newer than it"),
        ({"releaseVersion": "1.36.1-20261101"}, ""),
        ({"releaseVersion": "1.30.4-20240917"}, "releaseVersion is an image for Kubernetes 1.30"),
        ({"amiType": "BOTTLEROCKET_x86_64", "releaseVersion": "1.65.0-0be31b34"}, ""),
        (
            {"amiType": "BOTTLEROCKET_x86_64", "releaseVersion": "1.50.0-0be31b34"},
            "Bottlerocket 1.50.0-0be31b34 has no",
        ),
        ({"amiType": "AL2_x86_64"}, "amiType: Amazon Linux 2 has no image for Kubernetes 1.36"),
        ({"version": UNKNOWN, "amiType": "AL2_x86_64"}, ""),
    ],
    ids=str,
)
def test_a_node_group_is_of_the_clusters_version_or_a_little_older(said: Any, told: str, pack: Pack) -> None:
    found = pack.of_stack(CLUSTER, group(**said))
    if not told:
        assert found == {}
        return
    ((name, message),) = found.pop(SLUG)
    assert name == "group"
    assert told in message
    assert found == {}


@pytest.mark.parametrize(
    ("image", "fits"),
    [
        (f"resolve:ssm:{EKS}/1.36/amazon-linux-2023/x86_64/standard/recommended/image_id", True),
        (f"resolve:ssm:{EKS}/1.29/amazon-linux-2023/x86_64/standard/recommended/image_id", False),
        ("ami-0123456789abcdef0", True),
    ],
    ids=str,
)
def test_the_image_of_a_launch_template_counts_where_its_name_tells(image: str, fits: bool, pack: Pack) -> None:
    template = Resource("aws:ec2/launchTemplate:LaunchTemplate", "template", {"imageId": image})
    nodes = group(amiType="CUSTOM", launchTemplate={"id": UNKNOWN})
    assert (SLUG in pack.of_stack(CLUSTER, template, nodes)) != fits


@pytest.mark.parametrize(
    ("term", "fits"),
    [
        ({"alias": "bottlerocket@v1.65.0"}, True),
        ({"alias": "bottlerocket@latest"}, True),
        ({"alias": "bottlerocket@v1.50.0"}, False),
        ({"alias": "al2@latest"}, False),
        ({"alias": "al2@v20240807"}, False),
        ({"alias": "al2023@latest"}, True),
        ({"alias": "al2023@v20260801"}, True),
        ({"alias": "al2023@v20240807"}, False),
        ({"alias": "al2023@v20249999"}, True),
        ({"name": "amazon-eks-node-al2023-x86_64-standard-1.36-v20260801"}, True),
        ({"name": "amazon-eks-node-1.29-*"}, False),
        ({"name": "amazon-eks-arm64-node-1.37-v20260801"}, False),
        ({"name": "amazon-eks-node-al2023-arm64-standard-1.28-v20240807"}, False),
        ({"name": "bottlerocket-aws-k8s-1.31-x86_64-v1.20.0-*"}, False),
        ({"name": "our-own-image-1.20"}, True),
        ({"ssmParameter": f"{EKS}/1.30/amazon-linux-2023/x86_64/standard/recommended/image_id"}, False),
        ({"ssmParameter": "/aws/service/bottlerocket/aws-k8s-1.36/arm64/latest/image_id"}, True),
        ({"id": "ami-0123456789abcdef0"}, True),
        ({"tags": {"team": "shop"}}, True),
    ],
    ids=str,
)
def test_a_node_class_names_images_for_the_clusters_version(term: Any, fits: bool, pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, KINDS, node_class(term))
    assert set(found) == (set() if fits else {SLUG})
    if not fits:
        ((name, message),) = found[SLUG]
        assert name == "class"
        assert message.startswith("spec.amiSelectorTerms[0].")


@pytest.mark.parametrize(
    ("version", "fits"), [("v1.36.2-eksbuild.1", True), ("v1.30.1-eksbuild.5", False), (None, True)]
)
def test_kube_proxy_is_of_the_clusters_version_or_a_little_older(version: Any, fits: bool, pack: Pack) -> None:
    said = {"clusterName": "demo", "addonName": "kube-proxy", "addonVersion": version}
    proxy = Resource("aws:eks/addon:Addon", "proxy", said, sources={"clusterName": "cluster"})
    assert (SLUG in pack.of_stack(CLUSTER, proxy)) != fits


def test_what_cannot_be_told_is_not_judged(pack: Pack) -> None:
    old = node_class({"alias": "bottlerocket@v1.50.0"})
    assert set(pack.of_stack(cluster(UNKNOWN), *IN_CLUSTER[1:], KINDS, old)) == {"unknown"}
    assert set(pack.of_stack(*IN_CLUSTER, KINDS, node_class({"alias": UNKNOWN}))) == {"unknown"}
    assert pack.of_stack(KINDS, old) == {}  # In a cluster of another stack.
    # One term that is not known yet hides nothing of the others.
    found = pack.of_stack(*IN_CLUSTER, KINDS, node_class({"alias": UNKNOWN}, {"name": "amazon-eks-node-1.29-*"}))
    assert set(found) == {SLUG, "unknown"}
