"""Classic balancers, which EKS makes where a Service names no kind.

Of a Service's ports the health check asks the first one only, whether a node takes a connection there
(kubernetes/cloud-provider-aws, pkg/providers/v1: EnsureLoadBalancer, defaultElbHC...).
"""

from __future__ import annotations

from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.in_tree_balancers.place import (
    Place,
    balancer_name,
    certificate_of,
    is_internal,
    ports,
    ranges,
)
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, name_of, namespace_of
from pokayoke_rehearsal.world.load_balancers.facts import Classic


def ensure(place: Place, service: Object) -> str:
    """Has the balancer, and answers its name in DNS. Raises UnsuitableError, or boto's own."""
    name = balancer_name(service)
    subnets = place.subnets(service)
    held = place.balancers.classic(name) or _create(place, service, subnets)
    instances = place.instances()
    elb = _client(place, "elb")
    if new := sorted(set(instances) - held.instances):
        elb.register_instances_with_load_balancer(LoadBalancerName=name, Instances=_ids(new))
    if gone := sorted(held.instances - set(instances)):
        elb.deregister_instances_from_load_balancer(LoadBalancerName=name, Instances=_ids(gone))
    return held.host


def remove(place: Place, service: Object) -> None:
    """Takes the balancer and its security group away. Raises boto's own errors."""
    name = balancer_name(service)
    group = _group(place, name)
    ec2 = _client(place, "ec2")
    if group and any(rule.source == group for rule in place.balancers.rules_of(place.group)):
        ec2.revoke_security_group_ingress(GroupId=place.group, IpPermissions=[_anything_from(group)])
    if place.balancers.classic(name) is not None:
        _client(place, "elb").delete_load_balancer(LoadBalancerName=name)
    if group:
        ec2.delete_security_group(GroupId=group)


def _create(place: Place, service: Object, subnets: list[str]) -> Classic:
    name = balancer_name(service)
    asked: dict[str, Any] = {"Scheme": "internal"} if is_internal(service) else {}
    _client(place, "elb").create_load_balancer(
        LoadBalancerName=name,
        Listeners=[_listener(service, port, node) for port, node, _ in ports(service)],
        Subnets=subnets,
        SecurityGroups=[_group(place, name) or _make_group(place, service, name)],
        Tags=place.tags(service),
        **asked,
    )
    first = next(node for _, node, _ in ports(service))
    check = {"Target": f"TCP:{first}", "Interval": 10, "Timeout": 5, "UnhealthyThreshold": 6, "HealthyThreshold": 2}
    _client(place, "elb").configure_health_check(LoadBalancerName=name, HealthCheck=check)
    return next(one for one in place.balancers.classics() if one.name == name)


def _listener(service: Object, port: int, node_port: int) -> dict[str, Any]:
    certificate = certificate_of(service, port)
    said = {"LoadBalancerPort": port, "InstancePort": node_port, "InstanceProtocol": "TCP"}
    return {**said, "Protocol": "SSL", "SSLCertificateId": certificate} if certificate else {**said, "Protocol": "TCP"}


def _group(place: Place, name: str) -> str:
    found = [one.id for one in place.account.groups() if (one.name, one.vpc) == (f"k8s-elb-{name}", place.vpc)]
    return found[0] if found else ""


def _make_group(place: Place, service: Object, name: str) -> str:
    ec2 = _client(place, "ec2")
    described = f"Security group for Kubernetes ELB {name} ({namespace_of(service)}/{name_of(service)})"
    tags = [{"ResourceType": "security-group", "Tags": place.tags(service)}]
    made = ec2.create_security_group(
        GroupName=f"k8s-elb-{name}", Description=described, VpcId=place.vpc, TagSpecifications=tags
    )
    group = str(made["GroupId"])
    let_in = [{"CidrIp": one} for one in ranges(service)]
    permissions = [
        {"IpProtocol": protocol.lower(), "FromPort": port, "ToPort": port, "IpRanges": let_in}
        for port, _, protocol in ports(service)
    ]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=permissions)
    ec2.authorize_security_group_ingress(GroupId=place.group, IpPermissions=[_anything_from(group)])
    return group


def _anything_from(group: str) -> dict[str, Any]:
    return {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}


def _ids(instances: list[str]) -> list[dict[str, str]]:
    return [{"InstanceId": one} for one in instances]


def _client(place: Place, service: str) -> Any:
    return place.account.world.client(service, place.account.region)
