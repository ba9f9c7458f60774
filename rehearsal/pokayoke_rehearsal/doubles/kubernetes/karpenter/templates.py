"""Launch templates, fleets and instances: what the controller asks EC2 for, and whether its role allows it.

Which resources and condition keys each call is judged by: service authorization reference, Amazon EC2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.controller_aws import carried, requested
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLASS_LABEL, POOL_LABEL
from pokayoke_rehearsal.doubles.kubernetes.karpenter.running import Acting, unauthorized
from pokayoke_rehearsal.world.iam_evaluator import Value

Call = tuple[str, str, Mapping[str, Value]]

_MADE = ("fleet", "instance", "volume", "network-interface", "spot-instances-request")
"""What a fleet makes, each with the request's tags."""


class LaunchError(Exception):
    """EC2 refuses the instance; the text is what NodeClaims say."""


@dataclass(frozen=True)
class Wanted:
    """One instance to start."""

    node_class: str
    instance_type: str
    spot: bool
    subnet: str
    groups: tuple[str, ...]
    image: str
    profile: str
    tags: Mapping[str, str]
    hop_limit: int


def tags(acting: Acting, node_class: str, pool: str, more: Mapping[str, str]) -> dict[str, str]:
    """The tags on everything that is made from a class."""
    return {
        **more,
        "eks:eks-cluster-name": acting.cluster_name,
        f"kubernetes.io/cluster/{acting.cluster_name}": "owned",
        CLASS_LABEL: node_class,
        POOL_LABEL: pool,
    }


def refused(acting: Acting, node_class: str, subnets: Sequence[str], groups: Sequence[str]) -> str:
    """The first call of a launch that the role does not allow, empty when it allows all (Karpenter's dry runs)."""
    tagged = tags(acting, node_class, "", {})
    for name, calls in (
        ("CreateFleet", _fleet(acting, subnets[:1], groups, tagged, tagged)),
        ("CreateLaunchTemplate", _template(acting, tagged)),
        ("RunInstances", _starts(acting, "ec2:RunInstances", subnets[:1], groups, tagged, tagged)),
    ):
        if not all(acting.caller.may_with(*call) for call in calls):
            return name
    return ""


def launch(acting: Acting, wanted: Wanted) -> str:
    """Starts an instance and answers its id; raises LaunchError."""
    profile = acting.account.profile(wanted.profile)
    role = acting.account.role(profile.role) if profile is not None and profile.role else None
    if profile is None or role is None:
        raise LaunchError(f"InvalidParameterValue: Invalid IAM Instance Profile name {wanted.profile}")
    _require(acting, "CreateLaunchTemplate", _template(acting, wanted.tags))
    template = _ensure_template(acting, wanted)
    asked = ([wanted.subnet], wanted.groups, wanted.tags, acting.account.tags_of(template) or wanted.tags)
    _require(acting, "CreateFleet", _fleet(acting, *asked))
    _require(acting, "CreateFleet", _starts(acting, "ec2:RunInstances", *asked))
    _require(acting, "CreateFleet", [("iam:PassRole", role.arn, {"iam:PassedToService": "ec2.amazonaws.com"})])
    market: dict[str, Any] = {"InstanceMarketOptions": {"MarketType": "spot"}} if wanted.spot else {}
    found = acting.account.ec2.run_instances(
        ImageId=wanted.image,
        InstanceType=wanted.instance_type,
        MinCount=1,
        MaxCount=1,
        SubnetId=wanted.subnet,
        SecurityGroupIds=list(wanted.groups),
        IamInstanceProfile={"Name": wanted.profile},
        MetadataOptions={"HttpTokens": "required", "HttpPutResponseHopLimit": wanted.hop_limit},
        TagSpecifications=[{"ResourceType": kind, "Tags": listed(wanted.tags)} for kind in ("instance", "volume")],
        **market,
    )
    return found["Instances"][0]["InstanceId"]


