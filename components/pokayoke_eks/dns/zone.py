"""The hosted zone of a platform."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .. import parts, tags
from ..config.dns import DnsConfig
from ..rules import domains
from .certificate import Certificate
from .validation import ValidationRecords

SECONDS_DELEGATED = 300
"""The time to live of the delegation. A zone made anew has other name servers: with the usual two days, resolvers would
ask the old ones so long, ACM's among them."""


class Dns(pulumi.ComponentResource):
    """One public hosted zone for all regions of a platform.

    Creates, where `parent_zone` is stated:
        - the hosted zone
        - its delegation in the parent zone, which is looked up by name and must be there

    Else nothing: the zone of `domain` is looked up by name, must be there and must be delegated, and stays when all
    else goes. What a made zone still holds when it goes (records made by hand: the platform's own are gone by then) is
    deleted with it, unless it is protected: then that refuses.

    Args:
        config: what a user decides.
        opts: pass an `aws.Provider` as `provider`; Route 53 has no regions, any one will do. While `config.protected`,
            every resource is protected against Pulumi too, unless `protect` says otherwise.

    Raises:
        pulumi.RunError: the zone to adopt, or to delegate from, is not there.
    """

    domain: str
    zone_id: pulumi.Output[str]
    name_servers: pulumi.Output[Sequence[str]]
    ready: list[pulumi.Resource]
    """The zone and its delegation: what writes into the zone, or waits for what the internet sees of it, depends on
    these. On destroy the delegation goes before the zone, so that it never leads to name servers of anybody else."""

    def __init__(self, name: str, config: DnsConfig, *, opts: pulumi.ResourceOptions | None = None) -> None:
        protected = pulumi.ResourceOptions(protect=config.protected or None)
        super().__init__("pokayoke-eks:index:Dns", name, {}, pulumi.ResourceOptions.merge(protected, opts))
        self.domain = config.domain
        self._tags = tags.of(config.name, config.tags)
        if config.parent_zone is None:
            zone = self._found(name, config.domain)
            self.zone_id = pulumi.Output.from_input(zone.zone_id)
            self.name_servers = pulumi.Output.from_input(zone.name_servers)
            self.ready = []
        else:
            made = self._made(name, config)
            self.zone_id, self.name_servers = made.zone_id, made.name_servers
            self.ready = [made, self._delegated(name, made, self._found(name, config.parent_zone))]
        self._validations = ValidationRecords(name, self.zone_id, parent=self)
        self.register_outputs({})

    def certificate(
        self,
        name: str,
        hosts: Sequence[str],
        *,
        provider: aws.Provider,
        opts: pulumi.ResourceOptions | None = None,
    ) -> Certificate:
        """A certificate for these hosts, all in this zone, in the region of `provider`: where its balancer is.

        Certificates in several regions may be for the same hosts; they share the records that validate them.

        Raises:
            ValueError: a host is not in the zone, or ACM issues no one certificate for them.
        """
        for host in hosts:
            parts.refuse(name, domains.bad_host(host) or domains.outside(host, self.domain))
        parts.refuse(name, domains.unfit_for_one_certificate(hosts))
        return Certificate(
            name,
            hosts,
            records=self._validations,
            after=self.ready,
            tags={**self._tags, "Name": hosts[0]},
            opts=pulumi.ResourceOptions.merge(pulumi.ResourceOptions(parent=self, provider=provider), opts),
        )

    def _found(self, name: str, domain: str) -> aws.route53.GetZoneResult:
        try:
            return aws.route53.get_zone(name=domain, opts=pulumi.InvokeOptions(parent=self))
        except Exception as error:  # the SDK raises no other
            raise pulumi.RunError(
                f"{name}: the hosted zone {domain} cannot be adopted ({error}). It has to be there, public, in this "
                "account and once: make it and have it delegated, or let it be made here by naming its `parent_zone`."
            ) from error

    def _made(self, name: str, config: DnsConfig) -> aws.route53.Zone:
        return aws.route53.Zone(
            name,
            name=config.domain,
            comment=f"The hosts of {config.name}",
            force_destroy=not config.protected,
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _delegated(
        self, name: str, zone: aws.route53.Zone, parent_zone: aws.route53.GetZoneResult
    ) -> aws.route53.Record:
        return aws.route53.Record(
            f"{name}-delegation",
            zone_id=parent_zone.zone_id,
            name=self.domain,
            type="NS",
            ttl=SECONDS_DELEGATED,
            records=zone.name_servers,
            opts=pulumi.ResourceOptions(parent=self),
        )
