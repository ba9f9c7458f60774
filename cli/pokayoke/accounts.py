"""The account behind a command: boto3 with the caller's own credentials. Its clients carry no types."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from pokayoke_eks import tags

UNANSWERED = (BotoCoreError, ClientError)
"""What boto3 raises where AWS does not answer, or refuses."""
Clients = Callable[[str, str], Any]
"""Gives the boto3 client of a service in a region."""


@cache
def ambient(service: str, region: str) -> Any:
    """A client with the ambient credentials; throttled calls are made again."""
    import boto3
    from botocore.config import Config

    session: Any = boto3.Session(region_name=region)
    return session.client(service, config=Config(retries={"mode": "standard", "max_attempts": 10}))


def cluster_of(clients: Clients, name: str, region: str) -> Any | None:
    """The cluster of this name, as eks:DescribeCluster tells it; None where there is none."""
    try:
        return clients("eks", region).describe_cluster(name=name)["cluster"]
    except UNANSWERED as error:
        if code_of(error) == "ResourceNotFoundException":
            return None
        raise


def networks_of(clients: Clients, cluster: str, region: str) -> set[str]:
    """The VPCs that the platform made for this cluster."""
    ours = [{"Name": f"tag:{tags.CLUSTER}", "Values": [cluster]}]
    pages = clients("ec2", region).get_paginator("describe_vpcs").paginate(Filters=ours)
    return {str(one["VpcId"]) for page in pages for one in page["Vpcs"]}


def code_of(error: Exception) -> str:
    """AWS's code of a refusal, e.g. `ResourceNotFoundException`; empty for anything else."""
    response = cast("dict[str, Any]", getattr(error, "response", {}))
    return str(response.get("Error", {}).get("Code", ""))