def terminate(acting: Acting, instance: str) -> bool:
    """Ends an instance; answers whether it is gone."""
    if not acting.account.is_running(instance):
        return True
    context = carried("ec2", acting.account.tags_of(instance))
    if not acting.caller.may_with("ec2:TerminateInstances", _arn(acting, "instance"), context):
        return False
    acting.account.ec2.terminate_instances(InstanceIds=[instance])
    return True


def remove_all(acting: Acting, node_class: str) -> bool:
    """Deletes the launch templates of a class; answers whether none is left."""
    if not acting.caller.may("ec2:DescribeLaunchTemplates"):
        return False
    own = {"eks:eks-cluster-name": acting.cluster_name, CLASS_LABEL: node_class}
    for template, tagged in acting.account.templates(own):
        context = carried("ec2", tagged)
        if not acting.caller.may_with("ec2:DeleteLaunchTemplate", _arn(acting, "launch-template"), context):
            return False
        acting.account.ec2.delete_launch_template(LaunchTemplateId=template)
    return True


def listed(tagged: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as EC2 takes them."""
    return [{"Key": key, "Value": value} for key, value in tagged.items()]


def _ensure_template(acting: Acting, wanted: Wanted) -> str:
    own = {"eks:eks-cluster-name": acting.cluster_name, CLASS_LABEL: wanted.node_class}
    content = f"{wanted.node_class}/{wanted.image}/{wanted.profile}/{wanted.groups}/{wanted.hop_limit}"
    name = f"karpenter.k8s.aws/{int(hashlib.sha256(content.encode()).hexdigest()[:16], 16)}"
    for template, tagged in acting.account.templates(own):
        if tagged.get("Name") == name:
            return template
    made = acting.account.ec2.create_launch_template(
        LaunchTemplateName=name,
        LaunchTemplateData={
            "ImageId": wanted.image,
            "IamInstanceProfile": {"Name": wanted.profile},
            "SecurityGroupIds": list(wanted.groups),
            "MetadataOptions": {"HttpTokens": "required", "HttpPutResponseHopLimit": wanted.hop_limit},
        },
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": listed({**wanted.tags, "Name": name})}],
    )
    return made["LaunchTemplate"]["LaunchTemplateId"]


def _require(acting: Acting, call: str, needed: Iterator[Call] | Sequence[Call]) -> None:
    if not all(acting.caller.may_with(*one) for one in needed):
        raise LaunchError(f"creating instance, {unauthorized(f'EC2: {call}')}")


def _fleet(
    acting: Acting,
    subnets: Sequence[str],
    groups: Sequence[str],
    asked: Mapping[str, str],
    template: Mapping[str, str],
) -> Iterator[Call]:
    yield from _starts(acting, "ec2:CreateFleet", subnets, groups, asked, template)
    for kind in _MADE[:3]:
        context = {**requested(asked), "ec2:CreateAction": "CreateFleet"}
        yield "ec2:CreateTags", _arn(acting, kind), context


def _template(acting: Acting, asked: Mapping[str, str]) -> Iterator[Call]:
    arn = _arn(acting, "launch-template")
    yield "ec2:CreateLaunchTemplate", arn, requested(asked)
    yield "ec2:CreateTags", arn, {**requested(asked), "ec2:CreateAction": "CreateLaunchTemplate"}


def _starts(
    acting: Acting,
    action: str,
    subnets: Sequence[str],
    groups: Sequence[str],
    asked: Mapping[str, str],
    template: Mapping[str, str],
) -> Iterator[Call]:
    for kind, names in (("subnet", subnets), ("security-group", groups)):
        for name in names:
            yield action, acting.account.arn("ec2", f"{kind}/{name}"), carried("ec2", acting.account.tags_of(name))
    yield action, acting.account.arn("ec2", "image/ami-0", account=False), {}
    yield action, _arn(acting, "launch-template"), {**carried("ec2", template), **requested(asked)}
    for kind in _MADE:
        if kind != "fleet" or action == "ec2:CreateFleet":
            yield action, _arn(acting, kind), requested(asked)


def _arn(acting: Acting, kind: str) -> str:
    return acting.account.arn("ec2", f"{kind}/{kind}-0")
