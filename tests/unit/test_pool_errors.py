"""Each thing that a pool can get wrong, and what is said of it."""

import re
from datetime import date
from typing import Any

import pytest
import yaml
from soundness import Spoilt

from pokayoke_eks.catalogue import FAILURES
from pokayoke_eks.config import ConfigErrors, NodePoolsConfig, PoolConfig, load

LIMITS = {"cpu": 32, "memory": "64Gi"}
POOL: dict[str, Any] = {"name": "general", "instances": ["t4g.large", "m7g.large"], "limits": LIMITS}
FAMILIES: dict[str, Any] = {"name": "general", "families": ["m7g"], "cpu": [2, 4], "limits": LIMITS}
TAINT = {"key": "dedicated", "value": "batch", "effect": "NoSchedule"}
TEN_MISTAKES = """
name: demo-dev
lifecycle: temporary
regions:
  ap-northeast-2: {cidr: 10.0.0.0/18, zones: [a, b, c]}
kubernetes: "1.33"
bottlerocket: 1.65.0-0be31b34
api_access: {public: [0.0.0.0/0]}
admins: [arn:aws:iam::123456789012:role/platform, arn:aws:iam::123456789012:role/platform]
tags: {team: "${team}"}
pools:
  - {name: mixed, instances: [m7g.large, m7i.large], limits: {cpu: 32, memory: 64Gi}}
  - {name: open, families: [m7g], cpu: [">2"], limits: {cpu: 32, memory: 64Gi}}
  - name: waiting
    instances: [m7g.large]
    limits: {cpu: 32, memory: 64Gi}
    startup_taints: [{key: example.com/wait, effect: NoSchedule}]
  - {name: tiny, instances: [t4g.nano], limits: {cpu: 32, memory: 64Gi}}
  - {name: huge, instances: [t4g.medium], max_pods: 110, limits: {cpu: 1000, memory: 4Ti}}
"""


def errors_of(*pools: Any, **fields: Any) -> list[Any]:
    stated = {"name": "demo", "region": "ap-northeast-2", "kubernetes": "1.36", "bottlerocket": "1.65.0-0be31b34"}
    try:
        NodePoolsConfig.model_validate({**stated, **fields, "pools": list(pools)}, context=date(2026, 11, 21))
    except ConfigErrors as errors:
        return list(errors.errors)
    return []


def test_a_stack_file_with_ten_mistakes_of_ten_kinds_prints_ten_errors(today: date) -> None:
    errors = load(yaml.safe_load(TEN_MISTAKES), today=today).errors
    assert {error.path: error.slug for error in errors} == {
        "lifecycle": "config",
        "kubernetes": "extended-support",
        "api_access.public": "config",
        "admins[1]": "duplicate-node-role",
        "tags.team": "unresolved-placeholder",
        "pools[0].instances": "ami-architecture-mismatch",
        "pools[1].cpu[0]": "unbounded-instance-size",
        "pools[2].startup_taints[0].removed_by": "startup-taint-deadlock",
        "pools[3].instances[0]": "incompatible-requirements",
        "regions.ap-northeast-2.cidr": "subnet-ip-exhaustion",
    }
    assert len(errors) == 10
    for error in errors:
        assert re.fullmatch(r"\S+: .+ \[[a-z-]+\]\. .+[.?]", str(error)), str(error)


