"""Waiting for AWS, in the graph: a resource whose creation and deletion poll until stated conditions hold.

It is the one means, beside awaited objects and `pulumi.com/waitFor`, by which the platform waits; it works in a plain
`pulumi destroy`, where no program runs. The engine keeps the provider below in the state as a reference to this module
and class, so neither may be moved or renamed without leaving the old name behind.
"""

from __future__ import annotations

import importlib.util
import uuid
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider, UpdateResult

from .waiting_poll import poll

Condition = Mapping[str, pulumi.Input[Any]]
"""A condition as plain data, as it stands in the state. Made by the functions below, judged by `waiting_poll`."""


class Waiting(Resource, module="pokayoke", name="Waiting"):
    """Polls AWS at its creation until `before_ready` holds, and at its deletion until `before_gone` holds.

    What must not start before `before_ready` depends on this resource. What must be gone first depends on it too, and
    what must outlive the wait is a dependency of it. It creates nothing in the account. Calls are made with boto3 and
    its ambient credentials (those of the AWS CLI), read only: `eks:ListPodIdentityAssociations`,
    `eks:DescribeAddon`, `ec2:DescribeNetworkInterfaces`, `ec2:DescribeInstances`,
    `elasticloadbalancing:DescribeLoadBalancers`, `elasticloadbalancing:DescribeTags`,
    `route53:ListResourceRecordSets`.

    Args:
        region: where to ask.
        before_ready, before_gone: conditions, all of which must hold.
        minutes: the limit of either wait; past it the operation fails and names what is still in the way.

    Raises:
        pulumi.RunError: boto3 is not installed.
    """

    def __init__(
        self,
        name: str,
        *,
        region: str,
        before_ready: Sequence[Condition] = (),
        before_gone: Sequence[Condition] = (),
        minutes: int,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        if importlib.util.find_spec("boto3") is None:
            raise pulumi.RunError("Waiting for AWS needs boto3: install pokayoke-eks[cli].")
        inputs: dict[str, Any] = {
            "region": region,
            "beforeReady": list(before_ready),
            "beforeGone": list(before_gone),
            "minutes": minutes,
        }
        super().__init__(_Provider(), name, inputs, opts)


class Leftover(StrEnum):
    """What a cluster can leave in a VPC."""

    NETWORK_INTERFACE = "network-interface"
    INSTANCE = "instance"
    LOAD_BALANCER = "load-balancer"


def association_visible(cluster: pulumi.Input[str], *, namespace: str, service_account: str) -> Condition:
    """The cluster lists a Pod Identity association for this service account.

    Associations are eventually consistent (EKS API reference, CreatePodIdentityAssociation), and a pod admitted before
    its association is visible never gets credentials.
    """
    return {
        "kind": "association-visible",
        "cluster": cluster,
        "namespace": namespace,
        "serviceAccount": service_account,
    }


def addon_active(cluster: pulumi.Input[str], *, addon: str) -> Condition:
    """EKS says that the add-on is ACTIVE."""
    return {"kind": "addon-active", "cluster": cluster, "addon": addon}


def nothing_left(of: Leftover, *, vpc: pulumi.Input[str], tag: str, value: str) -> Condition:
    """The VPC holds no such thing with this tag. Instances count until they are terminated."""
    return {"kind": "nothing-left", "of": str(of), "vpc": vpc, "tag": tag, "value": value}


def records_gone(zone: pulumi.Input[str], *, owner: str) -> Condition:
    """The zone holds no TXT record by which ExternalDNS says that this owner's it is: it writes and deletes one with
    every record of its making (kubernetes-sigs/external-dns v0.22.0, `endpoint/labels.go`, `registry/txt`)."""
    return {"kind": "records-gone", "zone": zone, "owner": owner}


class _Provider(ResourceProvider):
    """What the engine runs. It holds nothing, so that what the state keeps of it never changes."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        poll(props["beforeReady"], region=props["region"], minutes=props["minutes"])
        return CreateResult(uuid.uuid4().hex, props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        poll(_news["beforeReady"], region=_news["region"], minutes=_news["minutes"])
        return UpdateResult(_news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        poll(_props["beforeGone"], region=_props["region"], minutes=_props["minutes"])
