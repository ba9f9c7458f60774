"""What creations made whose end the engine did not see: AWS has it, the state does not.

Looked for is only what the state says was being created, by its name or by all the tags that it was to carry, and never
what the state knows. What AWS takes twice for one (a policy's attachment, a queue, an event rule) needs no looking for.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from collections.abc import Callable, Iterable, Iterator, Mapping

from pokayoke.accounts import UNANSWERED, code_of

from .leftover import Failure, Kind, Leftover, Place
from .ownership import tags_of
from .pending import Creation, Interrupted

_GONE = frozenset({"deleted", "deleting", "failed"})
Find = Callable[[Place, Creation], Iterable[str]]
_ABSENT = frozenset(
    {"NoSuchEntity", "ResourceNotFoundException", "RepositoryNotFoundException", "NoSuchBucket", "NoSuchTagSet"}
)


def search_interrupted(found: Interrupted, place_of: Callable[[str], Place]) -> tuple[list[Leftover], list[Failure]]:
    """What the creations left, and what could not be asked. `place_of` gives the place of a region."""
    leftovers: dict[tuple[str, str], Leftover] = {}
    failures: list[Failure] = []
    for one in found.creations:
        if one.type not in FINDERS:
            continue
        place = place_of(one.region)
        try:
            for identity in FINDERS[one.type](place, one):
                if _known(found, one, identity):
                    continue
                detail = f"{one.type}, {one.name}"
                leftovers[one.type, identity] = Leftover(
                    Kind.INTERRUPTED, identity, place.region, detail, handle={"type": one.type, "inputs": one.inputs}
                )
        except UNANSWERED as error:
            if code_of(error) not in _ABSENT:
                failures.append(Failure(one.type, place.region, str(error)))
    return list(leftovers.values()), failures


def _known(found: Interrupted, one: Creation, identity: str) -> bool:
    """What has no id of its own is the state's, once its URN is there."""
    return (one.type, identity) in found.ids or (one.type in _PARTS and one.urn in found.urns)


def _in_ec2(call: str, things: str, identity: str) -> Find:
    def find(place: Place, one: Creation) -> Iterator[str]:
        client = place.client("ec2")
        pages = client.get_paginator(call).paginate() if client.can_paginate(call) else [getattr(client, call)()]
        for found in (found for page in pages for found in page[things]):
            # What was deleted is listed for a while, of a NAT gateway for an hour.
            if _carries(tags_of(found), one) and str(found.get("State", "")).lower() not in _GONE:
                yield found[identity]

    return find


def _in_eks(call: str, thing: str, argument: str, key: str) -> Find:
    """A thing of a cluster, which is known by the cluster's name and by what the input `key` says."""

    def find(place: Place, one: Creation) -> Iterator[str]:
        cluster, name = one.inputs["clusterName"], one.inputs[key]
        found = getattr(place.client("eks"), call)(clusterName=cluster, **{argument: name})[thing]
        if _carries(found.get("tags", {}), one):
            yield f"{cluster}:{name}"

    return find


def _keys(place: Place, one: Creation) -> Iterator[str]:
    client = place.client("kms")
    for page in place.pages("kms", "list_keys"):
        for key in (listed["KeyId"] for listed in page["Keys"]):
            listed = client.list_resource_tags(KeyId=key).get("Tags", [])
            had = {tag["TagKey"]: tag["TagValue"] for tag in listed}
            if _carries(had, one) and client.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] != "PendingDeletion":
                yield key


def _aliases(place: Place, one: Creation) -> Iterator[str]:
    for page in place.pages("kms", "list_aliases"):
        for alias in page["Aliases"]:
            if (alias["AliasName"], alias.get("TargetKeyId")) == (one.inputs["name"], one.inputs["targetKeyId"]):
                yield alias["AliasName"]


def _databases(place: Place, one: Creation) -> Iterator[str]:
    client = place.client("dsql")
    for page in place.pages("dsql", "list_clusters"):
        for listed in page["clusters"]:
            found = client.get_cluster(identifier=listed["identifier"])
            if _carries(found.get("tags", {}), one) and not found["status"].startswith(("DELET", "PENDING_DELETE")):
                yield listed["identifier"]


def _in_backup(call: str, listed: str, noun: str, key: str) -> Find:
    """A thing of AWS Backup with the name and the tags of the creation."""

    def find(place: Place, one: Creation) -> Iterator[str]:
        client = place.client("backup")
        for page in place.pages("backup", call):
            for found in page[listed]:
                if found[f"{noun}Name"] != one.inputs["name"]:
                    continue
                if _carries(client.list_tags(ResourceArn=found[f"{noun}Arn"]).get("Tags", {}), one):
                    yield found[key]

    return find


