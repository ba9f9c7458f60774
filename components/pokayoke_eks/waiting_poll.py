"""Polling AWS until conditions hold. No Pulumi here: it runs in the engine's provider process and in tests.

Each judge answers with what is still missing or still there, one line each; nothing to say means that it holds.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# boto3 builds its clients at run time: they carry no types.
from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .rules.external_dns import is_note_of

SECONDS_BETWEEN = 5.0
MOST_NAMED = 8
Clients = Callable[[str], Any]
"""Gives the boto3 client of a service."""


class StillWaitingError(TimeoutError):
    """The time limit of a wait is over. The message names what was waited for."""


def poll(
    conditions: Sequence[Mapping[str, Any]],
    *,
    region: str,
    minutes: float,
    clients: Clients | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Return as soon as all conditions hold at once.

    Raises:
        StillWaitingError: `minutes` are over.
        botocore.exceptions.ClientError: AWS refused a call, e.g. for want of a permission.
    """
    if not conditions:
        return
    ask = clients or _boto3(region)
    end = clock() + minutes * 60
    while missing := [line for condition in conditions for line in _judge(condition, ask)]:
        if clock() >= end:
            raise StillWaitingError(_text(missing, region=region, minutes=minutes))
        sleep(SECONDS_BETWEEN)


def _judge(condition: Mapping[str, Any], ask: Clients) -> Iterator[str]:
    if condition["kind"] == "association-visible":
        return _association(condition, ask)
    if condition["kind"] == "addon-active":
        return _addon(condition, ask)
    if condition["kind"] == "records-gone":
        return _records(condition, ask)
    return _LEFTOVERS[condition["of"]](condition, ask)


def _association(condition: Mapping[str, Any], ask: Clients) -> Iterator[str]:
    cluster, namespace, account = condition["cluster"], condition["namespace"], condition["serviceAccount"]
    found = ask("eks").list_pod_identity_associations(clusterName=cluster, namespace=namespace, serviceAccount=account)[
        "associations"
    ]
    if not found:
        yield f"cluster {cluster} lists no Pod Identity association for {namespace}/{account}"


def _addon(condition: Mapping[str, Any], ask: Clients) -> Iterator[str]:
    cluster, name = condition["cluster"], condition["addon"]
    found = ask("eks").describe_addon(clusterName=cluster, addonName=name)["addon"]
    if found["status"] != "ACTIVE":
        issues = "; ".join(one["message"] for one in found.get("health", {}).get("issues", []))
        yield f"the add-on {name} of cluster {cluster} is {found['status']}" + (f" ({issues})" if issues else "")


def _records(condition: Mapping[str, Any], ask: Clients) -> Iterator[str]:
    """A zone that is gone holds none."""
    client = ask("route53")
    try:
        for page in _pages(client, "list_resource_record_sets", HostedZoneId=condition["zone"]):
            for one in page["ResourceRecordSets"]:
                texts = [text["Value"] for text in one.get("ResourceRecords", [])]
                if one["Type"] == "TXT" and is_note_of(condition["owner"], texts):
                    yield f"record {one['Name']} of {condition['owner']}"
    except client.exceptions.NoSuchHostedZone:
        return


def _network_interfaces(condition: Mapping[str, Any], ask: Clients) -> Iterator[str]:
    for page in _pages(ask("ec2"), "describe_network_interfaces", Filters=_in_vpc(condition)):
        for one in page["NetworkInterfaces"]:
            yield f"network interface {one['NetworkInterfaceId']} ({one['Status']}, {one.get('Description') or '-'})"


def _instances(condition: Mapping[str, Any], ask: Clients) -> Iterator[str]:
    for page in _pages(ask("ec2"), "describe_instances", Filters=_in_vpc(condition)):
        for one in (instance for group in page["Reservations"] for instance in group["Instances"]):
            if one["State"]["Name"] != "terminated":
                yield f"instance {one['InstanceId']} ({one['State']['Name']})"


def _load_balancers(condition: Mapping[str, Any], ask: Clients) -> Iterator[str]:
    client = ask("elbv2")
    arns = [
        one["LoadBalancerArn"]
        for page in _pages(client, "describe_load_balancers")
        for one in page["LoadBalancers"]
        if one["VpcId"] == condition["vpc"]
    ]
    wanted = {"Key": condition["tag"], "Value": condition["value"]}
    for start in range(0, len(arns), 20):  # DescribeTags takes twenty a call
        for one in client.describe_tags(ResourceArns=arns[start : start + 20])["TagDescriptions"]:
            if wanted in one["Tags"]:
                yield f"load balancer {one['ResourceArn'].split('loadbalancer/')[-1]}"


_LEFTOVERS: Mapping[str, Callable[[Mapping[str, Any], Clients], Iterator[str]]] = {
    "network-interface": _network_interfaces,
    "instance": _instances,
    "load-balancer": _load_balancers,
}


def _in_vpc(condition: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"Name": "vpc-id", "Values": [condition["vpc"]]},
        {"Name": f"tag:{condition['tag']}", "Values": [condition["value"]]},
    ]


def _pages(client: Any, call: str, **arguments: Any) -> Iterator[Any]:
    return client.get_paginator(call).paginate(**arguments)


def _text(missing: Sequence[str], *, region: str, minutes: float) -> str:
    more = f", and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    return f"after {minutes:g} minutes in {region} still: {'; '.join(missing[:MOST_NAMED])}{more}"


def _boto3(region: str) -> Clients:
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise RuntimeError("Waiting for AWS needs boto3: install pokayoke-eks[cli].") from error
    session: Any = boto3.Session(region_name=region)
    patient = Config(retries={"mode": "standard", "max_attempts": 10})
    made: dict[str, Any] = {}

    def client(service: str) -> Any:
        if service not in made:
            made[service] = session.client(service, config=patient)
        return made[service]

    return client
