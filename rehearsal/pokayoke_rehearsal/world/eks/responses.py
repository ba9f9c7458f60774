"""Puts this EKS in the place of moto's, for boto3 in this process and over HTTP alike."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportPrivateUsage=false
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult, BaseResponse
from moto.eks import models

from pokayoke_rehearsal.world.eks.access import AccessOperations, PodIdentityOperations
from pokayoke_rehearsal.world.eks.addons import AddonOperations
from pokayoke_rehearsal.world.eks.clusters import ClusterOperations
from pokayoke_rehearsal.world.eks.fargate import FargateOperations
from pokayoke_rehearsal.world.eks.nodes import NodeGroupOperations
from pokayoke_rehearsal.world.eks.state import Shape, not_found
from pokayoke_rehearsal.world.model import World


class EksBackend(
    NodeGroupOperations, ClusterOperations, AddonOperations, AccessOperations, PodIdentityOperations, FargateOperations
):
    """EKS in one region."""

    def tag_resource(self, asked: Shape) -> Shape:
        self._tags(asked["resourceArn"]).update(asked["tags"])
        return {}

    def untag_resource(self, asked: Shape) -> Shape:
        for key in asked["tagKeys"]:
            self._tags(asked["resourceArn"]).pop(key, None)
        return {}

    def list_tags_for_resource(self, asked: Shape) -> Shape:
        return {"tags": self._tags(asked["resourceArn"])}

    def _tags(self, arn: str) -> dict[str, str]:
        for cluster in self.clusters.values():
            shapes = [cluster.shape, *cluster.addons.values(), *cluster.fargate_profiles.values()]
            shapes += [group.shape for group in cluster.node_groups.values()]
            shapes += [entry.shape for entry in cluster.entries.values()]
            shapes += cluster.associations.values()
            for shape in shapes:
                if arn in shape.values():
                    return shape["tags"]
        raise not_found(f"Resource not found: {arn}")


class EksResponse(BaseResponse):
    """Answers each operation that the backend has, with parameters parsed by the service's own model."""

    def __init__(self) -> None:
        super().__init__(service_name="eks")
        self.automated_parameter_parsing = True


def _answering(operation: str) -> Callable[[EksResponse], ActionResult]:
    def answer(self: EksResponse) -> ActionResult:
        backend: Any = models.eks_backends[self.current_account][self.region]
        return ActionResult(getattr(backend, operation)(dict(self.params)))

    answer.__name__ = operation
    return answer


OPERATIONS = [
    name for name in dir(EksBackend) if name.split("_")[0] in ("create", "describe", "list", "update", "delete", "tag")
] + ["untag_resource", "associate_access_policy", "disassociate_access_policy", "associate_encryption_config"]

for _operation in OPERATIONS:
    setattr(EksResponse, _operation, _answering(_operation))

url_bases = [r"https?://eks\.(.+)\.amazonaws.com"]
url_paths = {"{0}/(?P<path>.+)$": EksResponse.dispatch}


def install(world: World) -> None:
    """Replaces moto's EKS by this one, over the given world."""
    EksBackend.world = world
    models.eks_backends.clear()
    models.eks_backends.backend = EksBackend  # pyright: ignore[reportAttributeAccessIssue]
