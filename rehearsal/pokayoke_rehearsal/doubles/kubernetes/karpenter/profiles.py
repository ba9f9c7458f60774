"""Instance profiles: the one that a class names, or the one that Karpenter makes for a role."""

from __future__ import annotations

import hashlib
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.karpenter.conditions import Said
from pokayoke_rehearsal.doubles.kubernetes.karpenter.names import CLASS_LABEL
from pokayoke_rehearsal.doubles.kubernetes.karpenter.running import Acting
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, metadata, name_of, text
from pokayoke_rehearsal.world.iam_evaluator import Value

KIND = "InstanceProfileReady"


def ensure(acting: Acting, node_class: Object) -> tuple[str, Said]:
    """The class' instance profile, made where the class names a role."""
    stated, role = text(at(node_class, "spec", "instanceProfile")), text(at(node_class, "spec", "role"))
    if stated:
        return stated, Said(KIND, True)
    name = _name(acting, node_class)
    problem = _made(acting, node_class, name, role)
    return (
        ("", Said(KIND, None, message=f"creating instance profile, {problem}")) if problem else (name, Said(KIND, True))
    )


def unusable(acting: Acting, name: str) -> str:
    """Why no instance can be given a profile, empty when one can."""
    profile = acting.account.profile(name)
    if profile is None:
        told = f"Value ({name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
        return f"InvalidParameterValue: {told}"
    if not profile.role:
        return f"InvalidParameterValue: IAM Instance Profile {profile.arn} has no associated IAM Roles"
    return ""


def remove(acting: Acting, node_class: Object) -> bool:
    """Deletes the profile that was made for a class; answers whether none is left."""
    if text(at(node_class, "spec", "instanceProfile")):
        return True
    profile = acting.account.profile(_name(acting, node_class))
    if profile is None:
        return True
    context: dict[str, Value] = {f"aws:ResourceTag/{key}": value for key, value in profile.tags.items()}
    for action in ("iam:RemoveRoleFromInstanceProfile", "iam:DeleteInstanceProfile"):
        if not acting.caller.may_with(action, profile.arn, context):
            return False
    iam = acting.account.iam
    if profile.role:
        iam.remove_role_from_instance_profile(InstanceProfileName=profile.name, RoleName=profile.role)
    iam.delete_instance_profile(InstanceProfileName=profile.name)
    return True


def _made(acting: Acting, node_class: Object, name: str, role_name: str) -> str:
    role, profile = acting.account.role(role_name), acting.account.profile(name)
    if profile is not None and profile.role == role_name:
        return ""
    if role is None:
        return f"NoSuchEntity: The role with name {role_name} cannot be found."
    tags = _tags(acting, node_class)
    arn = f"arn:aws:iam::{acting.account.world.account}:instance-profile{_path(acting, node_class)}{name}"
    asked: dict[str, Value] = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    carried: dict[str, Value] = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    needed: list[tuple[str, str, dict[str, Value]]] = [
        ("iam:CreateInstanceProfile", arn, {**asked, "aws:TagKeys": list(tags)}),
        ("iam:TagInstanceProfile", arn, {**asked, **carried}),
        ("iam:AddRoleToInstanceProfile", arn, carried),
        ("iam:PassRole", role.arn, {"iam:PassedToService": "ec2.amazonaws.com"}),
    ]
    for action, resource, context in needed:
        if not acting.caller.may_with(action, resource, context):
            user = acting.caller.role.arn
            return f"AccessDenied: User: {user} is not authorized to perform: {action} on resource: {resource}"
    iam = acting.account.iam
    if profile is None:
        listed: list[Any] = [{"Key": key, "Value": value} for key, value in tags.items()]
        iam.create_instance_profile(InstanceProfileName=name, Path=_path(acting, node_class), Tags=listed)
    elif profile.role:
        iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=profile.role)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role_name)
    return ""


def _name(acting: Acting, node_class: Object) -> str:
    digest = hashlib.sha256(f"{acting.region}/{name_of(node_class)}".encode()).hexdigest()
    return f"{acting.cluster_name}_{int(digest[:16], 16)}"


def _path(acting: Acting, node_class: Object) -> str:
    return f"/karpenter/{acting.region}/{acting.cluster_name}/{metadata(node_class)['uid']}/"


def _tags(acting: Acting, node_class: Object) -> dict[str, str]:
    return {
        f"kubernetes.io/cluster/{acting.cluster_name}": "owned",
        "eks:eks-cluster-name": acting.cluster_name,
        CLASS_LABEL: name_of(node_class),
        "topology.kubernetes.io/region": acting.region,
    }
