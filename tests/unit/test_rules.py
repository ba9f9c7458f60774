"""Rules that decide alone, where the config's tests do not already show them."""

from datetime import date
from ipaddress import IPv4Network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pokayoke_eks.instances import instance_type
from pokayoke_eks.rules import arns, cidrs, combinations, kubernetes_versions, names, regions, system_nodes, text
from pokayoke_eks.rules.finding import Finding, shown


def networks(*written: str) -> list[IPv4Network]:
    return [IPv4Network(one) for one in written]


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        (["0.0.0.0/0"], True),
        (["0.0.0.0/1", "128.0.0.0/1"], True),
        (["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2", "192.0.0.0/2"], True),
        (["0.0.0.0/1"], True),
        (["203.0.113.0/24", "198.51.100.0/24"], False),
        (["8.0.0.0/8"], False),
        (["8.0.0.0/8", "9.0.0.0/8"], True),
        ([], False),
    ],
)
def test_ranges_that_add_up_to_the_internet_are_the_internet(written: list[str], opened: bool) -> None:
    assert cidrs.covers_the_internet(networks(*written)) == opened


@settings(max_examples=10)
@given(st.permutations(range(256)))
def test_no_order_of_blocks_hides_the_whole_internet(order: list[int]) -> None:
    assert cidrs.covers_the_internet(IPv4Network((number << 24, 8)) for number in order)


def test_each_overlap_names_the_first_range_that_it_meets() -> None:
    ranges = list(zip("abcd", networks("10.0.0.0/16", "10.1.0.0/16", "10.0.0.0/8", "10.0.0.0/24"), strict=True))
    assert list(cidrs.overlaps(ranges)) == [("c", "a"), ("d", "a")]


@pytest.mark.parametrize("written", ["${x}", "${x", "a-${x}-b", "{{ x }}", "{{x", "<cluster>", "$(x)", "${}"])
def test_a_placeholder_is_found_wherever_it_stands(written: str) -> None:
    finding = text.unresolved_placeholder(written)
    assert finding is not None
    assert finding.slug == "unresolved-placeholder"


@pytest.mark.parametrize("written", ["a", "a < b > c", "$x", "{x}", "cost: 5$", "<3", "a->b"])
def test_text_without_a_placeholder_passes(written: str) -> None:
    assert text.unresolved_placeholder(written) is None


@pytest.mark.parametrize("written", ["vpc-0123456789abcdef0", "x/subnet-01234567/y", "sg-0123456789abcdef0,other"])
def test_the_id_of_a_network_is_found(written: str) -> None:
    finding = text.literal_id(written)
    assert finding is not None
    assert finding.slug == "stale-vpc-id"


@pytest.mark.parametrize("written", ["vpc-cni", "sg-rules", "my-subnet-private", "mysg-01234567", "vpc-0123456789"])
def test_a_word_that_only_looks_like_an_id_passes(written: str) -> None:
    assert text.literal_id(written) is None


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::123456789012:role/platform",
        "arn:aws-cn:iam::123456789012:role/platform",
        "arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef",
    ],
)
def test_roles_of_all_partitions_and_paths_may_administer(arn: str) -> None:
    assert arns.not_a_role(arn) is None


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::1234:role/x",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:group/x",
        "arn:aws:sts::123456789012:assumed-role/",
        "arn:aws:s3:::bucket",
        "arn:aws:iam::123456789012:role/x y",
        "arn:::::",
        "",
    ],
)
def test_what_is_no_role_is_refused(arn: str) -> None:
    assert isinstance(arns.not_a_role(arn), Finding)


def test_no_two_regions_share_a_code_so_no_two_clusters_share_a_role() -> None:
    codes = [region.code for region in regions.REGIONS.values()]
    assert len(set(codes)) == len(codes)
    everywhere = [names.role_name("demo", region, purpose) for region in regions.REGIONS for purpose in names.Purpose]
    assert len(set(everywhere)) == len(everywhere)


@pytest.mark.parametrize("cluster", ["dev", "dev-cluster", "a"])
def test_no_two_environments_share_a_physical_name(cluster: str) -> None:
    mine = {one.name for one in names.limited_names(cluster, "eu-west-1") if one.what != "node group"}
    others = {one.name for one in names.limited_names(f"{cluster}-x", "eu-west-1") if one.what != "node group"}
    assert not mine & others


@given(st.integers(1, 100), st.sampled_from(list(regions.REGIONS)))
def test_a_name_is_too_long_exactly_when_some_physical_name_exceeds_its_limit(length: int, region: str) -> None:
    made = names.limited_names("a" * length, region)
    finding = names.name_too_long("a" * length, (region,))
    assert (finding is not None) == any(len(one.name) > one.limit for one in made)


def test_a_role_has_a_purpose_that_is_known() -> None:
    assert names.role_name("demo", "ap-northeast-2", "ebs-csi") == "demo-apne2-ebs-csi"
    with pytest.raises(ValueError, match="is not a valid Purpose"):
        names.role_name("demo", "ap-northeast-2", "something")


def test_every_version_of_the_table_of_combinations_is_legal_with_its_row() -> None:
    for row in combinations.COMBINATIONS:
        stated = {part: row.version(part) for part in combinations.PARTS}
        for kubernetes in row.kubernetes:
            assert combinations.unknown_combination(kubernetes, stated) is None
            assert combinations.past_the_table(kubernetes, stated) == []


