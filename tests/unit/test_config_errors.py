"""Each thing that a stack's YAML can get wrong, and what is said of it."""

import re
from datetime import date
from typing import Any

import pytest
import yaml
from soundness import SOUND, Spoilt

from pokayoke_eks.catalogue import FAILURES
from pokayoke_eks.config import load

ADMIN = "arn:aws:iam::123456789012:role/platform"
EIGHT_MISTAKES = """
name: demo-${environment}
lifecycle: temporary
regions:
  ap-northeast-1: {cidr: 10.0.0.0/16, zones: [a, b, c]}
kubernetes: "1.33"
bottlerocket: 1.65.0
api_access: {public: [0.0.0.0/0]}
admins: [arn:aws:iam::123456789012:user/somebody]
tags: {"aws:team": platform}
"""


def region(**fields: Any) -> dict[str, Any]:
    return {"ap-northeast-2": {"cidr": "10.0.0.0/16", "zones": ["a", "b"], **fields}}


def test_a_sound_config_has_no_errors_and_no_warnings(errors_of: Spoilt) -> None:
    loaded = errors_of.load()
    assert loaded.config is not None
    assert loaded.errors == ()
    assert loaded.warnings == ()


def test_eight_mistakes_of_eight_kinds_are_eight_errors_with_path_slug_and_remedy(today: date) -> None:
    errors = load(yaml.safe_load(EIGHT_MISTAKES), today=today).errors
    assert {error.path: error.slug for error in errors} == {
        "name": "unresolved-placeholder",
        "lifecycle": "config",
        "regions.ap-northeast-1.zones[1]": "config",
        "kubernetes": "extended-support",
        "bottlerocket": "ami-version-skew",
        "api_access.public": "config",
        "admins[0]": "config",
        'tags."aws:team"': "config",
    }
    assert len(errors) == 8
    for error in errors:
        assert re.fullmatch(r"\S+: .+ \[[a-z-]+\]\. .+[.?]", str(error)), str(error)
        assert error.slug in {*FAILURES, "config"}