def _backup_selections(place: Place, one: Creation) -> Iterator[str]:
    for page in place.pages("backup", "list_backup_selections", BackupPlanId=one.inputs["planId"]):
        for selection in page["BackupSelectionsList"]:
            if selection["SelectionName"] == one.inputs["name"]:
                yield selection["SelectionId"]


def _certificates(place: Place, one: Creation) -> Iterator[str]:
    for page in place.pages("acm", "list_certificates"):
        for arn in (listed["CertificateArn"] for listed in page["CertificateSummaryList"]):
            if _carries(tags_of(place.client("acm").list_tags_for_certificate(CertificateArn=arn)), one):
                yield arn


def _zones(place: Place, one: Creation) -> Iterator[str]:
    client, name = place.client("route53"), f"{str(one.inputs['name']).rstrip('.')}."
    for zone in client.list_hosted_zones_by_name(DNSName=name)["HostedZones"]:
        identity = zone["Id"].rpartition("/")[2]
        listed = client.list_tags_for_resource(ResourceType="hostedzone", ResourceId=identity)["ResourceTagSet"]
        if zone["Name"] == name and _carries(tags_of(listed), one):
            yield identity


def _records(place: Place, one: Creation) -> Iterator[str]:
    """One of the same values: a record of another's is what refuses ours."""
    zone, name, kind = (str(one.inputs[key]) for key in ("zoneId", "name", "type"))
    for page in place.pages("route53", "list_resource_record_sets", HostedZoneId=zone):
        for record in page["ResourceRecordSets"]:
            values = {value["Value"] for value in record.get("ResourceRecords", [])}
            same = record["Name"].rstrip(".") == name.rstrip(".") and record["Type"] == kind
            if same and not one.inputs.get("allowOverwrite") and values == set(one.inputs.get("records", ())):
                yield f"{zone}_{name}_{kind}"


def _roles(place: Place, one: Creation) -> Iterator[str]:
    found = place.client("iam").get_role(RoleName=one.inputs["name"])["Role"]
    if _carries(tags_of(found), one):
        yield found["RoleName"]


def _profiles(place: Place, one: Creation) -> Iterator[str]:
    found = place.client("iam").get_instance_profile(InstanceProfileName=one.inputs["name"])["InstanceProfile"]
    if _carries(tags_of(found), one):
        yield found["InstanceProfileName"]


def _policies(place: Place, one: Creation) -> Iterator[str]:
    for page in place.pages("iam", "list_policies", Scope="Local"):
        for arn in (listed["Arn"] for listed in page["Policies"] if listed["PolicyName"] == one.inputs["name"]):
            if _carries(tags_of(place.client("iam").list_policy_tags(PolicyArn=arn)), one):
                yield arn


def _inline_policies(place: Place, one: Creation) -> Iterator[str]:
    """One of Pulumi's naming is made under another name the next time, and holds its role as soon as that is to go."""
    found = place.client("iam").get_role_policy(RoleName=one.inputs["role"], PolicyName=one.inputs["name"])
    yield f"{found['RoleName']}:{found['PolicyName']}"


def _log_groups(place: Place, one: Creation) -> Iterator[str]:
    client, name = place.client("logs"), one.inputs["name"]
    for page in place.pages("logs", "describe_log_groups", logGroupNamePrefix=name):
        for group in page["logGroups"]:
            arn = str(group["arn"]).removesuffix(":*")
            if group["logGroupName"] == name and _carries(client.list_tags_for_resource(resourceArn=arn)["tags"], one):
                yield name


def _repositories(place: Place, one: Creation) -> Iterator[str]:
    client = place.client("ecr")
    for found in client.describe_repositories(repositoryNames=[one.inputs["name"]])["repositories"]:
        if _carries(tags_of(client.list_tags_for_resource(resourceArn=found["repositoryArn"]), "tags"), one):
            yield found["repositoryName"]


def _buckets(place: Place, one: Creation) -> Iterator[str]:
    name = one.inputs["bucket"]
    if _carries(tags_of(place.client("s3").get_bucket_tagging(Bucket=name), "TagSet"), one):
        yield name


def _clusters(place: Place, one: Creation) -> Iterator[str]:
    found = place.client("eks").describe_cluster(name=one.inputs["name"])["cluster"]
    if _carries(found.get("tags", {}), one):
        yield found["name"]


