"""A hosted zone, and ExternalDNS in a cluster with Gateway API's kinds and a Gateway; its role is what a test says."""

from __future__ import annotations

import json
from typing import Any

from kube_provider import REGION

from pokayoke_eks.iam.external_dns import records_policy
from pokayoke_rehearsal.doubles.kubernetes.attachment import attachments, set_parents
from pokayoke_rehearsal.doubles.kubernetes.charts import Installation
from pokayoke_rehearsal.doubles.kubernetes.controller_aws import Aws
from pokayoke_rehearsal.doubles.kubernetes.external_dns import charts
from pokayoke_rehearsal.doubles.kubernetes.helm import Helm
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object, name_of
from pokayoke_rehearsal.world.account import Account
from pokayoke_rehearsal.world.model import World
from pokayoke_rehearsal.world.principals import Caller, Role

ROUTE = Kind("gateway.networking.k8s.io", "v1", "HTTPRoute")
NLB, NLB_ZONE = f"k8s-edge-0a1b.elb.{REGION}.amazonaws.com", "ZIBE1TIR4HY56"
VALUES: dict[str, Any] = {
    "sources": ["gateway-httproute", "service"],
    "policy": "sync",
    "txtOwnerId": "demo",
    "txtPrefix": "external-dns-%{record_type}.",
    "domainFilters": ["dev.example.com"],
    "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}},
}


class Dns:
    """A world with one zone, a cluster with Gateway API's kinds and a Gateway, and the program in it."""

    def __init__(self, world: World, cluster: Cluster) -> None:
        self.world, self.cluster = world, cluster
        self.client = world.client("route53", REGION)
        made = self.client.create_hosted_zone(Name="dev.example.com", CallerReference="1")
        self.zone = made["HostedZone"]["Id"].rpartition("/")[2]
        self.documents = [self.policy()]

    def policy(self, *, types: tuple[str, ...] = ("A", "AAAA", "CNAME"), zone: str = "") -> str:
        return json.dumps(records_policy(f"arn:aws:route53:::hostedzone/{zone or self.zone}", types))

    def aws(self, pod: Object) -> Aws:
        role = Role(
            "external-dns", "arn:aws:iam::123456789012:role/external-dns", "", tuple(self.documents), frozenset()
        )
        return Aws(Account(self.world, REGION), Caller(role, REGION, {}), "", name_of(pod))

    def run(self, version: str = "1.22.0", **values: Any) -> None:
        wanted = Installation("external-dns", "default", version, {**VALUES, **values})
        Helm(self.cluster).install("external-dns", wanted, charts.external_dns(wanted), skip_definitions=True)

    def records(self, *types: str) -> dict[tuple[str, str], Any]:
        """Target or values by name and type, the zone's own left out."""
        found = self.client.list_resource_record_sets(HostedZoneId=self.zone)["ResourceRecordSets"]
        return {
            (one["Name"].rstrip("."), one["Type"]): one
            for one in found
            if one["Type"] not in ("NS", "SOA") and (not types or one["Type"] in types)
        }

    def put(self, name: str, kind: str, value: str) -> None:
        record = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}
        batch = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        self.client.change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch=batch)

    def route(self, host: str = "shop.dev.example.com", **annotations: str) -> None:
        self.cluster.apply(
            {
                "apiVersion": ROUTE.api_version,
                "kind": ROUTE.kind,
                "metadata": {
                    "name": "shop",
                    "namespace": "default",
                    "annotations": {f"external-dns.kubernetes.io/{key}": said for key, said in annotations.items()},
                },
                "spec": {"hostnames": [host], "parentRefs": [{"name": "public"}]},
            },
            "me",
        )
        accept(self.cluster)

    def passes(self) -> None:
        """The interval is over."""
        for timer in self.world.waits.timers:
            timer()

    def told(self) -> str:
        return "\n".join(str(one["message"]) for one in self.cluster.list("", "Event"))


def accept(cluster: Cluster) -> None:
    """What the Gateway's controller does."""
    for route in cluster.list(ROUTE.group, ROUTE.kind):
        set_parents(cluster, route, "example.com/controller", list(attachments(cluster, route)))
