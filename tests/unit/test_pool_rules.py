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
