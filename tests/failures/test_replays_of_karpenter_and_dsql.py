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
IN_TURN: tuple[Change, ...] = (
    ('    aws.eks.AccessEntry(\n        "eks-nodes"', '    entry = aws.eks.AccessEntry(\n        "eks-nodes"'),
    ("return cluster, nodes", "return cluster, (nodes, entry)"),
    (THEIR_ROLE, "    nodes, entry = nodes\n"),
    (THEIR_ENTRY, THEIR_ENTRY.replace("raw.here", "raw.after(entry)")),
)
"""Theirs is the entry that is refused, however fast the other is made: the mended program keeps that one."""
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
LIMITS = '"controller": {"resources": raw.LIMITED}'
BATCH = (("name: general", "name: batch"), ('"orders"', '"orders", pool="batch"'))

Mended = tuple[tuple[Change, ...], tuple[Change, ...]]

MENDED: dict[str, Mended] = {
    "pod-identity-namespace-mismatch": (
        (('namespace="kube-system"', 'namespace="nodes"'),),
        (('namespace="kube-system"', 'namespace="nodes"'), ('namespace="karpenter"', 'namespace="nodes"')),
    ),
    "unresolved-placeholder": (
        (("${cluster_name}", "{{ .Values.cluster }}"), *BATCH),
        (("${cluster_name}", "demo"), *BATCH),
    ),
    "unbounded-instance-size": (
        (('"Gt", "values": ["1"]', '"Lt", "values": ["9"]'), ('"t4g"', '"m7g", "t4g"'), ("replicas=2", "replicas=3")),
        (('"Gt", "values": ["1"]', '"In", "values": ["2"]'), ("replicas=2", "replicas=3")),
    ),
    "missing-resource-limits": (
        (('"settings"', f'{LIMITS}, "settings"'), ("k8s.helm", POD + "k8s.helm")),
        (('"settings"', f'{LIMITS}, "settings"'),),
    ),
    "extended-support": (
        (('version="1.33"', 'version="1.36", upgrade_policy={"support_type": "EXTENDED"}'),),
        (('version="1.33"', 'version="1.36", upgrade_policy={"support_type": "STANDARD"}'),),
    ),
    "public-registry-credentials": (
        (("login.value", '"of-some-day"'), ('"karpenter",\n    name="karpenter"', '"nodes",\n    name="nodes"')),
        (('    repository_opts={"username": "AWS", "password": login.value},\n', ""),),
    ),
    "ami-architecture-mismatch": (
        (("t4g.medium", "m7i.large"), ("BOTTLEROCKET_x86_64", "AL2023_ARM_64_STANDARD")),
        (("BOTTLEROCKET_x86_64", "BOTTLEROCKET_ARM_64"),),
    ),
    "duplicate-node-role": (IN_TURN, ((THEIR_ROLE, ""), (THEIR_ENTRY, "    return nodes\n"))),
}
"""What stands in the place of what, so that the same mistake is made in other words; and so that it is not made."""

IN_OTHER_WORDS: dict[str, tuple[str, tuple[Change, ...]]] = {
    "no association": ("pod-identity-namespace-mismatch", ((ASSOCIATION, ""), UNTIED)),
    "an association later than the pods": (
        "pod-identity-namespace-mismatch",
        (
            (ASSOCIATION, ""),
            UNTIED,
            ("k8s.helm", "release = k8s.helm"),
            (END, END + ASSOCIATION.replace("kube-system", "karpenter").replace("raw.here", "raw.after(release)")),
        ),
    ),
    "images, said outright": (
        "registry-not-empty",
        (("shop/orders", "bank/web"), ('image_scanning_configuration={"scan_on_push": True}', "force_delete=False")),
    ),
    "a peer that is the other's parent": (
        "dsql-delete-deadlock",
        (("depends_on=[seoul]", "parent=seoul"),),
    ),
    "one peer that is protected": (
        "dsql-delete-deadlock",
        (("opts=pulumi.ResourceOptions(provider=japan, depends_on=[seoul])", JAPAN),),
    ),
}
"""By what is said otherwise: the failure, and what stands in the place of what."""

REPAIRED: dict[str, tuple[Change, ...]] = {
    "registry-not-empty": (('name="shop/orders"', 'name="shop/orders", force_delete=True'),),
    "state-bucket-not-empty": (
        ("protect=True)", "protect=False), force_destroy=True"),
        ("opts=here)\nfor", "opts=here, force_destroy=True)\nfor"),
    ),
    "dsql-delete-deadlock": ((", depends_on=[seoul]", ""),),
}
"""What breaks only when it is destroyed."""


@pytest.mark.parametrize("slug", MENDED)
def test_the_same_mistake_in_other_words_breaks_as_documented_and_mended_it_lives(replays: Replays, slug: str) -> None:
    broken, mended = replays.mended(slug, *MENDED[slug])
    assert documented(slug, broken), broken.told
    assert mended.sound, mended.told


@pytest.mark.parametrize("words", IN_OTHER_WORDS)
def test_there_are_more_words_for_it(replays: Replays, words: str) -> None:
    slug, changes = IN_OTHER_WORDS[words]
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


def test_a_bucket_is_not_empty_and_one_that_the_program_protects_blocks_its_destroy(replays: Replays) -> None:
    """`state-bucket-not-empty` in both halves; the second is logged of Terraform's `prevent_destroy`."""
    renamed = ("shop-dev", "bank")
    life = replays.live("state-bucket-not-empty", renamed, ('"bank-plans"', '"bank-plans", force_destroy=False'))
    assert life.broke == "destroy"
    assert documented("state-bucket-not-empty", life), life.told
    assert any('Bucket::states" cannot be deleted\nbecause it is protected' in told for told in life.told)
