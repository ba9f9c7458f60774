"""What runs on the two system nodes, and the instance type that holds it when one of them is down.

Requests equal limits for whatever takes them from us, so that the sum is what the pods take. DaemonSets keep the
requests of their add-ons: 25m for each of aws-node's two containers, 100m for kube-proxy, 10m and 40 MiB for each of
the three containers of ebs-csi-node (values of kubernetes-sigs/aws-ebs-csi-driver's chart; aws-node's as shown in
terraform-aws-modules/terraform-aws-eks#2183), none for the Pod Identity agent. All other figures are ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..instances import ARM64, Allocatable, InstanceType, instance_type, names
from .finding import Finding, shown

NODES = 2
FAMILIES = ("t4g", "m7g", "m8g")
"""From these a type is derived: small ARM64 machines, the burstable first because they cost least."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Pods of one workload on the system nodes: what each of its containers requests, and is limited to."""

    name: str
    cpu: int
    """Thousandths of a CPU, a container."""
    memory: int
    """MiB, a container."""
    containers: int = 1
    replicas: int | None = None
    """None for a DaemonSet: one on each node."""
    apart: bool = False
    """Whether no two replicas ever share a node."""

    @property
    def on_one_node(self) -> int:
        """The most pods of it that one node carries."""
        return 1 if self.apart or self.replicas is None else self.replicas

    @property
    def resources(self) -> dict[str, Any]:
        """A container's `resources`, as Kubernetes takes them."""
        amount = {"cpu": f"{self.cpu}m", "memory": f"{self.memory}Mi"}
        return {"requests": amount, "limits": dict(amount)}


COREDNS = Placed("coredns", cpu=100, memory=128, replicas=2)
METRICS_SERVER = Placed("metrics-server", cpu=100, memory=200, replicas=2)
EBS_CSI_CONTROLLER = Placed("ebs-csi-controller", cpu=20, memory=64, containers=6, replicas=2)
"""The add-on gives the controller's figures to each of its containers (kubernetes-sigs/aws-ebs-csi-driver#2371)."""
KARPENTER = Placed("karpenter", cpu=500, memory=1024, replicas=2, apart=True)
"""The chart keeps the replicas apart (required anti-affinity on the host name)."""
LOAD_BALANCER_CONTROLLER = Placed("aws-load-balancer-controller", cpu=100, memory=256, replicas=2, apart=True)
EXTERNAL_DNS = Placed("external-dns", cpu=50, memory=128, replicas=1)
"""There can be one only: it elects no leader."""
DAEMONS = (
    Placed("aws-node", cpu=25, memory=0, containers=2),
    Placed("kube-proxy", cpu=100, memory=0),
    Placed("eks-pod-identity-agent", cpu=0, memory=0),
    Placed("ebs-csi-node", cpu=10, memory=40, containers=3),
)
PLATFORM = (COREDNS, METRICS_SERVER, EBS_CSI_CONTROLLER, KARPENTER, LOAD_BALANCER_CONTROLLER, EXTERNAL_DNS, *DAEMONS)
ISTIOD = Placed("istiod", cpu=200, memory=512, replicas=2, apart=True)
ISTIO_CNI = Placed("istio-cni-node", cpu=50, memory=100)
ZTUNNEL = Placed("ztunnel", cpu=100, memory=256)
WITH_MESH = (*PLATFORM, ISTIOD, ISTIO_CNI, ZTUNNEL)
"""What the system nodes of a cluster with Istio's ambient mesh hold besides."""


def on_the_last_node(placed: Iterable[Placed]) -> Allocatable:
    """What one node carries when the other is down: every replica that may be there, one pod of each DaemonSet."""
    pods = [(one.on_one_node, one) for one in placed]
    return Allocatable(
        cpu=sum(count * one.containers * one.cpu for count, one in pods),
        memory=sum(count * one.containers * one.memory for count, one in pods),
        pods=sum(count for count, _ in pods),
    )


@cache
def smallest_type(placed: tuple[Placed, ...] = PLATFORM) -> str:
    """The cheapest type of `FAMILIES` on which all of it runs with one node down; raises `ValueError` if none is."""
    needed = on_the_last_node(placed)
    known = [kind for name in names() if (kind := instance_type(name)) and kind.family in FAMILIES]
    holding = [(kind.usd_per_hour, kind.name) for kind in known if kind.usd_per_hour and not _lacking(kind, needed)]
    if not holding:
        raise ValueError(f"no type of {', '.join(FAMILIES)} holds {needed}")
    return min(holding)[1]


def unfit_type(name: str, placed: tuple[Placed, ...] = PLATFORM) -> Finding | None:
    """Why the system nodes cannot be of this type."""
    kind = instance_type(name)
    if kind is None:
        return Finding(f"nothing is known of an instance type {shown(name)}", f"Take e.g. {smallest_type(placed)}.")
    if kind.architecture != ARM64:
        return Finding(
            f"{name} is {kind.architecture}, the system nodes' image is ARM64",
            f"Take an ARM64 type, e.g. {smallest_type(placed)}.",
            "ami-architecture-mismatch",
        )
    lacking = _lacking(kind, on_the_last_node(placed))
    if lacking:
        return Finding(
            f"on {name} the platform's own pods do not fit when one of the {NODES} nodes is down: {lacking}",
            f"Take a larger type, e.g. {smallest_type(placed)}, or leave it out.",
            "incompatible-requirements",
        )
    return None


def _lacking(kind: InstanceType, needed: Allocatable) -> str:
    there = kind.allocatable()
    units = (
        ("m of CPU", needed.cpu, there.cpu),
        (" MiB", needed.memory, there.memory),
        (" pods", needed.pods, there.pods),
    )
    return ", ".join(f"{want}{unit} wanted, {have} there" for unit, want, have in units if want > have)
