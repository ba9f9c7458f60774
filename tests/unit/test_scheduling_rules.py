"""Which nodes a pod fits on, label by label, and what is said where it fits on none."""

from fractions import Fraction

import pytest

from pokayoke_eks.instances import instance_type
from pokayoke_eks.rules.scheduling import (
    POOL,
    TYPE,
    Nodes,
    Pod,
    Requirement,
    architectures_of_nodes,
    no_type,
    types_that_meet,
)
from pokayoke_eks.rules.scheduling import misfit as why_not
from pokayoke_eks.rules.taints import Taint

ARCH, CPU = "kubernetes.io/arch", "karpenter.k8s.aws/instance-cpu"


def needs(key: str, *values: str, operator: str = "In") -> Requirement:
    return Requirement(key, operator, values)


LARGE = ("m7g.large", "m7g.xlarge")


@pytest.mark.parametrize(
    ("operator", "values", "value", "met"),
    [
        ("In", ("a", "b"), "b", True),
        ("In", ("a",), None, False),
        ("NotIn", ("a",), "a", False),
        ("NotIn", ("a",), None, True),
        ("Exists", (), "", True),
        ("Exists", (), None, False),
        ("DoesNotExist", (), None, True),
        ("DoesNotExist", (), "a", False),
        ("Gt", ("4",), "5", True),
        ("Gt", ("4",), "4", False),
        ("Gt", ("4", "9"), "5", True),
        ("Gte", ("4",), "4", True),
        ("Gte", ("4",), "3", False),
        ("Lt", ("4",), "3", True),
        ("Lt", ("4",), "4", False),
        ("Lte", ("4",), "4", True),
        ("Lte", ("4",), "5", False),
        ("Gt", ("4",), None, False),
        ("Gt", ("4",), "many", False),
        ("Lt", ("many",), "4", False),
        ("Lt", (), "4", False),
        ("Like", ("4",), "5", True),
    ],
)
def test_a_requirement_is_met_as_kubernetes_and_karpenter_read_it(
    operator: str, values: tuple[str, ...], value: str | None, met: bool
) -> None:
    assert Requirement("team", operator, values).allows(value) is met


def misfit(asked: Requirement, nodes: Nodes) -> bool:
    return why_not(Pod(((asked,),)), nodes) is not None


@pytest.mark.parametrize(
    ("own", "asked", "fits"),
    [
        (None, needs("team", "a"), False),
        (None, needs("team", "a", operator="NotIn"), True),
        (needs("team", "a"), needs("team", "a"), True),
        (needs("team", "a"), needs("team", "b"), False),
        (needs("team", "a", "b"), needs("team", "b", "c"), True),
        (needs("team", "a", "b"), needs("team", "a", operator="NotIn"), True),
        (needs("team", "a"), needs("team", "a", operator="NotIn"), False),
        (needs("team", operator="Exists"), needs("team", "a"), True),
        (needs("team", operator="Exists"), needs("team", operator="DoesNotExist"), False),
        (needs("team", operator="Exists"), needs("team", "a", operator="NotIn"), False),
        (needs("team", "a", operator="NotIn"), needs("team", operator="DoesNotExist"), True),
        (needs("team", "a", operator="NotIn"), needs("team", "a"), False),
        (needs("team", "a", operator="NotIn"), needs("team", "b"), True),
        (needs("team", operator="DoesNotExist"), needs("team", operator="Exists"), True),
        (needs("room", "1"), needs("team", "1"), False),
    ],
    ids=str,
)
def test_a_label_of_a_pools_own_is_measured_against_what_is_asked(
    own: Requirement | None, asked: Requirement, fits: bool
) -> None:
    nodes = Nodes("pool", (own,) if own else (), types=LARGE)
    assert misfit(asked, nodes) is not fits


def test_a_label_is_judged_against_all_that_a_pool_says_of_it() -> None:
    nodes = Nodes("pool", (needs("team", "a", "b"), needs("team", "a", operator="NotIn")), types=LARGE)
    assert misfit(needs("team", "a"), nodes)
    assert not misfit(needs("team", "b"), nodes)


@pytest.mark.parametrize(
    ("key", "of_pool", "of_group"),
    [
        ("topology.kubernetes.io/zone", True, True),
        ("kubernetes.io/os-build", True, True),
        ("karpenter.sh/capacity-type", True, False),
        ("karpenter.k8s.aws/instance-hypervisor", True, False),
        ("eks.amazonaws.com/nodegroup", True, True),
        ("topology.k8s.aws/zone-id", True, True),
        ("a/kubernetes.io/zone", False, False),
        ("kubernetes.io/a/zone", False, False),
        ("mykubernetes.io/zone", False, False),
        ("example.com/zone", False, False),
    ],
)
def test_labels_that_others_give_keep_no_pod_off(key: str, of_pool: bool, of_group: bool) -> None:
    assert misfit(needs(key, "a"), Nodes("n", types=LARGE)) is not of_pool
    assert misfit(needs(key, "a"), Nodes("n", types=LARGE, is_pool=False)) is not of_group


def test_nodes_whose_labels_are_not_all_known_may_have_any() -> None:
    assert not misfit(needs("team", "a"), Nodes("n", types=LARGE, is_pool=False, free_labels=True))


def test_a_pools_name_is_a_label_of_its_nodes_and_of_no_groups() -> None:
    assert not misfit(needs(POOL, "general"), Nodes("general", types=LARGE))
    assert misfit(needs(POOL, "other"), Nodes("general", types=LARGE))
    assert misfit(needs(POOL, "general"), Nodes("general", types=LARGE, is_pool=False))
    assert not misfit(needs(POOL, operator="DoesNotExist"), Nodes("general", types=LARGE, is_pool=False))