CASES: list[tuple[dict[str, Any], str, str, str]] = [
    # what is exchanged in a sound pool, path, slug, part of the text
    ({"name": "General"}, "name", "config", "cannot name a NodePool"),
    ({"name": "a" * 58}, "name", "config", "at most 57"),
    ({"name": "${pool}"}, "name", "unresolved-placeholder", "never filled in"),
    ({"name": None}, "name", "config", "it is missing"),
    ({"instances": ["t4g.lrage"]}, "instances[0]", "config", "Did you mean t4g.large?"),
    ({"instances": ["m7g.*"]}, "instances[0]", "config", "nothing is known"),
    ({"instances": ["m7g.large", "m7g.large"]}, "instances[1]", "config", "stated twice"),
    ({"instances": "m7g.large"}, "instances", "config", "where a list belongs"),
    ({"instances": ["m7g.large", "m7i.large"]}, "instances", "ami-architecture-mismatch", "of two architectures"),
    ({"instances": None}, "instances", "unbounded-instance-size", "nothing says how large"),
    ({"instances": []}, "instances", "unbounded-instance-size", "nothing says how large"),
    ({"families": ["m"], "cpu": [2]}, "families", "config", "instance types and families too"),
    ({"instances": ["t4g.nano"]}, "instances[0]", "incompatible-requirements", "beside the platform's own DaemonSets"),
    ({"instances": ["t4g.micro"]}, "instances[0]", "incompatible-requirements", "4 pods"),
    ({"capacity": ["on_demand"]}, "capacity[0]", "incompatible-requirements", "Did you mean on-demand?"),
    ({"capacity": ["reserved"]}, "capacity[0]", "incompatible-requirements", "Write on-demand or spot."),
    ({"capacity": []}, "capacity", "incompatible-requirements", "asks for no capacity"),
    ({"capacity": ["spot", "spot"]}, "capacity[1]", "config", "stated twice"),
    ({"limits": None}, "limits", "unbounded-instance-size", "grow without end"),
    ({"limits": {"cpu": 32}}, "limits.memory", "unbounded-instance-size", "no limit on memory"),
    ({"limits": {"memory": "64Gi"}}, "limits.cpu", "unbounded-instance-size", "no limit on CPU"),
    ({"limits": {**LIMITS, "cpu": "many"}}, "limits.cpu", "config", "no amount"),
    ({"limits": {**LIMITS, "cpu": -1}}, "limits.cpu", "config", "no node come at all"),
    ({"limits": {**LIMITS, "cpu": 1}}, "limits.cpu", "incompatible-requirements", "the smallest one has 2 vCPUs"),
    ({"limits": {**LIMITS, "memory": 64}}, "limits.memory", "config", "Write the unit, e.g. 64Gi."),
    ({"limits": {**LIMITS, "memory": "1Gi"}}, "limits.memory", "incompatible-requirements", "has 7518 MiB"),
    ({"limits": {**LIMITS, "nodes": 3}}, "limits.nodes", "config", "no such key"),
    ({"max_pods": 4}, "max_pods", "config", "from 5 to 250"),
    ({"max_pods": "60"}, "max_pods", "config", "without quotes"),
    ({"max_pods": 120}, "max_pods", "config", "at most 110 pods on"),
    ({"instances": ["m7g.medium"], "max_pods": 100}, "max_pods", "subnet-ip-exhaustion", "addresses for 98 pods"),
    ({"instances": ["m4.large"], "max_pods": 30}, "max_pods", "subnet-ip-exhaustion", "20 pods, one by one"),
    ({"instances": ["t4g.small"], "max_pods": 60}, "max_pods", "incompatible-requirements", "MiB back"),
    ({"taints": [{**TAINT, "effect": "no-schedule"}]}, "taints[0].effect", "config", "Did you mean NoSchedule?"),
    ({"taints": [{**TAINT, "effect": "Never"}]}, "taints[0].effect", "config", "Write one of"),
    ({"taints": [{**TAINT, "key": "a b"}]}, "taints[0].key", "config", "takes no key"),
    ({"taints": [{**TAINT, "value": True}]}, "taints[0].value", "config", "Put the value in quotes"),
    ({"taints": [{**TAINT, "value": "a b"}]}, "taints[0].value", "config", "takes no value"),
    ({"taints": [TAINT, TAINT]}, "taints[1].key", "config", "already"),
    (
        {"taints": [{**TAINT, "key": "karpenter.sh/unregistered"}]},
        "taints[0].key",
        "startup-taint-deadlock",
        "by others",
    ),
    (
        {"startup_taints": [TAINT]},
        "startup_taints[0].removed_by",
        "startup-taint-deadlock",
        "every node would stay empty",
    ),
    (
        {"startup_taints": [{**TAINT, "removed_by": ""}]},
        "startup_taints[0].removed_by",
        "startup-taint-deadlock",
        "every node would stay empty",
    ),
    (
        {"startup_taints": [{**TAINT, "removed_by": "cilium"}], "taints": [TAINT]},
        "startup_taints[0].key",
        "config",
        "already",
    ),
    ({"labels": {"karpenter.sh/x": "y"}}, 'labels."karpenter.sh/x"', "config", "Karpenter's own"),
    ({"labels": {"x.karpenter.k8s.aws/x": "y"}}, 'labels."x.karpenter.k8s.aws/x"', "config", "Karpenter's own"),
    ({"labels": {"kubernetes.io/hostname": "y"}}, 'labels."kubernetes.io/hostname"', "config", "by Kubernetes"),
    ({"labels": {"pokayoke-eks/nodes": "system"}}, 'labels."pokayoke-eks/nodes"', "config", "platform itself runs"),
    ({"labels": {"-x": "y"}}, "labels.-x", "config", "takes no key"),
    ({"labels": {"x": 5}}, "labels.x", "config", "Put the value in quotes"),
    ({"labels": {"x": "{{ y }}"}}, "labels.x", "unresolved-placeholder", "never filled in"),
    ({"labels": {"${x}": "y"}}, 'labels."${x}"', "unresolved-placeholder", "never filled in"),
    ({"disk_gib": 10}, "disk_gib", "config", "from 20 to 16384"),
    ({"disk_gib": "100Gi"}, "disk_gib", "config", "Write the number of GiB alone: 100."),
    ({"expire_after": "Never"}, "expire_after", "config", "it would never end"),
    ({"expire_after": "30d"}, "expire_after", "config", "no duration"),
    ({"grace": "0s"}, "grace", "config", "no time at all"),
    ({"grace": 30}, "grace", "config", "Write e.g. 30h."),
    ({"grace": "721h"}, "grace", "config", "longer than a node's life"),
    ({"spot": True}, "spot", "config", "no such key"),
]


