"""Security groups: a balancer's own, the one that all balancers of a cluster share, and what nodes let in from it.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, pkg/networking/backend_sg_provider.go and
networking_manager.go, pkg/deploy/ec2/security_group_manager.go.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.controller_aws import Need, RefusedError, carried, requested
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.names import BACKEND, CLUSTER_TAG, RESOURCE_TAG
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.stack import Frontend, ModelError, Owner
from pokayoke_rehearsal.world.account import Group
from pokayoke_rehearsal.world.load_balancers.facts import Rule

MANAGED = "ManagedLBSecurityGroup"

_NODE_RULE = "elbv2.k8s.aws/targetGroupBinding=shared"
_OWNED = "kubernetes.io/cluster/"


def backend(acting: Acting) -> str:
    """The id of the group that all balancers share, made when it is first needed. Raises RefusedError."""
    if stated := acting.flag("backend-security-group"):
        return stated
    try:
        acting.aws.read("ec2:DescribeSecurityGroups")
        found = _shared(acting)
        return found[0].id if found else _make(acting, _shared_name(acting), _SHARED, _shared_tags(acting))
    except RefusedError as error:
        # The controller logs these words (logger backend-sg-provider) beside the error of the event.
        raise RefusedError(f"Failed to auto-create backend SG: {error}") from None


def shared(acting: Acting) -> list[str]:
    """The ids of the group that all balancers share, none while nobody needs it."""
    return [one.id for one in _shared(acting)]


def release_backend(acting: Acting) -> None:
    """Deletes the shared group; whoever calls knows that no balancer needs it. Raises RefusedError."""
    for group in _shared(acting):
        _delete(acting, group)


def frontend(acting: Acting, owner: Owner, wanted: Frontend) -> str:
    """The id of a balancer's own group, with just the rules that are wanted. Raises RefusedError."""
    acting.aws.read("ec2:DescribeSecurityGroups")
    tags = owner.tags(acting.cluster_name, MANAGED)
    found = _tagged(acting, tags)
    made = found[0].id if found else _make(acting, wanted.name, _MANAGED, {**acting.default_tags, **tags})
    rules = {Rule(kind, port, port, source) for kind, port in wanted.ports for source in wanted.ranges}
    _let_in(acting, made, rules)
    return made


def remove_frontend(acting: Acting, owner: Owner) -> None:
    """Deletes a balancer's own group. Raises RefusedError."""
    acting.aws.read("ec2:DescribeSecurityGroups")
    for group in _tagged(acting, owner.tags(acting.cluster_name, MANAGED)):
        _delete(acting, group)


def let_into_nodes(acting: Acting, groups: Mapping[str, Iterable[int]], source: str) -> None:
    """Lets the shared group reach these ports of the machines in these groups, and no other port of any machine."""
    for group in acting.account.groups():
        if group.vpc != acting.vpc:
            continue
        ports = sorted(groups.get(group.id, ()))
        wanted = {Rule("tcp", ports[0], ports[-1], source)} if ports else set[Rule]()
        held = {rule for rule in acting.balancers.rules_of(group.id) if rule.source == source}
        if held != wanted and group.id != source:
            _change(acting, group, held - wanted, wanted - held)


def group_of_node(acting: Acting, instance: str) -> str:
    """The group of a machine that gets the rules: its only one, or the one that carries the cluster's tag."""
    held = acting.balancers.groups_of_instance(instance)
    if len(held) == 1:
        return next(iter(held))
    tag = f"{_OWNED}{acting.cluster_name}"
    tagged = sorted(one.id for one in acting.account.groups() if one.id in held and tag in one.tags)
    if len(tagged) != 1:
        listed = f"[{' '.join(tagged)}] (clusterName: {acting.cluster_name})"
        raise RefusedError(f"expected exactly one securityGroup tagged with {tag} for eni {instance}, got: {listed}")
    return tagged[0]


@dataclass(frozen=True)
class Held:
    """The security groups of a balancer."""

    frontend: Frontend | None = None
    ids: tuple[str, ...] = ()
    """Beside the frontend."""
    backend: str = ""
    """The one from which nodes are let in."""


def resolve(acting: Acting, frontend: Frontend, named: Sequence[str], *, manages: bool) -> Held:
    """A frontend and the shared group, or those that an object names; `manages` says whether the shared one comes with
    them all the same. Raises ModelError or RefusedError."""
    shares = acting.flag("enable-backend-security-group") != "false"
    if not named:
        made = backend(acting) if shares else ""
        return Held(frontend, (made,) if made else (), made)
    held = ids_of(acting, named)
    if not manages:
        return Held(None, held)
    if not shares:
        told = "backendSG feature is required to manage worker node SG rules when frontendSG is manually specified"
        raise ModelError(told)
    made = backend(acting)
    return Held(None, (*held, made), made)


