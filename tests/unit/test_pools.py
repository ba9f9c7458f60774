"""What components read off pools, and the rules behind them."""

import json
from fractions import Fraction
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from soundness import TODAY, Spoilt

from pokayoke_eks import crds, instances
from pokayoke_eks.config import ConfigErrors, KarpenterConfig, NodePoolsConfig, PoolConfig
from pokayoke_eks.crds.nodes import RESTRICTED_KEYS
from pokayoke_eks.crds.patterns import QualifiedName
from pokayoke_eks.rules import addresses, combinations, durations, labels, pod_density, pools
from pokayoke_eks.rules.quantities import quantity

LIMITS = {"cpu": 32, "memory": "64Gi"}
REMOVED = {"key": "node.cilium.io/agent-not-ready", "effect": "NoExecute", "removed_by": "cilium"}


def pool(**fields: Any) -> PoolConfig:
    stated = {"name": "general", "limits": LIMITS}
    types = {} if "families" in fields else {"instances": ["t4g.large", "m7g.large"]}
    return PoolConfig.model_validate({**stated, **types, **fields})


def kind(name: str) -> instances.InstanceType:
    known = instances.instance_type(name)
    assert known is not None
    return known


def test_a_pool_takes_the_architecture_of_its_types() -> None:
    assert pool().architecture == "arm64"
    assert pool(instances=["m7i.large", "t3.large"]).architecture == "amd64"
    assert pool(families=["m7i"], cpu=[2]).architecture == "amd64"


def test_a_pool_of_categories_and_sizes_is_arm64() -> None:
    mixed = pool(families=["m", "c7g"], cpu=[2, 4])
    assert mixed.architecture == "arm64"
    assert {"m6g.large", "m7g.xlarge", "c7g.large"} <= set(mixed.instance_types)
    assert "c6g.large" not in mixed.instance_types
    assert {kind(name).vcpus for name in mixed.instance_types} == {2, 4}
    assert list(mixed.instance_types) == sorted(mixed.instance_types)


def test_families_bring_no_bare_metal() -> None:
    assert kind("m7g.metal").vcpus == kind("m7g.16xlarge").vcpus == 64
    assert pool(families=["m7g"], cpu=[64], limits={"cpu": 64, "memory": "1Ti"}).instance_types == ("m7g.16xlarge",)


def test_a_category_is_a_whole_word() -> None:
    assert not {name for name in pools.types_of((), ("i",), (2,)) if name.startswith(("im", "is", "inf"))}
    assert all(name.startswith("t4g.") for name in pools.types_of((), ("t",), (2,)))


def test_a_node_has_as_many_pods_as_the_smallest_type_has_addresses_for() -> None:
    assert pool(instances=["t4g.medium", "m7g.large", "m7g.16xlarge"]).pods_per_node == 17
    assert pool().pods_per_node == 29
    assert pool(max_pods=60).pods_per_node == 60


def test_no_node_has_more_pods_than_eks_allows() -> None:
    assert kind("m7g.16xlarge").eni_pods == 737
    assert pod_density.default_pods(kind("m7g.16xlarge")) == 250
    assert pod_density.default_pods(kind("m7g.4xlarge")) == 110


def test_the_largest_node_and_its_price_are_told_with_region_and_day() -> None:
    assert pool(instances=["t4g.large", "m7g.xlarge"]).largest == kind("m7g.xlarge")
    assert pool(instances=["t4g.large", "m7g.xlarge"]).largest_node == (
        "pool general: its largest node is m7g.xlarge (4 vCPUs, 16 GiB), $0.1632 an hour (Linux on demand in "
        "us-east-1, 2026-07-20; other regions and spot differ)"
    )
    unpriced = next(name for name in instances.names() if kind(name).usd_per_hour is None)
    assert "of unknown price" in pools.largest_node([unpriced])


def test_a_pool_says_what_karpenter_takes() -> None:
    stated = pool(
        capacity=["spot", "on-demand"],
        taints=[{"key": "dedicated", "effect": "NoSchedule"}],
        startup_taints=[REMOVED],
        labels={"example.com/team": "shop", "node-restriction.kubernetes.io/a": ""},
    )
    assert stated.capacity == ("spot", "on-demand")
    assert (stated.taints[0].key, stated.taints[0].value, stated.taints[0].effect) == ("dedicated", "", "NoSchedule")
    assert stated.startup_taints[0].removed_by == "cilium"
    assert (stated.limits.cpu, stated.limits.memory) == ("32", "64Gi")
    assert stated.limits.amounts == (32, 64 * 2**30)
    assert (stated.disk_gib, stated.expire_after, stated.grace) == (50, "720h", "1h")
    assert pool().capacity == ("on-demand",)


def test_a_taint_may_stand_twice_with_two_effects() -> None:
    taints = [{"key": "a", "effect": effect} for effect in labels.EFFECTS]
    assert len(pool(taints=taints).taints) == 3


def test_karpenter_and_its_pools_are_of_the_platform_s_cluster() -> None:
    stated = {"name": "general", "instances": ["m7g.large"], "limits": LIMITS}
    config = Spoilt().load(pools=[stated], tags={"team": "x"}).config
    assert config is not None
    karpenter = config.karpenter("ap-northeast-2")
    assert karpenter == KarpenterConfig.model_validate(
        {
            "name": "demo-dev",
            "region": "ap-northeast-2",
            "kubernetes": "1.36",
            "lifecycle": "disposable",
            "tags": {"team": "x"},
        }
    )
    assert karpenter is not None
    assert karpenter.version == combinations.COMBINATIONS[0].karpenter
    made = config.node_pools("ap-northeast-2")
    assert (made.name, made.region, made.tags) == ("demo-dev", "ap-northeast-2", {"team": "x"})
    assert made.bottlerocket_alias == "bottlerocket@v1.65.0"
    assert made.pools == config.pools
    assert NodePoolsConfig.model_validate(dict(made)) == made
    with pytest.raises(KeyError):
        config.karpenter("eu-west-1")
    with pytest.raises(KeyError):
        config.node_pools("eu-west-1")


