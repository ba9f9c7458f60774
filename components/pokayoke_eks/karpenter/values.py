"""What the release of the chart is told. Source of the keys: values.yaml of the chart `karpenter` 1.14.1."""

from ..config import KarpenterConfig
from ..handles import Placement
from ..helm import Resources, Toleration, Values
from ..rules import names
from ..rules.system_nodes import KARPENTER


class Variable(Values):
    """An environment variable."""

    name: str
    value: str


class Controller(Values):
    """The controller's container."""

    env: tuple[Variable, ...]
    resources: Resources


class Settings(Values):
    """Karpenter's own settings, less `clusterEndpoint`, which is an output."""

    cluster_name: str
    interruption_queue: str
    """The queue's name, not its URL."""


class KarpenterValues(Values):
    """The chart's values. Unasked, the chart keeps the replicas apart and away from nodes of their own making."""

    replicas: int | None
    node_selector: dict[str, str]
    tolerations: tuple[Toleration, ...]
    controller: Controller
    settings: Settings


def values(config: KarpenterConfig, placement: Placement) -> KarpenterValues:
    """Two replicas on the system nodes, requests that are limits; cluster, region and queue said outright.

    Without the region the controller would ask the instance metadata service, which no pod reaches.
    """
    return KarpenterValues(
        replicas=KARPENTER.replicas,
        node_selector=dict(placement.node_selector),
        tolerations=Toleration.of(placement),
        controller=Controller(
            env=(Variable(name="AWS_REGION", value=config.region),),
            resources=Resources.of(KARPENTER),
        ),
        settings=Settings(cluster_name=config.name, interruption_queue=names.interruption_queue(config.name)),
    )
