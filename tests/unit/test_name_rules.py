"""Domains, ARNs, repositories, tags, ranges and classes: the forms that AWS takes, at every bound."""

import json
from ipaddress import IPv4Network

import pytest

from pokayoke_eks.rules import (
    architectures,
    argo_cd,
    arns,
    cidrs,
    database_classes,
    domains,
    registries,
    secrets,
    subnets,
    tags,
)
from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.text import ids_in
from pokayoke_eks.rules.tls_policies import DEFAULT, unfit_policy

ROLE = "arn:aws-cn:iam::123456789012:role/platform"


@pytest.mark.parametrize(
    ("domain", "remedy"),
    [
        ("example.com", None),
        ("dev.example.co", None),
        ("xn--a.example.com", None),
        ("dev.5.com", None),
        ("dev.example.55", "Write e.g. dev.example.com."),
        ("Example.com", "Write example.com."),
        ("example.com.", "Write example.com."),
        ("https://example.com", "Write the domain alone, e.g. dev.example.com."),
        ("localhost", "Write e.g. dev.example.com."),
        ("example.c", "Write e.g. dev.example.com."),
        ("example.55", "Write e.g. dev.example.com."),
        ("-a.example.com", "Write e.g. dev.example.com."),
        (f"{'a' * 63}.com", None),
        (f"{'a' * 64}.com", "Write e.g. dev.example.com."),
        (f"{'a.' * 125}com", None),
        (f"{'a.' * 125}comm", "Shorten it."),
    ],
)
def test_a_domain_names_a_hosted_zone(domain: str, remedy: str | None) -> None:
    finding = domains.bad_domain(domain)
    assert (finding.remedy if finding else None) == remedy


def test_a_wildcard_is_a_hosts_first_label() -> None:
    assert domains.bad_host("*.example.com") is None
    assert domains.bad_host("a.*.example.com") == Finding(
        "'a.*.example.com' has a wildcard that is not its first label", "Write e.g. *.dev.example.com."
    )
    assert domains.bad_host("localhost") is not None
    assert domains.without_wildcard("*.example.com") == "example.com"
    assert domains.validation_names(["*.example.com", "a.example.com", "example.com"]) == (
        "example.com",
        "a.example.com",
    )


def test_a_host_is_in_its_zone_and_a_zone_below_its_parent() -> None:
    assert domains.outside("*.a.example.com", "example.com") is None
    assert domains.outside("*.example.com", "example.com") is None
    assert domains.outside("myexample.com", "example.com") is not None
    assert domains.not_below("dev.example.com", "example.com") is None
    assert domains.not_below("example.com", "example.com") is not None
    assert domains.not_below("myexample.com", "example.com") is not None


def test_one_certificate_takes_a_hundred_hosts_and_a_first_one_of_64_characters() -> None:
    many = [f"{index}.example.com" for index in range(101)]
    assert domains.unfit_for_one_certificate(many[:100]) is None
    assert domains.unfit_for_one_certificate(many) is not None
    assert domains.unfit_for_one_certificate([]) is not None
    assert domains.unfit_for_one_certificate([many[0], many[0]]) is not None
    assert domains.unfit_for_one_certificate(["a" * 64, "a" * 65]) is None
    assert domains.unfit_for_one_certificate(["a" * 65]) is not None


@pytest.mark.parametrize(
    ("arn", "told"),
    [
        ("arn:aws:sts::123456789012:assumed-role/admin/alice", "role/[PATH/]admin."),
        ("arn:aws-cn:sts::123456789012:assumed-role/", "arn:aws-cn:iam::123456789012:role/[PATH/]NAME."),
        ("arn:aws:iam::123456789012:root", "Name the role that administers; root is for breaking glass."),
        ("arn:aws:iam::123456789012:user/alice", "Name a role that your people assume."),
        ("arn:aws:iam::123456789012:user", "Write a role's ARN: arn:aws:iam::123456789012:role/NAME."),
        ("arn:aws:s3::123456789012:root", "Write a role's ARN: arn:aws:iam::123456789012:role/NAME."),
        ("arn:aws:s3::123456789012:user/alice", "Write a role's ARN: arn:aws:iam::123456789012:role/NAME."),
        ("arn:aws:iam::123456789012:assumed-role/a/b", "Write a role's ARN: arn:aws:iam::123456789012:role/NAME."),
        ("x:aws:iam::123456789012:root", "Write a role's ARN: arn:aws:iam::123456789012:role/NAME."),
        ("arn:aws:iam::root", "Write a role's ARN: arn:aws:iam::123456789012:role/NAME."),
        ("arn:aws:sts::123456789012:assumed-role/a:b/c", "role/[PATH/]a:b."),
    ],
)
def test_a_principal_that_is_no_role_is_told_by_what_it_is(arn: str, told: str) -> None:
    finding = arns.not_a_role(arn)
    assert finding is not None
    assert finding.remedy.endswith(told)


