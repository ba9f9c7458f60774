"""IAM: roles and their policies, instance profiles."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Made, Resource, pick, tag_list, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs
from pokayoke_rehearsal.world.shapes import listed


class IamResource(Resource):
    """What resources of IAM have in common."""

    service: ClassVar[str] = "iam"
    regional: ClassVar[bool] = False
    tag_calls: ClassVar[tuple[str, str, str]] = ("", "", "")
    """The calls that tag and untag, and the parameter that names the resource."""

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        tag, untag, key = self.tag_calls
        if gone:
            getattr(site.client("iam"), untag)(**{key: resource_id}, TagKeys=list(gone))
        if tags:
            getattr(site.client("iam"), tag)(**{key: resource_id}, Tags=tag_list(tags))


class Role(IamResource):
    pulumi_type = "aws:iam/role:Role"
    noun = "IAM Role"
    operation = "CreateRole"
    tagged = True
    required = ("assumeRolePolicy",)
    autoname = Autoname(longest=64)
    replace = ("path",)
    computed = ("arn", "createDate", "inlinePolicies", "managedPolicyArns", "uniqueId")
    tag_calls = ("tag_role", "untag_role", "RoleName")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        renamed = {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}
        return pick(inputs, "description", "maxSessionDuration", "path", "permissionsBoundary", **renamed)

    def create(self, site: Site, inputs: Inputs) -> Made:
        answer = site.client("iam").create_role(**self.parameters(inputs), Tags=tag_list(inputs.get("tags")))
        self._set_policies(site, inputs["name"], {}, inputs)
        return inputs["name"], self._outputs(answer["Role"], inputs)

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        return self._outputs(site.client("iam").get_role(RoleName=resource_id)["Role"], known)

    def _outputs(self, role: dict[str, Any], known: Inputs) -> Inputs:
        return {
            "arn": role["Arn"],
            "assumeRolePolicy": known.get("assumeRolePolicy", ""),
            "createDate": role["CreateDate"].isoformat(),
            "inlinePolicies": known.get("inlinePolicies", []),
            "managedPolicyArns": known.get("managedPolicyArns", []),
            "maxSessionDuration": role.get("MaxSessionDuration", 3600),
            "name": role["RoleName"],
            "path": role["Path"],
            "tags": tag_map(role.get("Tags")),
            "uniqueId": role["RoleId"],
        }

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        trust = site.client("iam").get_role(RoleName=resource_id)["Role"]["AssumeRolePolicyDocument"]
        return {"assumeRolePolicy": json.dumps(trust)}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        iam = site.client("iam")
        if "assumeRolePolicy" in changed:
            iam.update_assume_role_policy(RoleName=resource_id, PolicyDocument=news["assumeRolePolicy"])
        if {"description", "maxSessionDuration"} & set(changed):
            settings = pick(news, "maxSessionDuration")
            iam.update_role(RoleName=resource_id, Description=news.get("description", ""), **settings)
        if "permissionsBoundary" in changed:
            if "permissionsBoundary" in news:
                boundary = news["permissionsBoundary"]
                iam.put_role_permissions_boundary(RoleName=resource_id, PermissionsBoundary=boundary)
            else:
                iam.delete_role_permissions_boundary(RoleName=resource_id)
        self._set_policies(site, resource_id, olds, news)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        iam = site.client("iam")
        if state.get("forceDetachPolicies"):
            attached = iam.list_attached_role_policies(RoleName=resource_id)["AttachedPolicies"]
            inline = iam.list_role_policies(RoleName=resource_id)["PolicyNames"]
        else:
            attached = [{"PolicyArn": arn} for arn in listed(state, "managedPolicyArns")]
            inline = [policy["name"] for policy in listed(state, "inlinePolicies")]
        for policy in attached:
            iam.detach_role_policy(RoleName=resource_id, PolicyArn=policy["PolicyArn"])
        for name in inline:
            iam.delete_role_policy(RoleName=resource_id, PolicyName=name)
        iam.delete_role(RoleName=resource_id)

    def _set_policies(self, site: Site, role: str, olds: Inputs, news: Inputs) -> None:
        iam = site.client("iam")
        before, after = listed(olds, "managedPolicyArns"), listed(news, "managedPolicyArns")
        for arn in [arn for arn in before if arn not in after and "managedPolicyArns" in news]:
            iam.detach_role_policy(RoleName=role, PolicyArn=arn)
        for arn in [arn for arn in after if arn not in before]:
            iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        inline = listed(news, "inlinePolicies")
        names = [policy.get("name") for policy in inline]
        for policy in [one for one in listed(olds, "inlinePolicies") if one.get("name") not in names]:
            iam.delete_role_policy(RoleName=role, PolicyName=policy["name"])
        for policy in [one for one in inline if one not in listed(olds, "inlinePolicies")]:
            iam.put_role_policy(RoleName=role, PolicyName=policy["name"], PolicyDocument=policy["policy"])


class RolePolicy(IamResource):
    pulumi_type = "aws:iam/rolePolicy:RolePolicy"
    noun = "IAM Role Policy"
    operation = "PutRolePolicy"
    required = ("policy", "role")
    autoname = Autoname(longest=128)
    replace = ("role",)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, name="PolicyName", policy="PolicyDocument", role="RoleName")

    def create(self, site: Site, inputs: Inputs) -> Made:
        site.client("iam").put_role_policy(**self.parameters(inputs))
        return f"{inputs['role']}:{inputs['name']}", {}

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        role, _, name = resource_id.partition(":")
        site.client("iam").get_role_policy(RoleName=role, PolicyName=name)
        return {"name": name, "role": role}

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        role, _, name = resource_id.partition(":")
        document = site.client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        return {"policy": json.dumps(document)}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("iam").put_role_policy(**self.parameters(news))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        role, _, name = resource_id.partition(":")
        site.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


class Policy(IamResource):
    pulumi_type = "aws:iam/policy:Policy"
    noun = "IAM Policy"
    operation = "CreatePolicy"
    tagged = True
    required = ("policy",)
    autoname = Autoname(longest=128)
    replace = ("description", "path")
    computed = ("arn", "attachmentCount", "policyId")
    tag_calls = ("tag_policy", "untag_policy", "PolicyArn")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "description", "path", name="PolicyName", policy="PolicyDocument")

    def create(self, site: Site, inputs: Inputs) -> Made:
        answer = site.client("iam").create_policy(**self.parameters(inputs), Tags=tag_list(inputs.get("tags")))
        return answer["Policy"]["Arn"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        policy = site.client("iam").get_policy(PolicyArn=resource_id)["Policy"]
        return {
            "arn": resource_id,
            "attachmentCount": policy.get("AttachmentCount", 0),
            "name": policy["PolicyName"],
            "path": policy["Path"],
            "policyId": policy["PolicyId"],
            "tags": tag_map(policy.get("Tags")),
        }

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        iam = site.client("iam")
        version = iam.get_policy(PolicyArn=resource_id)["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=resource_id, VersionId=version)["PolicyVersion"]
        return {"policy": json.dumps(found["Document"])}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if "policy" not in changed:
            return
        iam = site.client("iam")
        versions = iam.list_policy_versions(PolicyArn=resource_id)["Versions"]
        if len(versions) >= 5:
            oldest = min((one for one in versions if not one["IsDefaultVersion"]), key=lambda one: one["CreateDate"])
            iam.delete_policy_version(PolicyArn=resource_id, VersionId=oldest["VersionId"])
        iam.create_policy_version(PolicyArn=resource_id, PolicyDocument=news["policy"], SetAsDefault=True)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        iam = site.client("iam")
        for version in iam.list_policy_versions(PolicyArn=resource_id)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=resource_id, VersionId=version["VersionId"])
        iam.delete_policy(PolicyArn=resource_id)


class RolePolicyAttachment(IamResource):
    pulumi_type = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    noun = "IAM Role Policy Attachment"
    operation = "AttachRolePolicy"
    required = ("policyArn", "role")
    replace = ("policyArn", "role")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "policyArn", role="RoleName")

    def create(self, site: Site, inputs: Inputs) -> Made:
        site.client("iam").attach_role_policy(**self.parameters(inputs))
        return f"{inputs['role']}-{hashlib.sha256(inputs['policyArn'].encode()).hexdigest()[:26]}", {}

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        attached = site.client("iam").list_attached_role_policies(RoleName=known["role"])["AttachedPolicies"]
        return {} if known["policyArn"] in [policy["PolicyArn"] for policy in attached] else None

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("iam").detach_role_policy(RoleName=state["role"], PolicyArn=state["policyArn"])


class InstanceProfile(IamResource):
    pulumi_type = "aws:iam/instanceProfile:InstanceProfile"
    noun = "IAM Instance Profile"
    operation = "CreateInstanceProfile"
    tagged = True
    autoname = Autoname(longest=128)
    replace = ("path",)
    computed = ("arn", "createDate", "uniqueId")
    tag_calls = ("tag_instance_profile", "untag_instance_profile", "InstanceProfileName")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "path", name="InstanceProfileName")

    def create(self, site: Site, inputs: Inputs) -> Made:
        iam = site.client("iam")
        iam.create_instance_profile(**self.parameters(inputs), Tags=tag_list(inputs.get("tags")))
        if "role" in inputs:
            iam.add_role_to_instance_profile(InstanceProfileName=inputs["name"], RoleName=inputs["role"])
        return inputs["name"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        profile = site.client("iam").get_instance_profile(InstanceProfileName=resource_id)["InstanceProfile"]
        return {
            "arn": profile["Arn"],
            "createDate": profile["CreateDate"].isoformat(),
            "name": resource_id,
            "path": profile["Path"],
            "tags": tag_map(profile.get("Tags")),
            "uniqueId": profile["InstanceProfileId"],
        }

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        profile = site.client("iam").get_instance_profile(InstanceProfileName=resource_id)["InstanceProfile"]
        return {"role": profile["Roles"][0]["RoleName"]} if profile["Roles"] else {}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        if "role" in changed:
            self._remove(site, resource_id, olds)
            if "role" in news:
                site.client("iam").add_role_to_instance_profile(InstanceProfileName=resource_id, RoleName=news["role"])

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        self._remove(site, resource_id, state)
        site.client("iam").delete_instance_profile(InstanceProfileName=resource_id)

    def _remove(self, site: Site, name: str, state: Inputs) -> None:
        if state.get("role"):
            iam = site.client("iam")
            iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=state["role"])
