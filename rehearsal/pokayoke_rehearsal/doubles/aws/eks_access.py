"""Access entries, access policies and Pod Identity associations."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pokayoke_rehearsal.doubles.aws.eks_clusters import EksResource, present, stamp
from pokayoke_rehearsal.doubles.aws.resource import Made
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs
from pokayoke_rehearsal.world.shapes import mapped


class AccessEntry(EksResource):
    pulumi_type = "aws:eks/accessEntry:AccessEntry"
    noun = "EKS Access Entry"
    operation = "CreateAccessEntry"
    tagged = True
    arn_key = "accessEntryArn"
    required = ("clusterName", "principalArn")
    replace = ("clusterName", "principalArn", "type")
    computed = ("accessEntryArn", "createdAt", "kubernetesGroups", "modifiedAt", "userName")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return present(inputs, "clusterName", "kubernetesGroups", "principalArn", "type", userName="username")

    def create(self, site: Site, inputs: Inputs) -> Made:
        answer = site.client("eks").create_access_entry(**self.parameters(inputs), tags=mapped(inputs, "tags"))
        return f"{inputs['clusterName']}:{inputs['principalArn']}", self._outputs(answer["accessEntry"])

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        cluster, _, principal = resource_id.partition(":")
        answer = site.client("eks").describe_access_entry(clusterName=cluster, principalArn=principal)
        return self._outputs(answer["accessEntry"])

    def _outputs(self, entry: dict[str, Any]) -> Inputs:
        return {
            "accessEntryArn": entry["accessEntryArn"],
            "clusterName": entry["clusterName"],
            "createdAt": stamp(entry["createdAt"]),
            "kubernetesGroups": entry["kubernetesGroups"],
            "modifiedAt": stamp(entry["modifiedAt"]),
            "principalArn": entry["principalArn"],
            "tags": entry["tags"],
            "type": entry["type"],
            "userName": entry["username"],
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        wanted = present(news, "clusterName", "kubernetesGroups", "principalArn", userName="username")
        site.client("eks").update_access_entry(**wanted)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        cluster, _, principal = resource_id.partition(":")
        site.client("eks").delete_access_entry(clusterName=cluster, principalArn=principal)


class AccessPolicyAssociation(EksResource):
    pulumi_type = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
    noun = "EKS Access Policy Association"
    operation = "AssociateAccessPolicy"
    required = ("accessScope", "clusterName", "policyArn", "principalArn")
    replace = ("accessScope", "clusterName", "policyArn", "principalArn")
    computed = ("associatedAt", "modifiedAt")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return present(inputs, "accessScope", "clusterName", "policyArn", "principalArn")

    def create(self, site: Site, inputs: Inputs) -> Made:
        found = site.client("eks").associate_access_policy(**self.parameters(inputs))["associatedAccessPolicy"]
        stamps = {key: stamp(found[key]) for key in ("associatedAt", "modifiedAt")}
        return f"{inputs['clusterName']}#{inputs['principalArn']}#{inputs['policyArn']}", stamps

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        cluster, principal, policy = resource_id.split("#")
        answer = site.client("eks").list_associated_access_policies(clusterName=cluster, principalArn=principal)
        for found in answer["associatedAccessPolicies"]:
            if found["policyArn"] == policy:
                stamps = {key: stamp(found[key]) for key in ("associatedAt", "modifiedAt")}
                return stamps | {"clusterName": cluster, "policyArn": policy, "principalArn": principal}
        return None

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        cluster, principal, policy = resource_id.split("#")
        eks = site.client("eks")
        eks.disassociate_access_policy(clusterName=cluster, principalArn=principal, policyArn=policy)


class PodIdentityAssociation(EksResource):
    pulumi_type = "aws:eks/podIdentityAssociation:PodIdentityAssociation"
    noun = "EKS Pod Identity Association"
    operation = "CreatePodIdentityAssociation"
    tagged = True
    arn_key = "associationArn"
    required = ("clusterName", "namespace", "roleArn", "serviceAccount")
    replace = ("clusterName", "namespace", "serviceAccount")
    computed = ("associationArn", "associationId", "disableSessionTags", "externalId")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return present(inputs, "clusterName", "namespace", "serviceAccount") | self._changeable(inputs)

    def create(self, site: Site, inputs: Inputs) -> Made:
        tags = {"tags": inputs["tags"]} if inputs.get("tags") else {}
        answer = site.client("eks").create_pod_identity_association(**self.parameters(inputs), **tags)
        return answer["association"]["associationId"], self._outputs(answer["association"])

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        if "clusterName" not in known:
            return None
        answer = site.client("eks").describe_pod_identity_association(
            clusterName=known["clusterName"], associationId=resource_id
        )
        return self._outputs(answer["association"])

    def live(self, site: Site, resource_id: str, known: Inputs) -> Inputs:
        answer = site.client("eks").describe_pod_identity_association(
            clusterName=known["clusterName"], associationId=resource_id
        )
        return {"tags": answer["association"].get("tags", {})}

    def _outputs(self, found: dict[str, Any]) -> Inputs:
        same = ("associationArn", "associationId", "clusterName", "disableSessionTags", "namespace", "roleArn")
        return present(found, *same, "serviceAccount") | {"externalId": found.get("externalId", "")}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("eks").update_pod_identity_association(
            clusterName=news["clusterName"], associationId=resource_id, **self._changeable(news)
        )

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        eks = site.client("eks")
        eks.delete_pod_identity_association(clusterName=state["clusterName"], associationId=resource_id)

    def _changeable(self, inputs: Inputs) -> dict[str, Any]:
        return present(inputs, "disableSessionTags", "policy", "roleArn", "targetRoleArn")