def ids_of(acting: Acting, stated: Iterable[str]) -> tuple[str, ...]:
    """Ids of the groups that an object names, by id or `Name`. Raises RefusedError."""
    acting.aws.read("ec2:DescribeSecurityGroups")
    wanted = list(stated)
    known = [one for one in acting.account.groups() if one.vpc == acting.vpc]
    found = {name: one.id for name in wanted for one in known if name in (one.id, one.tags.get("Name"))}
    if len(found) < len(wanted):
        raise RefusedError(f"couldn't find all security groups: requested ids [{' '.join(wanted)}]")
    return tuple(found[name] for name in wanted)


def _make(acting: Acting, name: str, description: str, tags: Mapping[str, str]) -> str:
    group = acting.aws.arn("ec2", "security-group/*")
    needs = [
        Need("ec2:CreateSecurityGroup", group, requested(tags)),
        Need("ec2:CreateSecurityGroup", acting.aws.arn("ec2", f"vpc/{acting.vpc}")),
        Need("ec2:CreateTags", group, {"ec2:CreateAction": "CreateSecurityGroup", **requested(tags)}),
    ]
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    made = acting.aws.call(
        "ec2:CreateSecurityGroup",
        needs,
        VpcId=acting.vpc,
        GroupName=name,
        Description=description,
        TagSpecifications=[{"ResourceType": "security-group", "Tags": listed}],
    )
    return str(made["GroupId"])


def _delete(acting: Acting, group: Group) -> None:
    try:
        acting.aws.call("ec2:DeleteSecurityGroup", [_on(acting, group, "DeleteSecurityGroup")], GroupId=group.id)
    except RefusedError as error:
        raise RefusedError(f"failed to delete securityGroup: {error}") from None


def _let_in(acting: Acting, group_id: str, wanted: set[Rule]) -> None:
    group = next(one for one in acting.account.groups() if one.id == group_id)
    held = acting.balancers.rules_of(group_id)
    _change(acting, group, held - wanted, wanted - held)


def _change(acting: Acting, group: Group, gone: Iterable[Rule], new: Iterable[Rule]) -> None:
    for operation, rules in (("RevokeSecurityGroupIngress", gone), ("AuthorizeSecurityGroupIngress", new)):
        permissions = [_permission(rule) for rule in sorted(rules, key=lambda one: (one.first, one.source))]
        if permissions:
            needs = [_on(acting, group, operation)]
            acting.aws.call(f"ec2:{operation}", needs, GroupId=group.id, IpPermissions=permissions)


def _permission(rule: Rule) -> dict[str, object]:
    ports = {"IpProtocol": rule.protocol, "FromPort": rule.first, "ToPort": rule.last}
    if rule.source.startswith("sg-"):
        return {**ports, "UserIdGroupPairs": [{"GroupId": rule.source, "Description": _NODE_RULE}]}
    return {**ports, "IpRanges": [{"CidrIp": rule.source}]}


def _on(acting: Acting, group: Group, operation: str) -> Need:
    context = {**carried("ec2", group.tags), "ec2:Vpc": acting.aws.arn("ec2", f"vpc/{group.vpc}")}
    return Need(f"ec2:{operation}", acting.aws.arn("ec2", f"security-group/{group.id}"), context)


def _tagged(acting: Acting, tags: Mapping[str, str]) -> list[Group]:
    return [one for one in acting.account.groups() if one.vpc == acting.vpc and tags.items() <= one.tags.items()]


def _shared(acting: Acting) -> list[Group]:
    return _tagged(acting, {CLUSTER_TAG: acting.cluster_name, RESOURCE_TAG: BACKEND})


def _shared_tags(acting: Acting) -> dict[str, str]:
    return {**acting.default_tags, CLUSTER_TAG: acting.cluster_name, RESOURCE_TAG: BACKEND}


def _shared_name(acting: Acting) -> str:
    digest = hashlib.sha256(acting.cluster_name.encode()).hexdigest()
    return f"k8s-traffic-{re.sub(r'[^0-9A-Za-z]', '', acting.cluster_name)[:232]}-{digest[:10]}"


_SHARED = "[k8s] Shared Backend SecurityGroup for LoadBalancer"
_MANAGED = "[k8s] Managed SecurityGroup for LoadBalancer"
