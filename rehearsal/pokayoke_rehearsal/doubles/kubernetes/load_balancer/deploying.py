"""Brings AWS to what a stack wants, piece by piece in the controller's order, and takes a stack away.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/deploy/stack_deployer.go and pkg/deploy/elbv2. Which
rights a call takes: Service Authorization Reference, and for making a balancer facts of its policy (convox/convox#1102:
without ec2:GetSecurityGroupsForVpc none can be made).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.controller_aws import Need, carried
from pokayoke_rehearsal.doubles.kubernetes.load_balancer import groups, listeners
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.elb import ELB, call, listed, tags_of, with_tags
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import Owner, Stack, Wanted
from pokayoke_rehearsal.world.load_balancers.facts import Balancer, TargetGroup

_BALANCER = "LoadBalancer"
_SERVICE_ROLE = "elasticloadbalancing.amazonaws.com"


class Deployed:
    """What is in AWS of a stack once it is deployed."""

    def __init__(self, balancer: Balancer, targets: Mapping[str, str]) -> None:
        self.balancer = balancer
        self.targets = targets
        """ARNs of the target groups by their ids."""


def deploy(acting: Acting, stack: Stack) -> Deployed:
    """Makes and changes until AWS has what the stack wants. Raises RefusedError."""
    frontend = [groups.frontend(acting, stack.owner, stack.frontend)] if stack.frontend is not None else []
    targets = {wanted.id: _target_group(acting, stack, wanted) for wanted in stack.targets}
    balancer = _balancer(acting, stack, (*frontend, *stack.groups))
    listeners.remove_others(acting, stack, balancer)
    for wanted in stack.listeners:
        listeners.reconcile(acting, stack, balancer, wanted, targets)
    (live,) = _balancers(acting, stack.owner)
    return Deployed(live, targets)


def tidy(acting: Acting, stack: Stack) -> None:
    """Deletes the target groups that a stack had before and wants no longer. Raises RefusedError."""
    wanted = {one.name for one in stack.targets}
    for found in _target_groups(acting, stack.owner):
        if found.name not in wanted:
            _delete_target_group(acting, found)
    if stack.frontend is None:
        groups.remove_frontend(acting, stack.owner)


def remove_balancer(acting: Acting, owner: Owner) -> None:
    """Takes a stack's balancer away, and its listeners with it. Raises RefusedError."""
    acting.aws.read(f"{ELB}:DescribeLoadBalancers", f"{ELB}:DescribeTags")
    for balancer in _balancers(acting, owner):
        context = carried(ELB, balancer.tags)
        call(acting, "DeleteLoadBalancer", [balancer.arn], context, LoadBalancerArn=balancer.arn)


def remove_rest(acting: Acting, owner: Owner) -> None:
    """Takes away what a balancer stood on: target groups, and its own security group. Raises RefusedError."""
    acting.aws.read(f"{ELB}:DescribeTargetGroups", f"{ELB}:DescribeTags")
    for target_group in _target_groups(acting, owner):
        _delete_target_group(acting, target_group)
    groups.remove_frontend(acting, owner)


def _balancer(acting: Acting, stack: Stack, held: Sequence[str]) -> Balancer:
    acting.aws.read(f"{ELB}:DescribeLoadBalancers", f"{ELB}:DescribeTags")
    tags = tags_of(acting, stack, _BALANCER)
    found = next(iter(_balancers(acting, stack.owner)), None)
    # Neither of these can be changed: another balancer takes the place of this one.
    if found is not None and (found.kind, found.scheme) != (stack.kind, stack.scheme):
        context = carried(ELB, found.tags)
        call(acting, "DeleteLoadBalancer", [found.arn], context, LoadBalancerArn=found.arn)
        found = None
    if found is None:
        _make_balancer(acting, stack, held, tags)
        (found,) = _balancers(acting, stack.owner)
    context = carried(ELB, found.tags)
    if found.subnets != frozenset(stack.subnets):
        call(acting, "SetSubnets", [found.arn], context, LoadBalancerArn=found.arn, Subnets=list(stack.subnets))
    if found.groups != frozenset(held):
        asked = {"LoadBalancerArn": found.arn, "SecurityGroups": list(held)}
        call(acting, "SetSecurityGroups", [found.arn], context, **asked)
    acting.aws.read(f"{ELB}:DescribeLoadBalancerAttributes")
    changed = {key: value for key, value in stack.attributes if found.attributes.get(key) != value}
    if changed:
        asked = {"LoadBalancerArn": found.arn, "Attributes": listed(changed)}
        call(acting, "ModifyLoadBalancerAttributes", [found.arn], context, **asked)
    return found


