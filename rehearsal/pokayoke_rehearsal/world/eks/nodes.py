"""Managed node groups: what EKS refuses at once, and whether the machines become nodes."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import email
import ipaddress
import re
import tomllib
from typing import Any

from pokayoke_rehearsal.world import node_rights
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.eks import access, cloud, egress, machines, ports
from pokayoke_rehearsal.world.eks.facts import EksCluster
from pokayoke_rehearsal.world.eks.state import (
    Cluster,
    NodeGroup,
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
from pokayoke_rehearsal.world.shapes import listed, mapped

JOIN = "Instances failed to join the kubernetes cluster"
UNHEALTHY = "Unhealthy nodes in the kubernetes cluster"


class NodeGroupOperations(Backend):
    """CreateNodegroup, DescribeNodegroup, UpdateNodegroupConfig, UpdateNodegroupVersion, DeleteNodegroup."""

    def create_nodegroup(self, asked: Shape) -> Shape:
        cluster, name = self.cluster(asked["clusterName"]), asked["nodegroupName"]
        if name in cluster.node_groups:
            raise in_use(f"NodeGroup already exists with name {name} and cluster name {cluster.name}")
        template = machines.launch_template(self, asked)
        cloud.require_node_role(asked["nodeRole"], self.account_id)
        types, ami_type = machines.machine_types(asked, template)
        scaling = _scaling(mapped(asked, "scalingConfig"))
        version = asked.get("version") or cluster.version
        if minor(version) > minor(cluster.version):
            raise invalid(
                f"Nodegroup Kubernetes version {version} cannot be newer than the cluster's, {cluster.version}"
            )
        release = _release(asked.get("releaseVersion"), ami_type, version)
        for subnet_id in asked["subnets"]:
            cloud.subnet(self, subnet_id)
        shape: Shape = {
            "nodegroupName": name,
            "nodegroupArn": f"arn:{self.partition}:eks:{self.region_name}:{self.account_id}:nodegroup/"
            f"{cluster.name}/{name}/{random_text(8)}",
            "clusterName": cluster.name,
            "version": version,
            "releaseVersion": release,
            "createdAt": now(),
            "modifiedAt": now(),
            "status": "ACTIVE",
            "capacityType": asked.get("capacityType") or "ON_DEMAND",
            "scalingConfig": scaling,
            "instanceTypes": types,
            "subnets": asked["subnets"],
            "amiType": ami_type,
            "nodeRole": asked["nodeRole"],
            "labels": mapped(asked, "labels"),
            "taints": listed(asked, "taints"),
            "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{random_text(8)}"}]},
            "health": {"issues": []},
            "updateConfig": asked.get("updateConfig") or {"maxUnavailable": 1},
            "tags": mapped(asked, "tags"),
        }
        if template is None:
            shape["diskSize"] = asked.get("diskSize") or 20
        for key in ("launchTemplate", "nodeRepairConfig", "remoteAccess"):
            if asked.get(key):
                shape[key] = asked[key]
        group = cluster.node_groups[name] = NodeGroup(shape)
        access.admit_nodes(cluster, asked["nodeRole"], "EC2_WINDOWS" if ami_type.startswith("WINDOWS") else "EC2_LINUX")
        self._try(cluster, group)
        return {"nodegroup": shape}

    def describe_nodegroup(self, asked: Shape) -> Shape:
        cluster, group = self.cluster(asked["clusterName"]), self._group(asked)
        if group.shape["status"] == "CREATE_FAILED":
            # AWS gives machines some 20 minutes to join; here they do as soon as what they lacked is there.
            self._try(cluster, group)
        return {"nodegroup": group.shape}

    def list_nodegroups(self, asked: Shape) -> Shape:
        return {"nodegroups": sorted(self.cluster(asked["clusterName"]).node_groups)}

    def update_nodegroup_config(self, asked: Shape) -> Shape:
        cluster, group = self.cluster(asked["clusterName"]), self._group(asked)
        labels, taints = mapped(asked, "labels"), mapped(asked, "taints")
        kept = {key: value for key, value in group.shape["labels"].items() if key not in listed(labels, "removeLabels")}
        group.shape["labels"] = kept | mapped(labels, "addOrUpdateLabels")
        gone = [_identity(taint) for taint in [*listed(taints, "removeTaints"), *listed(taints, "addOrUpdateTaints")]]
        stays = [taint for taint in group.shape["taints"] if _identity(taint) not in gone]
        group.shape["taints"] = stays + listed(taints, "addOrUpdateTaints")
        for key in ("updateConfig", "nodeRepairConfig"):
            if asked.get(key):
                group.shape[key] = asked[key]
        if asked.get("scalingConfig"):
            group.shape["scalingConfig"] = _scaling(group.shape["scalingConfig"] | asked["scalingConfig"])
            self._scale(cluster, group)
        group.shape["modifiedAt"] = now()
        changes = {key: value for key, value in asked.items() if key not in ("clusterName", "nodegroupName")}
        return update_of(cluster, "ConfigUpdate", changes)

    def update_nodegroup_version(self, asked: Shape) -> Shape:
        cluster, group = self.cluster(asked["clusterName"]), self._group(asked)
        version = asked.get("version") or group.shape["version"]
        if minor(version) > minor(cluster.version):
            raise invalid(
                f"Nodegroup Kubernetes version {version} cannot be newer than the cluster's, {cluster.version}"
            )
        group.shape["releaseVersion"] = _release(asked.get("releaseVersion"), group.shape["amiType"], version)
        group.shape["version"] = version
        if asked.get("launchTemplate"):
            group.shape["launchTemplate"] = asked["launchTemplate"]
        machines.terminate(self, cluster, group, group.nodes)
        self._scale(cluster, group)
        return update_of(
            cluster, "VersionUpdate", {"Version": version, "ReleaseVersion": group.shape["releaseVersion"]}
        )

    def delete_nodegroup(self, asked: Shape) -> Shape:
        cluster, group = self.cluster(asked["clusterName"]), self._group(asked)
        machines.terminate(self, cluster, group, group.nodes)
        del cluster.node_groups[asked["nodegroupName"]]
        role = group.shape["nodeRole"]
        used = any(other.shape["nodeRole"] == role for other in cluster.node_groups.values())
        access.dismiss_nodes(cluster, role, used)
        return {"nodegroup": group.shape | {"status": "DELETING"}}

    def _group(self, asked: Shape) -> NodeGroup:
        group = self.cluster(asked["clusterName"]).node_groups.get(asked["nodegroupName"])
        if group is None:
            raise not_found(f"No node group found for name: {asked['nodegroupName']}.")
        return group

    def _scale(self, cluster: Cluster, group: NodeGroup) -> None:
        wanted = group.shape["scalingConfig"]["desiredSize"]
        if len(group.nodes) < wanted:
            machines.launch(self, cluster, group, wanted - len(group.nodes))
        elif len(group.nodes) > wanted:
            machines.terminate(self, cluster, group, group.nodes[wanted:])

    def _try(self, cluster: Cluster, group: NodeGroup) -> None:
        failure = self._why_not(cluster, group.shape)
        if failure:
            group.shape |= {"status": "CREATE_FAILED", "health": {"issues": [failure]}}
        else:
            group.shape |= {"status": "ACTIVE", "health": {"issues": []}}
            self._scale(cluster, group)

    def _why_not(self, cluster: Cluster, shape: Shape) -> Shape | None:
        """The health issue that keeps the machines of a group from becoming healthy nodes, None when nothing does."""
        subnets = [cloud.subnet(self, subnet_id) for subnet_id in shape["subnets"]]
        data = machines.user_data(self, shape)
        if data and shape["amiType"].startswith("AL2") and not _is_multipart(data):
            # The words: terraform-aws-modules/terraform-aws-eks#2955.
            told = "User data was not in the MIME multipart format."
            return _issue(told, "Ec2LaunchTemplateInvalidConfiguration")
        if not shape["scalingConfig"]["desiredSize"]:
            return None
        if shape["amiType"].startswith("BOTTLEROCKET") and not _is_toml(data):
            return _issue(JOIN)
        ec2 = cloud.ec2(self)
        for subnet in subnets:
            out = egress.way_out(ec2, subnet)
            if not out:
                return _issue(JOIN)
            if out == "internet" and str(subnet.map_public_ip_on_launch).lower() != "true":
                return _issue(
                    f"One or more Amazon EC2 Subnets of [{subnet.id}] for node group {shape['nodegroupName']} does not "
                    "automatically assign public IP addresses to instances launched into it. If you want your "
                    "instances to be assigned a public IP address, then you need to enable auto-assign public IP "
                    "address for the subnet.",
                    "Ec2SubnetInvalidConfiguration",
                )
        if not self._reaches_api(cluster, subnets) or self._is_shut_out(cluster, shape, subnets):
            return _issue(JOIN)
        account, facts = Account(self.world, self.region_name), EksCluster(self.world, cluster)
        role = account.role(shape["nodeRole"])
        if not node_rights.may_join(role, self.region_name) or not node_rights.may_pull(role, self.region_name):
            return _issue(JOIN)
        if not cluster.runs("vpc-cni") or node_rights.unaddressed(account, facts, role):
            return _issue(UNHEALTHY)
        return None

    def _is_shut_out(self, cluster: Cluster, shape: Shape, subnets: list[Any]) -> bool:
        groups = machines.security_groups(self, cluster, shape)
        address = str(next(ipaddress.ip_network(subnets[0].cidr_block).hosts()))
        return bool(ports.blocked(cloud.ec2(self), cluster, groups, address))

    def _reaches_api(self, cluster: Cluster, subnets: list[Any]) -> bool:
        network = cluster.shape["resourcesVpcConfig"]
        if network["endpointPrivateAccess"]:
            return True
        allowed = [ipaddress.ip_network(cidr) for cidr in network["publicAccessCidrs"]]
        if any(str(cidr) == "0.0.0.0/0" for cidr in allowed):
            return True
        addresses = egress.public_addresses(cloud.ec2(self), subnets[0].vpc_id)
        return any(ipaddress.ip_address(address) in cidr for address in addresses for cidr in allowed)


def _scaling(asked: Shape) -> Shape:
    scaling = {"minSize": 1, "maxSize": 2, "desiredSize": 2} | asked
    least, most, wanted = scaling["minSize"], scaling["maxSize"], scaling["desiredSize"]
    if least > wanted:
        raise invalid(f"Minimum capacity {least} can't be greater than desired size {wanted}")
    if wanted > most:
        raise invalid(f"desired capacity {wanted} can't be greater than max size {most}")
    return scaling


def _release(asked: str | None, ami_type: str, version: str) -> str:
    """The AMI release. Of Bottlerocket it is `VERSION-BUILD`: cloudposse/terraform-aws-eks-node-group#209."""
    if ami_type.startswith("BOTTLEROCKET"):
        form, default = r"\d+\.\d+\.\d+-[0-9a-f]{8}", "1.65.0-0be31b34"
    else:
        form, default = re.escape(version) + r"\.\d+-\d{8}", f"{version}.0-20260911"
    if asked and ami_type != "CUSTOM" and not re.fullmatch(form, asked):
        raise invalid(f"Requested release version {asked} is not valid for kubernetes version {version}.")
    return asked or default


def _is_multipart(data: str) -> bool:
    return email.message_from_string(data.lstrip()).is_multipart()


def _is_toml(data: str) -> bool:
    try:
        tomllib.loads(data)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _identity(taint: Shape) -> tuple[Any, Any]:
    return taint.get("key"), taint.get("effect")


def _issue(message: str, code: str = "NodeCreationFailure") -> Shape:
    return {"code": code, "message": message, "resourceIds": []}
