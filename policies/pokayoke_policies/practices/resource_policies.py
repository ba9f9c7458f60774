"""What is asked of the policies of resources: that somebody in particular is meant, and not everybody."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.iam_actions import Statement
from pokayoke_policies.inventory import known_map
from pokayoke_policies.policy import Rule
from pokayoke_policies.practice import Practice
from pokayoke_policies.raw import UNKNOWN

from .documents import condition_keys, listed, read_now
from .internet import is_everything

_DOCUMENTS = {
    "aws:kms/key:Key": "policy",
    "aws:kms/keyPolicy:KeyPolicy": "policy",
    "aws:ecr/repositoryPolicy:RepositoryPolicy": "policy",
    "aws:ecr/registryPolicy:RegistryPolicy": "policy",
    "aws:sqs/queue:Queue": "policy",
    "aws:sqs/queuePolicy:QueuePolicy": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
    "aws:secretsmanager/secretPolicy:SecretPolicy": "policy",
    "aws:dsql/clusterPolicy:ClusterPolicy": "policy",
    "aws-native:kms:Key": "keyPolicy",
    "aws-native:ecr:Repository": "repositoryPolicyText",
    "aws-native:sqs:QueuePolicy": "policyDocument",
}
"""By type, where the document is. Buckets and public registries may be meant for everybody."""
_OF_NOBODY = ("aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:useragent", "aws:referer")
"""Conditions that anybody meets who wants to (IAM user guide, "AWS global condition context keys")."""

PUBLIC = Practice(
    "resource-policy-not-public",
    "Everybody may use a key, an image, a queue or a database",
    "whoever knows its name has it, from any account",
    'Name the accounts, e.g. "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, or add "Condition": '
    '{"StringEquals": {"aws:PrincipalOrgID": "o-example"}}.',
    "EKS best practices, security/data; KMS.5; SQS.3; DSQL user guide, resource-based policies",
)


def somebody_is_meant(place: str, resource: Mapping[str, Any]) -> Iterator[Finding]:
    """Every statement of the document at `place` that allows something."""
    for index, statement in enumerate(read_now(resource, place)):
        if statement.get("Effect") == "Allow" and _is_for_everybody(statement) and not _is_narrow(statement):
            yield PUBLIC.finding(f"{place}.Statement[{index}]", "it allows everybody, under no condition that counts")


RULES = (
    Rule(
        PUBLIC.slug,
        judges={kind: (partial(somebody_is_meant, at),) for kind, at in _DOCUMENTS.items()},
        practice=PUBLIC,
    ),
)


def _is_for_everybody(statement: Statement) -> bool:
    """Whether everybody is a principal, in any of the forms (IAM user guide, "AWS JSON policy elements: Principal")."""
    if "NotPrincipal" in statement:
        return True
    principal = statement.get("Principal")
    return "*" in [*listed(principal), *listed(known_map(principal).get("AWS"))]


def _is_narrow(statement: Statement) -> bool:
    """Whether a condition keeps anybody out; a pattern that is not all pattern does."""
    return any(
        "not" not in operator and not operator.startswith("null") and key not in _OF_NOBODY and _names_some(value)
        for operator, key, value in condition_keys(statement)
    )


def _names_some(value: Any) -> bool:
    """Whether a value leaves something out; any of a list's values suffices to meet a condition."""
    return value is UNKNOWN or not ("*" in listed(value) or is_everything(listed(value)))
