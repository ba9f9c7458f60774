"""What somebody else made is looked up, checked, used and left as it was."""

import textwrap
from pathlib import Path
from typing import Any

import pytest

from company import Performers
from pokayoke_rehearsal.engine import Act, Result
from theirs import REGION, Theirs

EXAMPLE = "karpenter-on-existing-cluster"


@pytest.fixture(scope="module")
def theirs(performers: Performers) -> Theirs:
    planted = Theirs(performers.client)
    planted.cluster()
    return planted


@pytest.fixture(scope="module")
def lived(repository: Path, performers: Performers, theirs: Theirs) -> dict[str, Any]:
    """The life of the example, and what the account held before, meanwhile and after."""
    example = repository / "examples" / EXAMPLE
    before = performers.left()
    up = performers.perform(example, (Act.UP, Act.PREVIEW, Act.DESTROY))
    return {"acts": up, "before": before, "after": performers.left(), "lines": (example / "__main__.py").read_text()}


def test_the_example_runs_karpenter_on_a_cluster_that_somebody_else_made(lived: dict[str, Any]) -> None:
    first, second, destroy = lived["acts"]
    assert first.ok, first.failed
    assert set(second.changes) == {"same"}
    assert destroy.ok, destroy.failed
    assert len(lived["lines"].splitlines()) <= 60


def test_destroying_our_stack_leaves_theirs_as_it_was(lived: dict[str, Any]) -> None:
    assert lived["before"]
    assert lived["after"] == lived["before"]


def test_nothing_of_theirs_is_among_our_resources(lived: dict[str, Any]) -> None:
    """Not even a tag: what is no resource of the stack is never changed by it."""
    made = {step.urn.split("::")[2].rsplit("$", 1)[-1] for step in lived["acts"][0].steps}
    assert not made & {"aws:eks/cluster:Cluster", "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/tag:Tag"}


def test_extended_support_is_told_of_and_not_refused(lived: dict[str, Any]) -> None:
    assert "[extended-support]" in _told(lived["acts"][0])


@pytest.fixture(scope="module")
def refused(performers: Performers, theirs: Theirs, lived: dict[str, Any], tmp_path_factory: Any) -> str:
    """What a preview says once their route to NAT, a tag and the agent are gone."""
    table = {"RouteTableId": theirs.inside, "DestinationCidrBlock": "0.0.0.0/0"}
    theirs.ec2.delete_route(**table)
    tag = [{"Key": "kubernetes.io/role/internal-elb"}]
    theirs.ec2.delete_tags(Resources=[theirs.private[1]], Tags=tag)
    theirs.switch("EnableDnsHostnames", on=False)
    program = tmp_path_factory.mktemp("refused")
    stated = {"region": REGION, "vpc": theirs.vpc, "private_subnets": [*theirs.private, "subnet-0123456789abcdef0"]}
    (program / "__main__.py").write_text(
        textwrap.dedent(
            f"""
            from pokayoke_eks import ExistingNetwork, ExistingNetworkConfig

            ExistingNetwork("company", ExistingNetworkConfig.model_validate({stated!r}))
            """
        )
    )
    (result,) = performers.perform(program, (Act.PREVIEW,))
    assert not result.ok
    theirs.ec2.create_route(**table, NatGatewayId=theirs.nat)
    theirs.tag(theirs.private[1], **{"kubernetes.io/role/internal-elb": "1"})
    theirs.switch("EnableDnsHostnames", on=True)
    return _told(result)


def test_a_preview_names_everything_that_is_wrong_with_their_network_at_once(refused: str, theirs: Theirs) -> None:
    for subnet in theirs.private:
        assert f"company.private_subnets: {subnet} has no way out: no node could join there [no-egress]" in refused
    assert f"{theirs.private[1]} is not tagged kubernetes.io/role/internal-elb" in refused
    assert "the VPC has no subnet subnet-0123456789abcdef0 [stale-vpc-id]" in refused
    assert "company.vpc: the VPC has no DNS resolution or no DNS hostnames" in refused


def _told(result: Result) -> str:
    return "\n".join(one.message for one in result.diagnostics)
