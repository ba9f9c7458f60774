"""`*Patch` resources say a part of an object: what they state is judged, and what they leave out is no default."""

from datetime import date
from typing import Any

import pytest
from analyzing import UNKNOWN as LATER
from analyzing import Pack, Resource
from clusters import IN_CLUSTER, obj
from judging import refused

from pokayoke_eks.rules.workloads import POD_SPECS
from pokayoke_policies.objects import patched
from pokayoke_policies.pack import rules
from pokayoke_policies.policy import EVERY_KIND

OF_GROUPS = {"core": "core/v1", "apps": "apps/v1", "batch": "batch/v1", "policy": "policy/v1"}
NLB = {"service.beta.kubernetes.io/aws-load-balancer-type": "nlb"}
POOL, NODES = "karpenter.sh/NodePool", "karpenter.k8s.aws/EC2NodeClass"


def type_of(kind: str) -> str:
    """`kubernetes:apps/v1:DeploymentPatch` of `apps/Deployment`."""
    group, _, name = kind.partition("/")
    return f"kubernetes:{OF_GROUPS.get(group, f'{group}/v1')}:{name}Patch"


def within(path: tuple[str, ...], said: Any) -> dict[str, Any]:
    for key in reversed(path):
        said = {key: said}
    return said


def containers(**said: Any) -> dict[str, Any]:
    return {"template": {"spec": {"containers": [{"name": "a", **said}]}}}


def requirements(*said: tuple[str, str, list[str]]) -> dict[str, Any]:
    asked = [{"key": key, "operator": operator, "values": values} for key, operator, values in said]
    return {"template": {"spec": {"requirements": asked}}}


OTHER_ARCHITECTURE = requirements(
    ("kubernetes.io/arch", "In", ["arm64"]), ("node.kubernetes.io/instance-type", "In", ["m5.large"])
)
STATED: list[tuple[str, str, dict[str, Any]]] = [
    ("unresolved-placeholder", "apps/Deployment", {"metadata": {"labels": {"a": "${cluster}"}}}),
    ("mutable-image-tag", "apps/Deployment", {"spec": containers(image="shop:latest")}),
    (
        "discontinued-image",
        "apps/StatefulSet",
        {"spec": containers(image="docker.io/bitnami/redis:7.2.4-debian-12-r9")},
    ),
    ("empty-secret", "core/Secret", {"stringData": {"password": ""}}),
    ("empty-secret", "core/ConfigMap", {"data": {"application.yaml": "jwt_secret:\n"}}),
    ("ami-architecture-mismatch", POOL, {"spec": OTHER_ARCHITECTURE}),
    ("incompatible-requirements", POOL, {"spec": requirements(("karpenter.sh/capacity-type", "In", ["spots"]))}),
    (
        "startup-taint-deadlock",
        POOL,
        {"spec": {"template": {"spec": {"taints": [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}]}}}},
    ),
    (
        "applicationset-kustomize-images",
        "argoproj.io/Application",
        {"spec": {"source": {"kustomize": {"images": [{"name": "a"}]}}}},
    ),
    (
        "applicationset-kustomize-images",
        "argoproj.io/ApplicationSet",
        {"spec": {"template": {"spec": {"source": {"kustomize": {"images": [{"name": "a"}]}}}}}},
    ),
    ("pod-isolated", "apps/DaemonSet", {"spec": containers(securityContext={"privileged": True})}),
    ("pod-isolated", "core/Pod", {"spec": {"volumes": [{"name": "a", "hostPath": {"path": "/"}}]}}),
    (
        "spot-not-stateful",
        "apps/StatefulSet",
        {"spec": {"template": {"spec": {"nodeSelector": {"karpenter.sh/capacity-type": "spot"}}}}},
    ),
    (
        "spot-types-diverse",
        POOL,
        {
            "spec": requirements(
                ("karpenter.sh/capacity-type", "In", ["spot"]), ("node.kubernetes.io/instance-type", "In", ["m5.large"])
            )
        },
    ),
    ("kp-ami-pinned", NODES, {"spec": {"amiSelectorTerms": [{"alias": "al2023@latest"}]}}),
    ("kp-budgets-open", POOL, {"spec": {"disruption": {"budgets": [{"nodes": "0"}]}}}),
    ("pdb-drainable", "policy/PodDisruptionBudget", {"spec": {"maxUnavailable": 0}}),
    ("nodes-imds-closed", NODES, {"spec": {"metadataOptions": {"httpTokens": "optional"}}}),
    ("nodes-private", NODES, {"spec": {"associatePublicIPAddress": True}}),
    (
        "eks-auth-api-only",
        "core/ConfigMap",
        {"metadata": {"name": "aws-auth", "namespace": "kube-system"}, "data": {"mapRoles": "[]"}},
    ),
]


