"""Rules of pools, to the word."""

import pytest

from pokayoke_eks.rules import pools


@pytest.mark.parametrize(
    ("instances", "families", "cpus", "problem"),
    [
        (["m7g.large"], [], [], None),
        ([], ["m"], [2], None),
        ([], [], [], "nothing says how large a node may be"),
        ([], ["m"], [], "the families alone leave the size open"),
        ([], [], [2], "the numbers of vCPUs alone leave the kind of machine open"),
        (["m7g.large"], ["m"], [], "it lists instance types and families too"),
        (["m7g.large"], [], [2], "it lists instance types and families too"),
    ],
)
def test_the_size_of_nodes_is_said_once(
    instances: list[str], families: list[str], cpus: list[int], problem: str | None
) -> None:
    finding = pools.sizes_unsaid(instances, families, cpus)
    assert (finding.problem if finding else None) == problem


def test_types_of_two_architectures_have_none() -> None:
    assert pools.architecture(["m7g.large", "m7i.large"]) is None
    assert pools.architecture([]) is None


def test_of_two_types_as_large_the_dearer_is_the_largest_and_one_without_a_price_the_cheapest() -> None:
    assert pools.largest(["t4g.large", "m7g.large"]).name == "m7g.large"
    assert pools.largest(["x8aedz.xlarge", "x2iedn.xlarge"]).name == "x2iedn.xlarge"
    told = pools.largest_node(["x8aedz.xlarge"])
    assert told.startswith("its largest node is x8aedz.xlarge (4 vCPUs, 128 GiB), of unknown price (")


def test_a_family_that_is_none_is_told_with_the_nearest() -> None:
    assert pools.unknown_family("m7g") is None
    assert pools.unknown_family("m") is None
    one, near, far = (pools.unknown_family(name) for name in ("m7g.large", "m7gg", "qqqqqq"))
    assert one is not None
    assert near is not None
    assert far is not None
    assert (one.problem, one.remedy) == ("'m7g.large' is one instance type", "Write its family, m7g, or list it.")
    assert (near.problem, near.remedy) == ("there is no family of instance types 'm7gg'", "Did you mean m7g?")
    assert far.remedy == "Write e.g. m7g, or m for every ARM64 family of general purpose."


def test_numbers_of_vcpus_that_no_type_has_are_told_with_those_that_are_there() -> None:
    assert pools.size_without_type(2, ["t4g"]) is None
    assert pools.size_without_type(3, []) is None
    finding = pools.size_without_type(3, ["t4g", "a1"])
    assert finding is not None
    assert finding.problem == "no type of t4g, a1 has 3 vCPUs"
    assert finding.remedy == "They come with 1, 2, 4, 8, 16."


def test_a_region_offers_one_of_the_types_at_least() -> None:
    assert pools.not_offered(["never.heard", "m7g.large"], "eu-west-1") is None
    assert pools.not_offered(["never.heard"], "never-heard-1") is None
    assert pools.not_offered([], "eu-west-1") is None
    few, many = (pools.not_offered(["never.heard"] * number, "eu-west-1") for number in (5, 6))
    assert few is not None
    assert many is not None
    listed = ", ".join(["never.heard"] * 5)
    assert few.problem == f"eu-west-1 offers none of {listed}"
    assert many.problem == f"eu-west-1 offers none of {listed}, ..."


@pytest.mark.parametrize(
    ("types", "capacity", "fewest"),
    [
        (9, ["spot"], 10),
        (10, ["spot"], None),
        (4, ["on-demand", "spot"], 5),
        (5, ["on-demand", "spot"], None),
        (1, ["on-demand"], None),
    ],
)
def test_spot_capacity_rests_on_several_types(types: int, capacity: list[str], fewest: int | None) -> None:
    warning = pools.few_spot_types(["m7g.large"] * types, capacity)
    said = f"spot capacity of only {types} instance types: list {fewest} or more, of several families"
    assert warning == (said if fewest else None)
