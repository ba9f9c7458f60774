"""What the AWS Load Balancer Controller may do.

Source: kubernetes-sigs/aws-load-balancer-controller v3.5.0, `docs/install/iam_policy.json`; actions, resources and
conditions are upstream's, and nothing is added. Upstream names no Sids: these are ours. One document holds them all:
no name of a cluster stands in it, so it is always as long, and below the limit of a managed policy in any partition.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .document import Document, Statement, allow, document

VERSION = "3.5.0"
"""The version whose permissions these are."""

_CLUSTER = "elbv2.k8s.aws/cluster"
"""The tag that the controller gives to everything that it makes."""
_OURS = {"Null": {f"aws:ResourceTag/{_CLUSTER}": "false"}}
_TO_BE_OURS = {"Null": {f"aws:RequestTag/{_CLUSTER}": "false"}}
_STAYS_OURS = {"Null": {f"aws:RequestTag/{_CLUSTER}": "true", f"aws:ResourceTag/{_CLUSTER}": "false"}}

_NETWORK = (
    *("AccountAttributes", "Addresses", "AvailabilityZones", "InternetGateways", "Vpcs", "VpcPeeringConnections"),
    *("Subnets", "SecurityGroups", "Instances", "NetworkInterfaces", "Tags", "CoipPools", "IpamPools", "RouteTables"),
)
_BALANCERS = (
    *("LoadBalancers", "LoadBalancerAttributes", "Listeners", "ListenerCertificates", "ListenerAttributes"),
    *("SSLPolicies", "Rules", "TargetGroups", "TargetGroupAttributes", "TargetHealth", "Tags", "TrustStores"),
    "CapacityReservation",
)


def controller_policy(partition: str) -> Document:
    """The controller's one policy; `partition` is that of its account, such as `aws`."""
    return document(*_security_groups(partition), *_reading(), *_balancers(partition))


def _reading() -> Sequence[Statement]:
    return (
        _allow_if(
            "ServiceLinkedRole",
            ["iam:CreateServiceLinkedRole"],
            ["*"],
            {"StringEquals": {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}},
        ),
        allow(
            "Read",
            [
                *(f"ec2:Describe{what}" for what in _NETWORK),
                "ec2:GetCoipPoolUsage",
                "ec2:GetSecurityGroupsForVpc",
                *(f"elasticloadbalancing:Describe{what}" for what in _BALANCERS),
            ],
            ["*"],
        ),
        allow(
            "Integrations",
            [
                "cognito-idp:DescribeUserPoolClient",
                *(f"acm:{what}" for what in ("ListCertificates", "DescribeCertificate")),
                *(f"iam:{what}" for what in ("ListServerCertificates", "GetServerCertificate")),
                *(
                    f"{firewall}:{what}"
                    for firewall in ("waf-regional", "wafv2")
                    for what in ("GetWebACL", "GetWebACLForResource", "AssociateWebACL", "DisassociateWebACL")
                ),
                "shield:GetSubscriptionState",
                *(f"shield:{what}Protection" for what in ("Describe", "Create", "Delete")),
            ],
            ["*"],
        ),
    )


def _security_groups(partition: str) -> Sequence[Statement]:
    groups = [f"arn:{partition}:ec2:*:*:security-group/*"]
    rules = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
    while_made = {"StringEquals": {"ec2:CreateAction": "CreateSecurityGroup"}}
    return (
        allow("AnyGroupsRules", rules, ["*"]),
        allow("MakeGroups", ["ec2:CreateSecurityGroup"], ["*"]),
        _allow_if("TagNewGroups", ["ec2:CreateTags"], groups, {**while_made, **_TO_BE_OURS}),
        _allow_if("TagOwnGroups", ["ec2:CreateTags", "ec2:DeleteTags"], groups, _STAYS_OURS),
        _allow_if("OwnGroups", [*rules, "ec2:DeleteSecurityGroup"], ["*"], _OURS),
    )


def _balancers(partition: str) -> Sequence[Statement]:
    regional = f"arn:{partition}:elasticloadbalancing:*:*"
    targets = f"{regional}:targetgroup/*/*"
    made = [targets, *(f"{regional}:loadbalancer/{kind}/*/*" for kind in ("net", "app"))]
    inner = [f"{regional}:{what}/{kind}/*/*/*" for what in ("listener", "listener-rule") for kind in ("net", "app")]
    while_made = {"StringEquals": {"elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"]}}
    return (
        _allow_if("Make", _elb("CreateLoadBalancer", "CreateTargetGroup"), ["*"], _TO_BE_OURS),
        allow("ListenersAndRules", _elb("CreateListener", "DeleteListener", "CreateRule", "DeleteRule"), ["*"]),
        _allow_if("TagOwn", _elb("AddTags", "RemoveTags"), made, _STAYS_OURS),
        allow("TagInner", _elb("AddTags", "RemoveTags"), inner),
        _allow_if(
            "ChangeOwn",
            _elb(
                *("ModifyLoadBalancerAttributes", "SetIpAddressType", "SetSecurityGroups", "SetSubnets"),
                *("DeleteLoadBalancer", "ModifyTargetGroup", "ModifyTargetGroupAttributes", "DeleteTargetGroup"),
                *("ModifyListenerAttributes", "ModifyCapacityReservation", "ModifyIpPools"),
            ),
            ["*"],
            _OURS,
        ),
        _allow_if("TagNew", _elb("AddTags"), made, {**while_made, **_TO_BE_OURS}),
        allow("Targets", _elb("RegisterTargets", "DeregisterTargets"), [targets]),
        allow(
            "ChangeInner",
            _elb(
                *("SetWebAcl", "ModifyListener", "AddListenerCertificates", "RemoveListenerCertificates"),
                *("ModifyRule", "SetRulePriorities"),
            ),
            ["*"],
        ),
    )


def _elb(*actions: str) -> list[str]:
    return [f"elasticloadbalancing:{action}" for action in actions]


def _allow_if(
    sid: str, actions: Sequence[str], resources: Sequence[str], condition: Mapping[str, Mapping[str, Any]]
) -> Statement:
    return {**allow(sid, actions, resources), "Condition": condition}
