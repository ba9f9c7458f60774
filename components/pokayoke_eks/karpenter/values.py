"""What the release of the chart is told. Source of the keys: values.yaml of the chart `karpenter` 1.14.1."""

from typing import Literal

from ..cluster.placement import NODE_SELECTOR, TOLERATIONS
from ..config import KarpenterConfig
from ..helm import Values
from ..rules import names
from ..rules.system_nodes import KARPENTER


class Amounts(Values):
    """CPU and memory, as Kubernetes writes them."""

    cpu: str
    memory: str


class Resources(Values):
    """What a container gets."""

    requests: Amounts
    limits: Amounts


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


class Toleration(Values):
    """A taint that a pod is not kept away by."""

    key: str
    operator: Literal["Exists"]


class KarpenterValues(Values):
    """The chart's values. Unasked, the chart keeps the replicas apart and away from nodes of their own making."""

    replicas: int | None
    node_selector: dict[str, str]
    tolerations: tuple[Toleration, ...]
    controller: Controller
    settings: Settings


def values(config: KarpenterConfig) -> KarpenterValues:
    """Two replicas on the system nodes, requests that are limits; cluster, region and queue said outright.

    Without the region the controller would ask the instance metadata service, which no pod reaches.
    """
    return KarpenterValues(
        replicas=KARPENTER.replicas,
        node_selector=NODE_SELECTOR,
        tolerations=tuple(Toleration.model_validate(one) for one in TOLERATIONS),
        controller=Controller(
            env=(Variable(name="AWS_REGION", value=config.region),),
            resources=Resources.model_validate(KARPENTER.resources),
        ),
        settings=Settings(cluster_name=config.name, interruption_queue=names.interruption_queue(config.name)),
    )
