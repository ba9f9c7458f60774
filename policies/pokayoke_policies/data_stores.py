"""The policy `datastore-security-group-mismatch`: a data store lets in the group that the cluster's nodes carry.

Judged are stores with groups of the stack alone, in a network that the stack makes, beside a cluster of it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pokayoke_eks.rules.finding import Finding

from .eks import CLUSTER, label
from .inventory import objects_of
from .policy import Rule
from .raw import UNKNOWN, NotKnownError, list_of, mapping_of
from .references import is_given, names_others, referred, referring, texts_in
from .routes import SUBNET, VPC
from .security_groups import GROUP
from .stack import Member, Stack

SLUG = "datastore-security-group-mismatch"
_STORES = {
    "aws:docdb/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:elasticache/cluster:Cluster": "securityGroupIds",
    "aws:elasticache/replicationGroup:ReplicationGroup": "securityGroupIds",
    "aws:elasticache/serverlessCache:ServerlessCache": "securityGroupIds",
    "aws:memorydb/cluster:Cluster": "securityGroupIds",
    "aws:msk/cluster:Cluster": "brokerNodeGroupInfo",
    "aws:neptune/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:rds/cluster:Cluster": "vpcSecurityGroupIds",
    "aws:rds/instance:Instance": "vpcSecurityGroupIds",
}
_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_REFERENCES = {_RULE: "sourceSecurityGroupId", _INGRESS: "referencedSecurityGroupId"}
_RANGES = ("cidrBlocks", "cidrIpv4", "ipv6CidrBlocks", "cidrIpv6")
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_REMEDY = (
    "Admit the cluster's own group by reference, e.g. a SecurityGroupIngressRule with referencedSecurityGroupId: "
    "cluster.vpc_config.cluster_security_group_id."
)


def stores_admit_the_nodes(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Somebody gets in at all, not the whole network, and not a group that only the control plane carries."""
    unknown: NotKnownError | None = None
    clusters = list(stack.of_type(CLUSTER))
    for store in stack.of_type(*_STORES) if clusters else ():
        key = _STORES[store.type]
        groups = referred(stack, store, key, GROUP)
        if not groups or (key != "brokerNodeGroupInfo" and names_others(stack, store, key, GROUP)):
            continue
        vpcs = [vpc for group in groups for vpc in referred(stack, group, "vpcId", VPC)]
        beside = [one for one in clusters if any(vpc in vpcs for vpc in _networks(stack, one))]
        if not beside or objects_of(stack, "vpcresources.k8s.aws/SecurityGroupPolicy"):
            continue
        try:
            problem = _problem(stack, groups, beside, vpcs)
        except NotKnownError as error:
            unknown = error
            continue
        if problem:
            yield store.urn, Finding(f"{key}: {problem}", _REMEDY, SLUG)
    if unknown:
        raise unknown


RULE = Rule(SLUG, stack=(stores_admit_the_nodes,))


def _networks(stack: Stack, cluster: Member) -> list[Member]:
    subnets = referred(stack, cluster, "vpcConfig", SUBNET)
    return [vpc for subnet in subnets for vpc in referred(stack, subnet, "vpcId", VPC)]


def _problem(stack: Stack, groups: list[Member], clusters: list[Member], vpcs: list[Member]) -> str | None:
    names = ", ".join(f"'{label(group.urn)}'" for group in groups)
    of_nodes = _of_nodes(stack)
    if any(group.urn in of_nodes for group in groups):
        return None  # A rule for the group itself may let them in.
    admitted: set[str] = set()
    ranges: list[Any] = []
    for group in groups:
        for said, sources in _ingress(stack, group):
            admitted |= {one.urn for one in sources}
            ranges += [value for key in _RANGES for value in texts_in(said.get(key))]
            if _may_say_more(said):
                ranges.append(UNKNOWN)
    whole = {vpc.properties.get("cidrBlock") for vpc in vpcs if isinstance(vpc.properties.get("cidrBlock"), str)}
    if any(one in _EVERYWHERE or one in whole for one in ranges):
        return f"its groups ({names}) let in the whole network: whatever runs there reaches it"
    if not admitted and not ranges:
        return f"no rule of its groups ({names}) lets anybody in: the cluster's pods time out"
    control_plane = {one.urn for cluster in clusters for one in referred(stack, cluster, "vpcConfig", GROUP)}
    if admitted and not ranges and admitted <= control_plane - of_nodes:
        others = ", ".join(f"'{label(urn)}'" for urn in sorted(admitted))
        return f"its groups ({names}) let in {others}, which the control plane carries and no node does"
    return None


def _may_say_more(rule: Mapping[str, Any]) -> bool:
    """Whether a rule names ranges that are not told, or lists of them that are another's."""
    listed = [one for key in _RANGES if isinstance(rule.get(key), list) for one in list_of(rule[key])]
    return UNKNOWN in (*rule.values(), *listed) or any(
        is_given(rule.get(key)) for key in ("prefixListIds", "prefixListId")
    )


def _of_nodes(stack: Stack) -> set[str]:
    """The groups that nodes may carry, by launch templates and node classes."""
    found: set[str] = set()
    for template in stack.of_type("aws:ec2/launchTemplate:LaunchTemplate"):
        for key in ("vpcSecurityGroupIds", "networkInterfaces", "securityGroupNames"):
            found |= {one.urn for one in referred(stack, template, key, GROUP)}
    for held in objects_of(stack, "karpenter.k8s.aws/EC2NodeClass"):
        found |= {urn for listed in held.member.sources.values() for urn in listed}
        if is_given(held.spec.get("securityGroupSelectorTerms")) and "id" not in str(held.spec):
            found |= {one.urn for one in stack.of_type(GROUP)}  # By tags: any of them.
    return found


def _ingress(stack: Stack, group: Member) -> Iterator[tuple[Mapping[str, Any], list[Member]]]:
    """The rules of a group, each with the stack's groups and clusters whose members it lets in."""
    inline = group.properties.get("ingress")
    for raw in list_of(inline, "ingress"):
        said = mapping_of(raw, "ingress")
        known = {key: value for key, value in said.items() if key != "securityGroups"}
        yield known, referred(stack, group, "ingress", GROUP, CLUSTER) if is_given(said.get("securityGroups")) else []
    for kind, key in _REFERENCES.items():
        for rule in referring(stack, kind, "securityGroupId", group):
            if kind == _RULE and rule.properties.get("type") not in ("ingress", UNKNOWN):
                continue
            known = {
                name: value for name, value in rule.properties.items() if name not in (key, "securityGroupId", "id")
            }
            sources = referred(stack, rule, key, GROUP, CLUSTER)
            if is_given(rule.properties.get(key)) and not sources:
                known["other"] = UNKNOWN
            yield known, sources
