"""The load balancer controller may what upstream's policy says, in every partition: no action, resource or condition
more, and none less."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pokayoke_eks.iam.document import text
from pokayoke_eks.iam.load_balancer_controller import VERSION, controller_policy
from pokayoke_eks.rules.combinations import COMBINATIONS

UPSTREAM = {
    "aws": "iam_policy.json",
    "aws-cn": "iam_policy_cn.json",
    "aws-us-gov": "iam_policy_us-gov.json",
    "aws-eusc": "iam_policy_eusc.json",
}
MANAGED_POLICY_LIMIT = 6144
"""IAM quotas: characters of a managed policy, white space not counted."""

Grant = tuple[str, str, str]


def grants(policy: Mapping[str, Any]) -> Iterator[Grant]:
    """Every action, on every resource, under every condition that it has."""
    for statement in policy["Statement"]:
        assert statement["Effect"] == "Allow"
        condition = json.dumps(
            {
                operator: {key: sorted(_listed(value)) for key, value in keys.items()}
                for operator, keys in statement.get("Condition", {}).items()
            },
            sort_keys=True,
        )
        for action in _listed(statement["Action"]):
            for resource in _listed(statement["Resource"]):
                yield action, resource, condition


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.upstream
@pytest.mark.parametrize("partition", UPSTREAM)
def test_every_grant_is_upstream_s_and_every_grant_of_upstream_s_is_there(partition: str, shared: Path) -> None:
    path = shared / "data" / "iam" / "aws-load-balancer-controller" / UPSTREAM[partition]
    theirs, ours = list(grants(json.loads(path.read_text()))), list(grants(controller_policy(partition)))
    assert sorted(ours) == sorted(theirs)


@pytest.mark.upstream
def test_the_data_is_of_the_version_that_the_policy_names(shared: Path) -> None:
    sources = (shared / "data" / "SOURCES.tsv").read_text().splitlines()
    (row,) = [line for line in sources if line.startswith("iam/aws-load-balancer-controller/iam_policy.json\t")]
    assert f"v{VERSION}" in row.split("\t")


def test_the_policy_is_that_of_a_version_that_is_installed() -> None:
    assert COMBINATIONS[0].load_balancer_controller == VERSION


@pytest.mark.parametrize("partition", UPSTREAM)
def test_one_managed_policy_holds_it(partition: str) -> None:
    policy = controller_policy(partition)
    assert len(text(policy)) < MANAGED_POLICY_LIMIT
    sids = [statement["Sid"] for statement in policy["Statement"]]
    assert len(set(sids)) == len(sids) == 16
    assert all(sid.isalnum() for sid in sids)
