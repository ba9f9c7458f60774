"""Whether the controller runs, and as whom: what keeps its pods from starting, and what its calls to AWS lack.

The order is that of its own start (kubernetes-sigs/aws-load-balancer-controller v3.5.0, main.go and pkg/aws/cloud.go).
With region and VPC said outright it asks AWS for nothing while it starts: pods without an identity get ready, and only
what they are to make fails.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.controller_aws import Aws, RefusedError
from pokayoke_rehearsal.doubles.kubernetes.controller_pods import (
    CRASHED,
    ControllerPod,
    ObstacleError,
    arguments,
    placed,
    runs,
)
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.charts import IMAGE
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import (
    BINDING,
    CLASS_PARAMETERS,
    CONFIGURATION_FINALIZERS,
    CONTROLLERS,
    GATEWAY,
    GATEWAY_CLASS,
    L4_ROUTES,
    L7_ROUTES,
)
from pokayoke_rehearsal.doubles.kubernetes.network_policies import blocked_by
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.load_balancers.facts import Balancers

_METADATA = "canceled, context deadline exceeded"
_CANNOT = "unable to initialize AWS cloud: "
_NO_REGION = (
    f"{_CANNOT}failed to introspect region from EC2Metadata, specify --aws-region instead if EC2Metadata is "
    f"unavailable: operation error ec2imds: GetRegion, {_METADATA}"
)
_NO_VPC = (
    f"{_CANNOT}failed to get VPC ID: failed to fetch VPC ID from instance metadata: error in fetching vpc id through "
    f"ec2 metadata: get mac metadata: operation error ec2imds: GetMetadata, {_METADATA}"
)
_NEEDED = (BINDING, CLASS_PARAMETERS)
_GATES = {"gateway.k8s.aws/nlb": ("NLBGatewayAPI", L4_ROUTES), "gateway.k8s.aws/alb": ("ALBGatewayAPI", L7_ROUTES)}


@dataclass(frozen=True)
class Acting:
    """A controller at work."""

    cluster_name: str
    vpc: str
    account: Account
    balancers: Balancers
    aws: Aws
    flags: Mapping[str, str]
    gateways: frozenset[str]
    """The controllers of GatewayClasses that it is, by what it found served when it started."""

    def flag(self, name: str, otherwise: str = "") -> str:
        """A flag as it was stated, or what goes for it."""
        return self.flags.get(name) or otherwise

    @property
    def default_tags(self) -> dict[str, str]:
        """What everything that it makes is tagged with."""
        return _map(self.flag("default-tags"))


def is_controller(pod: Object) -> bool:
    """Whether the pod is one of the controller's."""
    return runs(pod, IMAGE)


def controllers(cluster: Cluster) -> list[Object]:
    """The placed pods of the controller."""
    return placed(cluster, IMAGE)


def start(cluster: Cluster, pod: Object, account: Account, name: str, gateways: frozenset[str]) -> Acting:
    """Starts the controller in a placed pod; raises ObstacleError. `gateways` is what it found served then."""
    own = ControllerPod(cluster, pod, account, name, IMAGE)
    region = own.arguments.get("aws-region") or own.region
    if not region:
        raise ObstacleError(CRASHED, _NO_REGION)
    there = Account(account.world, region)
    aws = own.aws(there, own.unreachable(f"ec2.{region}.amazonaws.com"))
    balancers = Balancers(account.world, region)
    vpc = _vpc(own, there, balancers, aws)
    if policy := blocked_by(cluster, pod, cluster.addresses.api_server, 443):
        address = f"{cluster.addresses.api_server}:443"
        told = f'Get "https://{address}/apis/networking.k8s.io/v1": dial tcp {address}: i/o timeout'
        logged = {"level": "error", "logger": "setup", "msg": "unable to create controller", "controller": "Ingress"}
        words = json.dumps({**logged, "error": told}, separators=(",", ":"))
        # The controller's own words name no policy: whoever reads them has to find it.
        raise ObstacleError(CRASHED, f"{words} (NetworkPolicy {policy})")
    missing = [kind for kind in _NEEDED if not cluster.discovery.serves(kind)]
    if missing:
        told = "; ".join(f'no matches for kind "{kind.kind}" in version "{kind.api_version}"' for kind in missing)
        raise ObstacleError(CRASHED, f"problem running manager: failed to wait for caches to sync: {told}")
    flags = own.arguments
    return Acting(flags.get("cluster-name", ""), vpc, there, balancers, aws, flags, gateways)


def served_gateways(cluster: Cluster, pod: Object) -> frozenset[str]:
    """The kinds of gateways that a controller which starts now serves: a kind that is missing switches one off without
    a word (pkg/gateway/crddetect)."""
    gates = _map(arguments(pod, IMAGE).get("feature-gates", ""))
    stated = {gate for gate, _ in _GATES.values()} | {"GatewayListenerSet"}
    found = {name for name, (gate, _) in _GATES.items() if gates.get(gate) != "false"}
    if stated <= gates.keys():
        return frozenset(found)
    common = (GATEWAY, GATEWAY_CLASS, *CONFIGURATION_FINALIZERS)
    return frozenset(
        name
        for name in found
        if all(cluster.discovery.serves(kind) for kind in (*common, *_GATES[name][1]))
        or (CONTROLLERS[name] == "network" and "NLBGatewayAPI" in gates)
    )


def _vpc(own: ControllerPod, account: Account, balancers: Balancers, aws: Aws) -> str:
    if stated := own.arguments.get("aws-vpc-id"):
        return stated
    if tags := _map(own.arguments.get("aws-vpc-tags", "")):
        return _tagged_vpc(balancers, aws, tags)
    if not own.reaches_metadata:
        raise ObstacleError(CRASHED, _NO_VPC)
    subnet = account.subnet_of(own.instance)
    return next((one.vpc for one in account.subnets() if one.id == subnet), "")


def _tagged_vpc(balancers: Balancers, aws: Aws, tags: Mapping[str, str]) -> str:
    shown = " ".join(f"{key}:{value}" for key, value in sorted(tags.items()))
    try:
        aws.read("ec2:DescribeVpcs")
    except RefusedError as error:
        raise ObstacleError(
            CRASHED, f"{_CANNOT}failed to get VPC ID: failed to fetch VPC ID with tags: {error}"
        ) from None
    found = balancers.vpcs(tags)
    if len(found) != 1:
        how = "multiple VPCs exist" if found else "no VPC exists"
        raise ObstacleError(CRASHED, f"{_CANNOT}failed to get VPC ID: {how} with tags map[{shown}]")
    return found[0]


def _map(stated: str) -> dict[str, str]:
    """`a=1,b=2` as a map."""
    found = (item.strip().partition("=") for item in stated.split(",") if "=" in item)
    return {key: value for key, _, value in found}
