"""Control planes: what EKS checks before it makes one, what it makes beside it, and what goes with it."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import base64
from typing import Any

from pokayoke_rehearsal.world.eks import access, cloud
from pokayoke_rehearsal.world.eks.state import (
    Cluster,
    Shape,
    bad_request,
    in_use,
    invalid,
    minor,
    not_found,
    now,
    random_text,
    update_of,
)
from pokayoke_rehearsal.world.eks.store import Backend
from pokayoke_rehearsal.world.eks.versions import (
    DEFAULT_KUBERNETES,
    KUBERNETES,
    PLATFORM,
    SELF_MANAGED,
    default_version,
)
from pokayoke_rehearsal.world.shapes import listed, mapped

HEX = "0123456789ABCDEF"


class ClusterOperations(Backend):
    """CreateCluster, DescribeCluster, UpdateClusterConfig, UpdateClusterVersion, DeleteCluster, ListClusters."""

    def create_cluster(self, asked: Shape) -> Shape:
        name = asked["name"]
        if name in self.clusters:
            raise in_use(f"Cluster already exists with name: {name}")
        version = asked.get("version") or DEFAULT_KUBERNETES
        if version not in KUBERNETES:
            raise invalid(f"unsupported Kubernetes version {version}")
        cloud.require_trust(asked["roleArn"], "eks.amazonaws.com", self.account_id)
        network = self._network(name, asked["resourcesVpcConfig"])
        shape = self._described(name, version, asked, network)
        cluster = Cluster(shape=shape, name=name, region=self.region_name)
        group_id = cloud.make_cluster_security_group(self, name, network["vpcId"])
        network["clusterSecurityGroupId"] = group_id
        groups = [group_id, *network["securityGroupIds"]]
        cluster.interfaces = cloud.make_interfaces(self, network["subnetIds"], groups, f"Amazon EKS {name}")
        if asked.get("bootstrapSelfManagedAddons", True) and not mapped(asked, "computeConfig").get("enabled"):
            cluster.self_managed = {addon: default_version(addon, version) for addon in SELF_MANAGED}
        self.clusters[name] = cluster
        access.admit_creator(cluster, mapped(asked, "accessConfig"))
        if _enabled_logs(shape["logging"]):
            cloud.make_log_group(self, name)
        self.world.clusters.created(self.region_name, name, version, cluster.endpoint)
        for addon, running in cluster.self_managed.items():
            self.world.clusters.addon_installed(self.region_name, name, addon, running)
        return {"cluster": shape}

    def describe_cluster(self, asked: Shape) -> Shape:
        return {"cluster": self.cluster(asked["name"]).shape}

    def list_clusters(self, asked: Shape) -> Shape:  # noqa: ARG002
        return {"clusters": sorted(self.clusters)}

    def update_cluster_version(self, asked: Shape) -> Shape:
        cluster, version = self.cluster(asked["name"]), asked["version"]
        if version not in KUBERNETES or minor(version) != minor(cluster.version) + 1:
            raise invalid(f"Unsupported Kubernetes minor version update from {cluster.version} to {version}")
        cluster.shape["version"] = version
        cluster.shape["platformVersion"] = PLATFORM.get(version, "eks.1")
        self.world.clusters.upgraded(self.region_name, cluster.name, version)
        return update_of(cluster, "VersionUpdate", {"Version": version})

    def update_cluster_config(self, asked: Shape) -> Shape:
        cluster = self.cluster(asked["name"])
        changes = {key: value for key, value in asked.items() if key not in ("name", "clientRequestToken")}
        if "accessConfig" in changes:
            access.change_mode(cluster, changes["accessConfig"]["authenticationMode"])
        if "resourcesVpcConfig" in changes:
            cluster.shape["resourcesVpcConfig"] = _endpoint_access(
                cluster.shape["resourcesVpcConfig"] | changes["resourcesVpcConfig"]
            )
        if "logging" in changes:
            cluster.shape["logging"] = _logging(changes["logging"])
            if _enabled_logs(cluster.shape["logging"]):
                cloud.make_log_group(self, cluster.name)
        for key in ("upgradePolicy", "zonalShiftConfig", "deletionProtection", "computeConfig", "storageConfig"):
            if key in changes:
                cluster.shape[key] = changes[key]
        return update_of(cluster, "ConfigUpdate", changes)

    def describe_update(self, asked: Shape) -> Shape:
        update = self.cluster(asked["name"]).updates.get(asked["updateId"])
        if update is None:
            raise not_found(f"No update found for ID: {asked['updateId']}")
        return {"update": update}

    def associate_encryption_config(self, asked: Shape) -> Shape:
        cluster = self.cluster(asked["clusterName"])
        cluster.shape["encryptionConfig"] = asked["encryptionConfig"]
        return update_of(cluster, "AssociateEncryptionConfig", {"EncryptionConfig": asked["encryptionConfig"]})

    def delete_cluster(self, asked: Shape) -> Shape:
        cluster = self.cluster(asked["name"])
        if cluster.node_groups:
            raise in_use("Cluster has nodegroups attached")
        if cluster.fargate_profiles:
            raise in_use("Cluster has Fargate profiles attached")
        if cluster.shape["deletionProtection"]:
            # AWS's own wording of this refusal was not found; the code and the remedy are from the EKS user guide.
            raise bad_request(
                f"Cluster {cluster.name} has deletion protection enabled. "
                "Update the cluster to disable deletion protection before you delete it."
            )
        del self.clusters[cluster.name]
        cloud.remove_interfaces(self, cluster.interfaces)
        cloud.remove_security_group(self, cluster.shape["resourcesVpcConfig"]["clusterSecurityGroupId"])
        self.world.clusters.deleted(self.region_name, cluster.name)
        return {"cluster": cluster.shape | {"status": "DELETING"}}

    def _network(self, name: str, asked: Shape) -> Shape:
        subnets = [cloud.subnet(self, subnet_id) for subnet_id in listed(asked, "subnetIds")]
        if len({found.availability_zone for found in subnets}) < 2:
            raise invalid("Subnets specified must be in at least two different AZs")
        vpcs = {found.vpc_id for found in subnets}
        if len(vpcs) > 1:
            raise invalid(f"Subnets specified for cluster {name} must belong to one VPC, got {', '.join(sorted(vpcs))}")
        for group_id in listed(asked, "securityGroupIds"):
            cloud.security_group(self, group_id)
        return _endpoint_access(
            {
                "subnetIds": [found.id for found in subnets],
                "securityGroupIds": listed(asked, "securityGroupIds"),
                "vpcId": vpcs.pop(),
                "endpointPublicAccess": asked.get("endpointPublicAccess", True),
                "endpointPrivateAccess": asked.get("endpointPrivateAccess", False),
                "publicAccessCidrs": asked.get("publicAccessCidrs") or ["0.0.0.0/0"],
            }
        )

    def _described(self, name: str, version: str, asked: Shape, network: Shape) -> Shape:
        identity = random_text(32, HEX)
        addresses = mapped(asked, "kubernetesNetworkConfig")
        mode = mapped(asked, "accessConfig")
        auto = bool(mapped(asked, "computeConfig").get("enabled"))
        optional = (
            "zonalShiftConfig",
            "computeConfig",
            "storageConfig",
            "remoteNetworkConfig",
            "controlPlaneScalingConfig",
        )
        return {
            "name": name,
            "arn": f"arn:{self.partition}:eks:{self.region_name}:{self.account_id}:cluster/{name}",
            "createdAt": now(),
            "version": version,
            "endpoint": f"https://{identity}.gr7.{self.region_name}.eks.amazonaws.com",
            "roleArn": asked["roleArn"],
            "resourcesVpcConfig": network,
            "kubernetesNetworkConfig": {
                "serviceIpv4Cidr": addresses.get("serviceIpv4Cidr") or "172.20.0.0/16",
                "ipFamily": addresses.get("ipFamily") or "ipv4",
                "elasticLoadBalancing": addresses.get("elasticLoadBalancing") or {"enabled": auto},
            },
            "logging": _logging(mapped(asked, "logging")),
            "identity": {"oidc": {"issuer": f"https://oidc.eks.{self.region_name}.amazonaws.com/id/{identity}"}},
            "status": "ACTIVE",
            "certificateAuthority": {"data": base64.b64encode(f"rehearsal of {name}".encode()).decode()},
            "platformVersion": PLATFORM.get(version, "eks.1"),
            "tags": mapped(asked, "tags"),
            "encryptionConfig": listed(asked, "encryptionConfig"),
            "health": {"issues": []},
            "accessConfig": {
                "authenticationMode": mode.get("authenticationMode") or "CONFIG_MAP",
                "bootstrapClusterCreatorAdminPermissions": mode.get("bootstrapClusterCreatorAdminPermissions", True),
            },
            "upgradePolicy": asked.get("upgradePolicy") or {"supportType": "EXTENDED"},
            "deletionProtection": asked.get("deletionProtection", False),
        } | {key: asked[key] for key in optional if asked.get(key)}


def _endpoint_access(network: Shape) -> Shape:
    if not network["endpointPublicAccess"] and not network["endpointPrivateAccess"]:
        raise invalid("Private and public endpoint access cannot be false")
    return network


def _logging(asked: Shape) -> Shape:
    kinds = ("api", "audit", "authenticator", "controllerManager", "scheduler")
    enabled: set[Any] = set()
    for setup in listed(asked, "clusterLogging"):
        if setup.get("enabled"):
            enabled |= set(listed(setup, "types"))
    setups = [(True, [kind for kind in kinds if kind in enabled]), (False, [k for k in kinds if k not in enabled])]
    return {"clusterLogging": [{"types": types, "enabled": on} for on, types in setups if types]}


def _enabled_logs(logging: Shape) -> bool:
    return any(setup["enabled"] for setup in logging["clusterLogging"])