def test_a_roles_partition_and_account_are_read_off_it() -> None:
    assert arns.not_a_role(ROLE) is None
    assert (arns.partition_of(ROLE), arns.account_of(ROLE)) == ("aws-cn", "123456789012")


def test_a_repository_leaves_room_for_the_platforms_name() -> None:
    assert registries.bad_repository("a" * 200) is None
    assert registries.bad_repository("a" * 201) is not None
    assert registries.bad_repository("Shop") is not None
    assert registries.bad_owner_of_replication("account-wide") is None
    assert registries.bad_owner_of_replication("yes") is not None


def test_images_go_without_a_tag_after_two_weeks_and_the_oldest_past_a_number() -> None:
    text = registries.lifecycle_policy(30)
    assert " " not in text.replace("No image without a tag after 14 days", "").replace("The 30 newest", "")
    untagged = {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 14}
    newest = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 30}
    expire = {"type": "expire"}
    assert json.loads(text) == {
        "rules": [
            {
                "rulePriority": 1,
                "description": "No image without a tag after 14 days",
                "selection": untagged,
                "action": expire,
            },
            {"rulePriority": 2, "description": "The 30 newest", "selection": newest, "action": expire},
        ]
    }


@pytest.mark.parametrize(
    ("key", "value", "taken"),
    [
        ("team", "a b", True),
        ("k" * 128, "v" * 256, True),
        ("k" * 129, "", False),
        ("k", "v" * 257, False),
        ("", "", False),
        ("team", "a\nb", False),
        ("AWS:team", "", False),
        ("Name", "x", False),
        ("karpenter.sh/x", "", False),
        ("name", "x", True),
    ],
)
def test_a_tag_is_the_users_and_within_awss_limits(key: str, value: str, taken: bool) -> None:
    assert (tags.bad_tag(key, value) is None) is taken


def test_tags_that_differ_in_case_alone_are_one_to_iam() -> None:
    assert tags.same_but_for_case({"team": 1, "stage": 2, "Team": 3, "STAGE": 4}) == "Team"
    assert tags.same_but_for_case({"team": 1, "stage": 2}) is None


@pytest.mark.parametrize(
    ("name", "problem", "remedy"),
    [
        ("m6g.large", "the class 'm6g.large' does not begin with db. once", "Write db.m6g.large."),
        ("db.db.m6g.large", "the class 'db.db.m6g.large' begins with db. twice", "Write db.m6g.large."),
        ("serverless", "the class does not begin with db. once", "Write it as RDS does, e.g. db.t4g.large."),
        ("a b.c", "the class does not begin with db. once", "Write it as RDS does, e.g. db.t4g.large."),
    ],
)
def test_the_class_that_was_meant_is_told_where_it_looks_like_one(name: str, problem: str, remedy: str) -> None:
    finding = database_classes.bad_class(name)
    assert finding is not None
    assert finding.problem == f"{problem}: RDS knows none of that name"
    assert finding.remedy == remedy


def test_an_instance_type_that_was_meant_is_told() -> None:
    assert architectures.unknown_type("m7g.large") is None
    near, far = architectures.unknown_type("m7g.larg"), architectures.unknown_type("qqq")
    assert near == Finding("nothing is known of an instance type 'm7g.larg'", "Did you mean m7g.large?")
    assert far == Finding("nothing is known of an instance type 'qqq'", "Write it as EC2 does, e.g. m7g.large.")


@pytest.mark.parametrize(
    ("cidr", "vpc", "service"),
    [
        ("10.0.0.0/15", False, True),
        ("10.0.0.0/16", True, True),
        ("10.0.0.0/21", True, True),
        ("10.0.0.0/22", False, True),
        ("10.0.0.0/24", False, True),
        ("10.0.0.0/25", False, False),
        ("10.0.0.0/12", False, True),
        ("10.0.0.0/11", False, False),
        ("100.64.0.0/16", True, False),
        ("203.0.112.0/20", False, False),
    ],
)
def test_a_range_is_one_that_a_vpc_or_eks_takes(cidr: str, vpc: bool, service: bool) -> None:
    assert (subnets.bad_vpc_range(IPv4Network(cidr)) is None) is vpc
    assert (subnets.bad_service_range(IPv4Network(cidr)) is None) is service


