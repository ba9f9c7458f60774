"""What is in the account of balancers and what they stand on, as plain facts read from moto.

A boundary: only here do the doubles of controllers meet moto's tables of balancers.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.world.model import World


@dataclass(frozen=True)
class Act:
    """What is done with a request: forwarded to target groups (their ARNs), redirected, or answered with a status."""

    targets: tuple[str, ...] = ()
    redirect: tuple[tuple[str, str], ...] = ()
    status: str = ""


@dataclass(frozen=True)
class ListenerRule:
    arn: str
    conditions: tuple[tuple[str, tuple[str, ...]], ...]
    """Field and values."""
    act: Act


@dataclass(frozen=True)
class Listener:
    arn: str
    port: int
    protocol: str
    certificates: tuple[str, ...]
    policy: str
    """TLS policy, empty where there is none."""
    default: Act
    rules: tuple[ListenerRule, ...]
    """Beside the default one, in their order."""


@dataclass(frozen=True)
class Balancer:
    arn: str
    name: str
    kind: str
    scheme: str
    host: str
    vpc: str
    subnets: frozenset[str]
    groups: frozenset[str]
    tags: Mapping[str, str]
    attributes: Mapping[str, str]
    listeners: tuple[Listener, ...]


@dataclass(frozen=True)
class TargetGroup:
    arn: str
    name: str
    tags: Mapping[str, str]
    attributes: Mapping[str, str]
    targets: frozenset[str]
    """Ids of what is registered: instances or addresses."""
    kind: str
    """`instance`, `ip`, `lambda` or `alb`."""
    protocol: str
    ports: Mapping[str, int]
    """Of each target."""


@dataclass(frozen=True)
class ClassicListener:
    port: int
    protocol: str
    instance_port: int
    certificate: str
    """Its ARN, empty where there is none."""


@dataclass(frozen=True)
class Classic:
    """A Classic balancer."""

    name: str
    host: str
    scheme: str
    groups: frozenset[str]
    tags: Mapping[str, str]
    instances: frozenset[str]
    listeners: tuple[ClassicListener, ...]
    check: str
    """What its health check asks of each instance: `TCP:30080`."""


@dataclass(frozen=True)
class Rule:
    """One inbound rule of a security group."""

    protocol: str
    first: int
    last: int
    source: str
    """A range of addresses, or the id of another group."""


class Balancers:
    """The balancers of one region."""

    def __init__(self, world: World, region: str) -> None:
        self._world, self.region = world, region

    @classmethod
    def everywhere(cls, world: World) -> list[Balancers]:
        """Those of every region in which there are any."""
        from moto.elb.models import elb_backends
        from moto.elbv2.models import elbv2_backends

        held = [*elb_backends[world.account].items(), *elbv2_backends[world.account].items()]
        return [cls(world, region) for region in sorted({region for region, one in held if one.load_balancers})]

    def balancers(self, tags: Mapping[str, str]) -> list[Balancer]:
        """Those that carry these tags."""
        return [self._balancer(one) for one in self._elb.load_balancers.values() if self._carries(one.arn, tags)]

    def target_groups(self, tags: Mapping[str, str]) -> list[TargetGroup]:
        """Those that carry these tags."""
        return [
            TargetGroup(
                one.arn,
                one.name,
                self._tags(one.arn),
                _texts(one.attributes),
                frozenset(one.targets),
                one.target_type,
                one.protocol or "",
                {name: int(target["Port"] or 0) for name, target in one.targets.items()},
            )
            for one in self._elb.target_groups.values()
            if self._carries(one.arn, tags)
        ]

    def classic(self, name: str) -> Classic | None:
        """A Classic balancer, by its name."""
        return next((one for one in self.classics() if one.name == name), None)

    def classics(self) -> list[Classic]:
        """All Classic balancers."""
        from moto.elb.models import elb_backends

        return [_classic(one) for one in elb_backends[self._world.account][self.region].load_balancers.values()]

    def rules_of(self, group: str) -> frozenset[Rule]:
        """What a security group lets in; nothing for one that is gone."""
        found = self._ec2.get_security_group_from_id(group)
        return frozenset(
            Rule(rule.ip_protocol, rule.from_port or 0, rule.to_port or 0, source)
            for rule in (found.ingress_rules if found is not None else [])
            if (source := rule.source_group.get("GroupId") or rule.ip_range.get("CidrIp") or "")
        )

    def admitted(self, group: str, port: int) -> frozenset[str]:
        """Whom a security group lets in at a TCP port: ranges of addresses, other groups, prefix lists."""
        found = self._ec2.get_security_group_from_id(group)
        return frozenset(
            source
            for rule in (found.ingress_rules if found is not None else [])
            if rule.ip_protocol == "-1" or (rule.ip_protocol == "tcp" and rule.from_port <= port <= rule.to_port)
            if (source := _source(rule))
        )

    def groups_of_instance(self, instance_id: str) -> frozenset[str]:
        """The security groups of an instance's first interface."""
        held = (one for reservation in self._ec2.reservations.values() for one in reservation.instances)
        found = next((one for one in held if one.id == instance_id), None)
        first = next(iter(found.nics.values()), None) if found is not None else None
        return frozenset(group.id for group in first.group_set) if first is not None else frozenset()

    def vpcs(self, tags: Mapping[str, str]) -> list[str]:
        """The VPCs that carry these tags."""
        return [vpc for vpc in self._ec2.vpcs if tags.items() <= dict(self._ec2.tags.get(vpc, {})).items()]

    def is_public(self, subnet_id: str) -> bool:
        """Whether a subnet has a route to an internet gateway, its own table's or else the VPC's."""
        vpc = self._ec2.get_subnet(subnet_id).vpc_id
        tables = [table for table in self._ec2.route_tables.values() if table.vpc_id == vpc]
        own = [table for table in tables if any(one.get("SubnetId") == subnet_id for one in table.associations)]
        main = [table for table in tables if table.main_association_id is not None]
        routes = next(iter([*own, *main])).routes if own or main else []
        return any(route.gateway is not None and route.gateway.id.startswith("igw") for route in routes)

    def certificate(self, arn: str) -> str:
        """The status of a certificate, empty for one that is not here."""
        from moto.acm.models import acm_backends

        found = acm_backends[self._world.account][self.region]._certificates.get(arn)  # pyright: ignore[reportPrivateUsage]
        return "" if found is None else str(found.status)

    def certificates(self) -> dict[str, frozenset[str]]:
        """The names of each issued certificate."""
        from moto.acm.models import acm_backends

        held = acm_backends[self._world.account][self.region]._certificates  # pyright: ignore[reportPrivateUsage]
        return {arn: frozenset((one.common_name, *one.sans)) for arn, one in held.items() if one.status == "ISSUED"}

    def has_service_linked_role(self) -> bool:
        """Whether ELB has its role in the account already."""
        from moto.iam.models import iam_backends

        roles = iam_backends[self._world.account]["aws"].roles.values()
        return any(role.name == "AWSServiceRoleForElasticLoadBalancing" for role in roles)

    def _balancer(self, one: Any) -> Balancer:
        return Balancer(
            one.arn,
            one.name,
            one.type,
            one.scheme,
            one.dns_name,
            one.vpc_id,
            frozenset(subnet.id for subnet in one.subnets),
            frozenset(one.security_groups),
            self._tags(one.arn),
            _texts(one.attrs),
            tuple(_listener(held) for held in one.listeners.values()),
        )

    def _carries(self, arn: str, tags: Mapping[str, str]) -> bool:
        return tags.items() <= self._tags(arn).items()

    def _tags(self, arn: str) -> dict[str, str]:
        return dict(self._elb.tagging_service.get_tag_dict_for_resource(arn))

    @property
    def _elb(self) -> Any:
        from moto.elbv2.models import elbv2_backends

        return elbv2_backends[self._world.account][self.region]

    @property
    def _ec2(self) -> Any:
        from moto.ec2.models import ec2_backends

        return ec2_backends[self._world.account][self.region]