POOL = {"name": "general", "instances": ["m7g.large", "c7g.large", "r7g.large"], "limits": {"cpu": 8, "memory": "32Gi"}}
CASES: list[tuple[dict[str, Any], str, str, str]] = [
    # field, path, slug, part of the text
    ({"kubernetes": 1.36}, "kubernetes", "config", "Put the version in quotes"),
    ({"kubernetes": "v1.36"}, "kubernetes", "config", 'Write "1.36".'),
    ({"kubernetes": "1.36.2"}, "kubernetes", "config", 'Write "1.36".'),
    ({"kubernetes": "latest"}, "kubernetes", "config", 'E.g. "1.36".'),
    ({"kubernetes": "1.33"}, "kubernetes", "extended-support", "left standard support on 2026-07-29"),
    ({"kubernetes": "1.20"}, "kubernetes", "extended-support", "Choose one of 1.36, 1.35, 1.34."),
    ({"kubernetes": ""}, "kubernetes", "config", "empty text stands where text belongs"),
    ({"bottlerocket": "1.65.0"}, "bottlerocket", "ami-version-skew", "version and build id"),
    ({"bottlerocket": "latest"}, "bottlerocket", "ami-version-skew", "`pokayoke pins` fills it in"),
    ({"bottlerocket": "1.60.0-c1f9ba0c"}, "bottlerocket", "ami-version-skew", "which came with 1.61.0"),
    ({"lifecycle": "prod"}, "lifecycle", "config", "disposable"),
    ({"name": "Demo"}, "name", "config", "small letters"),
    ({"name": "demo-"}, "name", "config", "small letters"),
    ({"name": "demo\n"}, "name", "config", "cannot be printed"),
    ({"name": 5}, "name", "config", "the number 5 stands where text belongs"),
    ({"name": "${stack}"}, "name", "unresolved-placeholder", "'${stack}' was never filled in"),
    ({"name": "{{ stack }}"}, "name", "unresolved-placeholder", "never filled in"),
    ({"name": "<stack>"}, "name", "unresolved-placeholder", "never filled in"),
    ({"name": "a" * 50}, "name", "config", "would be 69 characters long, AWS takes 64"),
    ({"api_access": "public"}, "api_access", "config", "does not say who reaches the API server"),
    ({"api_access": {}}, "api_access", "config", "Write private, or {public: [203.0.113.0/24]}."),
    ({"api_access": {"public": []}}, "api_access", "config", "does not say"),
    ({"api_access": {"public": "203.0.113.0/24"}}, "api_access.public", "config", "where a list belongs"),
    ({"api_access": {"public": ["0.0.0.0/0"]}}, "api_access.public", "config", "the whole internet"),
    ({"api_access": {"public": ["0.0.0.0/1", "128.0.0.0/1"]}}, "api_access.public", "config", "the whole internet"),
    ({"api_access": {"public": ["::/0"]}}, "api_access.public[0]", "config", "Only IPv4"),
    ({"api_access": {"public": ["10.0.0.0/8"]}}, "api_access.public[0]", "config", "private address space"),
    ({"api_access": {"public": ["203.0.113.9/24"]}}, "api_access.public[0]", "config", "Write 203.0.113.0/24."),
    ({"api_access": {"public": ["203.0.113.9"]}}, "api_access.public[0]", "config", "Write 203.0.113.9/32"),
    ({"api_access": {"public": ["203.0.113.0/24"], "reason": "x"}}, "api_access.reason", "config", "Leave it out"),
    ({"admins": []}, "admins", "config", "nobody could administer"),
    ({"admins": ADMIN}, "admins", "config", "where a list belongs"),
    ({"admins": ["arn:aws:iam::123456789012:user/x"]}, "admins[0]", "config", "is a user"),
    ({"admins": ["arn:aws:iam::123456789012:root"]}, "admins[0]", "config", "is the whole account"),
    ({"admins": ["arn:aws:sts::123456789012:assumed-role/x/y"]}, "admins[0]", "config", "one session of a role"),
    ({"admins": ["platform"]}, "admins[0]", "config", "no ARN of an IAM role"),
    ({"admins": [ADMIN, ADMIN]}, "admins[1]", "duplicate-node-role", "named twice"),
    ({"admins": ["arn:aws-cn:iam::123456789012:role/x"]}, "admins[0]", "config", "the partition aws-cn"),
    ({"regions": {}}, "regions", "config", "names no region"),
    ({"regions": ["ap-northeast-2"]}, "regions", "config", "a list stands where a mapping belongs"),
    (
        {"regions": {"ap-northeast-22": {"cidr": "10.0.0.0/16", "zones": ["a", "b"]}}},
        "regions.ap-northeast-22",
        "config",
        "Did you mean ap-northeast-2?",
    ),
    ({"regions": region(zones=["a", "x"])}, "regions.ap-northeast-2.zones[1]", "config", "no zone's letter"),
    ({"regions": region(zones=["a", "e"])}, "regions.ap-northeast-2.zones[1]", "config", "Its zones are a, b, c, d."),
    ({"regions": region(zones=["a"])}, "regions.ap-northeast-2.zones", "config", "two zones at least"),
    ({"regions": region(zones=["a", "a"])}, "regions.ap-northeast-2.zones[1]", "config", "stated twice"),
    (
        {"regions": region(zones=["ap-northeast-2a", "b"])},
        "regions.ap-northeast-2.zones[0]",
        "config",
        "Write its letter only: a.",
    ),
    ({"regions": region(cidr="10.0.0.0/8")}, "regions.ap-northeast-2.cidr", "config", "larger than a VPC may be"),
    ({"regions": region(cidr="10.0.0.0/24")}, "regions.ap-northeast-2.cidr", "subnet-ip-exhaustion", "too few"),
    ({"regions": region(cidr="8.8.0.0/16")}, "regions.ap-northeast-2.cidr", "config", "not a private range"),
    (
        {"regions": region(cidr="172.20.0.0/16")},
        "regions.ap-northeast-2.cidr",
        "config",
        "overlaps that of service_cidr",
    ),
    ({"regions": region(cidr="vpc-0123456789abcdef0")}, "regions.ap-northeast-2.cidr", "stale-vpc-id", "one network"),
    (
        {"regions": region(interface_endpoints=["s3"])},
        "regions.ap-northeast-2.interface_endpoints[0]",
        "config",
        "gateway endpoint for S3",
    ),
    (
        {"regions": region(interface_endpoints=["sts", "sts"])},
        "regions.ap-northeast-2.interface_endpoints[1]",
        "config",
        "stated twice",
    ),
    (
        {"regions": region(interface_endpoints=["com.amazonaws.ap-northeast-2.sts"])},
        "regions.ap-northeast-2.interface_endpoints[0]",
        "config",
        "what follows the region",
    ),
    ({"service_cidr": "172.20.0.0/25"}, "service_cidr", "config", "/12 to /24"),
    ({"service_cidr": "100.64.0.0/16"}, "service_cidr", "config", "not a range that EKS takes"),
    ({"addons": {"kube-proxy": "1.36.0"}}, "addons.kube-proxy", "config", "vX.Y.Z-eksbuild.N"),
    ({"addons": {"kube-proxy": "v1.35.3-eksbuild.29"}}, "addons.kube-proxy", "ami-version-skew", "another minor"),
    ({"addons": {"cordns": "v1.13.2-eksbuild.31"}}, "addons.cordns", "config", "Did you mean coredns?"),
    (
        {"addons": {"vpc-cni": "v1.2.3-eksbuild.1", "vpc_cni": "v1.2.3-eksbuild.1"}},
        "addons.vpc-cni",
        "config",
        "stated twice, also as vpc_cni",
    ),
    ({"versions": {"karpenter": "1.13.0"}}, "versions.karpenter", "config", "no combination that is known to work"),
    ({"versions": {"karpenter": "latest"}}, "versions.karpenter", "config", "is no version"),
    (
        {"versions": {"load_balancer_controller": "3.6.0", "external_dns": "1.22.0"}},
        "versions.external_dns",
        "config",
        "known: 1.23.0",
    ),
    ({"tags": {"Name": "x"}}, "tags.Name", "config", "set by the platform"),
    ({"tags": {"kubernetes.io/cluster/x": "owned"}}, 'tags."kubernetes.io/cluster/x"', "config", "set by the platform"),
    ({"tags": {"aws:x": "y"}}, 'tags."aws:x"', "config", "which only AWS may use"),
    ({"tags": {"team": 7}}, "tags.team", "config", "Put the tag's value in quotes"),
    ({"tags": {"team": "a", "Team": "b"}}, "tags.Team", "config", "differs only in case"),
    ({"tags": {"team": "${team}"}}, "tags.team", "unresolved-placeholder", "never filled in"),
    ({"tags": {"{{team}}": "x"}}, 'tags."{{team}}"', "unresolved-placeholder", "never filled in"),
    ({"tags": {"net": "subnet-0123456789abcdef0"}}, "tags.net", "stale-vpc-id", "one network"),
    ({"tags": {"team": "a?b"}}, "tags.team", "config", "AWS takes no tag value"),
    ({"tags": {"a;b": "x"}}, 'tags."a;b"', "config", "AWS takes no tag key"),
    ({"tags": {f"t{n}": "x" for n in range(41)}}, "tags", "config", "these are 41 tags"),
    ({"allow_destroy": True}, "allow_destroy", "config", "can always be destroyed"),
    ({"allow_destroy": "yes"}, "allow_destroy", "config", "neither true nor false"),
    ({"system_instance": "t4g.small"}, "system_instance", "incompatible-requirements", "MiB wanted, 1359 there"),
    ({"system_instance": "t3.large"}, "system_instance", "ami-architecture-mismatch", "is x86_64"),
    ({"system_instance": "t4g.huge"}, "system_instance", "config", "nothing is known"),
    (
        {"edge": {"domain": "dev.example.com", "gateway": "alb"}},
        "pools",
        "incompatible-requirements",
        "no node takes what stands behind the gateway",
    ),
    ({"edge": {"gateway": "alb"}, "pools": [POOL]}, "edge.domain", "config", "it is missing"),
    (
        {"edge": {"domain": "dev.example.com", "gateway": "envoy"}, "pools": [POOL]},
        "edge.gateway",
        "config",
        "there is no gateway",
    ),
    ({"edge": []}, "edge", "config", "stands where a mapping belongs"),
    (
        {
            "edge": {"domain": "dev.example.com", "parent_zone": "example.org", "gateway": "alb"},
            "pools": [POOL],
        },
        "edge.parent_zone",
        "config",
        "cannot delegate it",
    ),
    ({"dsql": {"witness": "ap-northeast-3"}}, "dsql.witness", "config", "nothing to witness"),
    (
        {"dsql": {"clients": ["10.1.0.0/16"]}},
        "dsql.clients[0]",
        "config",
        "nothing reaches the public endpoint from there",
    ),
    ({"registry": {}}, "registry.repositories", "config", "it is missing"),
    ({"registry": {"repositories": ["a", "a"]}}, "registry.repositories[1]", "config", "named twice"),
    (
        {"registry": {"repositories": ["a"], "replication": "account-wide"}},
        "registry.replication",
        "environment-isolation",
        "",
    ),
    ({"account": 123456789012}, "account", "config", "Put it in quotes"),
    ({"account": "111122223333"}, "admins[0]", "environment-isolation", "the platform of 111122223333"),
    ({"kubernetes_version": "1.36"}, "kubernetes_version", "config", "there is no such key"),
]


