"""IAM roles of pods, and what is attached to roles."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from . import tags
from .handles import ClusterFacts
from .iam import document, managed, trust
from .rules import names
from .rules.regions import REGIONS


@dataclass(frozen=True, slots=True)
class PodRole:
    """The role of an add-on's service account, and its attached policies."""

    role: aws.iam.Role
    service_account: str
    attachments: list[aws.iam.RolePolicyAttachment]
    """What uses the role depends on these: until they are there the role may do nothing."""


def pod_role(
    name: str,
    config: ClusterFacts,
    *,
    purpose: names.Purpose,
    cluster_arn: pulumi.Output[str],
    namespace: str,
    service_account: str,
    policies: Sequence[str],
    opts: pulumi.ResourceOptions,
) -> PodRole:
    """The role of an add-on's service account, with policies managed by AWS (their names)."""
    role = service_account_role(
        name,
        config,
        role_name=names.role_name(config.name, config.region, purpose),
        cluster_arn=cluster_arn,
        namespace=namespace,
        service_account=service_account,
        opts=opts,
    )
    return PodRole(role, service_account, attach(name, role, policies, REGIONS[config.region].partition, opts))


def service_account_role(
    name: str,
    config: ClusterFacts,
    *,
    role_name: str,
    cluster_arn: pulumi.Output[str],
    namespace: str,
    service_account: str,
    opts: pulumi.ResourceOptions,
) -> aws.iam.Role:
    """A role that the pods of one service account of one cluster may assume, over Pod Identity, and nobody else."""
    return aws.iam.Role(
        name,
        name=role_name,
        assume_role_policy=cluster_arn.apply(
            lambda arn: document.text(trust.pods(cluster_arn=arn, namespace=namespace, service_account=service_account))
        ),
        tags=tags.of(config.name, config.tags),
        opts=opts,
    )


def attach(
    name: str, role: aws.iam.Role, policies: Sequence[str], partition: str, opts: pulumi.ResourceOptions
) -> list[aws.iam.RolePolicyAttachment]:
    """Attach policies managed by AWS to a role."""
    return [
        aws.iam.RolePolicyAttachment(
            f"{name}-{policy.rpartition('/')[2]}",
            role=role.name,
            policy_arn=managed.policy_arn(policy, partition),
            opts=opts,
        )
        for policy in policies
    ]
