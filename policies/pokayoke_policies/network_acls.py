"""Network ACLs around nodes and control plane, for the policy `control-plane-ports-blocked`.

Source of how rules are read: VPC user guide, "Network ACL rules": by number, the first that fits decides, and what no
rule fits is denied.
"""

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Interface
from typing import Any, NamedTuple

from pokayoke_eks.rules.finding import Finding
from pokayoke_eks.rules.ports import lets_through

from .eks import CLUSTER, NODE_GROUP, label
from .raw import UNKNOWN, list_of, mapping_of
from .references import is_given, referred, referring
from .routes import SUBNET
from .stack import Member, Stack

SLUG = "control-plane-ports-blocked"
_ACL = "aws:ec2/networkAcl:NetworkAcl"
_ASSOCIATION = "aws:ec2/networkAclAssociation:NetworkAclAssociation"
_RULE = "aws:ec2/networkAclRule:NetworkAclRule"
_API, _KUBELET = 443, 10250


class _Rule(NamedTuple):
    """A rule for IPv4, whichever way it is written."""

    number: float
    allows: bool
    everywhere: bool
    said: Mapping[str, Any]


def acls_let_them_through(stack: Stack) -> Iterator[tuple[str, Finding]]:
    """Nodes get out on 443, and the control plane in on 10250; where the control plane stands, the other way round."""
    for acl in stack.of_type(_ACL):
        needed: dict[tuple[str, int], str] = {}
        for kind, key, ways in (
            (NODE_GROUP, "subnetIds", (("egress", _API), ("ingress", _KUBELET))),
            (CLUSTER, "vpcConfig", (("ingress", _API), ("egress", _KUBELET))),
        ):
            there = [one.urn for subnet in _subnets(stack, acl) for one in referring(stack, kind, key, subnet)]
            needed.update(dict.fromkeys(ways, label(max(there))) if there else {})
        for (direction, port), name in sorted(needed.items()):
            if _is_denied(_rules(stack, acl, direction), port):
                yield acl.urn, _finding(direction, port, name)


def _finding(direction: str, port: int, name: str) -> Finding:
    return Finding(
        f"{direction}: it denies TCP {port} in the subnets of '{name}': nodes and control plane do not talk",
        f"Allow TCP {port} there, and the answers on 1024-65535, or leave the subnets to the VPC's default ACL.",
        SLUG,
    )


def _subnets(stack: Stack, acl: Member) -> list[Member]:
    found = referred(stack, acl, "subnetIds", SUBNET)
    for association in referring(stack, _ASSOCIATION, "networkAclId", acl):
        found += referred(stack, association, "subnetId", SUBNET)
    return found


def _rules(stack: Stack, acl: Member, direction: str) -> list[_Rule] | None:
    """The rules for IPv4 of one direction in their order; None where one of them is not known."""
    inline = acl.properties.get(direction)
    if inline is UNKNOWN:
        return None
    said: list[Any] = [*list_of(inline)]
    for beside in referring(stack, _RULE, "networkAclId", acl):
        if beside.properties.get("egress", False) in (direction == "egress", UNKNOWN):
            said.append(dict(beside.properties))
    rules = [_rule(one) for one in said if one is UNKNOWN or is_given(mapping_of(one).get("cidrBlock"))]
    return None if None in rules else sorted((one for one in rules if one), key=lambda one: one.number)


def _rule(raw: Any) -> _Rule | None:
    if raw is UNKNOWN:
        return None
    said = mapping_of(raw)
    number = said.get("ruleNo", said.get("ruleNumber"))
    action, cidr = said.get("action", said.get("ruleAction")), said.get("cidrBlock")
    ports = (said.get("protocol"), said.get("fromPort"), said.get("toPort"))
    if not isinstance(number, (int, float)) or not isinstance(action, str) or UNKNOWN in (cidr, *ports):
        return None
    return _Rule(number, action.lower() == "allow", _is_wide(cidr), said)


def _is_wide(cidr: object) -> bool:
    """Whether a range holds every private network, and so the VPC's."""
    try:
        return IPv4Interface(str(cidr)).network.prefixlen <= 8
    except ValueError:
        return False


def _is_denied(rules: list[_Rule] | None, port: int) -> bool:
    for rule in rules or ():
        if lets_through(rule.said.get("protocol"), rule.said.get("fromPort"), rule.said.get("toPort"), port):
            # What a narrow rule leaves out, others may let through: only the wide ones decide alone.
            if rule.allows:
                return False
            if rule.everywhere:
                return True
    return rules is not None
