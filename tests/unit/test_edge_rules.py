"""Gateways, records, state buckets and peered regions: what is legal, and what is told where it is not."""

from typing import Any

import pytest

from pokayoke_eks.rules import dsql_regions, external_dns, load_balancers, regions, sources, states
from pokayoke_eks.rules.finding import Finding, shown


def problem(finding: Finding | None) -> str | None:
    return finding.problem if finding else None


@pytest.mark.parametrize(
    ("variant", "other", "told"),
    [
        ("alb", {"path": "/x", "hosts": ["a"], "others": 1}, None),
        ("istio-ambient", {"path": "/x"}, None),
        ("nlb", {}, None),
        ("nlb", {"hosts": ["b", "a", "a"]}, None),
        ("nlb", {"path": "/x"}, "an NLB does not see the path '/x'"),
        ("nlb", {"hosts": ["a"]}, "an NLB does not tell hosts apart"),
        ("nlb", {"others": 1}, "an NLB has one Service a port, and this one has it already"),
    ],
    ids=range(7),
)
def test_an_nlb_routes_by_nothing(variant: str, other: dict[str, Any], told: str | None) -> None:
    asked: dict[str, Any] = {"path": "/", "hosts": ["a", "b"], "of": ["a", "b"], "others": 0, **other}
    finding = load_balancers.cannot_route(variant, **asked)
    assert problem(finding) == told
    assert finding is None or "istio-ambient or alb" in finding.remedy


def test_a_gateway_is_of_a_variant_that_is_there() -> None:
    assert all(load_balancers.unknown_variant(one) is None for one in load_balancers.VARIANTS)
    finding = load_balancers.unknown_variant("clb")
    assert finding == Finding("there is no gateway 'clb'", "Write one of istio-ambient, nlb, alb.")


def test_a_route_takes_sixteen_hosts() -> None:
    assert load_balancers.too_many_hosts(["a"] * 16) is None
    assert problem(load_balancers.too_many_hosts(["a"] * 17)) == "these are 17 hosts, a route takes 16"


def test_hosts_past_those_of_a_gateway_or_certificate_are_named_and_a_wildcard_is_one_label() -> None:
    hosts = ["a.example.com", "b.a.example.com", "example.com", "*.example.com"]
    served = load_balancers.not_served(hosts, ["*.example.com", "example.org"])
    assert problem(served) == "the gateway does not answer to b.a.example.com, example.com"
    assert served is not None
    assert served.remedy == "Its hosts are *.example.com, example.org."
    certified = load_balancers.not_certified(hosts, ["*.example.com"])
    assert problem(certified) == "the certificate is not for b.a.example.com, example.com"
    assert certified is not None
    assert certified.slug == "nlb-tls-termination"
    assert load_balancers.not_served(hosts[:1], ["a.example.com"]) is None
    assert load_balancers.not_certified(hosts[:1], ["*.example.com"]) is None


@pytest.mark.parametrize(("chart", "old"), [("1.22.0", False), ("1.100.0", False), ("1.21.9", True), ("v1.9.0", True)])
def test_a_chart_of_external_dns_reads_routes_from_one_version_on(chart: str, old: bool) -> None:
    assert (external_dns.too_old(chart) is not None) is old


def test_records_follow_what_external_dns_reads() -> None:
    assert all(external_dns.unknown_source(one) is None for one in external_dns.SOURCES)
    unserved, unknown = external_dns.unknown_source("gateway-tcproute"), external_dns.unknown_source("node")
    assert (problem(unserved) or "").startswith("ExternalDNS reads TCPRoute as v1alpha2")
    assert unknown == Finding(
        "there is no source 'node' here",
        "Write one of gateway-httproute, gateway-grpcroute, gateway-tlsroute, service, ingress.",
    )


@pytest.mark.parametrize(
    ("texts", "ours"),
    [
        (['"heritage=external-dns,external-dns/owner=demo,external-dns/resource=x"'], True),
        (["other", "heritage=external-dns,external-dns/owner=demo"], True),
        (['"heritage=external-dns,external-dns/owner=demo-2"'], False),
        (['"heritage=external-dns"', '"external-dns/owner=demo"'], False),
        (["heritage=external-dns,external-dns/owner=demoX"], False),
        ([], False),
    ],
    ids=range(6),
)
def test_a_note_says_whose_a_record_is(texts: list[str], ours: bool) -> None:
    assert external_dns.is_note_of("demo", texts) is ours


def test_a_region_or_zone_that_is_not_there_is_told_with_those_that_are() -> None:
    near, far = regions.unknown_region("eu-west1"), regions.unknown_region("qqq")
    assert near == Finding("there is no region 'eu-west1'", "Did you mean eu-west-1?")
    assert far is not None
    assert far.remedy.startswith("Regions with a known zone table: af-south-1, ap-east-1, ")
    assert regions.unknown_region("eu-west-1") is None
    assert regions.unknown_zone("b", "us-west-1") is None
    assert regions.unknown_zone("c", "us-west-1") == Finding("us-west-1 has no zone 'c'", "Its zones are a, b.")
    assert regions.unknown_zone("ab", "us-west-1") is not None
    assert regions.unknown_zone("", "us-west-1") is not None


