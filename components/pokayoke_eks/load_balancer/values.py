"""What the release of the chart is told. Source of the keys: values.yaml of `aws-load-balancer-controller` 3.5.0."""

from typing import Literal

from pydantic import ConfigDict
from pydantic.alias_generators import to_camel

from .. import tags
from ..config.gateway import LoadBalancerControllerConfig
from ..handles import Placement
from ..helm import Affinity, DisruptionBudget, Resources, Toleration, Values
from ..rules.system_nodes import LOAD_BALANCER_CONTROLLER
from ..rules.tls_policies import DEFAULT


class RollingUpdate(Values):
    """How many pods may be missing, and how many too many, while a new version comes."""

    max_surge: int
    max_unavailable: int


class UpdateStrategy(Values):
    """The Deployment's."""

    type: Literal["RollingUpdate"] = "RollingUpdate"
    rolling_update: RollingUpdate


def _key(name: str) -> str:
    """The chart writes these two words in capitals."""
    return to_camel(name).replace("Tls", "TLS").replace("Ssl", "SSL")


class LoadBalancerControllerValues(Values):
    """The chart's values, less `vpcId`, which is an output."""

    model_config = ConfigDict(alias_generator=_key)

    cluster_name: str
    region: str
    replica_count: int | None
    affinity: Affinity
    update_strategy: UpdateStrategy
    pod_disruption_budget: DisruptionBudget
    node_selector: dict[str, str]
    tolerations: tuple[Toleration, ...]
    resources: Resources
    enable_service_mutator_webhook: bool
    """Whether a fail-closed webhook judges every new Service of the cluster, and gives it this controller's class."""
    keep_tls_secret: bool
    """Whether an upgrade keeps the webhooks' certificate, or cuts them off until the pods have loaded a new one."""
    default_target_type: Literal["ip"]
    default_ssl_policy: str
    default_tags: dict[str, str]


def values(config: LoadBalancerControllerConfig, placement: Placement) -> LoadBalancerControllerValues:
    """Two replicas, never on one node, requests that are limits; cluster and region said outright: the metadata
    service, from which the controller would take them, is out of a pod's reach.

    Replicas that keep apart and a surge would deadlock on two nodes: one replica goes before its successor comes.
    """
    return LoadBalancerControllerValues(
        cluster_name=config.name,
        region=config.region,
        replica_count=LOAD_BALANCER_CONTROLLER.replicas,
        affinity=Affinity.apart({"app.kubernetes.io/name": "aws-load-balancer-controller"}),
        update_strategy=UpdateStrategy(rolling_update=RollingUpdate(max_surge=0, max_unavailable=1)),
        pod_disruption_budget=DisruptionBudget(max_unavailable=1),
        node_selector=dict(placement.node_selector),
        tolerations=Toleration.of(placement),
        resources=Resources.of(LOAD_BALANCER_CONTROLLER),
        # Every Service says its class itself, so that none waits for this controller to be made.
        enable_service_mutator_webhook=False,
        keep_tls_secret=True,
        default_target_type="ip",
        default_ssl_policy=DEFAULT,
        default_tags=tags.of(config.name, config.tags, **{tags.MANAGED_BY: "aws-load-balancer-controller"}),
    )