@pytest.mark.parametrize(("fields", "path", "slug", "text"), CASES, ids=[str(case[0])[:60] for case in CASES])
def test_a_mistake_in_a_pool_is_one_error_at_its_path(fields: dict[str, Any], path: str, slug: str, text: str) -> None:
    pool = {key: value for key, value in {**POOL, **fields}.items() if value is not None}
    (error,) = errors_of(pool)
    assert (error.path, error.slug) == (f"pools[0].{path}", slug)
    assert text in str(error)
    assert error.slug in {*FAILURES, "config"}
    assert re.fullmatch(r"\S+: .+ \[[a-z-]+\]\. .+[.?]", str(error)), str(error)


@pytest.mark.parametrize(
    ("fields", "path", "slug", "text"),
    [
        ({"cpu": None}, "families", "unbounded-instance-size", "leave the size open"),
        ({"families": None}, "cpu", "unbounded-instance-size", "leave the kind of machine open"),
        ({"cpu": ["> 2"]}, "cpu[0]", "unbounded-instance-size", "open range"),
        ({"cpu": ["2"]}, "cpu[0]", "config", "without quotes"),
        ({"cpu": [3]}, "cpu[0]", "incompatible-requirements", "They come with 1, 2, 4"),
        ({"families": ["m7gg"]}, "families[0]", "config", "Did you mean m7g?"),
        ({"families": ["zz"]}, "families[0]", "config", "no family"),
        ({"families": ["m7g.large"]}, "families[0]", "config", "Write its family, m7g"),
        ({"families": ["m7g.*"]}, "families[0]", "config", "Write the family alone: m7g."),
        ({"families": ["m7g", "m7i"]}, "families", "ami-architecture-mismatch", "two architectures"),
        ({"families": ["m", "m7i"]}, "families", "ami-architecture-mismatch", "two architectures"),
        ({"families": ["t4g"], "cpu": [2]}, "cpu", "incompatible-requirements", "t4g.micro"),
    ],
    ids=str,
)
def test_a_mistake_in_families_is_one_error_at_its_path(
    fields: dict[str, Any], path: str, slug: str, text: str
) -> None:
    pool = {key: value for key, value in {**FAMILIES, **fields}.items() if value is not None}
    (error,) = errors_of(pool)
    assert (error.path, error.slug) == (f"pools[0].{path}", slug)
    assert text in str(error)


def test_two_pools_do_not_share_a_name() -> None:
    (error,) = errors_of(POOL, FAMILIES)
    assert str(error).startswith("pools[1].name: a pool of this name stands at pools[0] already")


def test_a_pool_alone_names_its_fields_without_a_list() -> None:
    with pytest.raises(ConfigErrors) as raised:
        PoolConfig(**{**POOL, "instances": ["m7g.large", "m7i.large"], "name": "x y"})
    assert [error.path for error in raised.value.errors] == ["name", "instances"]


