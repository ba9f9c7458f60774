"""Puts up what objects ask for and takes it down again, and says of the objects what came of it.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, controllers/{service,ingress,gateway}: a finalizer comes
before anything is made, and goes when all of it is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pokayoke_rehearsal.doubles.kubernetes import events
from pokayoke_rehearsal.doubles.kubernetes.controller_aws import RefusedError
from pokayoke_rehearsal.doubles.kubernetes.finalizers import hold, release
from pokayoke_rehearsal.doubles.kubernetes.load_balancer import bindings, deploying, groups
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.deploying import Deployed
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import (
    CONTROLLERS,
    GATEWAY,
    GROUP_FINALIZER,
    INGRESS,
    INGRESS_FINALIZER,
    MANAGER,
    SERVICE,
    SERVICE_FINALIZER,
)
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import ModelError, Owner, Stack
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError, NoMatchError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, finalizers_of, metadata


def _nothing(_: Object) -> None: ...


@dataclass(frozen=True)
class Case:
    """One stack and the objects that ask for it."""

    owner: Owner
    finalizer: str
    build: Callable[[], Stack]
    """Raises ModelError or RefusedError."""
    served: Callable[[Object, Deployed], None]
    """Says of an object that it has its balancer."""
    active: Sequence[Object] = ()
    leaving: Sequence[Object] = ()
    """Those that ask for it no longer and are held until what they had is gone."""
    held_early: bool = False
    """Whether they are held before it is known what they ask for."""
    failed: Callable[[Object], None] = field(default=_nothing)
    """Says of an object that it has no balancer, beside the event."""
    ended: Callable[[Object], None] = field(default=_nothing)
    """Says of an object that its balancer is gone."""


def reconcile(cluster: Cluster, acting: Acting, case: Case) -> None:
    """One step of a case towards what its objects say."""
    leaving = [one for one in case.leaving if case.finalizer in finalizers_of(one)]
    if case.active:
        if case.held_early:
            _hold_all(cluster, case)
        try:
            stack = case.build()
        except (ModelError, RefusedError) as error:
            _warn(cluster, case, case.active, "FailedBuildModel", f"Failed build model due to {error}")
            return
        _hold_all(cluster, case)
        try:
            deployed = _put_up(cluster, acting, stack)
        except (RefusedError, ApiError, NoMatchError) as error:
            _warn(cluster, case, case.active, "FailedDeployModel", f"Failed deploy model due to {error}")
            return
        for one in case.active:
            case.served(one, deployed)
    elif leaving:
        try:
            _take_down(cluster, acting, case.owner)
            _release_backend(cluster, acting, leaving)
        except (RefusedError, ModelError) as error:
            _warn(cluster, case, leaving, "FailedDeployModel", f"Failed deploy model due to {error}")
            return
    for one in leaving:
        case.ended(one)
        release(cluster, one, case.finalizer)


def _put_up(cluster: Cluster, acting: Acting, stack: Stack) -> Deployed:
    deployed = deploying.deploy(acting, stack)
    bindings.bind(cluster, acting, stack, deployed.targets)
    bindings.end_deleted(cluster, acting)
    deploying.tidy(acting, stack)
    return deployed


def _take_down(cluster: Cluster, acting: Acting, owner: Owner) -> None:
    deploying.remove_balancer(acting, owner)
    bindings.unbind(cluster, owner)
    bindings.end_deleted(cluster, acting)
    if bindings.of(cluster, owner):
        raise RefusedError("failed to wait targetGroupBinding deletion: timed out waiting for the condition")
    deploying.remove_rest(acting, owner)


def _release_backend(cluster: Cluster, acting: Acting, leaving: Sequence[Object]) -> None:
    """The group that all balancers share goes with the last object that has one."""
    gone = {metadata(one).get("uid") for one in leaving}
    kinds = (SERVICE, INGRESS, GATEWAY)
    held = [
        one for kind in kinds for one in cluster.list(kind.group, kind.kind) if any(map(_is_ours, finalizers_of(one)))
    ]
    if all(metadata(one).get("uid") in gone for one in held):
        bindings.reconcile_all(cluster, acting)
        groups.release_backend(acting)


def _is_ours(finalizer: str) -> bool:
    known = (SERVICE_FINALIZER, INGRESS_FINALIZER, *CONTROLLERS)
    return finalizer in known or finalizer.startswith(GROUP_FINALIZER)


def _hold_all(cluster: Cluster, case: Case) -> None:
    for one in case.active:
        hold(cluster, one, case.finalizer)


def _warn(cluster: Cluster, case: Case, objects: Sequence[Object], reason: str, message: str) -> None:
    for one in objects:
        events.warn(cluster, one, reason, message, MANAGER)
        case.failed(one)