@pytest.mark.parametrize("domain", ["karpenter.k8s.aws", "eks.amazonaws.com"])
@pytest.mark.parametrize(
    ("name", "value", "left"),
    [
        ("family", "m7g", ("m7g.large", "m7g.xlarge")),
        ("size", "large", ("c7i.large", "m7g.large")),
        ("cpu", "4", ("m7g.xlarge",)),
        ("memory", "4096", ("c7i.large",)),
        ("category", "c", ("c7i.large",)),
        ("generation", "7", ("c7i.large", "m7g.large", "m7g.xlarge")),
        ("generation", "6", ()),
    ],
)
def test_what_a_type_says_of_its_nodes(domain: str, name: str, value: str, left: tuple[str, ...]) -> None:
    asked = [needs(f"{domain}/instance-{name}", value), needs("team", "none")]
    assert types_that_meet(asked, ("c7i.large", "m7g.large", "m7g.xlarge")) == left


def test_nodes_are_of_the_architecture_of_their_type_and_run_the_system_of_their_image() -> None:
    types = ("c7i.large", "m7g.large")
    assert types_that_meet([needs("kubernetes.io/os", "linux"), needs(ARCH, "amd64")], types) == ("c7i.large",)
    assert types_that_meet([needs("kubernetes.io/os", "windows"), needs(ARCH, "amd64")], types) == ("c7i.large",)
    assert architectures_of_nodes(Nodes("n", types=types)) == {"amd64", "arm64"}
    assert architectures_of_nodes(Nodes("n", types=types[:1])) == {"amd64"}
    assert architectures_of_nodes(Nodes("n", (needs(ARCH, "arm64"),), types=(*types, "never.heard"))) == {"arm64"}


def test_a_type_of_which_nothing_is_known_stays_where_its_name_is_not_against_it() -> None:
    assert types_that_meet([needs(CPU, "4")], ("never.heard",)) == ("never.heard",)
    assert types_that_meet([needs(TYPE, "m7g.large")], ("never.heard", "m7g.large")) == ("m7g.large",)
    assert len(types_that_meet([needs(TYPE, "m7g.large", "m7g.xlarge")])) == 2


def test_requirements_that_exclude_one_another_bring_no_node() -> None:
    finding = no_type([needs(ARCH, "arm64"), needs("karpenter.k8s.aws/instance-family", "m7i")])
    assert finding is not None
    assert finding.slug == "incompatible-requirements"
    assert no_type([needs(CPU, "4", operator="Gte"), needs(CPU, "4", operator="Lte")]) is None
    assert no_type([needs("kubernetes.io/os", "windows"), needs(ARCH, "amd64")]) is None
    assert no_type([needs(TYPE, "never.heard"), needs(ARCH, "arm64", "riscv")]) is None
    assert no_type([needs(TYPE, "m7g.large"), needs(ARCH, "amd64")]) is not None
    assert no_type([needs(TYPE, "never.heard", operator="NotIn"), needs(ARCH, "riscv")]) is not None


TAINT = Taint("gpu", "true", "NoSchedule")


@pytest.mark.parametrize(
    ("pod", "nodes", "reason"),
    [
        (Pod(), Nodes("p", taints=(TAINT,), types=LARGE), "its taint gpu:NoSchedule is not tolerated"),
        (Pod(), Nodes("p", taints=(Taint("a", "", "PreferNoSchedule"), TAINT)), "its taint gpu:NoSchedule is not tol"),
        (Pod(((needs("team", "a"),),)), Nodes("p", types=LARGE), "it has no team that is asked for"),
        (Pod(((needs(ARCH, "amd64"),),)), Nodes("p", types=LARGE), "none of its instance types is one that is asked"),
        (Pod(cpu=Fraction(4)), Nodes("p", types=LARGE), "none of its instance types is large enough"),
        (Pod(memory=Fraction(2**34)), Nodes("p", types=LARGE), "none of its instance types is large enough"),
        (Pod(((needs("team", "a"),), (needs(ARCH, "amd64"),))), Nodes("p", types=LARGE), "it has no team"),
    ],
    ids=range(7),
)
def test_it_is_said_why_a_pod_does_not_fit(pod: Pod, nodes: Nodes, reason: str) -> None:
    assert (why_not(pod, nodes) or "").startswith(reason)


@pytest.mark.parametrize(
    "pod",
    [
        Pod(tolerations=None),
        Pod(tolerations=({"operator": "Exists"},)),
        Pod(((needs("team", "a"),), ()), tolerations=None),
    ],
    ids=range(3),
)
def test_a_pod_fits_where_one_term_does_and_taints_are_tolerated_or_not_known(pod: Pod) -> None:
    assert why_not(pod, Nodes("p", taints=(TAINT,), types=LARGE)) is None


def test_a_pod_may_take_the_last_of_what_a_node_leaves() -> None:
    kind = instance_type("m7g.large")
    assert kind is not None
    there = kind.allocatable()
    cpu, memory = Fraction(there.cpu, 1000), Fraction(there.memory * 2**20)
    nodes = Nodes("p", types=("m7g.large",))
    assert why_not(Pod(cpu=cpu, memory=memory), nodes) is None
    assert why_not(Pod(cpu=cpu + Fraction(1, 1000)), nodes) is not None
    assert why_not(Pod(memory=memory + 1), nodes) is not None