@pytest.mark.parametrize(
    ("fields", "path", "slug", "text"), CASES, ids=[str(one[0]).replace("\\", "") for one in CASES]
)
def test_a_mistake_is_one_error_at_its_path(
    fields: dict[str, Any], path: str, slug: str, text: str, errors_of: Spoilt
) -> None:
    (error,) = errors_of.load(**fields).errors
    assert (error.path, error.slug) == (path, slug)
    assert text in str(error)
    assert error.slug in {*FAILURES, "config"}
    assert re.fullmatch(r"\S+: .+ \[[a-z-]+\]\. .+[.?]", str(error)), str(error)


@pytest.mark.parametrize("missing", sorted(SOUND))
def test_a_required_field_that_is_missing_is_named_with_an_example(missing: str, errors_of: Spoilt) -> None:
    (error,) = errors_of(**{missing: None})
    assert error.startswith(f"{missing}: it is missing [config]. Write e.g. `{missing}: ")


def test_a_misspelt_required_key_is_one_error_not_two(errors_of: Spoilt) -> None:
    (error,) = errors_of(api_access=None, apiAccess="private")
    assert error == "apiAccess: there is no such key [config]. Did you mean api_access?"


def test_one_wrong_field_hides_no_mistake_between_others(errors_of: Spoilt) -> None:
    regions = {
        "ap-northeast-1": {"cidr": "10.0.0.0/16", "zones": ["a", "zz"]},
        "ap-northeast-2": {"cidr": "10.0.0.0/17", "zones": ["a", "b"]},
        "nowhere-1": {"cidr": "rubbish", "zones": ["a", "b"]},
    }
    paths = {error.split(": ")[0] for error in errors_of(regions=regions, kubernetes="1.33", admins=[ADMIN, 3, ADMIN])}
    assert paths == {
        "regions.ap-northeast-1.zones[1]",
        "regions.ap-northeast-2.cidr",
        "regions.nowhere-1",
        "regions.nowhere-1.cidr",
        "kubernetes",
        "admins[1]",
        "admins[2]",
    }


