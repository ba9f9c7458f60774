"""Who may use a cluster: access entries, access policies and Pod Identity associations."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from pokayoke_rehearsal.world.eks import cloud
from pokayoke_rehearsal.world.eks.state import (
    AccessEntry,
    Cluster,
    Shape,
    bad_request,
    in_use,
    invalid,
    not_found,
    now,
    random_text,
)
from pokayoke_rehearsal.world.eks.store import Backend
from pokayoke_rehearsal.world.model import OPERATOR
from pokayoke_rehearsal.world.shapes import listed, mapped

ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
MODES = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")
# Types whose entries EKS gives their rights itself (EKS user guide, access entries; `EC2` does take policies).
NODE_TYPES = ("EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX")
NO_API = "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation."
NO_ENTRY = (
    "The specified principalArn could not be found. You can view your available access entries with "
    "'list-access-entries'."
)


class AccessOperations(Backend):
    """Access entries and their policies."""

    def create_access_entry(self, asked: Shape) -> Shape:
        cluster = self._with_api(asked["clusterName"])
        principal = asked["principalArn"]
        if not principal.startswith("arn:") or ":iam::" not in principal:
            raise invalid("The specified principalArn is invalid: invalid principal.")
        if principal in cluster.entries:
            raise in_use("The specified access entry resource is already in use on this cluster.")
        kind = asked.get("type") or "STANDARD"
        groups = listed(asked, "kubernetesGroups")
        if kind in NODE_TYPES and (groups or asked.get("username")):
            raise invalid(f"An access entry of type {kind} cannot have a username or Kubernetes groups.")
        if kind == "STANDARD":
            for group in groups:
                if group.startswith("system:"):
                    raise invalid(f"The kubernetes group name {group} is invalid, it cannot start with system:")
        return {"accessEntry": admit(cluster, principal, kind, asked).shape}

    def describe_access_entry(self, asked: Shape) -> Shape:
        return {"accessEntry": self._entry(asked).shape}

    def list_access_entries(self, asked: Shape) -> Shape:
        return {"accessEntries": sorted(self._with_api(asked["clusterName"]).entries)}

    def update_access_entry(self, asked: Shape) -> Shape:
        entry = self._entry(asked)
        entry.shape |= {key: asked[key] for key in ("kubernetesGroups", "username") if asked.get(key) is not None}
        entry.shape["modifiedAt"] = now()
        return {"accessEntry": entry.shape}

    def delete_access_entry(self, asked: Shape) -> Shape:
        self._entry(asked)
        del self.cluster(asked["clusterName"]).entries[asked["principalArn"]]
        return {}

    def associate_access_policy(self, asked: Shape) -> Shape:
        entry = self._entry(asked)
        kind = entry.shape["type"]
        if kind in NODE_TYPES:
            raise bad_request(f"An access entry of type {kind} cannot have access policies associated with it.")
        if ":cluster-access-policy/" not in asked["policyArn"]:
            raise invalid("The policyArn parameter format is not valid")
        scope = asked["accessScope"]
        if scope.get("type") == "namespace" and not scope.get("namespaces"):
            raise invalid("Namespaces must be given when the access scope type is namespace.")
        policy: Shape = {"policyArn": asked["policyArn"], "accessScope": scope}
        policy |= {"associatedAt": now(), "modifiedAt": now()}
        entry.policies[asked["policyArn"]] = policy
        return {
            "clusterName": asked["clusterName"],
            "principalArn": asked["principalArn"],
            "associatedAccessPolicy": policy,
        }

    def disassociate_access_policy(self, asked: Shape) -> Shape:
        if self._entry(asked).policies.pop(asked["policyArn"], None) is None:
            raise not_found("The specified policyArn could not be found.")
        return {}

    def list_associated_access_policies(self, asked: Shape) -> Shape:
        policies = list(self._entry(asked).policies.values())
        names = {"clusterName": asked["clusterName"], "principalArn": asked["principalArn"]}
        return names | {"associatedAccessPolicies": policies}

    def _with_api(self, name: str) -> Cluster:
        cluster = self.cluster(name)
        if cluster.authentication_mode == "CONFIG_MAP":
            raise bad_request(NO_API)
        return cluster

    def _entry(self, asked: Shape) -> AccessEntry:
        entry = self._with_api(asked["clusterName"]).entries.get(asked["principalArn"])
        if entry is None:
            raise not_found(NO_ENTRY)
        return entry


class PodIdentityOperations(Backend):
    """Pod Identity associations: one per cluster, namespace and service account."""

    def create_pod_identity_association(self, asked: Shape) -> Shape:
        cluster = self.cluster(asked["clusterName"])
        if cloud.role(asked["roleArn"], self.account_id) is None:
            raise invalid("Role provided in the request does not exist.")
        return {"association": associate(cluster, asked)}

    def describe_pod_identity_association(self, asked: Shape) -> Shape:
        return {"association": self._association(asked)}

    def list_pod_identity_associations(self, asked: Shape) -> Shape:
        shown = ("clusterName", "namespace", "serviceAccount", "associationArn", "associationId", "ownerArn")
        wanted = {key: asked[key] for key in ("namespace", "serviceAccount") if asked.get(key)}
        return {
            "associations": [
                {key: found[key] for key in shown if key in found}
                for found in self.cluster(asked["clusterName"]).associations.values()
                if wanted.items() <= found.items()
            ]
        }

    def update_pod_identity_association(self, asked: Shape) -> Shape:
        association = self._association(asked)
        for key in ("roleArn", "targetRoleArn", "disableSessionTags", "policy"):
            if asked.get(key) is not None:
                association[key] = asked[key]
        association["modifiedAt"] = now()
        return {"association": association}

    def delete_pod_identity_association(self, asked: Shape) -> Shape:
        association = self._association(asked)
        if "ownerArn" in association:
            raise bad_request(f"Association {asked['associationId']} is owned by {association['ownerArn']}")
        del self.cluster(asked["clusterName"]).associations[asked["associationId"]]
        return {"association": association}

    def _association(self, asked: Shape) -> Shape:
        association = self.cluster(asked["clusterName"]).associations.get(asked["associationId"])
        if association is None:
            raise not_found(f"No association found for id: {asked['associationId']}")
        return association


def admit(cluster: Cluster, principal: str, kind: str, asked: Shape) -> AccessEntry:
    """Makes an access entry."""
    node = "system:node:{{EC2PrivateDNSName}}" if kind.startswith("EC2") else "system:node:{{SessionName}}"
    username = asked.get("username") or (node if kind in NODE_TYPES else principal)
    region, account = cluster.shape["arn"].split(":")[3:5]
    name = principal.rsplit("/", 1)[-1]
    shape: Shape = {
        "clusterName": cluster.name,
        "principalArn": principal,
        "kubernetesGroups": ["system:nodes"] if kind in NODE_TYPES else listed(asked, "kubernetesGroups"),
        "accessEntryArn": f"arn:aws:eks:{region}:{account}:access-entry/{cluster.name}/role/{account}/{name}/"
        f"{random_text(8)}-{random_text(4)}",
        "createdAt": now(),
        "modifiedAt": now(),
        "tags": mapped(asked, "tags"),
        "username": username,
        "type": kind,
    }
    entry = cluster.entries[principal] = AccessEntry(shape)
    return entry


def admit_creator(cluster: Cluster, asked: Shape) -> None:
    """Whoever makes a cluster is its administrator unless the request says otherwise."""
    if cluster.authentication_mode == "CONFIG_MAP" or not asked.get("bootstrapClusterCreatorAdminPermissions", True):
        return
    entry = admit(cluster, OPERATOR, "STANDARD", {})
    entry.policies[ADMIN_POLICY] = {
        "policyArn": ADMIN_POLICY,
        "accessScope": {"type": "cluster", "namespaces": []},
        "associatedAt": now(),
        "modifiedAt": now(),
    }


def admit_nodes(cluster: Cluster, role_arn: str, kind: str) -> None:
    """EKS admits the roles of its own node groups and Fargate profiles, unless they are admitted already."""
    if cluster.authentication_mode != "CONFIG_MAP" and role_arn not in cluster.entries:
        admit(cluster, role_arn, kind, {}).managed = True


def dismiss_nodes(cluster: Cluster, role_arn: str, still_used: bool) -> None:
    entry = cluster.entries.get(role_arn)
    if entry is not None and entry.managed and not still_used:
        del cluster.entries[role_arn]


def change_mode(cluster: Cluster, mode: str) -> None:
    """The authentication mode only moves towards the API (EKS user guide, authentication modes)."""
    before = cluster.authentication_mode
    if MODES.index(mode) < MODES.index(before):
        raise invalid(f"Unsupported authentication mode update from {before} to {mode}")
    cluster.shape["accessConfig"]["authenticationMode"] = mode


def associate(cluster: Cluster, asked: Shape, owner: str | None = None) -> Shape:
    """Makes a Pod Identity association; one that exists for the service account is a conflict."""
    for found in cluster.associations.values():
        if (found["namespace"], found["serviceAccount"]) == (asked["namespace"], asked["serviceAccount"]):
            raise in_use(f"Association already exists: {found['associationId']}")
    association_id = f"a-{random_text(17)}"
    region, account = cluster.shape["arn"].split(":")[3:5]
    association: Shape = {
        "clusterName": cluster.name,
        "namespace": asked["namespace"],
        "serviceAccount": asked["serviceAccount"],
        "roleArn": asked["roleArn"],
        "associationArn": f"arn:aws:eks:{region}:{account}:podidentityassociation/{cluster.name}/{association_id}",
        "associationId": association_id,
        "tags": mapped(asked, "tags"),
        "createdAt": now(),
        "modifiedAt": now(),
        "disableSessionTags": asked.get("disableSessionTags") or False,
    }
    association |= {key: asked[key] for key in ("targetRoleArn", "policy") if asked.get(key)}
    if association.get("targetRoleArn"):
        association["externalId"] = random_text(36)
    if owner:
        association["ownerArn"] = owner
    cluster.associations[association_id] = association
    return association
