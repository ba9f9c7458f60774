"""EC2NodeClasses: what they select, whether the controller may use it, and when they may go.

Reasons and messages are those of aws/karpenter-provider-aws, pkg/controllers/nodeclass, v1.14. Where the real one only
logs why something is not known yet, the log's text stands in the condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.karpenter import images, profiles, templates
from pokayoke_rehearsal.doubles.kubernetes.karpenter.conditions import Said, status
from pokayoke_rehearsal.doubles.kubernetes.karpenter.images import Image
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLAIM, CLASS, CLASS_FINALIZER
from pokayoke_rehearsal.doubles.kubernetes.karpenter.running import Acting, unauthorized
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import (
    Object,
    at,
    fields,
    finalizers_of,
    items,
    metadata,
    name_of,
    text,
    text_map,
)
from pokayoke_rehearsal.world.account import Group, Subnet


def reconcile(cluster: Cluster, acting: Acting, node_class: Object) -> None:
    """One step of an EC2NodeClass towards its status, or towards its end."""
    if "deletionTimestamp" in metadata(node_class):
        _finalize(cluster, acting, node_class)
        return
    if CLASS_FINALIZER not in finalizers_of(node_class):
        cluster.edit(node_class, lambda obj: metadata(obj).update(finalizers=[*finalizers_of(obj), CLASS_FINALIZER]))
    live = cluster.find(CLASS, name_of(node_class))
    if live is not None:
        cluster.set_status(live, _status(cluster, acting, live))


def users(cluster: Cluster, node_class: str) -> list[Object]:
    """The NodeClaims that were made from a class."""
    return [
        one for one in cluster.list(CLAIM.group, CLAIM.kind) if at(one, "spec", "nodeClassRef", "name") == node_class
    ]


def selects_all(tags: Mapping[str, str], carried: Mapping[str, str]) -> bool:
    """Whether a thing carries all the tags of a selector's term; `*` stands for any value."""
    return all(key in carried and value in ("*", carried[key]) for key, value in tags.items())


def _finalize(cluster: Cluster, acting: Acting, node_class: Object) -> None:
    if CLASS_FINALIZER not in finalizers_of(node_class) or users(cluster, name_of(node_class)):
        return
    if not templates.remove_all(acting, name_of(node_class)) or not profiles.remove(acting, node_class):
        return
    left = [one for one in finalizers_of(node_class) if one != CLASS_FINALIZER]
    cluster.edit(node_class, lambda obj: metadata(obj).update(finalizers=left))


def _status(cluster: Cluster, acting: Acting, node_class: Object) -> Object:
    spec = fields(node_class.get("spec"))
    subnets, subnets_said = _subnets(acting, spec)
    groups, groups_said = _groups(acting, spec)
    found, images_said = _images(cluster, acting, spec)
    profile, profile_said = profiles.ensure(acting, node_class)
    said = [profile_said, subnets_said, groups_said, images_said]
    said.append(_validated(acting, node_class, said, subnets, groups, profile))
    more: dict[str, Any] = {
        "subnets": [{"id": one.id, "zone": one.zone, "vpcID": one.vpc} for one in subnets],
        "securityGroups": [{"id": one.id, "name": one.name} for one in groups],
        "amis": [one.written() for one in found],
    }
    if profile:
        more["instanceProfile"] = profile
    return status(node_class, said, **{key: value for key, value in more.items() if value})


def _subnets(acting: Acting, spec: Mapping[str, Any]) -> tuple[list[Subnet], Said]:
    kind = "SubnetsReady"
    if not acting.caller.may("ec2:DescribeSubnets"):
        return [], Said(kind, None, message=f"getting subnets, {unauthorized('EC2: DescribeSubnets')}")
    terms = [fields(item) for item in items(spec.get("subnetSelectorTerms"))]
    found = [one for one in acting.account.subnets() if any(_meets(term, one.id, "", one.tags) for term in terms)]
    if not found:
        return [], Said(kind, False, "SubnetsNotFound", "SubnetSelector did not match any Subnets")
    return sorted(found, key=lambda one: (-one.free, one.id)), Said(kind, True)


def _groups(acting: Acting, spec: Mapping[str, Any]) -> tuple[list[Group], Said]:
    kind = "SecurityGroupsReady"
    if not acting.caller.may("ec2:DescribeSecurityGroups"):
        return [], Said(kind, None, message=f"getting security groups, {unauthorized('EC2: DescribeSecurityGroups')}")
    terms = [fields(item) for item in items(spec.get("securityGroupSelectorTerms"))]
    found = [one for one in acting.account.groups() if any(_meets(term, one.id, one.name, one.tags) for term in terms)]
    if not found:
        return [], Said(kind, False, "SecurityGroupsNotFound", "SecurityGroupSelector did not match any SecurityGroups")
    return sorted(found, key=lambda one: one.id), Said(kind, True)


def _images(cluster: Cluster, acting: Acting, spec: Mapping[str, Any]) -> tuple[list[Image], Said]:
    kind = "AMIsReady"
    try:
        found = images.find(acting, spec, cluster.version)
    except images.DeniedError as error:
        return [], Said(kind, False, "Unauthorized", f"getting amis, {error}")
    if not found:
        return [], Said(kind, False, "AMINotFound", "AMISelector did not match any AMIs")
    return found, Said(kind, True)


def _validated(
    acting: Acting,
    node_class: Object,
    said: list[Said],
    subnets: list[Subnet],
    groups: list[Group],
    profile: str,
) -> Said:
    kind = "ValidationSucceeded"
    if not all(one.holds for one in said):
        known = False if any(one.holds is False for one in said) else None
        waits = "Awaiting AMI, Instance Profile, Security Group, and Subnet resolution"
        return Said(kind, known, "DependenciesNotReady", waits)
    refused = templates.refused(acting, name_of(node_class), [one.id for one in subnets], [one.id for one in groups])
    if refused:
        return Said(kind, False, f"{refused}AuthCheckFailed", f"Controller isn't authorized to call ec2:{refused}")
    if problem := profiles.unusable(acting, profile):
        return Said(kind, None, "DependenciesNotReady", problem)
    return Said(kind, True)


def _meets(term: Mapping[str, Any], resource_id: str, name: str, tags: Mapping[str, str]) -> bool:
    return (
        text(term.get("id")) in ("", resource_id)
        and text(term.get("name")) in ("", name)
        and selects_all(text_map(term.get("tags")), tags)
    )
