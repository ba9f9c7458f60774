"""Karpenter's IAM documents, queue and rules are upstream's, statement by statement, and fit where AWS keeps them."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from pokayoke_eks.iam.document import document, text
from pokayoke_eks.iam.karpenter import NODE_POLICIES, VERSION, controller_policies
from pokayoke_eks.iam.karpenter_interruption import EVENT_RULES, MESSAGE_RETENTION_SECONDS, TARGET_ID, queue_policy
from pokayoke_eks.iam.managed import NETWORK_PLUGIN, policy_arn
from pokayoke_eks.iam.trust import EC2, service

VALUES = {
    "Partition": "aws",
    "Region": "ap-northeast-2",
    "AccountId": "123456789012",
    "ClusterName": "demo",
    "NodeRoleArn": "arn:aws:iam::123456789012:role/demo-nodes",
    "InterruptionQueueArn": "arn:aws:sqs:ap-northeast-2:123456789012:demo",
    "UrlSuffix": "amazonaws.com",
}
LONGEST_CLUSTER_NAME = "c" * 100
"""EKS API reference, CreateCluster."""
LONGEST_ROLE_NAME = "r" * 64
"""IAM quotas."""
MANAGED_POLICY_LIMIT = 6144
"""IAM quotas: characters of a managed policy, white space not counted."""


@pytest.fixture(scope="module")
def policies() -> Mapping[str, Any]:
    """The controller's policies of a cluster."""
    return controller_policies(
        VALUES["Partition"],
        VALUES["Region"],
        VALUES["AccountId"],
        VALUES["ClusterName"],
        VALUES["NodeRoleArn"],
        VALUES["InterruptionQueueArn"],
    )


@pytest.mark.upstream
def test_the_controllers_six_policies_are_upstreams_statement_by_statement(
    policies: Mapping[str, Any], shared: Path
) -> None:
    upstream = _upstream(shared, "controller-policies.json")
    assert list(policies) == list(upstream)
    for name, expected in upstream.items():
        assert policies[name]["Version"] == expected["Version"]
        ours = {statement["Sid"]: _plain(statement) for statement in policies[name]["Statement"]}
        theirs = {statement["Sid"]: _plain(statement) for statement in expected["Statement"]}
        assert list(ours) == list(theirs), name
        for sid, statement in theirs.items():
            assert ours[sid] == statement, sid


@pytest.mark.upstream
def test_together_they_are_upstreams_combined_policy(policies: Mapping[str, Any], shared: Path) -> None:
    combined = _upstream(shared, "controller-policy-combined.json")
    ours = [_plain(statement) for policy in policies.values() for statement in policy["Statement"]]
    theirs = [_plain(statement) for statement in combined["Statement"]]
    assert sorted(ours, key=lambda one: one["Sid"]) == sorted(theirs, key=lambda one: one["Sid"])


@pytest.mark.upstream
def test_the_data_was_taken_from_the_template_of_the_version_that_the_documents_name(shared: Path) -> None:
    assert (shared / "data" / "iam" / "karpenter" / f"cloudformation-v{VERSION}.yaml").is_file()


def test_each_policy_fits_a_managed_policy_for_the_longest_names() -> None:
    session = boto3.Session()
    partitions = session.get_available_partitions()
    regions = {partition: session.get_available_regions("ec2", partition) for partition in partitions}
    assert "aws-us-gov" in partitions
    for partition in partitions:
        for region in {max(regions[partition] or ["xx-northwest-1"], key=len), "xx-longest-region-name-1"}:
            account = "1" * 12
            role = f"arn:{partition}:iam::{account}:role/{LONGEST_ROLE_NAME}"
            queue = f"arn:{partition}:sqs:{region}:{account}:{'q' * 80}"
            documents = controller_policies(partition, region, account, LONGEST_CLUSTER_NAME, role, queue)
            for name, policy in documents.items():
                assert len(re.sub(r"\s", "", text(policy))) <= MANAGED_POLICY_LIMIT, name