def test_every_version_in_standard_support_has_a_combination() -> None:
    supported = kubernetes_versions.in_standard_support(date(2026, 11, 21))
    assert supported == ("1.36", "1.35", "1.34")
    assert set(supported) <= {version for row in combinations.COMBINATIONS for version in row.kubernetes}


def test_support_dates_are_in_order() -> None:
    for row in kubernetes_versions.SUPPORT.values():
        assert row.released < row.end_of_standard < row.end_of_extended


def test_a_version_has_no_support_before_its_release() -> None:
    assert "1.36" not in kubernetes_versions.in_standard_support(date(2026, 6, 1))
    assert "1.36" in kubernetes_versions.in_standard_support(date(2026, 6, 2))


def test_the_last_system_node_carries_every_replica_and_each_daemon_once() -> None:
    placed = [system_nodes.Placed("x", cpu=10, memory=20, containers=2, replicas=3), system_nodes.Placed("d", 1, 2)]
    assert system_nodes.on_the_last_node(placed) == (61, 122, 4)


def test_replicas_that_never_share_a_node_count_once_on_the_last_one() -> None:
    apart = system_nodes.Placed("x", cpu=10, memory=20, containers=2, replicas=3, apart=True)
    assert system_nodes.on_the_last_node([apart]) == (20, 40, 1)


def test_more_pods_bring_a_larger_type_for_the_system_nodes() -> None:
    heavy = (*system_nodes.PLATFORM, system_nodes.Placed("more", cpu=100, memory=1024, replicas=2))
    assert system_nodes.smallest_type(heavy) == "t4g.large"
    finding = system_nodes.unfit_type("t4g.medium", heavy)
    assert finding is not None
    assert finding.slug == "incompatible-requirements"
    with pytest.raises(ValueError, match="holds"):
        system_nodes.smallest_type((system_nodes.Placed("huge", cpu=10**6, memory=0, replicas=2),))


def test_requests_are_limits_for_what_the_platform_places() -> None:
    assert system_nodes.COREDNS.resources == {
        "requests": {"cpu": "100m", "memory": "128Mi"},
        "limits": {"cpu": "100m", "memory": "128Mi"},
    }


def test_a_users_value_is_shown_on_one_short_line() -> None:
    assert shown("a\nb") == r"'a\nb'"
    assert len(shown("x" * 10_000)) < 70


@pytest.mark.parametrize(("day", "told"), [((10, 3), "60"), ((10, 2), None), ((12, 2), "0"), ((12, 3), None)])
def test_the_end_of_standard_support_is_told_from_sixty_days_before_to_its_day(
    day: tuple[int, int], told: str | None
) -> None:
    warning = kubernetes_versions.standard_support_ends_soon("1.34", date(2026, *day))
    assert warning == (
        f"Kubernetes 1.34 leaves standard support on 2026-12-02 ({told} days from now): plan the move to 1.35 "
        "[extended-support]"
        if told
        else None
    )
    assert kubernetes_versions.standard_support_ends_soon("1.99", date(2026, *day)) is None


def test_what_does_not_fit_on_the_last_system_node_is_told_with_its_unit() -> None:
    kind = instance_type("m7g.large")
    assert kind is not None
    there = kind.allocatable()
    assert system_nodes.unfit_type("m7g.large", (system_nodes.Placed("x", there.cpu, there.memory),)) is None
    full = (
        system_nodes.Placed("x", there.cpu + 1, there.memory + 1),
        system_nodes.Placed("y", 0, 0, replicas=there.pods),
    )
    finding = system_nodes.unfit_type("m7g.large", full)
    assert finding is not None
    assert finding.problem.endswith(
        f"is down: {there.cpu + 1}m of CPU wanted, {there.cpu} there, {there.memory + 1} MiB wanted, "
        f"{there.memory} there, {there.pods + 1} pods wanted, {there.pods} there"
    )


def test_system_nodes_that_need_much_memory_stay_in_the_families_of_the_platform() -> None:
    assert (
        system_nodes.smallest_type((system_nodes.Placed("x", cpu=100, memory=50 * 1024, replicas=1),)) == "m7g.4xlarge"
    )


def test_a_version_may_be_chosen_on_the_last_day_of_its_standard_support() -> None:
    assert "1.34" in kubernetes_versions.in_standard_support(date(2026, 12, 2))
    assert "1.34" not in kubernetes_versions.in_standard_support(date(2026, 12, 3))


def test_where_every_version_of_the_table_is_out_of_support_eks_has_the_list() -> None:
    finding = kubernetes_versions.outside_standard_support("1.31", date(2099, 1, 1))
    assert finding is not None
    assert finding.remedy == "Choose one of the versions that EKS lists as in standard support."


@pytest.mark.parametrize(
    ("version", "called"), [("1.20", "Kubernetes 1.20"), ("latest", "this"), ("1.031", "this"), ("2.1", "this")]
)
def test_a_version_that_never_was_or_is_long_gone_is_told(version: str, called: str) -> None:
    finding = kubernetes_versions.outside_standard_support(version, date(2026, 11, 21))
    assert finding is not None
    assert finding.problem == f"{called} is not a version in standard support"


def test_a_support_type_is_told_as_it_stands() -> None:
    left_out, other = kubernetes_versions.not_standard(None), kubernetes_versions.not_standard("EXTENDED")
    assert left_out is not None
    assert other is not None
    assert left_out.problem.startswith("upgradePolicy.supportType is left out, which means EXTENDED: ")
    assert other.problem.startswith("upgradePolicy.supportType is not STANDARD: ")
