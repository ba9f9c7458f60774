"""What the AWS Load Balancer Controller calls, and since when.

Source: `docs/install/iam_policy.json` of kubernetes-sigs/aws-load-balancer-controller, compared over its tags from
v2.0.0 to v3.5.0. Left out is what only some features need (Outposts, peered VPCs, IPAM, mutual TLS, reserved capacity,
Cognito, certificates in IAM): a role may well do without.
"""

import re
from collections.abc import Mapping
from typing import Any

from .finding import Finding
from .iam_actions import Statement, not_allowed

SLUG = "lbc-iam-incomplete"
SERVICE_ACCOUNT = "aws-load-balancer-controller"
"""The name of the chart, and of the service account in upstream's instructions."""
_ELB = "elasticloadbalancing:"

ALWAYS = frozenset(
    (
        "iam:CreateServiceLinkedRole",
        *(
            f"ec2:{action}"
            for action in (
                *("DescribeAccountAttributes", "DescribeAddresses", "DescribeInternetGateways", "DescribeVpcs"),
                *("DescribeSubnets", "DescribeSecurityGroups", "DescribeInstances", "DescribeNetworkInterfaces"),
                *("DescribeTags", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"),
                *("CreateSecurityGroup", "DeleteSecurityGroup", "CreateTags", "DeleteTags"),
            )
        ),
        *(
            _ELB + action
            for action in (
                *("DescribeLoadBalancers", "DescribeLoadBalancerAttributes", "DescribeListeners"),
                *("DescribeListenerCertificates", "DescribeSSLPolicies", "DescribeRules", "DescribeTargetGroups"),
                *("DescribeTargetGroupAttributes", "DescribeTargetHealth", "DescribeTags"),
                *("CreateLoadBalancer", "CreateTargetGroup", "CreateListener", "DeleteListener", "CreateRule"),
                *("DeleteRule", "AddTags", "RemoveTags", "ModifyLoadBalancerAttributes", "SetIpAddressType"),
                *("SetSecurityGroups", "SetSubnets", "DeleteLoadBalancer", "ModifyTargetGroup"),
                *("ModifyTargetGroupAttributes", "DeleteTargetGroup", "RegisterTargets", "DeregisterTargets"),
                *("ModifyListener", "AddListenerCertificates", "RemoveListenerCertificates", "ModifyRule"),
            )
        ),
        *("acm:ListCertificates", "acm:DescribeCertificate"),
    )
)
"""Needed for any balancer, by every version since 2.0."""

SINCE: Mapping[str, tuple[int, int]] = {
    "ec2:DescribeAvailabilityZones": (2, 2),
    _ELB + "DescribeListenerAttributes": (2, 9),
    _ELB + "ModifyListenerAttributes": (2, 9),
    "ec2:GetSecurityGroupsForVpc": (2, 10),
    _ELB + "SetRulePriorities": (2, 12),
    "ec2:DescribeRouteTables": (2, 13),
}
"""Needed for any balancer since a version of the controller."""

_FIREWALL = ("GetWebACL", "GetWebACLForResource", "AssociateWebACL", "DisassociateWebACL")
SWITCHED: Mapping[str, frozenset[str]] = {
    "enableWaf": frozenset(f"waf-regional:{action}" for action in _FIREWALL),
    "enableWafv2": frozenset((*(f"wafv2:{action}" for action in _FIREWALL), _ELB + "SetWebAcl")),
    "enableShield": frozenset(
        ("shield:GetSubscriptionState", *(f"shield:{action}Protection" for action in ("Describe", "Create", "Delete")))
    ),
}
"""Needed unless the chart's value of this name is false."""

_CHART = re.compile(r"v?(\d{1,3})\.(\d{1,3})", re.ASCII)


def incomplete(given: list[Statement], values: Mapping[str, Any], version: str | None) -> Finding | None:
    """Why a role with these statements is not enough for the controller that runs with these chart values. `version` is
    the chart's; None stands for the newest."""
    missing = not_allowed(needed(values, version), given)
    if not missing:
        return None
    said = ", ".join(missing[:4]) + (f" and {len(missing) - 4} more" if len(missing) > 4 else "")
    return Finding(
        f"its policies do not allow {said}",
        "Attach the whole of upstream's docs/install/iam_policy.json for the installed version: "
        'aws.iam.RolePolicy(policy=Path("iam_policy.json").read_text(), ...).',
        SLUG,
    )


def needed(values: Mapping[str, Any], version: str | None) -> frozenset[str]:
    """The actions that the controller of a chart version needs, with what these values leave switched on."""
    number = _application(version)
    since = {action for action, first in SINCE.items() if number is None or number >= first}
    switched = {action for key, actions in SWITCHED.items() if values.get(key) is not False for action in actions}
    return ALWAYS | since | switched


def _application(chart: str | None) -> tuple[int, int] | None:
    """The controller's version: the chart's own number since 3.0, before it 1.Y came with 2.Y."""
    found = _CHART.match(str(chart))
    if found is None:
        return None
    major, minor = int(found[1]), int(found[2])
    return (2, minor) if major == 1 else (major, minor)
