"""The policy `ami-version-skew`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, KUBERNETES, obj, release, within
from judging import members, refused

from pokayoke_policies.image_versions import node_classes_fit_the_control_plane
from pokayoke_policies.raw import NotKnownError
from pokayoke_policies.stack import Stack

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
        ({"amiType": None}, ""),
        ({"version": "1.36"}, ""),
        ({"version": "1.33"}, ""),
        (
            {"version": "1.32"},
            "version: the node group is of Kubernetes 1.32, and the control plane of 1.36: more than",
        ),
        ({"version": "1.37"}, "version: the node group is of Kubernetes 1.37, and the control plane of 1.36: newer"),
        ({"version": "newest", "amiType": "AL2_x86_64"}, ""),
        ({"releaseVersion": "1.36.1-20261101"}, ""),
        ({"releaseVersion": "1.30.4-20240917"}, "releaseVersion is an image for Kubernetes 1.30"),
        ({"version": "1.35", "releaseVersion": "1.35.4-20260917"}, ""),
        ({"amiType": "BOTTLEROCKET_x86_64", "releaseVersion": "1.65.0-0be31b34"}, ""),
        (
            {"amiType": "BOTTLEROCKET_x86_64", "releaseVersion": "1.50.0-0be31b34"},
            "Bottlerocket 1.50.0-0be31b34 has no",
        ),
        ({"amiType": "AL2_x86_64"}, "amiType: Amazon Linux 2 has no image for Kubernetes 1.36"),
        ({"amiType": "AL2_x86_64", "version": "1.33"}, "amiType: Amazon Linux 2 has no image for Kubernetes 1.33"),
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
    assert message.startswith(told)
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
    found = pack.of_stack(CLUSTER, template, nodes).get(SLUG, [])
    assert [name for name, _ in found] == ([] if fits else ["group"])
    assert all(message.startswith("its launch template: the image is of Kubernetes 1.29") for _, message in found)


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
        ({"alias": 5}, True),
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
        assert message.startswith(f"spec.amiSelectorTerms[0].{next(iter(term))}: ")


OLD = node_class({"alias": "bottlerocket@v1.50.0"})


@pytest.mark.parametrize(
    ("versions", "where", "is_refused"),
    [
        (["1.36"], "", True),
        (["1.31"], "", False),
        (["1.36", "1.36"], "", False),
        (["1.36", "1.31"], "0", True),
        (["1.36", "1.31"], "1", False),
    ],
    ids=str,
)
def test_a_node_class_is_of_its_own_cluster_or_of_the_only_one(
    versions: list[str], where: str, is_refused: bool
) -> None:
    clusters = [
        part
        for name, version in zip("01", versions, strict=False)
        for part in (
            Resource(CLUSTER.type, name, {"name": name, "version": version}),
            Resource(KUBERNETES.type, f"in-{name}", after=(name,)),
        )
    ]
    unbound = replace(OLD, after=(), provider="")
    (made,) = within(where, unbound) if where else [unbound]
    assert (SLUG in refused(*clusters, made)) == is_refused
    another = replace(made, type="kubernetes:example.com/v1:EC2NodeClass")
    assert SLUG not in refused(*clusters, another)


def proxy(version: Any, name: str = "kube-proxy") -> Resource:
    said = {"clusterName": "demo", "addonName": name, "addonVersion": version}
    return Resource("aws:eks/addon:Addon", "proxy", said, sources={"clusterName": "cluster"})


@pytest.mark.parametrize(
    ("made", "fits"),
    [
        (proxy("v1.36.2-eksbuild.1"), True),
        (proxy("v1.30.1-eksbuild.5"), False),
        (proxy(None), True),
        (proxy("1.30.1"), True),
        (proxy("v1.11.4-eksbuild.2", "coredns"), True),
        (replace(proxy("v1.30.1"), properties={**proxy("v1.30.1").properties, "clusterName": "x"}, sources={}), True),
    ],
    ids=["fits", "old", "unsaid", "another-form", "another", "of-another-stack"],
)
def test_kube_proxy_is_of_the_clusters_version_or_a_little_older(made: Resource, fits: bool, pack: Pack) -> None:
    found = pack.of_stack(CLUSTER, made).get(SLUG, [])
    assert [name for name, _ in found] == ([] if fits else ["proxy"])
    how = "addonVersion: kube-proxy is of Kubernetes 1.30, and the control plane of 1.36: more than"
    assert all(message.startswith(how) for _, message in found)


@pytest.mark.parametrize(
    "made", [OLD, group(version="1.30"), group(amiType="AL2_x86_64"), proxy("v1.30.1")], ids=lambda one: one.name
)
def test_what_goes_with_a_version_that_is_not_known_yet_is_said_to_be_unknown(made: Resource, pack: Pack) -> None:
    assert set(pack.of_stack(cluster(UNKNOWN), *IN_CLUSTER[1:], KINDS, made)) == {"unknown"}
    assert pack.of_stack(cluster("newest"), *IN_CLUSTER[1:], KINDS, made).get(SLUG) is None


def test_what_cannot_be_told_is_not_judged(pack: Pack) -> None:
    assert set(pack.of_stack(CLUSTER, group(version=UNKNOWN, amiType="AL2_x86_64"))) == {"unknown"}
    assert set(pack.of_stack(*IN_CLUSTER, KINDS, node_class({"alias": UNKNOWN}))) == {"unknown"}
    assert pack.of_stack(KINDS, OLD) == {}  # In a cluster of another stack.
    # One term that is not known yet hides nothing of the others.
    found = pack.of_stack(*IN_CLUSTER, KINDS, node_class({"alias": UNKNOWN}, {"name": "amazon-eks-node-1.29-*"}))
    assert set(found) == {SLUG, "unknown"}
    with pytest.raises(NotKnownError, match=r"^spec\.amiSelectorTerms\[0\]$"):
        list(node_classes_fit_the_control_plane(Stack(members((*IN_CLUSTER, KINDS, node_class(UNKNOWN))))))