def test_all_in_one_document_would_not_fit_a_cluster_name_of_thirty_letters() -> None:
    values = [VALUES[name] for name in ("NodeRoleArn", "InterruptionQueueArn")]
    policies = controller_policies("aws", "ap-northeast-2", "1" * 12, "c" * 30, *values)
    together = document(*(statement for policy in policies.values() for statement in policy["Statement"]))
    assert len(text(together)) > MANAGED_POLICY_LIMIT


@pytest.mark.upstream
def test_the_nodes_role_is_upstreams(shared: Path) -> None:
    upstream = _upstream(shared, "node-role.json")
    (theirs,) = upstream["AssumeRolePolicyDocument"]["Statement"]
    (ours,) = service(EC2)["Statement"]
    assert (ours["Principal"], [ours["Action"]]) == (theirs["Principal"], theirs["Action"])
    attached = [policy_arn(name, VALUES["Partition"]) for name in (*NETWORK_PLUGIN, *NODE_POLICIES)]
    assert attached == upstream["ManagedPolicyArns"]


@pytest.mark.upstream
def test_the_interruption_queue_is_upstreams(shared: Path) -> None:
    upstream = _upstream(shared, "interruption-queue.json")["queue"]
    assert upstream["MessageRetentionPeriod"] == MESSAGE_RETENTION_SECONDS
    assert upstream["SqsManagedSseEnabled"]


@pytest.mark.upstream
def test_the_queues_policy_has_upstreams_statements_and_one_of_ours(shared: Path) -> None:
    upstream = _upstream(shared, "interruption-queue.json")["queuePolicy"]
    ours = queue_policy(VALUES["InterruptionQueueArn"])
    assert ours["Id"] == upstream["Id"]
    *kept, added = (_plain(statement) for statement in ours["Statement"])
    assert kept == [_plain(statement) for statement in upstream["Statement"]]
    assert (added["Sid"], added["Effect"]) == ("DenyRulesOfOtherAccounts", "Deny")


def test_the_queues_policy_states_a_version_without_which_sqs_hangs() -> None:
    assert queue_policy(VALUES["InterruptionQueueArn"])["Version"] == "2012-10-17"


def test_the_queue_takes_no_rule_of_another_account_than_its_own() -> None:
    (ours,) = (
        one for one in queue_policy(VALUES["InterruptionQueueArn"])["Statement"] if "StringNotEquals" in str(one)
    )
    assert ours["Condition"]["StringNotEquals"] == {"aws:SourceAccount": VALUES["AccountId"]}


@pytest.mark.upstream
def test_the_five_event_rules_are_upstreams(shared: Path) -> None:
    upstream = _upstream(shared, "eventbridge-rules.json")
    assert {rule.name: rule.pattern for rule in EVENT_RULES} == {
        name: rule["EventPattern"] for name, rule in upstream.items()
    }
    assert {target["Id"] for rule in upstream.values() for target in rule["Targets"]} == {TARGET_ID}


def _upstream(shared: Path, name: str) -> Any:
    written = (shared / "data" / "iam" / "karpenter" / name).read_text()
    for placeholder, value in VALUES.items():
        written = written.replace(f"${{{placeholder}}}", value)
    assert "${" not in written
    return json.loads(written)


def _plain(statement: Mapping[str, Any]) -> dict[str, Any]:
    """A statement in one spelling: IAM takes one action or resource as a text or a list, and truth as a text."""
    said = dict(statement)
    for key in ("Action", "Resource"):
        said[key] = [said[key]] if isinstance(said[key], str) else list(said[key])
    conditions = said.get("Condition", {})
    said["Condition"] = {
        operator: {key: str(value).lower() if isinstance(value, bool) else value for key, value in keys.items()}
        for operator, keys in conditions.items()
    }
    return said
