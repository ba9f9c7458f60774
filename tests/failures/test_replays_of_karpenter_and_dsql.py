"""Log 000: naive programs that make the same mistake in other words break as documented, and mended ones live whole."""

from __future__ import annotations

import pytest

from replayed import Change, Replays, documented

POD = """
k8s.core.v1.Pod(
    "once",
    metadata={"name": "once", "namespace": "default", "annotations": {"pulumi.com/skipAwait": "true"}},
    spec={"containers": [{"name": "once", "image": "registry.example.com/once:1.0.0"}]},
    opts=cluster.after(*cluster.network.ready),
)
"""
THEIR_ROLE = """    nodes = aws.iam.Role(
        "karpenter-nodes", name=NODES, assume_role_policy=raw.trust("ec2.amazonaws.com"), opts=raw.here
    )
"""
THEIR_ENTRY = """    aws.eks.AccessEntry(
        "karpenter-nodes", cluster_name=cluster.name, principal_arn=nodes.arn, type="EC2_LINUX", opts=raw.here
    )
"""
JAPAN = "deletion_protection_enabled=True, opts=pulumi.ResourceOptions(provider=japan)"
ASSOCIATION = """association = aws.eks.PodIdentityAssociation(
    "karpenter",
    cluster_name=cluster.eks.name,
    namespace="kube-system",
    service_account="karpenter",
    role_arn=karpenter.role.arn,
    opts=raw.here,
)
"""
UNTIED = ("cluster.after(association, ", "cluster.after(")
END = "*karpenter.crds, *nodes.ready),\n)\n"
LIMITS = '"controller": {"resources": raw.LIMITED}, "settings"'

MUTATED: dict[str, tuple[str, tuple[Change, ...]]] = {
    "pod-identity: the other way round": (
        "pod-identity-namespace-mismatch",
        (('namespace="kube-system"', 'namespace="nodes"'), ('namespace="karpenter"', 'namespace="kube-system"')),
    ),
    "pod-identity: another service account": (
        "pod-identity-namespace-mismatch",
        (('namespace="kube-system"', 'namespace="karpenter"'), ('account="karpenter"', 'account="controller"')),
    ),
    "pod-identity: none at all": ("pod-identity-namespace-mismatch", ((ASSOCIATION, ""), UNTIED)),
    "pod-identity: later than the pods": (
        "pod-identity-namespace-mismatch",
        (
            (ASSOCIATION, ""),
            UNTIED,
            ("k8s.helm", "release = k8s.helm"),
            (END, END + ASSOCIATION.replace("raw.here", "raw.after(release)")),
        ),
    ),
    "placeholder: of another template language": (
        "unresolved-placeholder",
        (
            ("${cluster_name}", "{{ .Values.cluster }}"),
            ("name: general", "name: batch"),
            ('"orders"', '"orders", pool="batch"'),
        ),
    ),
    "extended: said outright, of a version that is young": (
        "extended-support",
        (('version="1.33"', 'version="1.36", upgrade_policy={"support_type": "EXTENDED"}'), ('"shop"', '"bank"')),
    ),
    "limits: a pod of one's own": (
        "missing-resource-limits",
        (('"settings"', LIMITS), ("k8s.helm", POD + "k8s.helm")),
    ),
    "registry: a password in the program": (
        "public-registry-credentials",
        (("login.value", '"of-some-day"'), ('"kube-system"', '"karpenter", create_namespace=True')),
    ),
    "architecture: x86 machines, an image for ARM": (
        "ami-architecture-mismatch",
        (("t4g.medium", "m7i.large"), ("BOTTLEROCKET_x86_64", "AL2023_ARM_64_STANDARD")),
    ),
    "owners: one role, two entries": ("duplicate-node-role", ((THEIR_ROLE, ""),)),
    "images: said outright": (
        "registry-not-empty",
        (("shop/orders", "bank/web"), ('image_scanning_configuration={"scan_on_push": True}', "force_delete=False")),
    ),
    "bucket: said outright, and nobody protects it": (
        "state-bucket-not-empty",
        (('"shop-dev-plans"', '"bank-plans", force_destroy=False'), ("protect=True", "protect=False")),
    ),
    "peers: one is the other's parent": (
        "dsql-delete-deadlock",
        (
            ("depends_on=[seoul]", "depends_on=[]"),
            ("ResourceOptions(provider=japan", "ResourceOptions(provider=japan, parent=seoul"),
        ),
    ),
    "peers: one of them is protected": (
        "dsql-delete-deadlock",
        (("opts=pulumi.ResourceOptions(provider=japan, depends_on=[seoul])", JAPAN),),
    ),
}
"""By what is said in other words: the failure, and what stands in the place of what."""

REPAIRED: dict[str, tuple[Change, ...]] = {
    "pod-identity-namespace-mismatch": (('namespace="kube-system"', 'namespace="karpenter"'),),
    "unresolved-placeholder": (("${cluster_name}", "demo"),),
    "extended-support": (('version="1.33"', 'version="1.36", upgrade_policy={"support_type": "STANDARD"}'),),
    "missing-resource-limits": (('"settings"', LIMITS),),
    "public-registry-credentials": (('    repository_opts={"username": "AWS", "password": login.value},\n', ""),),
    "ami-architecture-mismatch": (("BOTTLEROCKET_x86_64", "BOTTLEROCKET_ARM_64"),),
    "registry-not-empty": (('name="shop/orders"', 'name="shop/orders", force_delete=True'),),
    "state-bucket-not-empty": (
        ("protect=True)", "protect=False), force_destroy=True"),
        ("opts=here)\nfor", "opts=here, force_destroy=True)\nfor"),
    ),
    "dsql-delete-deadlock": ((", depends_on=[seoul]", ""),),
    "duplicate-node-role": ((THEIR_ROLE, ""), (THEIR_ENTRY, "    return nodes\n")),
}


@pytest.mark.parametrize("words", MUTATED)
def test_the_same_mistake_in_other_words_breaks_as_documented(replays: Replays, words: str) -> None:
    slug, changes = MUTATED[words]
    life = replays.live(slug, *changes)
    assert documented(slug, life), (life.broke, life.told)


@pytest.mark.parametrize("slug", REPAIRED)
def test_without_the_one_mistake_the_program_lives_and_goes_whole(replays: Replays, slug: str) -> None:
    life = replays.live(slug, *REPAIRED[slug])
    assert life.sound, (life.broke, life.told)


def test_a_password_that_the_program_asks_for_changes_the_release_at_every_up(replays: Replays) -> None:
    """`public-registry-credentials`, as the log's team wrote it: the registry takes a fresh one; nobody needed it."""
    kept = 'aws.ssm.get_parameter(name="/ci/ecr-password", opts=pulumi.InvokeOptions(provider=raw.provider))'
    there = 'pulumi.InvokeOptions(provider=aws.Provider("virginia", region="us-east-1"))'
    fresh = (kept, f"aws.ecrpublic.get_authorization_token(opts={there})")
    life = replays.live("public-registry-credentials", fresh, ("login.value", "login.password"))
    assert life.broke == "second up", (life.broke, life.told)


def test_a_bucket_that_the_program_protects_blocks_its_destroy(replays: Replays) -> None:
    """`state-bucket-not-empty`, its other half: logged of Terraform's `prevent_destroy`."""
    life = replays.live("state-bucket-not-empty", ("opts=here)\nfor", "opts=here, force_destroy=True)\nfor"))
    assert life.broke == "destroy"
    assert 'Bucket::states" cannot be deleted\nbecause it is protected' in life.told[0]
