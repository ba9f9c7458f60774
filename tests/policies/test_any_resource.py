"""Whatever a resource says, the pack answers: an exception in a policy would end the whole operation."""

import copy
from collections.abc import Iterator
from typing import Any

from analyzing import RELEASE, UNKNOWN, Pack, Resource
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TEXTS = st.sampled_from(
    [UNKNOWN, "", "karpenter", "oci://public.ecr.aws/x/karpenter", "${x}", "{{ x }}", "m7g.large", "In", "100m", "["]
)
KEYS = st.sampled_from(["name", "key", "values", "resources", "limits", "kind", "apiVersion", "spec", "roleArn", "arn"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=2),
    max_leaves=6,
)
REQUIREMENTS = [
    {"key": "kubernetes.io/arch", "operator": "In", "values": ["amd64"]},
    {"key": "node.kubernetes.io/instance-type", "operator": "In", "values": ["m7g.large"]},
]
POD = {
    "serviceAccountName": "app",
    "nodeSelector": {"a": "b"},
    "containers": [{"name": "a", "args": ["--provider=aws"], "env": [{"name": "A", "value": "b"}], "resources": {}}],
}
TEMPLATE = {"metadata": {"labels": {"app.kubernetes.io/name": "external-dns"}, "annotations": {"a": "b"}}, "spec": POD}
POOL = {
    "apiVersion": "karpenter.sh/v1",
    "kind": "NodePool",
    "spec": {"template": {"spec": {"requirements": REQUIREMENTS}}, "limits": {"cpu": "1"}, "replicas": 1},
}
STACK: list[tuple[str, dict[str, Any]]] = [
    (
        "aws:eks/cluster:Cluster",
        {
            "name": "demo",
            "version": "1.36",
            "upgradePolicy": {"supportType": "STANDARD"},
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": True},
            "computeConfig": {"enabled": False},
            "tags": {"a": "b"},
        },
    ),
    (
        "aws:eks/addon:Addon",
        {
            "clusterName": "demo",
            "addonName": "aws-ebs-csi-driver",
            "podIdentityAssociations": [{"serviceAccount": "x", "roleArn": "y"}],
        },
    ),
    (
        "aws:eks/nodeGroup:NodeGroup",
        {
            "clusterName": "demo",
            "nodeRoleArn": "arn:aws:iam::123456789012:role/nodes",
            "amiType": "BOTTLEROCKET_ARM_64",
            "instanceTypes": ["m7i.large"],
            "launchTemplate": {"id": "lt-1", "name": "x"},
        },
    ),
    ("aws:ec2/launchTemplate:LaunchTemplate", {"id": "lt-1", "instanceType": "m7i.large", "tagSpecifications": []}),
    ("aws:eks/fargateProfile:FargateProfile", {"clusterName": "demo", "podExecutionRoleArn": "x"}),
    ("aws:eks/accessEntry:AccessEntry", {"clusterName": "demo", "principalArn": "x", "accessEntryArn": "y"}),
    (
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        {"clusterName": "demo", "namespace": "default", "serviceAccount": "app", "associationId": "a"},
    ),
    (
        "aws:iam/role:Role",
        {"name": "nodes", "arn": "x", "uniqueId": "y", "assumeRolePolicy": "{}", "inlinePolicies": [{"policy": "{}"}]},
    ),
    (
        "pulumi:providers:aws",
        {"assumeRoles": '[{"roleArn": "x"}]', "assumeRole": {"roleArn": "x"}, "profile": "p", "region": "r"},
    ),
    (
        RELEASE,
        {
            "chart": "oci://public.ecr.aws/karpenter/karpenter",
            "name": "karpenter",
            "namespace": "default",
            "repositoryOpts": {"repo": "https://aws.github.io/x", "username": "u"},
            "valueYamlFiles": [],
            "values": {
                "serviceAccount": {"name": "x", "create": True, "annotations": {"eks.amazonaws.com/role-arn": "x"}},
                "settings": {"clusterName": "demo"},
                "controller": {"resources": {"limits": {"memory": "1Gi"}, "requests": {"cpu": 1}}, "env": []},
                "objects": [POOL],
                "fullnameOverride": "x",
                "nameOverride": "y",
            },
        },
    ),
    (
        RELEASE,
        {"chart": "external-dns", "values": {"provider": {"name": "aws"}, "resources": {}, "domainFilters": ["x"]}},
    ),
    (
        "kubernetes:core/v1:ServiceAccount",
        {"metadata": {"name": "app", "namespace": "default", "annotations": {"eks.amazonaws.com/role-arn": "x"}}},
    ),
    ("kubernetes:apps/v1:Deployment", {"metadata": {"name": "a"}, "spec": {"template": TEMPLATE, "selector": {}}}),
    ("kubernetes:core/v1:Pod", {"metadata": {"name": "a"}, "spec": {**POD, "resources": {"limits": {"cpu": 1}}}}),
    ("kubernetes:core/v1:List", {"items": [POOL, {"apiVersion": "v1", "kind": "Pod", "spec": POD}]}),
    ("kubernetes:karpenter.sh/v1:NodePool", POOL),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of everything in a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in items:
        yield (*path, key)
        yield from places(member, (*path, key))


def exchanged(said: dict[str, Any], path: tuple[Any, ...], other: Any) -> dict[str, Any]:
    """The same with something else at a place."""
    copied: Any = copy.deepcopy(said)
    parent = copied
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = other
    return copied


EVERYWHERE = [(index, path) for index, (_, said) in enumerate(STACK) for path in places(said)]
RELAXED = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@RELAXED
@given(st.sampled_from(EVERYWHERE), ANYTHING)
def test_a_resource_is_answered_with_anything_at_any_place(pack: Pack, place: tuple[int, Any], other: Any) -> None:
    kind, said = STACK[place[0]]
    pack.refusals(kind, exchanged(said, place[1], other))


@RELAXED
@given(st.lists(st.tuples(st.sampled_from(EVERYWHERE), ANYTHING), max_size=3), st.integers(0, len(STACK)))
def test_a_stack_is_answered_with_anything_at_any_place(
    pack: Pack, exchanges: list[tuple[tuple[int, Any], Any]], unconfigured: int
) -> None:
    said = dict(enumerate(copy.deepcopy([one for _, one in STACK])))
    for (index, path), other in exchanges:
        if any(path == known for known in places(said[index])):
            said[index] = exchanged(said[index], path, other)
    pack.of_stack(
        *(
            Resource(
                kind,
                f"r{index}",
                said[index],
                None if index == unconfigured else {},
                after=("r0",) if index else (),
                sources={"clusterName": "r0"} if index % 2 else {},
                provider="r8",
            )
            for index, (kind, _) in enumerate(STACK)
        )
    )
