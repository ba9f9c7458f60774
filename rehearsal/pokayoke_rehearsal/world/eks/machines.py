"""The machines of node groups: which types fit an AMI, and instances in moto that live and die with their group."""

# pyright: reportMissingTypeStubs=false, reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from pokayoke_rehearsal.world.eks import cloud
from pokayoke_rehearsal.world.eks.state import Cluster, NodeGroup, Shape, invalid
from pokayoke_rehearsal.world.eks.store import Backend
from pokayoke_rehearsal.world.model import Node

DEFAULT_AMI_TYPE = "AL2023_x86_64_STANDARD"
DEFAULT_INSTANCE_TYPES = {"x86_64": "t3.medium", "arm64": "t4g.medium"}
EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
IMAGE = "ami-12c6146b"  # one that moto ships


def launch_template(backend: Backend, asked: Shape) -> Shape | None:
    """The data of the launch template that a request names, None when it names none."""
    named = asked.get("launchTemplate")
    if not named:
        return None
    if asked.get("diskSize"):
        raise invalid("Disk size must be specified within the launch template.")
    if asked.get("remoteAccess"):
        raise invalid("Remote access configuration cannot be specified with a launch template.")
    for template in cloud.ec2(backend).launch_templates.values():
        if template.id == named.get("id") or template.name == named.get("name"):
            version = named.get("version")
            if version in (None, "$Default"):
                return template.default_version().data
            return (template.latest_version() if version == "$Latest" else template.get_version(int(version))).data
    raise invalid(f"The launch template {named.get('id') or named.get('name')} does not exist")


def machine_types(asked: Shape, template: Shape | None) -> tuple[list[str], str]:
    """The instance types and the AMI type of a group, defaults filled in; raises when one cannot boot the other."""
    in_template = (template or {}).get("InstanceType")
    if in_template and asked.get("instanceTypes"):
        raise invalid("Cannot specify instance types in launch template and API request")
    types: list[str] = asked.get("instanceTypes") or ([in_template] if in_template else [])
    custom = bool((template or {}).get("ImageId"))
    if custom and asked.get("amiType") not in (None, "CUSTOM"):
        raise invalid(
            "You cannot specify an AMI Type other than CUSTOM when specifying an image id in your launch template."
        )
    ami_type = asked.get("amiType") or ("CUSTOM" if custom else DEFAULT_AMI_TYPE)
    unknown = [name for name in types if name not in INSTANCE_TYPES]
    if unknown:
        raise invalid(f"The following supplied instance types do not exist: [{', '.join(unknown)}]")
    if ami_type == "CUSTOM":
        return types or [DEFAULT_INSTANCE_TYPES["x86_64"]], ami_type
    wanted = "arm64" if "ARM_64" in ami_type else "x86_64"
    wrong = [name for name in types if wanted not in INSTANCE_TYPES[name]["ProcessorInfo"]["SupportedArchitectures"]]
    if wrong:
        raise invalid(f"[{', '.join(wrong)}] is not a valid instance type for requested amiType {ami_type}")
    return types or [DEFAULT_INSTANCE_TYPES[wanted]], ami_type


def user_data(backend: Backend, shape: Shape) -> str:
    """What a group's launch template tells its machines at their start."""
    template = launch_template(backend, {"launchTemplate": shape.get("launchTemplate")}) or {}
    told = template.get("UserData")
    return told.decode() if told else ""


def security_groups(backend: Backend, cluster: Cluster, shape: Shape) -> list[str]:
    """What a group's machines carry: the groups that its launch template names, else the cluster's own."""
    template = launch_template(backend, {"launchTemplate": shape.get("launchTemplate")}) or {}
    stated: list[str] = list(template.get("SecurityGroupIds") or [])
    for interface in template.get("NetworkInterfaces") or []:
        stated += interface.get("Groups") or []
    return stated or [cluster.shape["resourcesVpcConfig"]["clusterSecurityGroupId"]]


