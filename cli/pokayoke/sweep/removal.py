"""Removes what was found, in the order of dependencies; what fails is told, and the rest goes on."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pokayoke.accounts import UNANSWERED, code_of

from .leftover import Failure, Kind, Leftover, Place
from .ownership import owners, tags_of
from .remove_interrupted import remove_interrupted

SECONDS_BETWEEN = 5.0
MOST_TRIES = 60
"""Five minutes: a balancer's interfaces hold its groups until they are gone (facts of latencies: up to two minutes)."""
_STILL_HELD = frozenset({"DependencyViolation", "ResourceInUse", "InvalidParameterValue", "VolumeInUse"})
Remove = Callable[[Place, Leftover], None]


def remove(
    places: Sequence[Place], leftovers: Sequence[Leftover], *, sleep: Callable[[float], None] = time.sleep
) -> tuple[list[Leftover], list[Failure]]:
    """Removes each, in the order of `Found`, and says which are gone and which are not. What something else still holds
    is tried again."""
    by_region = {place.region: place for place in places}
    gone: list[Leftover] = []
    failures: list[Failure] = []
    for one in leftovers:
        try:
            _patiently(by_region[one.region], one, sleep)
            gone.append(one)
        except UNANSWERED as error:
            failures.append(Failure(f"{one.kind} {one.id}", one.region, str(error)))
    return gone, failures


def _patiently(place: Place, one: Leftover, sleep: Callable[[float], None]) -> None:
    for _ in range(MOST_TRIES):
        try:
            return _REMOVALS[one.kind](place, one)
        except UNANSWERED as error:
            code = code_of(error)
            if "NotFound" in code or code == "NoSuchEntity":
                return None
            if code not in _STILL_HELD:
                raise
        sleep(SECONDS_BETWEEN)
    return _REMOVALS[one.kind](place, one)


def _load_balancer(place: Place, one: Leftover) -> None:
    if one.handle and one.handle.get("classic"):
        place.client("elb").delete_load_balancer(LoadBalancerName=one.id)
        return
    client = place.client("elbv2")
    unprotected = [{"Key": "deletion_protection.enabled", "Value": "false"}]
    client.modify_load_balancer_attributes(LoadBalancerArn=one.id, Attributes=unprotected)
    client.delete_load_balancer(LoadBalancerArn=one.id)


def _instance_profile(place: Place, one: Leftover) -> None:
    client = place.client("iam")
    profile = client.get_instance_profile(InstanceProfileName=one.id)["InstanceProfile"]
    for role in profile["Roles"]:
        client.remove_role_from_instance_profile(InstanceProfileName=one.id, RoleName=role["RoleName"])
    client.delete_instance_profile(InstanceProfileName=one.id)


def _security_group(place: Place, one: Leftover) -> None:
    """Groups that name each other in their rules hold each other: so their rules go first, and those of others that
    name this one; a group of another cluster keeps its rules, and holds this one until its owner takes them off."""
    client = place.client("ec2")
    for group in _groups(place, "group-id", one.id):
        _revoke(client, group["GroupId"], "ingress", group["IpPermissions"])
        _revoke(client, group["GroupId"], "egress", group["IpPermissionsEgress"])
    for direction, key in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
        prefix = "egress.ip-permission" if direction == "egress" else "ip-permission"
        for group in _groups(place, f"{prefix}.group-id", one.id):
            if owners(tags_of(group)) <= {place.cluster}:
                _revoke(client, group["GroupId"], direction, [_only(rule, one.id) for rule in group[key]])
    client.delete_security_group(GroupId=one.id)


def _groups(place: Place, key: str, value: str) -> list[Any]:
    pages = place.pages("ec2", "describe_security_groups", Filters=[{"Name": key, "Values": [value]}])
    return [group for page in pages for group in page["SecurityGroups"]]


def _only(rule: Mapping[str, Any], group: str) -> dict[str, Any]:
    """The part of a rule that names this group."""
    pairs = [pair for pair in rule.get("UserIdGroupPairs", []) if pair.get("GroupId") == group]
    return {**rule, "UserIdGroupPairs": pairs, "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": []}


def _revoke(client: Any, group: str, direction: str, rules: Sequence[Mapping[str, Any]]) -> None:
    sources = ("UserIdGroupPairs", "IpRanges", "Ipv6Ranges", "PrefixListIds")
    stated = [rule for rule in rules if any(rule.get(source) for source in sources)]
    if stated:
        call = client.revoke_security_group_ingress if direction == "ingress" else client.revoke_security_group_egress
        call(GroupId=group, IpPermissions=stated)


def _record(place: Place, one: Leftover) -> None:
    handle = one.handle or {}
    place.client("route53").change_resource_record_sets(
        HostedZoneId=handle["zone"],
        ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": handle["record"]}]},
    )


_REMOVALS: Mapping[Kind, Remove] = {
    Kind.INTERRUPTED: remove_interrupted,
    Kind.RECORD: _record,
    Kind.LOAD_BALANCER: _load_balancer,
    Kind.TARGET_GROUP: lambda place, one: place.client("elbv2").delete_target_group(TargetGroupArn=one.id),
    Kind.INSTANCE: lambda place, one: place.client("ec2").terminate_instances(InstanceIds=[one.id]),
    Kind.ENDPOINT: lambda place, one: place.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[one.id]),
    Kind.NETWORK_INTERFACE: lambda place, one: place.client("ec2").delete_network_interface(NetworkInterfaceId=one.id),
    Kind.ADDRESS: lambda place, one: place.client("ec2").release_address(AllocationId=one.id),
    Kind.VOLUME: lambda place, one: place.client("ec2").delete_volume(VolumeId=one.id),
    Kind.LAUNCH_TEMPLATE: lambda place, one: place.client("ec2").delete_launch_template(LaunchTemplateId=one.id),
    Kind.INSTANCE_PROFILE: _instance_profile,
    Kind.SECURITY_GROUP: _security_group,
    Kind.LOG_GROUP: lambda place, one: place.client("logs").delete_log_group(logGroupName=one.id),
}