@pytest.mark.parametrize(("slug", "kind", "said"), STATED, ids=[f"{slug}-{kind}" for slug, kind, _ in STATED])
def test_what_a_patch_states_is_judged(pack: Pack, slug: str, kind: str, said: dict[str, Any]) -> None:
    stated = {"metadata": {"name": "x"}, **said}
    found = {**pack.refusals(type_of(kind), stated), **pack.advice(type_of(kind), stated)}
    assert list(found) == [slug]


KINDS = sorted({kind for rule in rules(date(2026, 11, 21)) for kind in rule.kinds} - {EVERY_KIND})
EMPTY: dict[str, list[dict[str, Any]]] = {
    kind: [within(POD_SPECS[kind], {"containers": [{"name": "a"}], "volumes": [{"name": "a"}]})] for kind in POD_SPECS
}
EMPTY[POOL] = [{"spec": {"template": {"spec": {}}}}, {"spec": {"limits": {}}}]
EMPTY[NODES] = [{"spec": {"tags": {"a": "b"}}}, {"spec": {"metadataOptions": {}}}]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_patch_leaves_out_is_not_judged(pack: Pack, kind: str) -> None:
    for said in ({}, {"spec": {}}, *EMPTY.get(kind, ())):
        stated = {"metadata": {"name": "x"}, **said}
        assert pack.refusals(type_of(kind), stated) == {}
        assert pack.advice(type_of(kind), stated) == {}


def test_what_a_patch_cannot_tell_yet_is_said(pack: Pack) -> None:
    said = {"metadata": {"name": "x"}, "spec": {"template": {"spec": {"containers": LATER}}}}
    assert sorted(pack.refusals(type_of("apps/Deployment"), said)["unknown"]) == [
        "discontinued-image",
        "mutable-image-tag",
    ]


def test_each_rule_that_judges_patches_judges_the_kind_itself() -> None:
    for rule in rules(date(2026, 11, 21)):
        assert set(rule.patches) <= rule.kinds.keys(), rule.slug


@pytest.mark.parametrize(
    ("spec", "annotations", "is_refused"),
    [
        ({"type": "LoadBalancer"}, NLB, True),
        ({}, NLB, True),
        ({"type": "LoadBalancer"}, {}, False),
        ({"type": "ClusterIP"}, NLB, False),
        ({"type": LATER}, NLB, False),
        ({"loadBalancerClass": "service.k8s.aws/nlb"}, NLB, False),
        ({"loadBalancerClass": LATER}, NLB, False),
        ({}, {}, False),
    ],
)
def test_a_patch_of_a_service_is_judged_by_the_controller_that_it_names(
    spec: dict[str, Any], annotations: dict[str, Any], is_refused: bool
) -> None:
    service = obj("web", "ServicePatch", metadata={"annotations": annotations}, spec=spec)
    assert ("in-tree-load-balancer" in refused(*IN_CLUSTER, service)) is is_refused


def test_ids_are_looked_for_in_patches_and_not_in_those_of_secrets() -> None:
    vpc = Resource("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": "10.0.0.0/16"})
    said = {"stringData": {"vpc": "vpc-0123456789abcdef0"}, "data": {"vpc": "vpc-0123456789abcdef0"}}
    patches = [obj(kind.lower(), kind, **said) for kind in ("ConfigMapPatch", "SecretPatch")]
    assert refused(vpc, *patches)["stale-vpc-id"] == {"configmappatch"}


@pytest.mark.parametrize(
    ("kind", "of"),
    [
        ("kubernetes:apps/v1:DeploymentPatch", "apps/Deployment"),
        ("kubernetes:core/v1:PodPatch", "core/Pod"),
        ("kubernetes:apps/v1:Deployment", ""),
        ("aws:ec2/patch:SomePatch", ""),
    ],
)
def test_a_patch_is_told_by_its_type(kind: str, of: str) -> None:
    assert patched(kind) == of
