"""Who may enter a cluster, as EKS knows it."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from pokayoke_rehearsal.doubles.kubernetes.provider.kubeconfig import Caller
from pokayoke_rehearsal.doubles.kubernetes.store.users import User
from pokayoke_rehearsal.doubles.kubernetes.stores import Server
from pokayoke_rehearsal.world.model import World

if TYPE_CHECKING:
    from pokayoke_rehearsal.world.eks.state import Cluster

Doorkeeper = Callable[[Server, Caller], bool]
"""Says whether a caller may administrate a cluster."""

_ADMINISTRATOR = "/AmazonEKSClusterAdminPolicy"


class AccessEntries:
    """Admits by the world's access entries.

    A caller who assumes a role needs an entry for it with the administrator's policy over the whole cluster. A caller
    who assumes none is whoever runs the program: that is taken to be one of those that have such an entry. A cluster
    that knows no access entries admits whoever made it. Who is admitted writes under the name that the entry gives.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    def __call__(self, server: Server, caller: Caller) -> bool:
        cluster = self._cluster(server)
        if cluster is None:
            return False
        administrators = {
            principal
            for principal, entry in cluster.entries.items()
            for policy in entry.policies.values()
            if policy["policyArn"].endswith(_ADMINISTRATOR) and policy["accessScope"]["type"] == "cluster"
        }
        if caller.role:
            admitted = caller.role in administrators
        else:
            admitted = bool(administrators) or cluster.authentication_mode == "CONFIG_MAP"
        if admitted and administrators:
            server.cluster.admission.users.program = User(user_name(caller.role or min(administrators)))
        return admitted

    def _cluster(self, server: Server) -> Cluster | None:
        from moto.eks.models import eks_backends

        backends = cast("Any", eks_backends)[self._world.account]
        return backends[server.region].clusters.get(server.name)


def user_name(principal: str) -> str:
    """What an access entry that names no user calls a role's session, or a user (EKS user guide, "Create access
    entries": the path is removed)."""
    _, partition, _, _, account, resource = principal.split(":", 5)
    if not resource.startswith("role/"):
        return principal
    return f"arn:{partition}:sts::{account}:assumed-role/{resource.rpartition('/')[2]}/pulumi"
