"""Each part can be used, with what it needs, in a program that is read at a glance."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from company import Performers
from pokayoke.check.state import read_state
from pokayoke_policies.checking import Found, check
from pokayoke_rehearsal.engine import Act

EXAMPLES = {
    "network": {"pokayoke-eks:index:Network"},
    "cluster": {"pokayoke-eks:index:Network", "pokayoke-eks:index:Cluster"},
    "workload-identity": {"pokayoke-eks:index:WorkloadIdentity"},
    "karpenter": {"pokayoke-eks:index:Karpenter"},
    "node-pools": {"pokayoke-eks:index:Karpenter", "pokayoke-eks:index:NodePools"},
    "two-region-dsql": {"pokayoke-eks:index:MultiRegionDsql"},
    "gateway-istio-ambient": {"pokayoke-eks:index:IstioAmbient", "pokayoke-eks:index:PublicGateway"},
    "gateway-nlb": {"pokayoke-eks:index:PublicGateway"},
    "gateway-alb": {"pokayoke-eks:index:PublicGateway"},
    "everything": {"pokayoke-eks:index:Registry", "pokayoke-eks:index:MultiRegionDsql", "pokayoke-eks:index:Dns"},
}
MOST_LINES = 60
ON_OTHERS = ("karpenter-on-existing-cluster",)
"""Examples that stand on what somebody else made: in `test_existing.py`, where that is planted."""


def test_every_example_is_tested(repository: Path) -> None:
    assert {one.parent.name for one in (repository / "examples").glob("*/__main__.py")} == {
        *EXAMPLES,
        *ON_OTHERS,
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_short(repository: Path, name: str) -> None:
    assert len((repository / "examples" / name / "__main__.py").read_text().splitlines()) <= MOST_LINES


@pytest.mark.parametrize("name", [*EXAMPLES, *ON_OTHERS])
def test_an_example_is_a_project_of_its_own(repository: Path, name: str) -> None:
    project = yaml.safe_load((repository / "examples" / name / "Pulumi.yaml").read_text())
    assert project["name"] == f"example-{name}"
    assert (repository / "examples" / name / project["runtime"]["options"]["virtualenv"]).resolve() == (
        repository / ".venv"
    ).resolve()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_lives_follows_every_practice_and_leaves_nothing(
    repository: Path, performers: Performers, name: str
) -> None:
    before = performers.left()
    found: list[Found] = []

    def judge() -> None:
        found.extend(check(read_state(performers.state).members, date.today(), whole=True))

    acts = (Act.PREVIEW, Act.UP, judge, Act.UP, Act.DESTROY)
    preview, first, second, destroy = performers.perform(repository / "examples" / name, acts)
    assert preview.ok
    assert first.ok, first.failed
    assert EXAMPLES[name] <= {step.urn.split("::")[2].rpartition("$")[2] for step in first.steps}
    assert [one for one in found if one.judged] == []
    assert set(second.changes) == {"same"}
    assert destroy.ok, destroy.failed
    assert performers.left() == before
