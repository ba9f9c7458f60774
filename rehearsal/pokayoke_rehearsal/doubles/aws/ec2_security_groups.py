"""Security groups and their rules, inline or one resource each."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.ec2 import Ec2Resource, only
from pokayoke_rehearsal.doubles.aws.resource import Autoname, Made, pick, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import UNKNOWN, Inputs, ProviderError
from pokayoke_rehearsal.world.shapes import listed, mapped


class SecurityGroup(Ec2Resource):
    pulumi_type = "aws:ec2/securityGroup:SecurityGroup"
    noun = "EC2 Security Group"
    operation = "CreateSecurityGroup"
    tag_type = "security-group"
    tagged = True
    autoname = Autoname(longest=255)
    replace = ("description", "vpcId")
    computed = ("arn", "egress", "ingress", "ownerId", "vpcId")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        named = pick(inputs, "vpcId", name="GroupName")
        return named | {"Description": inputs.get("description", "Managed by Pulumi")}

    def create(self, site: Site, inputs: Inputs) -> Made:
        ec2 = site.client("ec2")
        group_id = ec2.create_security_group(**self.tagged_parameters(inputs))["GroupId"]
        # The real provider takes away the rule that lets everything out, which AWS puts into each new group.
        ec2.revoke_security_group_egress(
            GroupId=group_id, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        )
        set_rules(site, group_id, {}, inputs)
        outputs = {"arn": site.arn("ec2", f"security-group/{group_id}"), "ownerId": site.account}
        return group_id, outputs | {"ingress": listed(inputs, "ingress"), "egress": listed(inputs, "egress")}

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        group = only(site.client("ec2").describe_security_groups(GroupIds=[resource_id])["SecurityGroups"])
        return group and {
            "arn": site.arn("ec2", f"security-group/{resource_id}"),
            "description": group["Description"],
            "egress": known.get("egress", []),
            "ingress": known.get("ingress", []),
            "name": group["GroupName"],
            "ownerId": group["OwnerId"],
            "tags": tag_map(group.get("Tags")),
            "vpcId": group.get("VpcId", ""),
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        set_rules(site, resource_id, olds, news, changed)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        if state.get("revokeRulesOnDelete"):
            revoke_all(site, resource_id)
        site.client("ec2").delete_security_group(GroupId=resource_id)


class DefaultSecurityGroup(Ec2Resource):
    """Adopts the group that every VPC has: its rules are emptied, nothing is made, and nothing is deleted."""

    pulumi_type = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
    noun = "EC2 Default Security Group"
    tagged = True
    replace = ("vpcId",)
    computed = ("arn", "description", "egress", "ingress", "name", "namePrefix", "ownerId", "vpcId")

    def create(self, site: Site, inputs: Inputs) -> Made:
        filters = [{"Name": "group-name", "Values": ["default"]}]
        if "vpcId" in inputs:
            filters.append({"Name": "vpc-id", "Values": [inputs["vpcId"]]})
        group = only(site.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"])
        if group is None:
            raise ProviderError(f"reading EC2 Default Security Group: none in VPC {inputs.get('vpcId')}")
        revoke_all(site, group["GroupId"])
        set_rules(site, group["GroupId"], {}, inputs)
        self.retag(site, group["GroupId"], {}, (), mapped(inputs, "tags"))
        return group["GroupId"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        found = SecurityGroup().read(site, resource_id, known)
        return found and {**found, "namePrefix": ""}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        set_rules(site, resource_id, olds, news, changed)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        """Goes with its VPC."""


class SecurityGroupRule(Ec2Resource):
    pulumi_type = "aws:ec2/securityGroupRule:SecurityGroupRule"
    noun = "EC2 Security Group Rule"
    required = ("fromPort", "protocol", "securityGroupId", "toPort", "type")
    replace = (
        "cidrBlocks",
        "fromPort",
        "ipv6CidrBlocks",
        "prefixListIds",
        "protocol",
        "securityGroupId",
        "self",
        "sourceSecurityGroupId",
        "toPort",
        "type",
    )
    computed = ("securityGroupRuleId", "sourceSecurityGroupId")

    def refusals(self, inputs: Inputs) -> list[tuple[str, str]]:
        if inputs["type"] in (UNKNOWN, "ingress", "egress"):
            return []
        return [("type", f"expected type to be one of [ingress egress], got {inputs['type']}")]

    def create(self, site: Site, inputs: Inputs) -> Made:
        authorize(site, inputs["securityGroupId"], inputs["type"], [permission(inputs, inputs["securityGroupId"])])
        text = json.dumps({key: inputs.get(key) for key in self.replace}, sort_keys=True)
        return f"sgrule-{zlib.crc32(text.encode())}", self.read(site, "", inputs) or {}

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        return {"securityGroupRuleId": "", "sourceSecurityGroupId": known.get("sourceSecurityGroupId", "")}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        change = getattr(site.client("ec2"), f"update_security_group_rule_descriptions_{news['type']}")
        change(GroupId=news["securityGroupId"], IpPermissions=[permission(news, news["securityGroupId"])])

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        group_id = state["securityGroupId"]
        revoke(site, group_id, state["type"], [permission(state, group_id)])


class _VpcRule(Ec2Resource):
    """A rule as a resource of its own, as `aws.vpc` has it."""

    direction: ClassVar[str]
    tag_type = "security-group-rule"
    tagged = True
    required = ("ipProtocol", "securityGroupId")
    replace = ("securityGroupId",)
    computed = ("arn", "securityGroupRuleId")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        one: Inputs = _numbered(pick(inputs, "fromPort", "ipProtocol", "toPort"))
        said = pick(inputs, "description")
        sources: dict[str, tuple[str, Inputs]] = {
            "cidrIpv4": ("IpRanges", pick(inputs, cidrIpv4="CidrIp")),
            "cidrIpv6": ("Ipv6Ranges", pick(inputs, cidrIpv6="CidrIpv6")),
            "prefixListId": ("PrefixListIds", pick(inputs, "prefixListId")),
            "referencedSecurityGroupId": ("UserIdGroupPairs", pick(inputs, referencedSecurityGroupId="GroupId")),
        }
        for key, (parameter, source) in sources.items():
            if key in inputs:
                one[parameter] = [source | said]
        return {"GroupId": inputs["securityGroupId"], "IpPermissions": [one]}

    def create(self, site: Site, inputs: Inputs) -> Made:
        call = getattr(site.client("ec2"), f"authorize_security_group_{self.direction}")
        return call(**self.tagged_parameters(inputs))["SecurityGroupRules"][0]["SecurityGroupRuleId"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        answer = site.client("ec2").describe_security_group_rules(SecurityGroupRuleIds=[resource_id])
        rule = only(answer["SecurityGroupRules"])
        return rule and {
            "arn": site.arn("ec2", f"security-group-rule/{resource_id}"),
            "securityGroupRuleId": resource_id,
            "securityGroupId": rule["GroupId"],
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        rule = pick(news, "cidrIpv4", "cidrIpv6", "description", "fromPort", "ipProtocol", "prefixListId", "toPort")
        rule |= pick(news, referencedSecurityGroupId="ReferencedGroupId")
        site.client("ec2").modify_security_group_rules(
            GroupId=news["securityGroupId"],
            SecurityGroupRules=[{"SecurityGroupRuleId": resource_id, "SecurityGroupRule": _numbered(rule)}],
        )

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        call = getattr(site.client("ec2"), f"revoke_security_group_{self.direction}")
        call(GroupId=state["securityGroupId"], SecurityGroupRuleIds=[resource_id])


class SecurityGroupIngressRule(_VpcRule):
    pulumi_type = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    noun = "VPC Security Group Ingress Rule"
    operation = "AuthorizeSecurityGroupIngress"
    direction = "ingress"


class SecurityGroupEgressRule(_VpcRule):
    pulumi_type = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
    noun = "VPC Security Group Egress Rule"
    operation = "AuthorizeSecurityGroupEgress"
    direction = "egress"


def permission(rule: Inputs, group_id: str) -> dict[str, Any]:
    """A rule as Pulumi writes it, inline or as a resource, as one of the API's IpPermissions."""
    said = pick(rule, "description")
    one: dict[str, Any] = _numbered(pick(rule, "fromPort", "toPort", protocol="IpProtocol"))
    if str(one.get("IpProtocol")) in ("-1", "all"):
        one = {"IpProtocol": "-1"}
    groups: list[str] = list(listed(rule, "securityGroups"))
    groups += [rule["sourceSecurityGroupId"]] if rule.get("sourceSecurityGroupId") else []
    groups += [group_id] if rule.get("self") else []
    parts: dict[str, list[dict[str, Any]]] = {
        "IpRanges": [{"CidrIp": cidr} | said for cidr in listed(rule, "cidrBlocks")],
        "Ipv6Ranges": [{"CidrIpv6": cidr} | said for cidr in listed(rule, "ipv6CidrBlocks")],
        "PrefixListIds": [{"PrefixListId": name} | said for name in listed(rule, "prefixListIds")],
        "UserIdGroupPairs": [{"GroupId": name} | said for name in groups],
    }
    return one | {name: part for name, part in parts.items() if part}


