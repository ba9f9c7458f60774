"""What is asked of spot capacity."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import TWO_CLUSTERS, within

POOL, GROUP = "kubernetes:karpenter.sh/v1:NodePool", "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
SET, DEPLOYMENT = "kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:Deployment"
CAPACITY, TYPE = "karpenter.sh/capacity-type", "node.kubernetes.io/instance-type"
FEW, STATEFUL = "spot-types-diverse", "spot-not-stateful"
TYPES = [f"{family}.{size}" for family in ("m7g", "c7g", "r7g", "m6g") for size in ("large", "xlarge", "2xlarge")]


@pytest.fixture
def pack(anew: Pack) -> Pack:
    """In which each rule with settings is made anew."""
    return anew


def asked(key: str, *values: Any, operator: str = "In") -> dict[str, Any]:
    return {"key": key, "operator": operator, "values": list(values)}


def pool(*requirements: dict[str, Any], labels: dict[str, str] | None = None) -> dict[str, Any]:
    template = {"metadata": {"labels": labels or {}}, "spec": {"requirements": list(requirements)}}
    return {"metadata": {"name": "cheap"}, "spec": {"template": template, "limits": {"cpu": 10}}}


SPOT, BOTH = asked(CAPACITY, "spot"), asked(CAPACITY, "spot", "on-demand")


@pytest.mark.parametrize(
    ("requirements", "sound"),
    [
        pytest.param([SPOT, asked(TYPE, *TYPES[:3])], False, id="three"),
        pytest.param([SPOT, asked(TYPE, *TYPES[:10])], True, id="ten"),
        pytest.param([SPOT, asked(TYPE, *TYPES[:9])], False, id="nine"),
        pytest.param([BOTH, asked(TYPE, *TYPES[:5])], True, id="five-beside-on-demand"),
        pytest.param([BOTH, asked(TYPE, *TYPES[:4])], False, id="four-beside-on-demand"),
        pytest.param(
            [asked(CAPACITY, "on-demand", operator="NotIn"), asked(TYPE, *TYPES[:9])], False, id="not-on-demand"
        ),
        pytest.param([asked(CAPACITY, "on-demand"), asked(TYPE, TYPES[0])], True, id="on-demand"),
        pytest.param([asked(TYPE, TYPES[0])], True, id="unsaid"),
        pytest.param([SPOT, asked("karpenter.k8s.aws/instance-category", "m", "c")], True, id="by-category"),
        pytest.param(
            [SPOT, asked("karpenter.k8s.aws/instance-family", "m7g"), asked("karpenter.k8s.aws/instance-cpu", 2.0)],
            False,
            id="one-family-of-one-size",
        ),
        pytest.param([SPOT, asked(TYPE, *TYPES[:9], "m99.large")], True, id="one-that-is-new"),
    ],
)
def test_a_pool_of_spot_capacity_has_many_types_to_choose_from(
    pack: Pack, requirements: list[dict[str, Any]], *, sound: bool
) -> None:
    for asked_of in (POOL, f"{POOL}Patch"):
        assert (FEW not in pack.advice(asked_of, pool(*requirements))) is sound


def test_how_few_types_there_are_is_told(pack: Pack) -> None:
    for requirements, what in (
        ([SPOT, asked(TYPE, *TYPES[:9])], "9 instance types, and 10 are the fewest"),
        ([BOTH, asked(TYPE, *TYPES[:4])], "4 instance types, and 5 are the fewest even beside on-demand capacity"),
    ):
        (message,) = pack.advice(POOL, pool(*requirements))[FEW]
        assert message.partition("; ")[0] == f"spec.template.spec.requirements: {what}"
    three = Resource(GROUP, "nodes", {"capacityType": "SPOT", "instanceTypes": [*TYPES[:2], UNKNOWN, TYPES[0]]})
    ((name, message),) = pack.advice_on(Resource(GROUP, "untold", {"capacityType": UNKNOWN}), three)[FEW]
    assert name == "nodes"
    assert message.partition("; ")[0] == "instanceTypes: 3 instance types, and 10 are the fewest"


def test_types_that_are_not_known_are_said_to_be(pack: Pack) -> None:
    assert FEW in pack.advice(POOL, pool(SPOT, asked(TYPE, UNKNOWN)))["unknown"]


@pytest.mark.parametrize(
    ("said", "sound"),
    [
        ({"capacityType": "SPOT"}, False),
        ({"capacityType": "SPOT", "instanceTypes": TYPES[:3]}, False),
        ({"capacityType": "SPOT", "instanceTypes": TYPES}, True),
        ({"capacityType": "ON_DEMAND", "instanceTypes": TYPES[:1]}, True),
        ({"instanceTypes": TYPES[:1]}, True),
    ],
)
def test_so_has_a_node_group(pack: Pack, said: dict[str, Any], *, sound: bool) -> None:
    assert (FEW not in pack.advice_on(Resource(GROUP, "nodes", said))) is sound


@pytest.mark.parametrize(
    ("template", "told"),
    [
        pytest.param(None, [], id="of-another-stack"),
        pytest.param({}, ["nodes"], id="without-a-type"),
        pytest.param({"instanceType": "m7g.large"}, ["nodes"], id="of-one-type"),
        pytest.param({"instanceRequirements": {"vcpuCount": {"min": 2}}}, [], id="by-what-types-have"),
    ],
)
def test_the_type_of_a_node_group_is_its_templates(pack: Pack, template: Any, told: list[str]) -> None:
    said = {"capacityType": "SPOT", "launchTemplate": {"id": "lt-1"}}
    made = [] if template is None else [Resource(TEMPLATE, "template", {"id": "lt-1", **template})]
    found = pack.advice_on(*made, Resource(GROUP, "nodes", said)).get(FEW, [])
    assert [name for name, _ in found] == told
    assert all(message.startswith("instanceTypes: 1 instance types, ") for _, message in found)


def test_how_many_is_a_setting() -> None:
    pack = Pack()
    pack.configure(FEW, "ADVISORY", {"leastTypes": 3})
    assert FEW not in pack.advice(POOL, pool(SPOT, asked(TYPE, *TYPES[:3])))
    assert FEW in pack.advice(POOL, pool(BOTH, asked(TYPE, *TYPES[:4])))


def affinity(*terms: list[dict[str, Any]]) -> dict[str, Any]:
    listed = [{"matchExpressions": term} for term in terms]
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": listed}}}


CLAIM = {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]}


@pytest.mark.parametrize(
    ("kind", "spec", "asks"),
    [
        (SET, {"nodeSelector": {CAPACITY: "spot"}}, f"nodeSelector: it asks for {CAPACITY}: spot"),
        (
            SET,
            {"nodeSelector": {"eks.amazonaws.com/capacityType": "SPOT"}},
            "nodeSelector: it asks for eks.amazonaws.com/capacityType: SPOT",
        ),
        (SET, {"affinity": affinity([SPOT])}, f"affinity: it asks for {CAPACITY}: spot"),
        (SET, {"affinity": affinity([SPOT], [asked(CAPACITY, "on-demand")])}, ""),
        (SET, {"nodeSelector": {CAPACITY: "on-demand"}}, ""),
        (SET, {}, ""),
        (DEPLOYMENT, {"nodeSelector": {CAPACITY: "spot"}}, ""),
        (DEPLOYMENT, {"nodeSelector": {CAPACITY: "spot"}, "volumes": [{"emptyDir": {}}]}, ""),
        (DEPLOYMENT, {"nodeSelector": {CAPACITY: "spot"}, **CLAIM}, f"nodeSelector: it asks for {CAPACITY}: spot"),
    ],
)
def test_what_keeps_state_asks_for_no_spot_capacity(pack: Pack, kind: str, spec: dict[str, Any], asks: str) -> None:
    for asked_of in (kind, f"{kind}Patch"):
        found = pack.advice(asked_of, {"metadata": {"name": "db"}, "spec": {"template": {"spec": spec}}})
        messages = [one.partition("; ")[0] for one in found.get(STATEFUL, [])]
        assert messages == ([f"spec.template.spec.{asks}"] if asks else [])


def database(name: str, kind: str = SET, **spec: Any) -> Resource:
    template = {"metadata": {"labels": {"tier": "cheap"}}, "spec": spec}
    return Resource(kind, name, {"metadata": {"name": name}, "spec": {"template": template}})


@pytest.mark.parametrize(
    ("selector", "capacity", "sound"),
    [
        pytest.param({"karpenter.sh/nodepool": "cheap"}, SPOT, False, id="by-name"),
        pytest.param({"tier": "cheap"}, SPOT, False, id="by-label"),
        pytest.param({"tier": "cheap"}, BOTH, True, id="on-demand-too"),
        pytest.param({"tier": "dear"}, SPOT, True, id="another-pool"),
        pytest.param({}, SPOT, True, id="none"),
    ],
)
def test_nor_for_a_pool_that_takes_nothing_else(
    pack: Pack, selector: dict[str, str], capacity: dict[str, Any], *, sound: bool
) -> None:
    cheap = Resource(POOL, "cheap", pool(capacity, asked(TYPE, *TYPES), labels={"tier": "cheap"}))
    found = pack.advice_on(cheap, database("db", nodeSelector=selector))
    assert (STATEFUL not in found) is sound
    place = "spec.template.spec.nodeSelector"
    for name, message in found.get(STATEFUL, []):
        assert name == "db"
        assert message.startswith(f"{place}: it selects a pool of spot capacity alone; ")


def test_a_pool_is_chosen_by_all_of_its_labels_that_are_asked_for_in_its_own_cluster(pack: Pack) -> None:
    def made(name: str, capacity: dict[str, Any], **labels: str) -> Resource:
        content = pool(capacity, asked(TYPE, *TYPES), labels=labels)
        return Resource(POOL, name, {"metadata": {"name": name}, **content})

    shops, banks = made("shops", SPOT, tier="cheap", team="shop"), made("banks", BOTH, tier="cheap", team="bank")
    plain, beside = made("plain", BOTH, tier="cheap"), made("beside", SPOT, zone="a")

    def spoken_of(*pools: Resource, **selector: str) -> bool:
        return STATEFUL in pack.advice_on(*pools, database("db", nodeSelector=selector))

    assert spoken_of(shops, banks, tier="cheap", team="shop")
    assert not spoken_of(shops, banks, tier="cheap")
    assert not spoken_of(shops, banks, tier="cheap", team="bank")
    assert not spoken_of(shops, plain, tier="cheap", team="shop")
    assert not spoken_of(plain, shops, tier="cheap", team="shop")
    assert spoken_of(plain, beside, zone="a")
    assert spoken_of(beside, plain, zone="a")
    both = [database(name, nodeSelector=asks) for name, asks in (("a", {"tier": "cheap"}), ("b", {"team": "shop"}))]
    found = pack.advice_on(shops, banks, *both)[STATEFUL]
    assert [name for name, _ in found] == ["b"]
    far, near = (within(name, database("db", nodeSelector={"team": "shop"})) for name in ("two", "one"))
    there = [*TWO_CLUSTERS, *within("one", shops), *within("two", made("dear", BOTH, team="shop"))]
    assert STATEFUL not in pack.advice_on(*there, *far)
    assert STATEFUL in pack.advice_on(*there, *near)
    assert STATEFUL not in pack.advice_on(*there, database("db", nodeSelector={"team": "shop"}))


def test_what_is_not_known_of_pools_and_workloads_hides_no_other(pack: Pack) -> None:
    cheap = Resource(POOL, "cheap", pool(SPOT, asked(TYPE, *TYPES)))
    untold = Resource(POOL, "a", pool(asked(CAPACITY, UNKNOWN)))
    selector = {"karpenter.sh/nodepool": "cheap"}
    claims = database("a", DEPLOYMENT, nodeSelector=selector, volumes=UNKNOWN)
    by_name = database("db", nodeSelector=selector)
    for one in (untold, database("a", nodeSelector=UNKNOWN), claims):
        found = pack.advice_on(one, cheap, by_name)
        assert [name for name, _ in found[STATEFUL]] == ["db"]
        assert ("", STATEFUL) in found["unknown"]
    assert ("", STATEFUL) not in pack.advice_on(database("a", nodeSelector=UNKNOWN)).get("unknown", [])
