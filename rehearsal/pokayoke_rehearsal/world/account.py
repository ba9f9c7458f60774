"""What is in the account, as a controller sees it: plain facts read from moto, and the calls that change something.

A boundary: only here do Karpenter's and other controllers' doubles meet moto.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from pokayoke_rehearsal.world.eks.facts import EksCluster
from pokayoke_rehearsal.world.iam_evaluator import Request, Value, allows
from pokayoke_rehearsal.world.model import World
from pokayoke_rehearsal.world.principals import Caller, Role

POD_IDENTITY = "pods.eks.amazonaws.com"


@dataclass(frozen=True)
class Subnet:
    id: str
    zone: str
    vpc: str
    tags: Mapping[str, str]
    free: int
    """Addresses that nobody has."""


@dataclass(frozen=True)
class Group:
    """A security group."""

    id: str
    name: str
    vpc: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Profile:
    """An instance profile."""

    name: str
    arn: str
    role: str
    """Name of its role, empty while it has none."""
    tags: Mapping[str, str]


class Account:
    """One region of the account."""

    def __init__(self, world: World, region: str) -> None:
        self.world, self.region = world, region

    # What is there

    def role(self, name_or_arn: str) -> Role | None:
        """A role by name or ARN."""
        name = name_or_arn.rsplit("/", 1)[-1]
        found = next((one for one in self._iam.roles.values() if one.name == name), None)
        if found is None:
            return None
        managed = [
            one.document for policy in found.managed_policies.values() for one in policy.versions if one.is_default
        ]
        names = frozenset(str(arn).rsplit("/", 1)[-1] for arn in found.managed_policies)
        inline = [str(document) for document in found.policies.values()]
        return Role(found.name, found.arn, found.assume_role_policy_document, (*inline, *map(str, managed)), names)

    def profile(self, name: str) -> Profile | None:
        """An instance profile by name."""
        found = next((one for one in self._iam.instance_profiles.values() if one.name == name), None)
        if found is None:
            return None
        tags = {tag["Key"]: tag["Value"] for tag in found.tags} if isinstance(found.tags, list) else dict(found.tags)
        return Profile(found.name, found.arn, found.roles[0].name if found.roles else "", tags)

    def subnets(self) -> list[Subnet]:
        """All subnets."""
        return [
            Subnet(
                found.id,
                found.availability_zone,
                found.vpc_id,
                self.tags_of(found.id),
                int(found.available_ip_address_count),
            )
            for zone in self._ec2.subnets.values()
            for found in zone.values()
        ]

    def free_addresses(self, subnet_id: str) -> int:
        """How many addresses of a subnet nobody has; of one that is not there none is missed."""
        zones: Iterable[dict[str, Any]] = self._ec2.subnets.values()
        found = next((zone[subnet_id] for zone in zones if subnet_id in zone), None)
        return 2**16 if found is None else int(found.available_ip_address_count)

    def groups(self) -> list[Group]:
        """All security groups."""
        return [
            Group(found.id, found.name, found.vpc_id, self.tags_of(found.id))
            for vpc in self._ec2.groups.values()
            for found in vpc.values()
        ]

    def way_out(self, subnet_id: str) -> str:
        """How machines of a subnet reach AWS and registries: `nat`, `internet`, `endpoints`, or empty for not at all.

        `internet` counts only where machines get public addresses."""
        from pokayoke_rehearsal.world.eks import egress

        if subnet_id not in {found.id for found in self.subnets()}:
            return ""
        subnet = self._ec2.get_subnet(subnet_id)
        out = egress.way_out(self._ec2, subnet)
        return "" if out == "internet" and str(subnet.map_public_ip_on_launch).lower() != "true" else out

    def nat_addresses(self, vpc: str) -> list[str]:
        """The public addresses of the NAT gateways of a VPC."""
        from pokayoke_rehearsal.world.eks import egress

        return egress.public_addresses(self._ec2, vpc)

    def subnet_of(self, instance_id: str) -> str:
        """Where an instance stands, empty when it is gone."""
        found = self._instance(instance_id)
        return "" if found is None else str(found.subnet_id)

    def addresses_of(self, instance_id: str) -> tuple[str, str]:
        """An instance's private DNS name and address."""
        found = self._instance(instance_id)
        return ("", "") if found is None else (str(found.private_dns_name), str(found.private_ip))

    def blocked(self, instance_id: str, cluster: EksCluster) -> str:
        """Why security groups keep an instance and a control plane from reaching each other, empty when they do not."""
        found = self._instance(instance_id)
        groups = {str(group.id) for interface in found.nics.values() for group in interface.group_set} if found else ()
        return cluster.blocked(self._ec2, groups, self.addresses_of(instance_id)[1])

    def image_of(self, instance_id: str) -> str:
        """The id of the image that an instance was started from."""
        found = self._instance(instance_id)
        return "" if found is None else str(found.image_id)

    def is_running(self, instance_id: str) -> bool:
        """Whether an instance is there and not terminated."""
        found = self._instance(instance_id)
        return found is not None and found._state.name not in ("terminated", "shutting-down")  # pyright: ignore[reportPrivateUsage]

    def tags_of(self, resource_id: str) -> dict[str, str]:
        """The tags of anything in EC2."""
        return dict(self._ec2.tags.get(resource_id, {}))

    def templates(self, tags: Mapping[str, str]) -> list[tuple[str, dict[str, str]]]:
        """Ids and tags of the launch templates that carry these tags."""
        found = [(template.id, self._template_tags(template)) for template in self._ec2.launch_templates.values()]
        return [(template, carried) for template, carried in found if tags.items() <= carried.items()]

    def eks_cluster(self, name: str) -> EksCluster | None:
        """A cluster by name."""
        from moto.eks.models import eks_backends

        backends = cast("Any", eks_backends)[self.world.account]
        found = backends[self.region].clusters.get(name)
        return None if found is None else EksCluster(self.world, found)

    def assume_pod_role(
        self, role_arn: str, cluster: EksCluster, namespace: str, service_account: str
    ) -> Caller | None:
        """The session that EKS Auth opens for a pod; None when the role is gone or does not trust it."""
        role = self.role(role_arn)
        if role is None:
            return None
        tags = {
            "eks-cluster-arn": cluster.arn,
            "eks-cluster-name": cluster.arn.rsplit("/", 1)[-1],
            "kubernetes-namespace": namespace,
            "kubernetes-service-account": service_account,
        }
        context: dict[str, Value] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
        context |= {"aws:SourceAccount": self.world.account, "aws:SourceArn": cluster.arn, "aws:TagKeys": list(tags)}
        asked = [Request(action, role.arn, context, POD_IDENTITY) for action in ("sts:AssumeRole", "sts:TagSession")]
        return Caller(role, self.region, tags) if all(allows([role.trust], one) for one in asked) else None

    def arn(self, service: str, resource: str, *, account: bool = True) -> str:
        """An ARN of this region."""
        return f"arn:aws:{service}:{self.region}:{self.world.account if account else ''}:{resource}"

    # Changes

    @property
    def ec2(self) -> Any:
        """The client for what changes something in EC2."""
        return self.world.client("ec2", self.region)

    @property
    def iam(self) -> Any:
        """The client for what changes something in IAM."""
        return self.world.client("iam", self.region)

    @property
    def _ec2(self) -> Any:
        from moto.ec2.models import ec2_backends

        return ec2_backends[self.world.account][self.region]

    @property
    def _iam(self) -> Any:
        from moto.iam.models import iam_backends

        return iam_backends[self.world.account]["aws"]

    def _template_tags(self, template: Any) -> dict[str, str]:
        return self.tags_of(template.id) or {tag["Key"]: tag["Value"] for tag in _tag_list(template)}

    def _instance(self, instance_id: str) -> Any:
        instances: Iterator[Any] = (one for held in self._ec2.reservations.values() for one in held.instances)
        return next((one for one in instances if one.id == instance_id), None)


def _tag_list(template: Any) -> Sequence[Mapping[str, str]]:
    found = getattr(template, "tags", None)
    return found if isinstance(found, list) else []
