"""Which pods waited for what, on the virtual clock since they were applied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pokayoke_rehearsal.doubles.kubernetes.controllers.pods import is_done, is_ready
from pokayoke_rehearsal.doubles.kubernetes.controllers.scheduling import SCHEDULER
from pokayoke_rehearsal.doubles.kubernetes.events import about
from pokayoke_rehearsal.doubles.kubernetes.karpenter.conditions import holds
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLAIM, POOL_LABEL
from pokayoke_rehearsal.doubles.kubernetes.karpenter.provisioning import MEANT_FOR, NOMINATED
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    labels_of,
    metadata,
    name_of,
    namespace_of,
    text,
)
from pokayoke_rehearsal.forecast import living
from pokayoke_rehearsal.operating.clock import Clock
from pokayoke_rehearsal.operating.naming import label, workload_of
from pokayoke_rehearsal.world.eks.facts import EksCluster


def meant_for(cluster: Cluster, claim: str) -> list[Object]:
    """The pods for which a claim was made or which joined it, in that order."""
    said = [
        text(at(event, "involvedObject", "uid"))
        for event in cluster.list("", "Event")
        if event.get("reason") == NOMINATED and event.get("message") == f"{MEANT_FOR}{claim}"
    ]
    found = {text(metadata(pod).get("uid")): pod for pod in cluster.list("", "Pod")}
    return [found[uid] for uid in said if uid in found]


def lines(cluster: Cluster, sources: dict[str, None]) -> Iterator[str]:
    """Every workload with pods on Karpenter's nodes, or that wait for one."""
    nodes = {name_of(node): node for node in cluster.list("", "Node")}
    groups: dict[str, list[Object]] = {}
    for pod in cluster.list("", "Pod"):
        node = nodes.get(text(at(pod, "spec", "nodeName")))
        workload = workload_of(cluster, pod)
        if workload.get("kind") != "DaemonSet" and (node is None or POOL_LABEL in labels_of(node)):
            groups.setdefault(label(workload), []).append(pod)
    for name, pods in groups.items():
        yield f"{name}, {len(pods)} {'pods' if len(pods) > 1 else 'pod'}, since it was applied"
        yield from _waited(cluster, pods, Clock(sources))


def deployments(cluster: Cluster, eks: EksCluster | None) -> Iterator[str]:
    """How many pods of each Deployment are Ready, and as whom they are in AWS by Pod Identity; by namespace."""
    found: dict[str, list[str]] = {}
    for one in cluster.list("apps", "Deployment"):
        ready, wanted = at(one, "status", "readyReplicas") or 0, at(one, "spec", "replicas")
        told = f"{name_of(one)} {ready}/{wanted}{_identity(one, eks)}"
        found.setdefault(namespace_of(one), []).append(told)
    yield from (f"Deployments Ready in {namespace}: {', '.join(told)}" for namespace, told in found.items())


def _waited(cluster: Cluster, pods: Sequence[Object], clock: Clock) -> list[str]:
    meant = [(pod, claim) for pod in pods if (claim := _claim_of(cluster, pod)) is not None]
    if meant:
        clock.tells(f"no node takes {_them(pods)}: {_refusal(cluster, meant[0][0])}")
        claims = list({name_of(claim): claim for _, claim in meant}.values())
        names = ", ".join(f"NodeClaim {name_of(claim)}" for claim in claims)
        clock.passes(living.BATCHING, f"Karpenter has waited for more pods and makes {names}")
        if not all(holds(claim, "Registered") for claim in claims):
            clock.passes(living.GIVEN_UP, f"Karpenter gives up on what has not joined of {names}")
            return clock.lines
        there = ", ".join(text(at(claim, "status", "nodeName")) for claim in claims)
        initialized = all(holds(claim, "Initialized") for claim in claims)
        clock.passes(
            living.NODE, f"Node {there} is launched, has joined and is {'Ready' if initialized else 'not Ready'}"
        )
    elif placed := list(dict.fromkeys(text(at(pod, "spec", "nodeName")) for pod in pods)):
        clock.tells(
            f"Node {', '.join(filter(None, placed))} has room" if any(placed) else f"no node takes {_them(pods)}"
        )
    ready = [pod for pod in pods if is_ready(pod) or is_done(pod)]
    if len(ready) == len(pods):
        clock.passes(living.STARTED, "all are Ready")
    else:
        clock.tells(f"{len(ready)} of {len(pods)} are Ready")
    return clock.lines


def _identity(deployment: Object, eks: EksCluster | None) -> str:
    account = text(at(deployment, "spec", "template", "spec", "serviceAccountName")) or "default"
    role = eks.association(namespace_of(deployment), account) if eks is not None else None
    return f" (role {role.rsplit('/', 1)[-1]})" if role else ""


def _claim_of(cluster: Cluster, pod: Object) -> Object | None:
    """The claim for which the pod was meant last."""
    said = [text(one.get("message")) for one in about(cluster, pod) if one.get("reason") == NOMINATED]
    return cluster.find(CLAIM, said[-1].removeprefix(MEANT_FOR)) if said else None


def _refusal(cluster: Cluster, pod: Object) -> str:
    """What the scheduler said first of the pod."""
    said = [one for one in about(cluster, pod) if at(one, "source", "component") == SCHEDULER]
    return text(said[0].get("message")) if said else "it has no node"


def _them(pods: Sequence[Object]) -> str:
    return "it" if len(pods) == 1 else "them"
