"""ExternalDNS: records that come and go with routes."""

from ipaddress import IPv4Network

import pulumi
import pulumi_kubernetes as kubernetes

from .. import parts
from ..config import ExternalDnsConfig
from ..config.network_policies import NetworkPoliciesConfig, Traffic
from ..gateway_api import GatewayApi
from ..handles import ClusterHandle
from ..helm import Chart, release_with_identity
from ..iam.external_dns import records_policy
from ..identity import IdentityConfig, PodSecurity, WorkloadIdentity
from ..network_policies import NetworkPolicies
from ..rules import external_dns, names, sources
from ..rules.regions import REGIONS
from ..waiting import Waiting, records_gone
from .values import values
from .zone import Dns

NAME = "external-dns"
IDENTITY = IdentityConfig(namespace=NAME, service_account=NAME, pod_security=PodSecurity.RESTRICTED)
TRAFFIC = NetworkPoliciesConfig(egress=(Traffic(ranges=(IPv4Network("0.0.0.0/0"),), ports=(443,)),))
"""The APIs of AWS: Route 53 has public addresses alone."""
MINUTES_FOR_RECORDS = 10
"""Ten times the interval at which it looks at everything."""


class ExternalDns(pulumi.ComponentResource):
    """ExternalDNS on one cluster, for one zone.

    Creates:
        - its identity, in a namespace of its own, which may change records of this zone alone; its pods reach the API
          server, DNS and the APIs of AWS, and nobody reaches them
        - the release `external-dns` on the system nodes: it makes a record for each host of a route, pointed at the
          route's gateway, and deletes it with the route
        - a wait, on destroy, until none of its records is left in the zone, while it still runs

    No record is ever written by hand, so none can be stale, and none names the hosted zone of another balancer: the
    alias is made from the balancer's own name. It owns what it wrote and touches nothing else in the zone.

    Args:
        config: what a user decides; the rest is derived.
        cluster: where it runs, and whose routes it follows.
        dns: the zone that it writes to.
        gateway_api: the kinds that it looks for as it starts.
        opts: made by the cluster's own provider, and protected as it is, unless these say otherwise.

    Raises:
        ValueError: the config, or the kinds, are another cluster's.
    """

    owner: str
    """Whom the zone names as the owner of this cluster's records."""
    route_annotations: dict[str, str]
    """What every route carries whose hosts get records; empty but where hosts are shared with other regions."""
    release: kubernetes.helm.v3.Release
    ready: list[pulumi.Resource]
    """Whatever has a host name (routes, and the gateway that they point at) depends on these: it is gone before the
    wait for its records begins."""

    def __init__(
        self,
        name: str,
        config: ExternalDnsConfig,
        *,
        cluster: ClusterHandle,
        dns: Dns,
        gateway_api: GatewayApi,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        parts.require(cluster, name=config.name, region=config.region, part=name)
        gateway_api.require(cluster, part=name)
        super().__init__("pokayoke-eks:index:ExternalDns", name, {}, parts.of(cluster, opts))
        self.owner = names.record_owner(config.name, config.region)
        self.route_annotations = _annotations(config, self.owner)
        partition = REGIONS[config.region].partition
        identity = WorkloadIdentity(
            f"{name}-{NAME}",
            IDENTITY,
            cluster=cluster,
            policies={
                "Records": dns.zone_id.apply(
                    lambda zone: records_policy(
                        f"arn:{partition}:route53:::hostedzone/{zone}", external_dns.RECORD_TYPES
                    )
                )
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        policies = NetworkPolicies(
            f"{name}-{NAME}",
            TRAFFIC,
            cluster=cluster,
            namespace=identity,
            opts=pulumi.ResourceOptions(parent=self),
        )
        # Without its definition: DNSEndpoint is a kind that nothing here reads.
        self.release = release_with_identity(
            f"{name}-{NAME}",
            Chart(sources.EXTERNAL_DNS, NAME, config.version),
            identity=identity,
            values=values(config, dns.domain, cluster.placement),
            outputs={
                "extraArgs": {"zone-id-filter": dns.zone_id, "txt-wildcard-replacement": external_dns.WILDCARD},
            },
            after=[*dns.ready, *gateway_api.ready, *policies.ready],
            parent=self,
        )
        gone = Waiting(
            f"{name}-records-gone",
            region=config.region,
            before_gone=[records_gone(dns.zone_id, owner=self.owner)],
            minutes=MINUTES_FOR_RECORDS,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.release]),
        )
        self.ready = [self.release, gone]
        self.register_outputs({})


def _annotations(config: ExternalDnsConfig, owner: str) -> dict[str, str]:
    """Records of one host in several regions differ by their identifier, and are chosen by their region."""
    if not config.latency_routing:
        return {}
    return {f"{external_dns.PREFIX}set-identifier": owner, f"{external_dns.PREFIX}aws-region": config.region}
