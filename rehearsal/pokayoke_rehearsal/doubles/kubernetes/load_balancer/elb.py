"""Calls of Elastic Load Balancing, and the rights that they take (Service Authorization Reference)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.controller_aws import Need, requested
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import Stack
from pokayoke_rehearsal.world.iam_evaluator import Value

ELB = "elasticloadbalancing"


def call(acting: Acting, operation: str, arns: Sequence[str], context: Mapping[str, Value], **asked: Any) -> None:
    """A call of ELB's on things that are there. Raises RefusedError."""
    needs = [Need(f"{ELB}:{operation}", arn, context) for arn in arns]
    acting.aws.call(f"{ELB}:{operation}", needs, **asked)


def with_tags(operation: str, arn: str, tags: Mapping[str, str]) -> list[Need]:
    """What making a thing with tags takes."""
    return [Need(f"{ELB}:{operation}", arn, requested(tags)), tagging(operation, arn, tags)]


def tagging(operation: str, arn: str, tags: Mapping[str, str]) -> Need:
    """The right to tag what a call makes."""
    return Need(f"{ELB}:AddTags", arn, {f"{ELB}:CreateAction": operation, **requested(tags)})


def tags_of(acting: Acting, stack: Stack, resource: str) -> dict[str, str]:
    """All tags of a resource of a stack."""
    return {**acting.default_tags, **dict(stack.tags), **stack.owner.tags(acting.cluster_name, resource)}


def listed(values: Mapping[str, str]) -> list[dict[str, str]]:
    """A map as ELB takes tags and attributes."""
    return [{"Key": key, "Value": value} for key, value in values.items()]