def test_the_internet_is_let_in_with_a_reason(errors_of: Spoilt) -> None:
    opened = {"public": ["0.0.0.0/0"], "reason": "a demo for one afternoon"}
    config = errors_of.load(api_access=opened).config
    assert config is not None
    assert config.api_access.open_reason == "a demo for one afternoon"


def test_two_regions_must_not_share_addresses(errors_of: Spoilt) -> None:
    regions = {
        "ap-northeast-1": {"cidr": "10.0.0.0/16", "zones": ["a", "c"]},
        "ap-northeast-2": {"cidr": "10.0.128.0/17", "zones": ["a", "b"]},
    }
    (error,) = errors_of(regions=regions)
    assert error.startswith("regions.ap-northeast-2.cidr: the range overlaps that of regions.ap-northeast-1.cidr")


@pytest.mark.parametrize(
    ("version", "day", "warned"),
    [
        ("1.34", date(2026, 10, 2), False),
        ("1.34", date(2026, 10, 3), True),
        ("1.34", date(2026, 12, 2), True),
        ("1.35", date(2026, 11, 21), False),
    ],
)
def test_the_last_sixty_days_of_support_bring_a_warning(
    version: str, day: date, warned: bool, errors_of: Spoilt
) -> None:
    warnings = errors_of.load(kubernetes=version, on=day).warnings
    assert bool(warnings) == warned
    assert not warned or "leaves standard support on 2026-12-02" in warnings[0]
    assert not warned or "plan the move to 1.35" in warnings[0]


def test_what_is_newer_than_the_table_is_taken_with_a_warning(errors_of: Spoilt) -> None:
    loaded = errors_of.load(kubernetes="1.37", bottlerocket="1.66.0-0be31b34", versions={"karpenter": "1.15.0"})
    assert loaded.config is not None
    assert [warning.split(" is newer")[0] for warning in loaded.warnings] == [
        "versions: Kubernetes 1.37",
        "versions: Karpenter 1.15.0",
    ]