def _listener(one: Any) -> Listener:
    rules = [rule for rule in one.rules.values() if not rule.is_default]
    return Listener(
        arn=one.arn,
        port=int(one.port),
        protocol=one.protocol,
        certificates=tuple(found for found in one.certificates if found),
        policy=one.ssl_policy or "",
        default=_act(one.default_actions[0]) if one.default_actions else Act(),
        rules=tuple(ListenerRule(rule.arn, _conditions(rule.conditions), _act(rule.actions[0])) for rule in rules),
    )


def _classic(one: Any) -> Classic:
    return Classic(
        one.name,
        str(one.dns_name),
        one.scheme,
        frozenset(one.security_groups),
        dict(one.tags),
        frozenset(one.instance_ids),
        tuple(
            ClassicListener(
                int(held.load_balancer_port), held.protocol, int(held.instance_port), held.ssl_certificate_id or ""
            )
            for held in one.listeners
        ),
        one.health_check.target if one.health_check is not None else "",
    )


def _source(rule: Any) -> str:
    ranges = rule.ip_range
    return (
        rule.source_group.get("GroupId") or ranges.get("CidrIp") or ranges.get("CidrIpv6") or rule.prefix_list_id or ""
    )


def _act(action: Any) -> Act:
    only = action.data.get("TargetGroupArn")
    targets = action.data.get("ForwardConfig", {}).get("TargetGroups") or ([{"TargetGroupArn": only}] if only else [])
    redirect = {key: str(value) for key, value in action.data.get("RedirectConfig", {}).items()}
    status = action.data.get("FixedResponseConfig", {}).get("StatusCode", "")
    return Act(tuple(one["TargetGroupArn"] for one in targets), tuple(sorted(redirect.items())), str(status))


def _conditions(stated: list[Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    held = [(one["Field"], next(value for key, value in one.items() if key.endswith("Config"))) for one in stated]
    return tuple((name, tuple(config["Values"])) for name, config in held)


def _texts(attributes: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in attributes.items()}