def test_a_stated_version_of_karpenter_is_taken() -> None:
    stated = {"name": "general", "instances": ["m7g.large"], "limits": LIMITS}
    config = Spoilt().load(pools=[stated], versions={"karpenter": "1.15.0"}).config
    assert config is not None
    karpenter = config.karpenter("ap-northeast-2")
    assert karpenter is not None
    assert karpenter.version == "1.15.0"
    alone = {"name": "demo", "region": "eu-west-1", "kubernetes": "1.36", "lifecycle": "retained"}
    with pytest.raises(ConfigErrors, match=r"version: Karpenter 1\.13\.0 is in no combination"):
        KarpenterConfig.model_validate({**alone, "version": "1.13.0"}, context=TODAY)


def test_the_version_of_one_part_follows_those_that_are_stated() -> None:
    assert combinations.version_of("external_dns", "1.36", {}) == "1.22.0"
    assert combinations.version_of("external_dns", "1.36", {"load_balancer_controller": "3.6.0"}) == "1.23.0"
    assert combinations.version_of("external_dns", "1.99", {"karpenter": "9.9.9"}) == "1.22.0"


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("500m", Fraction(1, 2)),
        ("16Gi", 16 * 2**30),
        ("1e3", 1000),
        ("1E3", 1000),
        ("2E", 2 * 10**18),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("-1k", -1000),
        (4, 4),
        (0.5, Fraction(1, 2)),
        ("100n", Fraction(1, 10**7)),
        ("", None),
        (".", None),
        ("1 Gi", None),
        ("1GB", None),
        ("many", None),
        (True, None),
        (None, None),
        (float("nan"), None),
        ("9" * 50, None),
    ],
)
def test_an_amount_is_what_kubernetes_reads(written: object, amount: Fraction | None) -> None:
    assert quantity(written) == amount


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_none(written: str) -> None:
    assert quantity(written) is None or isinstance(quantity(written), Fraction)


def test_a_duration_is_read_in_seconds() -> None:
    assert durations.seconds("1h30m") == 5_400
    assert durations.seconds("720h") == 720 * 3_600
    assert durations.bad_duration("90s") is None


def test_whatever_label_karpenters_crds_refuse_is_refused_here() -> None:
    keys = [
        *crds.CORE_LABELS,
        *crds.AWS_LABELS,
        "karpenter.sh/x",
        "a.karpenter.sh/x",
        "karpenter.k8s.aws/instance-pods",
        "kubernetes.io/hostname",
        "example.com/x",
        "x",
    ]
    refused = {key for key in keys if not all(keeps(key) for _, keeps in RESTRICTED_KEYS)}
    assert refused
    assert refused <= {key for key in keys if labels.restricted_label(key)}
    assert labels.restricted_label("example.com/x") is labels.restricted_label("x") is None


@given(st.from_regex(r"[a-z0-9.-]{0,5}/?[A-Za-z0-9._-]{1,8}", fullmatch=True))
def test_a_key_that_passes_here_passes_the_crds(key: str) -> None:
    if labels.bad_key(key) is None:
        assert TypeAdapter(QualifiedName).validate_python(key) == key


def test_addresses_come_in_blocks_with_one_in_reserve() -> None:
    medium = kind("t4g.medium")
    assert [pod_density.blocks_of(medium, pods) for pods in (2, 3, 17, 18, 19, 110)] == [1, 2, 2, 2, 3, 8]
    assert [pod_density.interfaces_of(medium, pods) for pods in (17, 110)] == [1, 2]
    assert pod_density.blocks_of(kind("m7g.medium"), 98) == 6


@pytest.mark.upstream
def test_the_families_before_nitro_are_those_of_the_shared_data(shared: Path) -> None:
    facts = json.loads((shared / "data" / "instances" / "instances.json").read_text())
    xen = {name.split(".")[0] for name, one in facts.items() if one.get("hypervisor") == "xen"}
    assert xen == pod_density.XEN_FAMILIES


def test_any_mixture_of_a_pools_types_stays_below_its_demand() -> None:
    cpu, memory = Fraction(6), Fraction(40 * 2**30)
    types = ("c7g.xlarge", "r7g.large")
    assert addresses.demand(types, 29, cpu, memory).nodes == 3
    assert addresses.demand((), 29, cpu, memory).nodes == 0


@given(st.integers(16, 21), st.integers(1, 3_000), st.integers(1, 3))
def test_the_range_that_is_suggested_is_enough(prefix: int, cpus: int, zones: int) -> None:
    def finding(network: int) -> Any:
        one = addresses.demand(("t4g.medium",), 17, Fraction(cpus), Fraction(2**60))
        cidr = IPv4Network(("10.0.0.0", network))
        return addresses.too_few_addresses(cidr, tuple("abc"[:zones]), [one], endpoints=3, system=kind("t4g.medium"))

    told = finding(prefix)
    if told and told.remedy.startswith("Give the region a /"):
        assert finding(int(told.remedy.split("/")[1].split(",")[0])) is None
