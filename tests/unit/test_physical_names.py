"""The physical names of a platform: a changed one makes Pulumi replace what carries it."""

from collections.abc import Callable

import pytest

from pokayoke_eks.rules import names

CLUSTER, REGION = "demo", "ap-northeast-2"


def test_names_are_those_that_platforms_already_have() -> None:
    made = {
        names.role_name(CLUSTER, REGION, "flow-logs"): "demo-apne2-flow-logs",
        names.workload_role_name(CLUSTER, REGION, "shop", "web"): "demo-apne2-shop-web",
        names.workload_policy_name("demo-apne2-shop-web", "read"): "demo-apne2-shop-web-read",
        names.interruption_queue(CLUSTER): "demo-karpenter",
        names.interruption_rule(CLUSTER, "spot"): "demo-spot",
        names.record_owner(CLUSTER, REGION): "demo-apne2",
        names.access_logs_bucket(CLUSTER, REGION, "public", "123456789012"): "demo-apne2-public-logs-123456789012",
        names.image_repository(CLUSTER, "shop/web"): "demo/shop/web",
        names.state_bucket("acme", "123456789012", REGION): "acme-123456789012-apne2-state",
        names.state_key_alias("acme"): "alias/acme-state",
        names.database_backups(CLUSTER): "demo-dsql",
        names.node_group_name(): "system",
        names.key_alias(CLUSTER): "alias/demo-eks",
        names.control_plane_log_group(CLUSTER): "/aws/eks/demo/cluster",
        names.flow_log_group(CLUSTER): "/aws/vpc/demo/flow-logs",
    }
    assert list(made) == list(made.values())


@pytest.mark.parametrize(
    ("made", "limit"),
    [
        (lambda part: names.workload_role_name("a", "ap-northeast-2", "n", part), 64),
        (lambda part: names.workload_policy_name("a", part), 128),
        (lambda part: names.interruption_rule("a", part), 64),
        (lambda part: names.access_logs_bucket("a", "ap-northeast-2", part, "123456789012"), 63),
        (names.database_backups, 50),
    ],
    ids=["role", "policy", "rule", "bucket", "vault"],
)
def test_a_name_is_cut_only_past_its_limit_and_stays_the_only_one(made: Callable[[str], str], limit: int) -> None:
    fixed = len(made(""))
    fits, longer, other = (
        made("x" * (limit - fixed)),
        made("x" * (limit + 1 - fixed)),
        made("x" * (limit + 2 - fixed)),
    )
    assert len(fits) == len(longer) == len(other) == limit
    assert len({fits, longer, other}) == 3
    assert fits.count("x") == limit - fixed


def test_a_cut_name_ends_with_the_first_digits_of_its_hash() -> None:
    assert names.interruption_rule("demo", "x" * 60) == f"demo-{'x' * 50}-dca86114"


def test_each_name_that_aws_limits_is_measured_by_its_own_limit() -> None:
    assert [(one.what, one.name, one.limit) for one in names.limited_names(CLUSTER, REGION)] == [
        ("IAM role", "demo-apne2-cluster", 64),
        ("IAM role", "demo-apne2-system-nodes", 64),
        ("IAM role", "demo-apne2-ebs-csi", 64),
        ("IAM role", "demo-apne2-vpc-cni", 64),
        ("IAM role", "demo-apne2-flow-logs", 64),
        ("IAM role", "demo-apne2-pool-nodes", 64),
        ("IAM role", "demo-apne2-backups", 64),
        ("SQS queue", "demo-karpenter", 80),
        ("EKS cluster", "demo", 100),
        ("Kubernetes label", "demo", 63),
        ("node group", "system", 63),
        ("KMS alias", "alias/demo-eks", 256),
        ("log group", "/aws/eks/demo/cluster", 512),
        ("log group", "/aws/vpc/demo/flow-logs", 512),
    ]


def test_a_name_that_is_too_long_is_told_with_the_longest_that_would_fit() -> None:
    longest = 64 - len("-apne2-system-nodes")
    assert names.name_too_long("a" * longest, ("us-east-1", "ap-northeast-2")) is None
    finding = names.name_too_long("a" * (longest + 3), ("us-east-1", "ap-northeast-2"))
    assert finding is not None
    assert f"the IAM role '{'a' * (longest + 3)}-apne2-system-nodes' would be 67 characters long" in finding.problem
    assert finding.remedy == f"Shorten the name by 3 to at most {longest} characters."
    assert names.name_too_long("a" * 200, ()) is None


def test_no_more_of_a_name_than_eighty_characters_is_told() -> None:
    finding = names.name_too_long("a" * 99, ("us-east-1",))
    assert finding is not None
    assert f"'{'a' * 80}'" in finding.problem