def _numbered(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule whose ports are numbers: the provider takes them as text, too (Terraform converts what is a number)."""
    return {key: int(said) if isinstance(said, str) and key in _PORTS else said for key, said in rule.items()}


_PORTS = ("FromPort", "ToPort")


def set_rules(
    site: Site, group_id: str, olds: Inputs, news: Inputs, changed: Collection[str] = ("ingress", "egress")
) -> None:
    """Makes the inline rules of a group those of `news`."""
    for direction in ("ingress", "egress"):
        before, after = listed(olds, direction), listed(news, direction)
        if direction in changed and before is not UNKNOWN:
            revoke(site, group_id, direction, [permission(rule, group_id) for rule in before if rule not in after])
            authorize(site, group_id, direction, [permission(rule, group_id) for rule in after if rule not in before])


def revoke_all(site: Site, group_id: str) -> None:
    group = site.client("ec2").describe_security_groups(GroupIds=[group_id])["SecurityGroups"][0]
    revoke(site, group_id, "ingress", group["IpPermissions"])
    revoke(site, group_id, "egress", group["IpPermissionsEgress"])


def authorize(site: Site, group_id: str, direction: str, permissions: list[dict[str, Any]]) -> None:
    if permissions:
        call = getattr(site.client("ec2"), f"authorize_security_group_{direction}")
        call(GroupId=group_id, IpPermissions=permissions)


def revoke(site: Site, group_id: str, direction: str, permissions: list[dict[str, Any]]) -> None:
    if permissions:
        call = getattr(site.client("ec2"), f"revoke_security_group_{direction}")
        call(GroupId=group_id, IpPermissions=permissions)