def test_a_range_that_nobody_comes_from_is_told_with_what_it_is() -> None:
    assert cidrs.not_routed(IPv4Network("203.0.113.0/24")) is None
    assert cidrs.not_routed(IPv4Network("0.0.0.0/0")) is None
    finding = cidrs.not_routed(IPv4Network("100.64.1.0/24"))
    assert finding is not None
    assert finding.problem.startswith("100.64.1.0/24 is shared between carriers address space: ")


@pytest.mark.parametrize(
    ("value", "empty"), [("", True), ("IA==", True), ("YQ==", False), ("!!!!", False), ("YQ", False)]
)
def test_what_is_no_base64_is_not_empty(value: str, empty: bool) -> None:
    assert secrets.empty_in_base64(value) is empty


def test_empty_members_are_those_of_an_object() -> None:
    assert list(secrets.empty_members('{"a": " ", "b": "x", "c": 0}')) == ["a"]
    assert list(secrets.empty_members('["a", ""]')) == []
    assert list(secrets.empty_members("{")) == []


def test_ids_of_networks_are_found_in_a_text() -> None:
    assert ids_in("a vpc-01234567 and sg-0123456789abcdef0") == ["vpc-01234567", "sg-0123456789abcdef0"]


def test_a_tls_policy_that_is_not_offered_is_told_with_those_that_are() -> None:
    assert unfit_policy(DEFAULT) is None
    finding = unfit_policy("ELBSecurityPolicy-2016-08")
    assert finding is not None
    assert finding.remedy == (
        f"Leave it out for {DEFAULT}, or write one of ELBSecurityPolicy-TLS13-1-2-PQ-2025-09, "
        "ELBSecurityPolicy-TLS13-1-2-Res-2021-06, ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09, "
        "ELBSecurityPolicy-TLS13-1-3-2021-06, ELBSecurityPolicy-TLS13-1-3-PQ-2025-09."
    )


@pytest.mark.parametrize(
    ("types", "said"),
    [
        (["m7i.large"], "m7i.large is"),
        (["m7i.large", "c7i.large", "t3.large"], "m7i.large, c7i.large, t3.large are"),
        (
            ["m7i.large", "c7i.large", "t3.large", "r7i.large", "m7g.large"],
            "m7i.large, c7i.large, t3.large and 1 more are",
        ),
    ],
)
def test_three_instance_types_are_named_and_the_others_counted(types: list[str], said: str) -> None:
    finding = architectures.ami_unfit("AL2023_ARM_64_STANDARD", types)
    assert finding is not None
    assert finding.problem == f"amiType is arm64, but {said} not"


def test_what_eks_takes_where_nothing_is_said_is_told() -> None:
    image, kind = architectures.ami_unfit(None, ["m7g.large"]), architectures.ami_unfit("AL2023_ARM_64_STANDARD", [])
    assert image is not None
    assert kind is not None
    assert image.problem == "amiType is left out, which means x86_64, but m7g.large is not"
    assert kind.problem == "amiType is arm64, but no instance type is stated, which means t3.medium, and that is not"
    assert architectures.ami_unfit(None, []) is None


def test_the_architectures_of_listed_types_are_named() -> None:
    finding = architectures.none_of(["riscv", "s390x"], ["m7g.large", "m7i.large"])
    assert finding is not None
    assert finding.problem == "kubernetes.io/arch asks for riscv, s390x, and every listed instance type is arm64, amd64"


@pytest.mark.parametrize(
    ("images", "told"),
    [
        ("a=b", {"s.kustomize.images": "it is no list"}),
        (
            ["a=b", {"name": "a"}, 5],
            {"s.kustomize.images[1]": "it is no text", "s.kustomize.images[2]": "it is no text"},
        ),
        (["a=b"], {}),
        (None, {}),
    ],
    ids=range(4),
)
def test_images_of_kustomize_are_texts(images: object, told: dict[str, str]) -> None:
    found = argo_cd.images_that_are_no_texts({"kustomize": {"images": images}}, "s")
    assert {path: finding.problem.partition(":")[0] for path, finding in found} == told


@pytest.mark.parametrize("source", [{}, {"kustomize": None}, {"kustomize": "base"}, {"kustomize": []}], ids=range(4))
def test_a_source_without_kustomize_names_no_images_for_it(source: dict[str, object]) -> None:
    assert list(argo_cd.images_that_are_no_texts(source, "s")) == []
