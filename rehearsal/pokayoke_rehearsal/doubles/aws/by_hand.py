"""Changes as somebody makes them past the program: a tag in the console, something small deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.doubles.aws.resource import Resource
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.aws.types import TYPES
from pokayoke_rehearsal.world.model import World

TAG = "changed-by-hand"
_RETAGGED = ("aws:ec2/vpc:Vpc", "aws:iam/role:Role", "aws:sqs/queue:Queue", "aws:cloudwatch/logGroup:LogGroup")
# Nothing but its owner depends on one of these.
_DELETED = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:sqs/queuePolicy:QueuePolicy",
)


def change(world: World, resources: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Tags one of the state's resources and deletes another; URN and words of each. Does what the state has."""
    if retagged := _first(_RETAGGED, resources):
        kind, site = _found(world, retagged)
        kind.retag(site, retagged["id"], retagged["outputs"], (), {TAG: "yes"})
        yield retagged["urn"], f"tagged with {TAG}=yes"
    if deleted := _first(_DELETED, resources):
        kind, site = _found(world, deleted)
        kind.delete(site, deleted["id"], {**deleted["inputs"], **deleted["outputs"]})
        yield deleted["urn"], "deleted"


def _first(kinds: Sequence[str], resources: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return next((one for kind in kinds for one in resources if one["type"] == kind), None)


def _found(world: World, resource: Mapping[str, Any]) -> tuple[Resource, Site]:
    return TYPES[resource["type"]], Site(world, resource["outputs"].get("region", "us-east-1"), {})
