"""What the releases of Istio's charts are told. Source of the keys: values.yaml of `istiod`, `cni`, `ztunnel` 1.30.3;
what stands there under `_internal_defaults_do_not_set` is said at the top."""

from typing import Literal

from ..handles import Placement
from ..helm import Affinity, Amounts, Resources, Toleration, Values
from ..rules.system_nodes import ISTIO_CNI, ISTIOD, ZTUNNEL

ZTUNNEL_CPU_LIMIT = "1"
"""All traffic of a node's pods passes through it, and comes in bursts: the request is for quiet times."""


class SeccompProfile(Values):
    """Which system calls a pod may make."""

    type: Literal["RuntimeDefault"] = "RuntimeDefault"


class Untaint(Values):
    """Whether istiod takes `cni.istio.io/not-ready` off a node once the node's istio-cni is ready."""

    enabled: bool


class Gateways(Values):
    """The pods that istiod makes for Gateways."""

    seccomp_profile: SeccompProfile


class IstiodValues(Values):
    """The control plane's."""

    profile: Literal["ambient"] = "ambient"
    autoscale_enabled: bool
    replica_count: int | None
    rolling_max_surge: int
    rolling_max_unavailable: int
    affinity: Affinity
    node_selector: dict[str, str]
    tolerations: tuple[Toleration, ...]
    resources: Resources
    seccomp_profile: SeccompProfile
    taint: Untaint
    gateways: Gateways


class CniValues(Values):
    """The node agent's that leads pods' traffic into the mesh. Unasked, it tolerates every taint."""

    profile: Literal["ambient"] = "ambient"
    resources: Resources


class ZtunnelValues(Values):
    """The node proxy's. Unasked, it tolerates every taint."""

    resources: Resources


def istiod(placement: Placement) -> IstiodValues:
    """Two replicas, never on one node; the chart's disruption budget keeps one, so that a node can be drained.

    Replicas that keep apart and a surge would deadlock on two nodes: one replica goes before its successor comes.
    """
    return IstiodValues(
        autoscale_enabled=False,
        replica_count=ISTIOD.replicas,
        rolling_max_surge=0,
        rolling_max_unavailable=1,
        affinity=Affinity.apart({"app": "istiod"}),
        node_selector=dict(placement.node_selector),
        tolerations=Toleration.of(placement),
        resources=Resources.of(ISTIOD),
        seccomp_profile=SeccompProfile(),
        taint=Untaint(enabled=True),
        gateways=Gateways(seccomp_profile=SeccompProfile()),
    )


def cni() -> CniValues:
    """Requests that are limits."""
    return CniValues(resources=Resources.of(ISTIO_CNI))


def ztunnel() -> ZtunnelValues:
    """Memory as reckoned with; CPU beyond it as long as the node has some."""
    reckoned = Resources.of(ZTUNNEL)
    limits = Amounts(cpu=ZTUNNEL_CPU_LIMIT, memory=reckoned.limits.memory)
    return ZtunnelValues(resources=Resources(requests=reckoned.requests, limits=limits))
