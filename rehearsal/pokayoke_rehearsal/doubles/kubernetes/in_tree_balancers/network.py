"""Network balancers of EKS's own making: `aws-load-balancer-type: nlb`, without the AWS Load Balancer Controller."""

from __future__ import annotations

import hashlib
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.in_tree_balancers.place import (
    Place,
    balancer_name,
    certificate_of,
    is_internal,
    ports,
    ranges,
    stated,
)
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, metadata, name_of, namespace_of
from pokayoke_rehearsal.world.load_balancers.facts import Balancer, TargetGroup


def ensure(place: Place, service: Object) -> str:
    """Has the balancer, and answers its name in DNS. Raises UnsuitableError, or boto's own."""
    subnets = place.subnets(service)
    held = _held(place, service)
    host = held.host if held is not None else _create(place, service, subnets)
    elb, instances = _client(place, "elbv2"), frozenset(place.instances())
    for group in _target_groups(place, service):
        if new := sorted(instances - group.targets):
            elb.register_targets(TargetGroupArn=group.arn, Targets=[{"Id": one} for one in new])
        if gone := sorted(group.targets - instances):
            elb.deregister_targets(TargetGroupArn=group.arn, Targets=[{"Id": one} for one in gone])
    return host


def remove(place: Place, service: Object) -> None:
    """Takes the balancer, its target groups and what lets clients in away. Raises boto's own errors."""
    elb, held = _client(place, "elbv2"), _held(place, service)
    if held is not None:
        elb.delete_load_balancer(LoadBalancerArn=held.arn)
    for group in _target_groups(place, service):
        elb.delete_target_group(TargetGroupArn=group.arn)
    opened = {(node, source) for _, node, _ in ports(service) for source in ranges(service)}
    for rule in place.balancers.rules_of(place.group):
        if (rule.first, rule.source) in opened:
            permission = _open(rule.protocol, rule.first, rule.source)
            _client(place, "ec2").revoke_security_group_ingress(GroupId=place.group, IpPermissions=[permission])


def _create(place: Place, service: Object, subnets: list[str]) -> str:
    elb, tags = _client(place, "elbv2"), place.tags(service)
    made = elb.create_load_balancer(
        Name=balancer_name(service),
        Type="network",
        Scheme="internal" if is_internal(service) else "internet-facing",
        Subnets=subnets,
        Tags=tags,
    )["LoadBalancers"][0]
    arn = made["LoadBalancerArn"]
    for port, node_port, protocol in ports(service):
        group = elb.create_target_group(
            Name=_group_name(service, port),
            Protocol=protocol,
            Port=node_port,
            VpcId=place.vpc,
            TargetType="instance",
            Tags=tags,
        )["TargetGroups"][0]["TargetGroupArn"]
        elb.create_listener(
            LoadBalancerArn=arn,
            Port=port,
            DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
            **_secured(service, port, protocol),
        )
        for source in ranges(service):
            permission = _open(protocol.lower(), node_port, source)
            _client(place, "ec2").authorize_security_group_ingress(GroupId=place.group, IpPermissions=[permission])
    return str(made["DNSName"])


def _secured(service: Object, port: int, protocol: str) -> dict[str, Any]:
    certificate = certificate_of(service, port)
    if not certificate:
        return {"Protocol": protocol}
    policy = stated(service, "ssl-negotiation-policy") or "ELBSecurityPolicy-2016-08"
    return {"Protocol": "TLS", "Certificates": [{"CertificateArn": certificate}], "SslPolicy": policy}


def _held(place: Place, service: Object) -> Balancer | None:
    found = place.balancers.balancers(_tags(place, service))
    return found[0] if found else None


def _target_groups(place: Place, service: Object) -> list[TargetGroup]:
    return place.balancers.target_groups(_tags(place, service))


def _tags(place: Place, service: Object) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in place.tags(service)}


def _group_name(service: Object, port: int) -> str:
    seed = f"{metadata(service).get('uid')}/{port}".encode()
    return f"k8s-{namespace_of(service)[:8]}-{name_of(service)[:8]}-{hashlib.sha256(seed).hexdigest()[:10]}"


def _open(protocol: str, port: int, source: str) -> dict[str, Any]:
    return {"IpProtocol": protocol, "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": source}]}


def _client(place: Place, service: str) -> Any:
    return place.account.world.client(service, place.account.region)