def launch(backend: Backend, cluster: Cluster, group: NodeGroup, count: int) -> None:
    """Starts instances over the group's subnets, and has them join."""
    made: list[Node] = []
    for index in range(count):
        subnet_id = group.shape["subnets"][(len(group.nodes) + index) % len(group.shape["subnets"])]
        made.append(_start(backend, cluster, group, subnet_id))
    group.nodes += made
    backend.world.clusters.nodes_joined(backend.region_name, cluster.name, made)


def terminate(backend: Backend, cluster: Cluster, group: NodeGroup, nodes: Sequence[Node]) -> None:
    """Ends instances; their nodes leave."""
    gone = list(nodes)
    if not gone:
        return
    group.nodes = [node for node in group.nodes if node not in gone]
    backend.world.clusters.nodes_left(backend.region_name, cluster.name, [node.name for node in gone])
    ec2 = backend.world.client("ec2", backend.region_name)
    ec2.terminate_instances(InstanceIds=[node.instance_id for node in gone])


def self_managed(backend: Backend, cluster: str) -> list[Node]:
    """The running machines of Auto Scaling groups that carry `kubernetes.io/cluster/<cluster>=owned`."""
    ec2 = cloud.ec2(backend)
    found: list[Node] = []
    for reservation in ec2.reservations.values():
        for instance in reservation.instances:
            tags = ec2.tags.get(instance.id, {})
            owned = tags.get(f"kubernetes.io/cluster/{cluster}") == "owned" and "aws:autoscaling:groupName" in tags
            if owned and instance._state.name == "running":
                zone = ec2.get_subnet(instance.subnet_id).availability_zone if instance.subnet_id else ""
                name, address = instance.private_dns_name, instance.private_ip
                found.append(Node(name, instance.id, instance.instance_type, zone, address, node_group=""))
    return found


def sync_self_managed(backend: Backend) -> None:
    """Has the machines of Auto Scaling groups join their clusters, and those that are gone leave."""
    for cluster in backend.clusters.values():
        before, after = cluster.self_managed_nodes, self_managed(backend, cluster.name)
        cluster.self_managed_nodes = after
        gone = [node.name for node in before if node not in after]
        backend.world.clusters.nodes_left(backend.region_name, cluster.name, gone)
        new = [node for node in after if node not in before]
        backend.world.clusters.nodes_joined(backend.region_name, cluster.name, new)


def _start(backend: Backend, cluster: Cluster, group: NodeGroup, subnet_id: str) -> Node:
    shape = group.shape
    name = shape["nodegroupName"]
    tags = {
        "Name": f"{cluster.name}-{name}",
        "eks:cluster-name": cluster.name,
        "eks:nodegroup-name": name,
        f"kubernetes.io/cluster/{cluster.name}": "owned",
    }
    instance_type: str = shape["instanceTypes"][0]
    instance: dict[str, Any] = backend.world.client("ec2", backend.region_name).run_instances(
        ImageId=IMAGE,
        InstanceType=instance_type,
        MinCount=1,
        MaxCount=1,
        SubnetId=subnet_id,
        SecurityGroupIds=security_groups(backend, cluster, shape),
        TagSpecifications=[
            {"ResourceType": "instance", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        ],
    )["Instances"][0]
    zone: str = instance["Placement"]["AvailabilityZone"]
    labels = {
        "eks.amazonaws.com/nodegroup": name,
        "eks.amazonaws.com/capacityType": shape["capacityType"],
        "kubernetes.io/arch": "arm64" if "ARM_64" in shape["amiType"] else "amd64",
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": instance_type,
        "topology.kubernetes.io/region": backend.region_name,
        "topology.kubernetes.io/zone": zone,
        **shape["labels"],
    }
    return Node(
        name=instance["PrivateDnsName"],
        instance_id=instance["InstanceId"],
        instance_type=instance_type,
        zone=zone,
        private_ip=instance["PrivateIpAddress"],
        node_group=name,
        capacity_type=shape["capacityType"],
        ami_type=shape["amiType"],
        labels=tuple(sorted(labels.items())),
        taints=tuple((taint["key"], taint.get("value", ""), EFFECTS[taint["effect"]]) for taint in shape["taints"]),
    )