def _make_balancer(acting: Acting, stack: Stack, held: Sequence[str], tags: Mapping[str, str]) -> None:
    kind = {"network": "net", "application": "app"}[stack.kind]
    arn = acting.aws.arn(ELB, f"loadbalancer/{kind}/{stack.name}/*")
    needs = with_tags("CreateLoadBalancer", arn, tags)
    if held:
        needs.append(Need("ec2:GetSecurityGroupsForVpc", "*"))
    if not acting.balancers.has_service_linked_role():
        # The first balancer of an account brings ELB's own role along.
        needs.append(Need("iam:CreateServiceLinkedRole", "*", {"iam:AWSServiceName": _SERVICE_ROLE}))
    asked: dict[str, Any] = {"Name": stack.name, "Type": stack.kind, "Scheme": stack.scheme, "Tags": listed(tags)}
    if stack.allocations:
        given = zip(stack.subnets, stack.allocations, strict=True)
        asked["SubnetMappings"] = [{"SubnetId": subnet, "AllocationId": one} for subnet, one in given]
    else:
        asked["Subnets"] = list(stack.subnets)
    if held:
        asked["SecurityGroups"] = list(held)
    acting.aws.call(f"{ELB}:CreateLoadBalancer", needs, **asked)


def _target_group(acting: Acting, stack: Stack, wanted: Wanted) -> str:
    acting.aws.read(f"{ELB}:DescribeTargetGroups", f"{ELB}:DescribeTags", f"{ELB}:DescribeTargetGroupAttributes")
    tags = tags_of(acting, stack, wanted.id)
    found = next((one for one in _target_groups(acting, stack.owner) if _is(one, tags)), None)
    if found is not None and found.name != wanted.name:
        # Its name says what cannot be changed of it; the old one goes when nothing forwards to it any more.
        found = None
    if found is None:
        arn = acting.aws.arn(ELB, f"targetgroup/{wanted.name}/*")
        made = acting.aws.call(
            f"{ELB}:CreateTargetGroup",
            with_tags("CreateTargetGroup", arn, tags),
            Name=wanted.name,
            Protocol=wanted.protocol,
            Port=wanted.port,
            VpcId=acting.vpc,
            TargetType=wanted.kind,
            Tags=listed(tags),
            **dict(wanted.health),
        )
        found = next(
            one for one in _target_groups(acting, stack.owner) if one.arn == made["TargetGroups"][0]["TargetGroupArn"]
        )
    changed = {key: value for key, value in wanted.attributes if found.attributes.get(key) != value}
    if changed:
        asked = {"TargetGroupArn": found.arn, "Attributes": listed(changed)}
        call(acting, "ModifyTargetGroupAttributes", [found.arn], carried(ELB, found.tags), **asked)
    return found.arn


def _delete_target_group(acting: Acting, found: TargetGroup) -> None:
    call(acting, "DeleteTargetGroup", [found.arn], carried(ELB, found.tags), TargetGroupArn=found.arn)


def _is(found: TargetGroup, tags: Mapping[str, str]) -> bool:
    return tags.items() <= found.tags.items()


def _balancers(acting: Acting, owner: Owner) -> list[Balancer]:
    return acting.balancers.balancers(owner.tags(acting.cluster_name, _BALANCER))


def _target_groups(acting: Acting, owner: Owner) -> list[TargetGroup]:
    return acting.balancers.target_groups(owner.tags(acting.cluster_name))
