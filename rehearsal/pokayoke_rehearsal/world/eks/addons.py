"""Managed add-ons: conflicts with self-managed ones, health that depends on nodes, versions."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

import json
import re
from typing import cast

from pokayoke_rehearsal.world.eks import access
from pokayoke_rehearsal.world.eks.state import (
    Cluster,
    Shape,
    in_use,
    invalid,
    minor,
    not_found,
    now,
    random_text,
    update_of,
)
from pokayoke_rehearsal.world.eks.store import Backend
from pokayoke_rehearsal.world.eks.versions import ADDONS, DEPLOYMENTS, KUBERNETES, addon_versions, default_version
from pokayoke_rehearsal.world.shapes import listed, mapped

# What an apply without OVERWRITE stumbles over first, in the words of EKS.
CONFLICTS = {
    "coredns": "ConfigMap coredns - .data.Corefile",
    "kube-proxy": "DaemonSet.apps kube-proxy - .spec.template.spec.containers",
    "vpc-cni": "DaemonSet.apps aws-node - .spec.template.spec.containers",
}
UNHEALTHY = "The add-on is unhealthy because it doesn't have the desired number of replicas."
# Taints that the pods of these add-ons tolerate by themselves.
TOLERATED = ("CriticalAddonsOnly", "node-role.kubernetes.io/control-plane")


class AddonOperations(Backend):
    """CreateAddon, DescribeAddon, UpdateAddon, DeleteAddon, ListAddons, DescribeAddonVersions."""

    def create_addon(self, asked: Shape) -> Shape:
        cluster, name = self.cluster(asked["clusterName"]), asked["addonName"]
        if name in cluster.addons:
            raise in_use("Addon already exists.")
        if name not in ADDONS:
            raise invalid(f"Addon {name} specified is not supported")
        version = asked.get("addonVersion") or default_version(name, cluster.version)
        self._supported(cluster, name, version)
        place = f"arn:{self.partition}:eks:{self.region_name}:{self.account_id}"
        addon: Shape = {
            "addonName": name,
            "clusterName": cluster.name,
            "status": "ACTIVE",
            "addonVersion": version,
            "health": {"issues": []},
            "addonArn": f"{place}:addon/{cluster.name}/{name}/{random_text(8)}",
            "createdAt": now(),
            "modifiedAt": now(),
            "tags": mapped(asked, "tags"),
            "podIdentityAssociations": [],
        }
        addon |= {key: asked[key] for key in ("configurationValues", "serviceAccountRoleArn") if asked.get(key)}
        if name in cluster.self_managed and asked.get("resolveConflicts") != "OVERWRITE":
            text = (
                "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. "
                f"Conflicts: {CONFLICTS[name]}"
            )
            addon |= {"status": "CREATE_FAILED", "health": _issue("ConfigurationConflict", text)}
            cluster.addons[name] = addon
            return {"addon": addon}
        namespace = mapped(asked, "namespaceConfig").get("namespace") or "kube-system"
        for wanted in listed(asked, "podIdentityAssociations"):
            self._associate(cluster, addon, namespace, wanted)
        cluster.addons[name] = addon
        cluster.self_managed.pop(name, None)
        self._announce(cluster, addon)
        return {"addon": self._healthy(cluster, addon)}

    def describe_addon(self, asked: Shape) -> Shape:
        cluster = self.cluster(asked["clusterName"])
        return {"addon": self._healthy(cluster, self._addon(cluster, asked["addonName"]))}

    def list_addons(self, asked: Shape) -> Shape:
        return {"addons": sorted(self.cluster(asked["clusterName"]).addons)}

    def update_addon(self, asked: Shape) -> Shape:
        cluster = self.cluster(asked["clusterName"])
        addon = self._addon(cluster, asked["addonName"])
        version = asked.get("addonVersion")
        if version:
            self._supported(cluster, addon["addonName"], version)
        changes = ("addonVersion", "configurationValues", "serviceAccountRoleArn")
        addon |= {key: asked[key] for key in changes if asked.get(key) is not None}
        if asked.get("podIdentityAssociations") is not None:
            self._dissociate(cluster, addon)
            for wanted in asked["podIdentityAssociations"]:
                self._associate(cluster, addon, "kube-system", wanted)
        addon["modifiedAt"] = now()
        if addon["status"] in ("CREATE_FAILED", "UPDATE_FAILED") and asked.get("resolveConflicts") == "OVERWRITE":
            addon |= {"status": "ACTIVE", "health": {"issues": []}}
            cluster.self_managed.pop(addon["addonName"], None)
        self._announce(cluster, addon)
        return update_of(cluster, "AddonUpdate", {"AddonVersion": addon["addonVersion"]})

    def delete_addon(self, asked: Shape) -> Shape:
        cluster = self.cluster(asked["clusterName"])
        addon = self._addon(cluster, asked["addonName"])
        del cluster.addons[addon["addonName"]]
        self._dissociate(cluster, addon)
        if asked.get("preserve"):
            cluster.self_managed[addon["addonName"]] = addon["addonVersion"]
        elif addon["addonName"] not in cluster.self_managed:
            self.world.clusters.addon_removed(self.region_name, cluster.name, addon["addonName"])
        return {"addon": addon | {"status": "DELETING"}}

    def describe_addon_versions(self, asked: Shape) -> Shape:
        wanted = [asked["kubernetesVersion"]] if asked.get("kubernetesVersion") else list(KUBERNETES)
        answer: list[Shape] = []
        for name in [asked["addonName"]] if asked.get("addonName") else ADDONS:
            by_version: dict[str, list[Shape]] = {}
            for kubernetes in wanted:
                for version in addon_versions(name, kubernetes):
                    default = version == default_version(name, kubernetes)
                    fits: Shape = {"clusterVersion": kubernetes, "platformVersions": ["*"], "defaultVersion": default}
                    by_version.setdefault(version, []).append(fits)
            versions = [
                {"addonVersion": version, "architecture": ["amd64", "arm64"], "compatibilities": fits}
                for version, fits in by_version.items()
            ]
            answer.append({"addonName": name, "type": "networking", "addonVersions": versions})
        return {"addons": answer}

    def _addon(self, cluster: Cluster, name: str) -> Shape:
        addon = cluster.addons.get(name)
        if addon is None:
            raise not_found(f"No addon: {name} found in cluster: {cluster.name}")
        return addon

    def _announce(self, cluster: Cluster, addon: Shape) -> None:
        name, version, values = addon["addonName"], addon["addonVersion"], addon.get("configurationValues") or ""
        self.world.clusters.addon_installed(self.region_name, cluster.name, name, version, values)

    def _supported(self, cluster: Cluster, name: str, version: str) -> None:
        # Not every build is known here, so a version is refused for its form, or for a minor above the cluster's.
        wrong_minor = name == "kube-proxy" and minor(version.removeprefix("v")) > minor(cluster.version)
        if not re.fullmatch(r"v\d+\.\d+\.\d+-eksbuild\.\d+", version) or wrong_minor:
            raise invalid("Addon version specified is not supported")

    def _associate(self, cluster: Cluster, addon: Shape, namespace: str, wanted: Shape) -> None:
        association = access.associate(cluster, wanted | {"namespace": namespace}, owner=addon["addonArn"])
        addon["podIdentityAssociations"].append(association["associationArn"])

    def _dissociate(self, cluster: Cluster, addon: Shape) -> None:
        for found in [one for one in cluster.associations.values() if one.get("ownerArn") == addon["addonArn"]]:
            del cluster.associations[found["associationId"]]
        addon["podIdentityAssociations"] = []

    def _healthy(self, cluster: Cluster, addon: Shape) -> Shape:
        if addon["addonName"] not in DEPLOYMENTS or addon["status"] != "ACTIVE":
            return addon
        problem = "no node takes its pods"
        if self._schedulable(cluster, addon):
            problem = self.world.clusters.addon_problem(self.region_name, cluster.name, addon["addonName"])
        if problem:
            issue = _issue("InsufficientNumberOfReplicas", f"{UNHEALTHY} ({problem})")
            return addon | {"status": "DEGRADED", "health": issue}
        return addon | {"status": "ACTIVE", "health": {"issues": []}}

    def _schedulable(self, cluster: Cluster, addon: Shape) -> bool:
        if cluster.fargate_profiles or mapped(cluster.shape, "computeConfig").get("enabled"):
            return True
        tolerations, selector = _placement(addon)
        return any(
            all(_tolerates(tolerations, taint) for taint in node.taints)
            and selector.items() <= dict(node.labels).items()
            for node in [*cluster.nodes, *cluster.self_managed_nodes]
        )


def _placement(addon: Shape) -> tuple[list[Shape], dict[str, str]]:
    """Tolerations and node selector of the add-on's configuration values; those of a CSI driver's controller count."""
    try:
        values = cast("Shape", json.loads(addon.get("configurationValues") or "{}"))
    except ValueError:
        values = {}
    controller = mapped(values, "controller")
    tolerations = [*listed(values, "tolerations"), *listed(controller, "tolerations")]
    return tolerations, {**mapped(values, "nodeSelector"), **mapped(controller, "nodeSelector")}


def _tolerates(tolerations: list[Shape], taint: tuple[str, str, str]) -> bool:
    key, value, effect = taint
    if key in TOLERATED or effect == "PreferNoSchedule":
        return True
    return any(
        toleration.get("key") in (None, key)
        and toleration.get("effect") in (None, "", effect)
        and (toleration.get("operator") == "Exists" or toleration.get("value", "") == value)
        for toleration in tolerations
    )


def _issue(code: str, message: str) -> Shape:
    return {"issues": [{"code": code, "message": message, "resourceIds": []}]}
