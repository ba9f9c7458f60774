"""Of many nodes those are found that take a pod, and few others are asked."""

from fractions import Fraction
from itertools import product

import pytest

from pokayoke_eks.rules import offers
from pokayoke_eks.rules.offers import Offer, unplaceable
from pokayoke_eks.rules.scheduling import POOL, TYPE, Nodes, Pod, Requirement, misfit
from pokayoke_eks.rules.taints import Taint

ARCH, CAPACITY = "kubernetes.io/arch", "karpenter.sh/capacity-type"
ARM = ("m7g.large", "m7g.xlarge")


def needs(key: str, *values: str, operator: str = "In") -> Requirement:
    return Requirement(key, operator, values)


def tainted(*keys: str, effect: str = "NoSchedule") -> tuple[Taint, ...]:
    return tuple(Taint(key, "", effect) for key in keys)


NODES = (
    Nodes("plain", types=("m7g.large", "m7g.xlarge")),
    Nodes("a", (needs("team", "a"),), types=("m7g.xlarge",)),
    Nodes("b", (needs("team", "b", "c"), needs(CAPACITY, "spot")), tainted("team"), types=("m7i.large",)),
    Nodes("any", (needs("team", operator="Exists"),), types=("c7g.large",)),
    Nodes("soft", (needs("team", "d"),), tainted("soft", effect="PreferNoSchedule"), types=("c7i.large",)),
    Nodes("two", (needs("team", "d"),), tainted("team", "gpu"), types=("c7i.xlarge",)),
    Nodes("plain", is_pool=False, types=("m7i.xlarge",)),
    Nodes("free", is_pool=False, free_labels=True, types=("m7g.medium",)),
    Nodes("every", (needs("team", "e"), needs(ARCH, "arm64"))),
    Nodes("odd", (needs("team", "e"), needs("team", "f", operator="NotIn")), types=("r7g.large",)),
)
"""Told apart by their types."""
TERMS = (
    (),
    *((needs("team", one),) for one in "abdef"),
    (needs("team", "b", "e"),),
    (needs("team", "a", operator="NotIn"),),
    (needs("team", operator="Exists"),),
    *((needs(POOL, one),) for one in ("plain", "a", "none")),
    (needs(POOL, "plain", operator="NotIn"),),
    (needs(ARCH, "amd64"),),
    (needs(ARCH, "amd64"), needs("team", "d")),
    (needs("team", "a"), needs(POOL, "b")),
    (needs(CAPACITY, "on-demand"), needs("team", "a", "b", "e")),
    (needs(TYPE, "m7g.xlarge"),),
)
TOLERATIONS = (
    None,
    (),
    *(({"key": one, "operator": "Exists"},) for one in ("team", "gpu", "none")),
    ({"key": "gpu", "operator": "Exists"}, {"key": "team", "operator": "Exists"}),
    ({"key": "team", "operator": "Exists"}, {"operator": "Exists"}),
    ({"key": ["team"], "operator": "Exists"},),
)
PODS = [
    *(Pod((term,), tolerated) for term, tolerated in product(TERMS, TOLERATIONS)),
    *(Pod((term,), None, Fraction(3)) for term in TERMS),
    *(Pod(terms, TOLERATIONS[2]) for terms in product(TERMS[:6], TERMS[8:])),
]


def test_machines_of_all_nodes_that_take_a_pod_are_told() -> None:
    offer = Offer(NODES)
    for pod in PODS:
        found = offer.machines(pod)
        assert {one.types for one in found} == {one.types for one in NODES if misfit(pod, one) is None}
        assert {(one.name, one.taints) for one in found} <= {("", ())}


def test_what_one_pod_does_not_find_another_one_does() -> None:
    offer = Offer(NODES[:1])
    assert offer.machines(Pod(cpu=Fraction(400))) == offer.machines(Pod(((needs(ARCH, "amd64"),),))) == []
    assert [one.types for one in offer.machines(Pod())] == [NODES[0].types]


def of_team(number: int, key: str = "team") -> Nodes:
    return Nodes(f"pool-{number}", (needs(key, str(number)),), tainted(f"team-{number}"), ARM)


MANY = [of_team(number) for number in range(40)]


@pytest.mark.parametrize(
    "pod",
    [
        Pod(),
        Pod(((needs("team", "7"),),), None),
        Pod(((needs("stage", "a"), needs("team", "7"), needs("zone", "b")),), None),
        Pod(((needs(POOL, "pool-7"),),), None),
        Pod(tolerations=({"key": "team-7", "operator": "Exists"},)),
        Pod(((needs("team", "7", "8"),),), ({"key": "team-7", "operator": "Exists"},)),
        Pod(((needs("team", "7"),), (needs("team", "8"),)), None),
        Pod(((needs(ARCH, "amd64"),),), None),
        Pod(tolerations=None, cpu=Fraction(400)),
    ],
    ids=["none", "label", "few", "name", "toleration", "both", "terms", "architecture", "size"],
)
def test_of_many_pools_few_are_asked(pod: Pod, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Nodes] = []

    def counted(one: Pod, nodes: Nodes) -> str | None:
        asked.append(nodes)
        return misfit(one, nodes)

    offer = Offer([replace_stage(one) for one in MANY])
    monkeypatch.setattr(offers, "misfit", counted)
    offer.machines(pod)
    assert len(asked) <= 3
    offer.machines(pod)
    assert len(asked) <= 3


def replace_stage(nodes: Nodes) -> Nodes:
    """With labels that all of them have."""
    own = (needs("stage", "a"), *nodes.requirements, needs("zone", "b"))
    return Nodes(nodes.name, own, nodes.taints, nodes.types)


def test_pods_that_ask_the_same_of_machines_ask_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Nodes] = []

    def counted(one: Pod, nodes: Nodes) -> str | None:
        asked.append(nodes)
        return misfit(one, nodes)

    offer = Offer(MANY)
    monkeypatch.setattr(offers, "misfit", counted)
    for number in range(40):
        tolerated = {"key": f"team-{number}", "operator": "Exists"}
        offer.machines(Pod(((needs(ARCH, "amd64"), needs("team", str(number))),), (tolerated,)))
    assert len(asked) == 1


def told(*nodes: Nodes) -> str:
    finding = unplaceable(Pod(((needs("team", "a"),),)), [Offer(nodes[:2]), Offer(nodes[2:])])
    return finding.problem if finding else ""


def test_three_pools_are_named_and_the_others_counted() -> None:
    pools = [Nodes(name, types=ARM) for name in "abcde"]
    why = "it has no team that is asked for"
    three = f"'a': {why}; 'b': {why}; 'c': {why}"
    assert told(*pools[:3]) == f"no node of the stack can take its pods ({three})"
    assert told(*pools[:4]) == f"no node of the stack can take its pods ({three}; and 1 more)"
    assert told(*pools) == f"no node of the stack can take its pods ({three}; and 2 more)"
    assert told(*pools, Nodes("f", (needs("team", "a"),))) == told() == ""