def test_manifests_come_from_their_projects() -> None:
    assert sources.gateway_api("v1.6.1") == (
        "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/standard-install.yaml"
    )
    chart = (
        "https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller/v3.5.0/"
        "helm/aws-load-balancer-controller"
    )
    assert sources.controller_kinds("3.5.0") == f"{chart}/crds/crds.yaml"
    assert sources.controller_gateway_kinds("3.5.0") == f"{chart}/crds/gateway-crds.yaml"


def test_an_environment_of_a_backend_has_the_form_of_a_folder() -> None:
    assert states.bad_environment("dev-2") is None
    assert states.bad_environment("Dev") is not None


def test_a_state_buckets_name_is_measured_with_account_and_region() -> None:
    longest = 63 - len("-123456789012-apne2-state")
    assert states.bucket_name_too_long("a" * longest, "ap-northeast-2") is None
    assert states.bucket_name_too_long("a" * (longest + 1), "ap-northeast-2") is not None
    finding = states.bucket_name_too_long("a" * (longest + 2), "ap-northeast-2")
    assert finding == Finding(
        "with account and region the bucket's name would be 65 characters long, S3 takes 63",
        f"Shorten the name by 2 to at most {longest} characters.",
    )


def test_states_are_lost_by_their_own_name_alone() -> None:
    assert states.wrong_word("acme", "acme") is None
    finding = states.wrong_word("yes", "acme")
    assert finding is not None
    assert finding.slug == "state-bucket-not-empty"


def test_pulumi_finds_states_and_key_by_these_words() -> None:
    assert states.login("acme-state", "dev", "eu-west-1") == "s3://acme-state/dev?region=eu-west-1"
    provider = "awskms://alias/acme-state?region=eu-west-1&context_environment=dev"
    assert states.secrets_provider("acme", "dev", "eu-west-1") == provider


@pytest.mark.parametrize(
    ("named", "told"),
    [
        (["us-east-1"], None),
        (["us-east-1", "us-east-2"], None),
        ([], "it names no region"),
        (["us-east-1", "us-east-1"], "a region is named twice"),
        (["us-east-1", "us-east-2", "us-west-2"], "these are 3 regions, Aurora DSQL peers 2"),
    ],
)
def test_one_region_or_two_make_a_dsql_cluster(named: list[str], told: str | None) -> None:
    assert problem(dsql_regions.bad_number_of_regions(named)) == told


@pytest.mark.parametrize(
    ("named", "witness", "remedy"),
    [
        (["us-east-1"], None, None),
        (["us-east-1", "us-east-2"], "us-west-2", None),
        (["us-east-1"], "us-west-2", "Leave it out."),
        (["us-east-1", "us-east-2"], None, "State e.g. `witness: us-west-2`."),
        (["eu-west-1", "eu-west-2"], None, "State e.g. `witness: eu-central-1`."),
        (["us-east-1", "eu-west-1"], None, "State its region."),
        (["us-east-1", "us-east-2"], "us-east-2", "Name another region."),
    ],
    ids=range(7),
)
def test_two_regions_have_a_witness_in_a_third(named: list[str], witness: str | None, remedy: str | None) -> None:
    finding = dsql_regions.bad_witness(named, witness)
    assert (finding.remedy if finding else None) == remedy


@pytest.mark.parametrize(
    ("named", "witness", "stated", "told"),
    [
        (["us-east-1", "us-east-2"], "us-west-2", [], None),
        (["us-east-1"], None, [], None),
        (["us-east-1", "eu-west-1"], None, [], "us-east-1, eu-west-1 are not of one set of regions, and Aurora"),
        (["us-east-1", "sa-east-1"], "x", [], "nothing is known of Aurora DSQL in sa-east-1, x"),
        (["us-east-1", "us-east-2"], "eu-west-1", [], "us-east-1, us-east-2, eu-west-1 are not of one set of regions"),
        (["us-east-1", "sa-east-1"], None, ["us-east-1", "sa-east-1"], None),
        (["us-east-1", "us-east-2"], None, ["us-east-1"], "nothing is known of Aurora DSQL in us-east-2"),
    ],
    ids=range(7),
)
def test_peers_and_witness_are_of_one_set(
    named: list[str], witness: str | None, stated: list[str], told: str | None
) -> None:
    finding = dsql_regions.regions_apart(named, witness, stated)
    assert (finding is None) == (told is None)
    assert finding is None or finding.problem.startswith(told or "")


def test_the_sets_of_regions_are_listed() -> None:
    unknown = dsql_regions.regions_apart(["x"], None, ["b", "a"])
    apart = dsql_regions.regions_apart(["us-east-1", "eu-west-1"], None, [])
    assert unknown is not None
    assert apart is not None
    assert unknown.remedy.startswith("Take one of a, b; or, ")
    assert apart.remedy == (
        "Take all of them from one: us-east-1, us-east-2, us-west-2; ap-northeast-1, ap-northeast-2, ap-northeast-3; "
        "eu-central-1, eu-west-1, eu-west-2, eu-west-3."
    )


def test_a_value_is_shown_up_to_its_limit() -> None:
    assert shown("a" * 60) == f"'{'a' * 60}'"
    assert shown("a" * 61) == f"'{'a' * 59}..."
    assert shown("a" * 61 + "'") == f"'{'a' * 59}..."
    assert shown(["a"]) == "['a']"
    assert shown(5) == "5"
    assert shown("abc", 2) == "'a..."
