"""The policy `datastore-security-group-mismatch`: a data store lets in the group that the cluster's nodes carry.

Judged are stores with groups of the stack alone, in a network that the stack makes, beside a cluster of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from pokayoke_eks.rules.finding import Finding

from .eks import CLUSTER, label
from .inventory import Held, objects_of
from .node_groups import LAUNCH_TEMPLATE
from .policy import Rule
from .raw import UNKNOWN, known_list, mappings_at, over
from .references import is_given, names_others, referred, referring, texts_in
from .routes import SUBNET, VPC
from .security_groups import GROUP
from .selection import node_classes, terms_of
from .stack import Member, Stack

SLUG = "datastore-security-group-mismatch"
_BROKERS = "brokerNodeGroupInfo"
_STORES = {
    "aws:docdb/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:elasticache/cluster:Cluster": "securityGroupIds",
    "aws:elasticache/replicationGroup:ReplicationGroup": "securityGroupIds",
    "aws:elasticache/serverlessCache:ServerlessCache": "securityGroupIds",
    "aws:memorydb/cluster:Cluster": "securityGroupIds",
    "aws:msk/cluster:Cluster": _BROKERS,
    "aws:neptune/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:rds/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:rds/instance:Instance": "vpcSecurityGroupIds",
}
_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_REFERENCES = {_RULE: "sourceSecurityGroupId", _INGRESS: "referencedSecurityGroupId"}
_RANGES = ("cidrBlocks", "cidrIpv4", "ipv6CidrBlocks", "cidrIpv6")
_PREFIX_LISTS = ("prefixListIds", "prefixListId")
_CARRIED = ("vpcSecurityGroupIds", "networkInterfaces", "securityGroupNames")
_TERMS = "securityGroupSelectorTerms"
_GROUPS_OF_PODS = "vpcresources.k8s.aws/SecurityGroupPolicy"
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_REMEDY = (
    "Admit the cluster's own group by reference, e.g. a SecurityGroupIngressRule with referencedSecurityGroupId: "
    "cluster.vpc_config.cluster_security_group_id."
)


def stores_admit_the_nodes(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Somebody gets in at all, not the whole network, and not a group that only the control plane carries."""

    def judged(store: Member) -> Iterator[tuple[str, Finding]]:
        key = _STORES[store.type]
        groups = referred(stack, store, key, GROUP)
        vpcs = [vpc for group in groups for vpc in referred(stack, group, "vpcId", VPC)]
        beside = [found for vpc in vpcs if (found := stack.once(_control_planes).get(vpc.urn)) is not None]
        # Beside its groups, what says where the brokers of MSK stand names subnets.
        if beside and (key == _BROKERS or not names_others(stack, store, key, GROUP)):
            problem = _problem(stack, groups, beside, vpcs)
            if problem:
                yield store.urn, Finding(f"{key}: {problem}", _REMEDY, SLUG)

    # Pods may carry groups of their own.
    yield from () if objects_of(stack, _GROUPS_OF_PODS) else over(stack.of_type(*_STORES), judged)


RULE = Rule(SLUG, stack=(stores_admit_the_nodes,))


def _control_planes(stack: Stack) -> dict[str, set[str]]:
    """By VPC, the groups that the control planes of the clusters in it carry."""
    found: dict[str, set[str]] = {}
    for cluster in stack.of_type(CLUSTER):
        groups = {one.urn for one in referred(stack, cluster, "vpcConfig", GROUP)}
        for subnet in referred(stack, cluster, "vpcConfig", SUBNET):
            for vpc in referred(stack, subnet, "vpcId", VPC):
                found.setdefault(vpc.urn, set()).update(groups)
    return found


def _problem(stack: Stack, groups: list[Member], beside: list[set[str]], vpcs: list[Member]) -> str | None:
    names = ", ".join(f"'{label(group.urn)}'" for group in groups)
    of_nodes = stack.once(_of_nodes)
    if any(group.urn in of_nodes for group in groups):
        return None  # A rule for the group itself may let them in.
    rules = [rule for group in groups for rule in _admissions(stack, group)]
    ranges = {text for rule in rules for key in _RANGES for text in texts_in(rule.said.get(key))}
    whole = {text for vpc in vpcs for text in texts_in(vpc.properties.get("cidrBlock"))}
    if ranges & {*_EVERYWHERE, *whole}:
        return f"its groups ({names}) let in the whole network: whatever runs there reaches it"
    if ranges or any(rule.may_say_more(stack) for rule in rules):
        return None
    admitted = {one.urn for rule in rules for one in rule.sources}
    if not admitted:
        return f"no rule of its groups ({names}) lets anybody in: the cluster's pods time out"
    if all(any(urn in carried for carried in beside) for urn in admitted) and not admitted & of_nodes:
        others = ", ".join(f"'{label(urn)}'" for urn in sorted(admitted))
        return f"its groups ({names}) let in {others}, which the control plane carries and no node does"
    return None


def _of_nodes(stack: Stack) -> frozenset[str]:
    """The groups that nodes may carry, by launch templates and node classes."""
    return frozenset(_carried_by_nodes(stack))


def _carried_by_nodes(stack: Stack) -> Iterator[str]:
    for template in stack.of_type(LAUNCH_TEMPLATE):
        for key in _CARRIED:
            yield from (one.urn for one in referred(stack, template, key, GROUP))
    classes = node_classes(stack)
    for node_class in classes:
        yield from chain(*node_class.member.sources.values())
    # By tags: any of them.
    yield from (one.urn for one in (stack.of_type(GROUP) if any(map(_selects_by_tags, classes)) else ()))


def _selects_by_tags(node_class: Held) -> bool:
    terms = terms_of(node_class, _TERMS)
    return node_class.spec.get(_TERMS) is UNKNOWN or any(one is UNKNOWN or not one.get("id") for one in terms)


@dataclass(frozen=True)
class Admission:
    """A rule of a group for who gets in."""

    said: Mapping[str, Any]
    reference: Any
    """What it says in the place of a group."""
    sources: list[Member]
    """The stack's groups and clusters whose members it lets in."""

    def may_say_more(self, stack: Stack) -> bool:
        """Whether it names ranges that are not told, or lists of them or groups that are another's."""
        if any(is_given(self.said.get(key)) for key in _PREFIX_LISTS):
            return True
        if is_given(self.reference) and not self.sources:
            return True
        if any(text not in stack.named for text in texts_in(self.reference)):
            return True
        ranges = [self.said.get(key) for key in _RANGES]
        return any(one is UNKNOWN or UNKNOWN in known_list(one) for one in ranges)


def _admissions(stack: Stack, group: Member) -> Iterator[Admission]:
    """The rules of a group, in itself and beside it."""
    for said in mappings_at(group.properties, "ingress"):
        reference = said.get("securityGroups")
        sources = referred(stack, group, "ingress", GROUP, CLUSTER) if is_given(reference) else []
        yield Admission(said, reference, sources)
    for kind, key in _REFERENCES.items():
        for rule in referring(stack, kind, "securityGroupId", group):
            said = rule.properties
            if kind == _INGRESS or said.get("type") in ("ingress", UNKNOWN):
                yield Admission(said, said.get(key), referred(stack, rule, key, GROUP))