def _associations(place: Place, one: Creation) -> Iterator[str]:
    names = {key: one.inputs[key] for key in ("clusterName", "namespace", "serviceAccount")}
    for page in place.pages("eks", "list_pod_identity_associations", **names):
        for identity in (listed["associationId"] for listed in page["associations"]):
            found = place.client("eks").describe_pod_identity_association(
                clusterName=names["clusterName"], associationId=identity
            )
            if _carries(found["association"].get("tags", {}), one):
                yield identity


def _routes(place: Place, one: Creation) -> Iterator[str]:
    table, to = one.inputs["routeTableId"], one.inputs["destinationCidrBlock"]
    (found,) = place.client("ec2").describe_route_tables(RouteTableIds=[table])["RouteTables"]
    for route in found["Routes"]:
        same = [
            (route.get(key) or "") == one.inputs.get(f"{key[0].lower()}{key[1:]}", "")
            for key in ("GatewayId", "NatGatewayId")
        ]
        if route.get("DestinationCidrBlock") == to and all(same):
            yield f"{table} {to}"


def _route_table_associations(place: Place, one: Creation) -> Iterator[str]:
    (found,) = place.client("ec2").describe_route_tables(RouteTableIds=[one.inputs["routeTableId"]])["RouteTables"]
    for association in found["Associations"]:
        if association.get("SubnetId") == one.inputs.get("subnetId"):
            yield association["RouteTableAssociationId"]


def _wanted(one: Creation) -> Mapping[str, str]:
    return one.inputs.get("tags") or {}


def _carries(had: Mapping[str, str], one: Creation) -> bool:
    """Whether it has every tag that it was to have; what was to have none is not to be told from another's."""
    wanted = _wanted(one)
    return bool(wanted) and wanted.items() <= had.items()


_PARTS = frozenset({"aws:ec2/route:Route", "aws:route53/record:Record"})
FINDERS: Mapping[str, Find] = {
    "aws:acm/certificate:Certificate": _certificates,
    "aws:backup/plan:Plan": _in_backup("list_backup_plans", "BackupPlansList", "BackupPlan", "BackupPlanId"),
    "aws:backup/selection:Selection": _backup_selections,
    "aws:backup/vault:Vault": _in_backup("list_backup_vaults", "BackupVaultList", "BackupVault", "BackupVaultName"),
    "aws:cloudwatch/logGroup:LogGroup": _log_groups,
    "aws:dsql/cluster:Cluster": _databases,
    "aws:ec2/eip:Eip": _in_ec2("describe_addresses", "Addresses", "AllocationId"),
    "aws:ec2/flowLog:FlowLog": _in_ec2("describe_flow_logs", "FlowLogs", "FlowLogId"),
    "aws:ec2/internetGateway:InternetGateway": _in_ec2(
        "describe_internet_gateways", "InternetGateways", "InternetGatewayId"
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": _in_ec2(
        "describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"
    ),
    "aws:ec2/natGateway:NatGateway": _in_ec2("describe_nat_gateways", "NatGateways", "NatGatewayId"),
    "aws:ec2/route:Route": _routes,
    "aws:ec2/routeTable:RouteTable": _in_ec2("describe_route_tables", "RouteTables", "RouteTableId"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _route_table_associations,
    "aws:ec2/subnet:Subnet": _in_ec2("describe_subnets", "Subnets", "SubnetId"),
    "aws:ec2/vpc:Vpc": _in_ec2("describe_vpcs", "Vpcs", "VpcId"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _in_ec2("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
    "aws:ecr/repository:Repository": _repositories,
    "aws:eks/accessEntry:AccessEntry": _in_eks("describe_access_entry", "accessEntry", "principalArn", "principalArn"),
    "aws:eks/addon:Addon": _in_eks("describe_addon", "addon", "addonName", "addonName"),
    "aws:eks/cluster:Cluster": _clusters,
    "aws:eks/nodeGroup:NodeGroup": _in_eks("describe_nodegroup", "nodegroup", "nodegroupName", "nodeGroupName"),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": _associations,
    "aws:iam/instanceProfile:InstanceProfile": _profiles,
    "aws:iam/policy:Policy": _policies,
    "aws:iam/role:Role": _roles,
    "aws:iam/rolePolicy:RolePolicy": _inline_policies,
    "aws:kms/alias:Alias": _aliases,
    "aws:kms/key:Key": _keys,
    "aws:route53/record:Record": _records,
    "aws:route53/zone:Zone": _zones,
    "aws:s3/bucket:Bucket": _buckets,
}
