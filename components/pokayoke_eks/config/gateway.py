"""What a user decides of the Gateway API's kinds and of the controller that makes load balancers."""

from pydantic import Field

from ..rules import combinations
from .checks import gateway, platform
from .fields import KubernetesVersion, RegionName, Switch, Version
from .gateway_fields import Manifest
from .shared import KUBERNETES, REGION, Living

_TESTED = combinations.COMBINATIONS[0]
_SHARED = (platform.names_fit, platform.tags_are_legal, gateway.versions_are_known_to_work)


class GatewayApiConfig(Living):
    """The kinds of gateways and routes in one cluster: the release of Gateway API, and how it gets there."""

    checks = (*_SHARED, gateway.kinds_have_one_source)

    region: RegionName = REGION
    kubernetes: KubernetesVersion = KUBERNETES
    version: Version = Field(
        default=_TESTED.gateway_api, description="The release of Gateway API.", examples=["v1.6.1"]
    )
    controller_version: Version = Field(
        default=_TESTED.load_balancer_controller,
        description="The version of the AWS Load Balancer Controller whose own gateway kinds these are.",
        examples=["3.5.0"],
    )
    manifest: Manifest | None = Field(
        default=None,
        description="A file with Gateway API's release in place of upstream's address, for networks without a way out.",
        examples=["manifests/standard-install.yaml"],
    )
    controller_manifest: Manifest | None = Field(
        default=None,
        description="A file with the controller's gateway kinds in place of upstream's address.",
        examples=["manifests/gateway-crds.yaml"],
    )
    installed: Switch = Field(
        default=False,
        description="The cluster has all these kinds already: they are looked at, and left alone.",
        examples=[True],
    )


class LoadBalancerControllerConfig(Living):
    """The AWS Load Balancer Controller in one cluster."""

    checks = (*_SHARED, gateway.tags_fit_on_a_command_line)

    region: RegionName = REGION
    kubernetes: KubernetesVersion = KUBERNETES
    version: Version = Field(
        default=_TESTED.load_balancer_controller,
        description="The version of the controller's chart.",
        examples=["3.5.0"],
    )
    manifest: Manifest | None = Field(
        default=None,
        description="A file with the chart's own kinds in place of upstream's address, for networks without a way out.",
        examples=["manifests/crds.yaml"],
    )
