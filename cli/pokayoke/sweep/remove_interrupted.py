"""Removes what an interrupted creation made: it is new, so that nothing of the stack uses it yet."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from collections.abc import Callable, Mapping
from typing import Any, cast

from .leftover import Leftover, Place

_DAYS_TO_THINK_OVER = 7
"""The least that KMS takes."""


def remove_interrupted(place: Place, one: Leftover) -> None:
    """Removes it. Raises what boto3 raises."""
    handle = one.handle or {}
    _REMOVALS[str(handle["type"])](place, one.id, cast("Mapping[str, Any]", handle["inputs"]))


def _internet_gateway(place: Place, identity: str, _: Mapping[str, Any]) -> None:
    client = place.client("ec2")
    (found,) = client.describe_internet_gateways(InternetGatewayIds=[identity])["InternetGateways"]
    for attached in found["Attachments"]:
        client.detach_internet_gateway(InternetGatewayId=identity, VpcId=attached["VpcId"])
    client.delete_internet_gateway(InternetGatewayId=identity)


def _database(place: Place, identity: str, _: Mapping[str, Any]) -> None:
    client = place.client("dsql")
    if client.get_cluster(identifier=identity)["deletionProtectionEnabled"]:
        client.update_cluster(identifier=identity, deletionProtectionEnabled=False)
    client.delete_cluster(identifier=identity)


def _cluster(place: Place, identity: str, _: Mapping[str, Any]) -> None:
    client = place.client("eks")
    if client.describe_cluster(name=identity)["cluster"].get("deletionProtection"):
        client.update_cluster_config(name=identity, deletionProtection=False)
    client.delete_cluster(name=identity)


def _profile(place: Place, identity: str, _: Mapping[str, Any]) -> None:
    client = place.client("iam")
    for role in client.get_instance_profile(InstanceProfileName=identity)["InstanceProfile"]["Roles"]:
        client.remove_role_from_instance_profile(InstanceProfileName=identity, RoleName=role["RoleName"])
    client.delete_instance_profile(InstanceProfileName=identity)


def _inline_policy(place: Place, identity: str, _: Mapping[str, Any]) -> None:
    role, _colon, name = identity.partition(":")
    place.client("iam").delete_role_policy(RoleName=role, PolicyName=name)


def _record(place: Place, _: str, inputs: Mapping[str, Any]) -> None:
    client = place.client("route53")
    pages = place.pages("route53", "list_resource_record_sets", HostedZoneId=inputs["zoneId"])
    for record in [record for page in pages for record in page["ResourceRecordSets"]]:
        if (record["Name"].rstrip("."), record["Type"]) == (str(inputs["name"]).rstrip("."), inputs["type"]):
            batch = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": record}]}
            client.change_resource_record_sets(HostedZoneId=inputs["zoneId"], ChangeBatch=batch)


def _of_cluster(call: str, key: str) -> "Remove":
    def remove(place: Place, identity: str, _: Mapping[str, Any]) -> None:
        cluster, _colon, name = identity.partition(":")
        getattr(place.client("eks"), call)(clusterName=cluster, **{key: name})

    return remove


def _association(place: Place, identity: str, inputs: Mapping[str, Any]) -> None:
    place.client("eks").delete_pod_identity_association(clusterName=inputs["clusterName"], associationId=identity)


def _route(place: Place, _: str, inputs: Mapping[str, Any]) -> None:
    place.client("ec2").delete_route(
        RouteTableId=inputs["routeTableId"], DestinationCidrBlock=inputs["destinationCidrBlock"]
    )


def _key(place: Place, identity: str, _: Mapping[str, Any]) -> None:
    place.client("kms").schedule_key_deletion(KeyId=identity, PendingWindowInDays=_DAYS_TO_THINK_OVER)


def _backup_selection(place: Place, identity: str, inputs: Mapping[str, Any]) -> None:
    place.client("backup").delete_backup_selection(BackupPlanId=inputs["planId"], SelectionId=identity)


def _by(service: str, call: str, key: str, *, several: bool = False) -> "Remove":
    def remove(place: Place, identity: str, _: Mapping[str, Any]) -> None:
        getattr(place.client(service), call)(**{key: [identity] if several else identity})

    return remove


Remove = Callable[[Place, str, Mapping[str, Any]], None]
_REMOVALS: Mapping[str, Remove] = {
    "aws:acm/certificate:Certificate": _by("acm", "delete_certificate", "CertificateArn"),
    "aws:backup/plan:Plan": _by("backup", "delete_backup_plan", "BackupPlanId"),
    "aws:backup/selection:Selection": _backup_selection,
    "aws:backup/vault:Vault": _by("backup", "delete_backup_vault", "BackupVaultName"),
    "aws:cloudwatch/logGroup:LogGroup": _by("logs", "delete_log_group", "logGroupName"),
    "aws:dsql/cluster:Cluster": _database,
    "aws:ec2/eip:Eip": _by("ec2", "release_address", "AllocationId"),
    "aws:ec2/flowLog:FlowLog": _by("ec2", "delete_flow_logs", "FlowLogIds", several=True),
    "aws:ec2/internetGateway:InternetGateway": _internet_gateway,
    "aws:ec2/launchTemplate:LaunchTemplate": _by("ec2", "delete_launch_template", "LaunchTemplateId"),
    "aws:ec2/natGateway:NatGateway": _by("ec2", "delete_nat_gateway", "NatGatewayId"),
    "aws:ec2/route:Route": _route,
    "aws:ec2/routeTable:RouteTable": _by("ec2", "delete_route_table", "RouteTableId"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _by("ec2", "disassociate_route_table", "AssociationId"),
    "aws:ec2/subnet:Subnet": _by("ec2", "delete_subnet", "SubnetId"),
    "aws:ec2/vpc:Vpc": _by("ec2", "delete_vpc", "VpcId"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _by("ec2", "delete_vpc_endpoints", "VpcEndpointIds", several=True),
    "aws:ecr/repository:Repository": _by("ecr", "delete_repository", "repositoryName"),
    "aws:eks/accessEntry:AccessEntry": _of_cluster("delete_access_entry", "principalArn"),
    "aws:eks/addon:Addon": _of_cluster("delete_addon", "addonName"),
    "aws:eks/cluster:Cluster": _cluster,
    "aws:eks/nodeGroup:NodeGroup": _of_cluster("delete_nodegroup", "nodegroupName"),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _association,
    "aws:iam/instanceProfile:InstanceProfile": _profile,
    "aws:iam/policy:Policy": _by("iam", "delete_policy", "PolicyArn"),
    "aws:iam/role:Role": _by("iam", "delete_role", "RoleName"),
    "aws:iam/rolePolicy:RolePolicy": _inline_policy,
    "aws:kms/alias:Alias": _by("kms", "delete_alias", "AliasName"),
    "aws:kms/key:Key": _key,
    "aws:route53/record:Record": _record,
    "aws:route53/zone:Zone": _by("route53", "delete_hosted_zone", "Id"),
    "aws:s3/bucket:Bucket": _by("s3", "delete_bucket", "Bucket"),
}
