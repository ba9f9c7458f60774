"""What the parts on top of a network and a cluster use of them, whoever made the two: the platform or somebody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Protocol

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from .config import Lifecycle


class NetworkHandle(Protocol):
    """A VPC with a public and a private subnet in each of its zones, in which private subnets have a way out."""

    @property
    def vpc_id(self) -> pulumi.Output[str]: ...

    @property
    def zone_names(self) -> Sequence[str]:
        """`ap-northeast-2a`, ...; plain, so that what is made of them is judged in every preview."""
        ...

    @property
    def public_subnet_ids(self) -> Sequence[pulumi.Output[str]]:
        """For internet-facing load balancers; one a zone, in the order of `zone_names`."""
        ...

    @property
    def private_subnet_ids(self) -> Sequence[pulumi.Output[str]]:
        """For nodes, pods and internal load balancers; one a zone, in the order of `zone_names`."""
        ...

    @property
    def private_ranges(self) -> Sequence[IPv4Network]:
        """The ranges of the private subnets, in the order of `zone_names`."""
        ...

    @property
    def ready(self) -> Sequence[pulumi.Resource]:
        """The way out: whatever needs egress depends on these."""
        ...


class ClusterFacts(Protocol):
    """What is plain about a cluster before anything is made: its config's own words."""

    @property
    def name(self) -> str: ...

    @property
    def region(self) -> str: ...

    @property
    def kubernetes(self) -> str:
        """The minor version: `1.36`."""
        ...

    @property
    def lifecycle(self) -> Lifecycle: ...

    @property
    def protected(self) -> bool:
        """Whether what stands on the cluster is protected against deletion."""
        ...

    @property
    def service_cidr(self) -> IPv4Network:
        """The range of Services' addresses; the API server's own is its first."""
        ...

    @property
    def tags(self) -> Mapping[str, str]:
        """The user's own, for whatever is made for this cluster."""
        ...


@dataclass(frozen=True, slots=True)
class Placement:
    """Where on a cluster the platform's controllers run: on nodes that are there before Karpenter and outlive it."""

    node_selector: Mapping[str, str]
    tolerations: Sequence[Mapping[str, str]] = field(default_factory=tuple[Mapping[str, str], ...])


class ClusterHandle(Protocol):
    """An EKS cluster that runs pods with Pod Identity, and the way into it."""

    @property
    def config(self) -> ClusterFacts: ...

    @property
    def network(self) -> NetworkHandle: ...

    @property
    def placement(self) -> Placement: ...

    @property
    def provider(self) -> kubernetes.Provider:
        """The way into the cluster, for whoever runs the program."""
        ...

    @property
    def account(self) -> aws.Provider | None:
        """The provider of the cluster's account and region; None is the stack's default one."""
        ...

    @property
    def control_plane(self) -> list[pulumi.Resource]:
        """What an association, an access entry or an attachment for this cluster depends on: on destroy the control
        plane goes after them. Empty where it is somebody else's."""
        ...

    @property
    def plugin_policies(self) -> Sequence[str]:
        """The policies managed by AWS (their names) that the network plugin wants on the role of its node; none where
        it has a role of its own."""
        ...

    @property
    def control_plane_ranges(self) -> Sequence[IPv4Network]:
        """The ranges of the subnets in which the API server answers, and from which it calls webhooks."""
        ...

    @property
    def name(self) -> pulumi.Output[str]: ...

    @property
    def arn(self) -> pulumi.Output[str]: ...

    @property
    def endpoint(self) -> pulumi.Output[str]: ...

    @property
    def security_group_id(self) -> pulumi.Output[str]:
        """The security group that the control plane and all nodes share."""
        ...

    @property
    def ready(self) -> list[pulumi.Resource]:
        """Nodes, network, DNS, Pod Identity, access: whatever runs in the cluster depends on these."""
        ...
