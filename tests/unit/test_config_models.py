"""What components read off a config."""

from datetime import date
from ipaddress import IPv4Network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from soundness import SOUND, TODAY, Spoilt

from pokayoke_eks.config import (
    ApiAccess,
    ClusterConfig,
    ConfigErrors,
    Lifecycle,
    NetworkConfig,
    PlatformConfig,
    load,
)
from pokayoke_eks.rules.regions import REGIONS
from pokayoke_eks.rules.subnets import LETTERS, subnets_of

TWO_REGIONS = {
    "ap-northeast-1": {"cidr": "10.1.0.0/16", "zones": ["a", "c", "d"]},
    "ap-northeast-2": {"cidr": "10.0.0.0/16", "zones": ["a", "b", "c"]},
}


def platform(**fields: Any) -> PlatformConfig:
    config = Spoilt().load(**fields).config
    assert config is not None
    return config


def network(**fields: Any) -> NetworkConfig:
    stated: dict[str, Any] = {"name": "demo", "region": "ap-northeast-1", "cidr": "10.0.0.0/16", "zones": ["a", "c"]}
    return NetworkConfig(**{**stated, "lifecycle": "disposable", **fields})


def cluster(**fields: Any) -> ClusterConfig:
    stated = {key: value for key, value in SOUND.items() if key != "regions"}
    return ClusterConfig(**{**stated, "region": "eu-west-1", **fields})


def test_each_region_has_its_network_and_its_cluster() -> None:
    config = platform(regions=TWO_REGIONS, tags={"team": "x"})
    assert config.network("ap-northeast-1").zone_names == ("ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d")
    assert config.network("ap-northeast-2").cidr == IPv4Network("10.0.0.0/16")
    assert config.cluster("ap-northeast-1").region == "ap-northeast-1"
    assert config.cluster("ap-northeast-2").tags == config.network("ap-northeast-2").tags == {"team": "x"}
    with pytest.raises(KeyError):
        config.cluster("eu-west-1")


def test_what_a_platform_derives_can_also_be_constructed_alone() -> None:
    config = platform(kubernetes="1.35")
    derived = config.network("ap-northeast-2")
    assert NetworkConfig.model_validate(dict(derived)) == derived
    derived_cluster = config.cluster("ap-northeast-2")
    assert ClusterConfig.model_validate(dict(derived_cluster), context=TODAY) == derived_cluster


def test_a_disposable_network_has_one_nat_gateway_and_a_retained_one_a_zone() -> None:
    assert network().nat_zones == ("a",)
    assert network(lifecycle="retained").nat_zones == ("a", "c")


def test_logs_of_a_retained_environment_are_kept_longer() -> None:
    assert network().log_retention_days == 30
    assert network(lifecycle=Lifecycle.RETAINED).log_retention_days == 90


def test_a_retained_cluster_is_protected_until_destroying_it_is_allowed() -> None:
    assert not cluster().protected
    assert cluster(lifecycle="retained").protected
    assert not cluster(lifecycle="retained", allow_destroy=True).protected


def test_one_bottlerocket_release_has_both_of_its_spellings() -> None:
    assert cluster().bottlerocket == "1.65.0-0be31b34"
    assert cluster().bottlerocket_alias == "bottlerocket@v1.65.0"


def test_the_system_nodes_type_is_derived_unless_stated() -> None:
    assert cluster().system_instance_type == "t4g.medium"
    assert cluster(system_instance="m7g.large").system_instance_type == "m7g.large"


def test_api_access_is_private_or_states_its_ranges() -> None:
    assert not cluster(api_access="private").api_access.is_public
    assert cluster().api_access.public == (IPv4Network("203.0.113.0/24"),)
    assert not ApiAccess().is_public


def test_addons_take_the_names_of_eks_or_of_python() -> None:
    by_eks = cluster(addons={"kube-proxy": "v1.36.0-eksbuild.25"}).addons
    by_python = cluster(addons={"kube_proxy": "v1.36.0-eksbuild.25"}).addons
    assert by_eks == by_python
    assert by_eks.kube_proxy == "v1.36.0-eksbuild.25"
    assert by_eks.coredns is None


def test_a_component_of_ones_own_program_gets_every_error_of_its_config_at_once() -> None:
    with pytest.raises(ConfigErrors) as raised:
        cluster(admins=[], api_access={"public": ["0.0.0.0/0"]}, region="eu-west-9")
    assert {error.path for error in raised.value.errors} == {"admins", "api_access.public", "region"}
    with pytest.raises(ConfigErrors, match="two zones at least"):
        network(zones=["a"])


def test_the_day_decides_on_a_cluster_constructed_alone() -> None:
    fields = {**{key: value for key, value in SOUND.items() if key != "regions"}, "region": "eu-west-1"}
    old = {**fields, "kubernetes": "1.34"}
    assert ClusterConfig.model_validate(old, context=date(2026, 12, 2))
    with pytest.raises(ConfigErrors, match="extended-support"):
        ClusterConfig.model_validate(old, context=date(2026, 12, 3))


def test_a_config_cannot_be_changed_after_it_was_checked() -> None:
    with pytest.raises(ValueError, match="frozen"):
        cluster().kubernetes = "1.30"  # pyright: ignore[reportAttributeAccessIssue]


@given(
    st.integers(16, 21),
    st.integers(0, 2**12 - 1),
    st.sets(st.sampled_from(LETTERS), min_size=1).map(lambda zones: tuple(sorted(zones))),
)
def test_subnets_lie_in_their_vpc_and_never_overlap(prefix: int, place: int, zones: tuple[str, ...]) -> None:
    vpc = IPv4Network((int(IPv4Network("10.0.0.0/8").network_address) + (place << 12), prefix), strict=False)
    subnets = [subnet for zone in subnets_of(vpc, zones) for subnet in (zone.public, zone.private)]
    assert all(subnet.subnet_of(vpc) for subnet in subnets)
    assert all(subnet.prefixlen <= 27 for subnet in subnets)
    assert not any(one.overlaps(other) for one in subnets for other in subnets if one is not other)


def test_adding_or_dropping_a_zone_moves_no_subnet_of_another() -> None:
    before = {one.zone: one for one in subnets_of(IPv4Network("10.0.0.0/16"), ("a", "b", "c"))}
    after = {one.zone: one for one in subnets_of(IPv4Network("10.0.0.0/16"), ("c", "a", "d"))}
    assert before["a"] == after["a"]
    assert before["c"] == after["c"]


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_of_the_table_makes_a_config_without_errors(region: str) -> None:
    zones = list(REGIONS[region].zones)
    admin = f"arn:{REGIONS[region].partition}:iam::123456789012:role/platform"
    raw = {**SOUND, "admins": [admin], "regions": {region: {"cidr": "10.0.0.0/16", "zones": zones}}}
    assert load(raw, today=TODAY).errors == ()