def test_one_wrong_pool_hides_no_mistake_of_another() -> None:
    errors = errors_of("rubbish", {**POOL, "max_pods": 999}, {**POOL, "limits": {"cpu": 0}}, None)
    assert {error.path for error in errors} == {
        "pools[0]",
        "pools[1].max_pods",
        "pools[2].limits.cpu",
        "pools[2].limits.memory",
        "pools[2].name",
        "pools[3]",
    }


def test_a_region_that_offers_no_type_of_a_pool_is_told() -> None:
    missing = {**POOL, "instances": ["m8gd.large"]}
    (error,) = errors_of(missing)
    assert (error.path, error.slug) == ("pools[0].instances", "incompatible-requirements")
    assert "ap-northeast-2 offers none of m8gd.large" in str(error)
    assert errors_of(missing, region="us-east-1") == []
    assert errors_of({**POOL, "instances": ["m8gd.large", "m7g.large"]}) == []
    assert errors_of(missing, region="cn-north-1") == []


def test_a_pool_is_checked_in_every_region_of_a_platform(errors_of: Spoilt) -> None:
    regions = {
        "us-east-1": {"cidr": "10.0.0.0/16", "zones": ["a", "b"]},
        "ap-northeast-2": {"cidr": "10.1.0.0/16", "zones": ["a", "b"]},
    }
    (error,) = errors_of(regions=regions, pools=[{**POOL, "instances": ["m8gd.large"]}])
    assert "ap-northeast-2 offers none" in error


def test_subnets_are_sized_for_what_the_limits_allow_with_a_zone_down(errors_of: Spoilt) -> None:
    def region(prefix: int, zones: str, **more: Any) -> dict[str, Any]:
        return {"ap-northeast-2": {"cidr": f"10.0.0.0/{prefix}", "zones": list(zones), **more}}

    pool = {**POOL, "limits": {"cpu": 64, "memory": "512Gi"}}
    assert errors_of(regions=region(18, "abc"), pools=[pool]) == []
    (error,) = errors_of(regions=region(19, "abc"), pools=[pool])
    # 32 nodes over two zones, 3 blocks each (27 pods' addresses and a block in reserve), three system nodes of 2
    # blocks, and 5 + 16 + 8 + 3 + 16 single addresses.
    assert error == (
        "regions.ap-northeast-2.cidr: the pools' limits allow 32 nodes: with a zone down each private subnet would "
        "need 57 blocks of 16 addresses, and 48 can be counted on [subnet-ip-exhaustion]. Give the region a /18, or "
        "lower the pools' limits, or take larger instance types."
    )
    assert errors_of(regions=region(18, "ab"), pools=[pool])
    assert errors_of(regions=region(21, "ab"), pools=[]) == []
    huge = {**POOL, "limits": {"cpu": 10_000, "memory": "40Ti"}}
    assert "[subnet-ip-exhaustion]. Lower the pools' limits" in errors_of(regions=region(16, "abc"), pools=[huge])[0]
    endpoints = [f"service-{number}" for number in range(650)]
    assert errors_of(regions=region(18, "abc", interface_endpoints=endpoints), pools=[pool])


def test_spot_capacity_of_few_types_brings_a_warning(errors_of: Spoilt) -> None:
    five = ["t4g.large", "m6g.large", "m7g.large", "c7g.large", "r7g.large"]
    for instances, capacity, warned in (
        (five, ["spot", "on-demand"], None),
        (five[:4], ["spot", "on-demand"], "of only 4 instance types: list 5 or more"),
        (five, ["spot"], "of only 5 instance types: list 10 or more"),
        (five[:1], ["on-demand"], None),
    ):
        warnings = errors_of.load(pools=[{**POOL, "instances": instances, "capacity": capacity}]).warnings
        assert bool(warnings) == bool(warned)
        assert not warned or (warnings[0].startswith("pools[0].capacity: ") and warned in warnings[0])


@pytest.mark.parametrize("rubbish", [[], {}, "x", 5, None, [[]], [{"name": []}], [{"taints": [5]}], [{"limits": "x"}]])
def test_no_shape_of_pools_is_answered_with_anything_but_errors(rubbish: Any) -> None:
    stated = {"name": "demo", "region": "eu-west-1", "kubernetes": "1.36", "bottlerocket": "1.65.0-0be31b34"}
    with pytest.raises(ConfigErrors):
        NodePoolsConfig.model_validate({**stated, "pools": rubbish})
