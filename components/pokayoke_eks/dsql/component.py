"""Aurora DSQL clusters that are made, peered and deleted side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config import DsqlConfig
from ..iam import document
from ..iam.document import Document
from ..iam.dsql import DatabaseRole, connect, from_within
from ..network import Network
from ..rules import cidrs
from .backups import back_up

AWS_OWNED = "AWS_OWNED_KMS_KEY"
"""Encryption at rest under a key of AWS, whatever the lifecycle: a key of ours, in each region one, would be two more
things that can make the data unreadable for good (KMS_KEY_INACCESSIBLE, a deleted key), and nobody else could read it
under AWS's either."""


class MultiRegionDsql(pulumi.ComponentResource):
    """Aurora DSQL in one region, or in two that hold the same data and take writes, with a witness in a third.

    Creates:
        - in each region a cluster, encrypted, protected against deletion while `config.protected`
        - where there are two, a peering from each to the other
        - where there are `networks`, and unless `config.clients` are the whole internet, a policy of each cluster that
          denies every connection from elsewhere, whoever has a key for it: pods connect by their NAT gateways, or by an
          endpoint in their VPC, to their own region's cluster or to the other's
        - where `config.lifecycle` is retained, in each region a vault of AWS Backup, and in the first one a backup of
          its cluster every day, kept for 35 days and copied into the other region's vault; the role with which AWS
          Backup makes them. A restore overwrites nothing: it makes a new cluster, or two that are peered. The vaults go
          with all backups, once `config.allow_destroy` has lifted the protection

    Peers need each other to become active, and to be deleted: each waits until the other is being made, or deleted,
    too. So nothing here leads from one cluster to the other or from one peering to the other, both need the same
    things, so that the engine's turn to delete them is the same, both have the same protection, and both are replaced
    together: whatever changes who is peered with whom (a peer, the witness, from one
    region to two or back) is a trigger for all of them. New clusters are then made and peered while the old ones are
    there, and the old ones deleted side by side; their data does not come along, which is why both are refused while
    protected. Never delete one of the two alone (`pulumi destroy --target`), nor with `--parallel 1`. A destroy that
    ended half-way is repeated, and not followed by an `up`: it has forgotten the peerings by then, and between active
    clusters none can be made.

    Args:
        config: what a user decides.
        providers: an `aws.Provider` for each of `config.regions`.
        networks: whose pods, and who else leaves by them, connect, in whatever region.
        opts: while `config.protected`, every resource is protected against Pulumi too, unless `protect` says otherwise.

    Raises:
        ValueError: a region has no provider.
    """

    endpoints: dict[str, pulumi.Output[str]]
    """By region, the host that answers on port 5432 with TLS; any of them, for reads and writes. A token is signed with
    the region of its endpoint. Known once all clusters are active."""
    arns: dict[str, pulumi.Output[str]]
    """By region. Known once all clusters are active."""
    ready: list[pulumi.Resource]
    """The peerings, or the one cluster: what uses the database depends on these."""

    def __init__(
        self,
        name: str,
        config: DsqlConfig,
        *,
        providers: Mapping[str, aws.Provider],
        networks: Sequence[Network] = (),
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        without = [region for region in config.regions if region not in providers]
        if without:
            raise ValueError(f"{name}: no provider for {', '.join(without)}")
        protected = pulumi.ResourceOptions(protect=config.protected or None)
        super().__init__("pokayoke-eks:index:MultiRegionDsql", name, {}, pulumi.ResourceOptions.merge(protected, opts))
        clusters = {region: self._cluster(f"{name}-{region}", config, region, providers) for region in config.regions}
        peerings = self._peerings(name, config, providers, clusters)
        self.ready = [*(peerings or clusters.values())]
        if networks and not cidrs.covers_the_internet(config.clients):
            self._close(name, config, networks, providers, clusters)
        active = pulumi.Output.all(*(peering.id for peering in peerings))
        self.arns = {region: _after(active, cluster.arn) for region, cluster in clusters.items()}
        self.endpoints = {
            region: _after(active, cluster.identifier.apply(lambda id_, region=region: endpoint(id_, region)))
            for region, cluster in clusters.items()
        }
        if days := config.backup_days:
            back_up(name, config, days=days, providers=providers, arns=self.arns, parent=self)
        self.register_outputs({})

    def access_policy(self, role: DatabaseRole) -> pulumi.Output[Document]:
        """Lets a workload connect as this role of the database, in every region: a workload whose region fails goes to
        the other's endpoint."""
        return pulumi.Output.all(*self.arns.values()).apply(lambda arns: connect(arns, role))

    def _cluster(
        self, name: str, config: DsqlConfig, region: str, providers: Mapping[str, aws.Provider]
    ) -> aws.dsql.Cluster:
        """The peer is left out of the properties: naming it here would make one cluster need the other."""
        return aws.dsql.Cluster(
            name,
            deletion_protection_enabled=config.protected,
            force_destroy=not config.protected,
            kms_encryption_key=AWS_OWNED,
            multi_region_properties=(
                aws.dsql.ClusterMultiRegionPropertiesArgs(witness_region=config.witness) if config.witness else None
            ),
            tags=tags.of(config.name, config.tags, Name=name),
            opts=pulumi.ResourceOptions.merge(
                self._opts(config, providers[region]),
                pulumi.ResourceOptions(
                    # The engine deletes in rounds, by how long the chain of what a resource needs is (pulumi/pulumi,
                    # `step_generator.go`, ScheduleDeletes): where one region's provider goes too, its cluster's round
                    # would come before the other's, and wait for it.
                    depends_on=[providers[one] for one in config.regions],
                    # Deleted first, the old one would wait for a peer whose deletion comes later.
                    delete_before_replace=False,
                ),
            ),
        )

    def _peerings(
        self,
        name: str,
        config: DsqlConfig,
        providers: Mapping[str, aws.Provider],
        clusters: Mapping[str, aws.dsql.Cluster],
    ) -> list[aws.dsql.ClusterPeering]:
        """From each to the other; where there is no witness, there is no other."""
        if config.witness is None:
            return []
        return [
            aws.dsql.ClusterPeering(
                f"{name}-{region}",
                identifier=cluster.identifier,
                clusters=[clusters[other].arn],
                witness_region=config.witness,
                opts=pulumi.ResourceOptions.merge(
                    self._opts(config, providers[region]),
                    # The provider cannot update a peering. Deleting one does nothing: the clusters' end is its end.
                    pulumi.ResourceOptions(replace_on_changes=["identifier", "clusters", "witnessRegion"]),
                ),
            )
            for region, cluster in clusters.items()
            for other in config.regions
            if other != region
        ]

    def _close(
        self,
        name: str,
        config: DsqlConfig,
        networks: Sequence[Network],
        providers: Mapping[str, aws.Provider],
        clusters: Mapping[str, aws.dsql.Cluster],
    ) -> None:
        """What must be there first is the same for both clusters, their policies included."""
        policy = pulumi.Output.all(
            vpcs=[one.vpc_id for one in networks],
            addresses=[address for one in networks for address in one.addresses],
        ).apply(lambda seen: _policy(config, seen))
        for region, cluster in clusters.items():
            aws.dsql.ClusterPolicy(
                f"{name}-{region}",
                identifier=cluster.identifier,
                policy=policy,
                opts=pulumi.ResourceOptions(parent=self, provider=providers[region], depends_on=self.ready),
            )

    def _opts(self, config: DsqlConfig, provider: aws.Provider) -> pulumi.ResourceOptions:
        peers = "+".join(sorted(config.regions))
        return pulumi.ResourceOptions(
            parent=self, provider=provider, replacement_trigger=f"{peers} witnessed by {config.witness or 'nobody'}"
        )


def endpoint(identifier: str, region: str) -> str:
    """Where a cluster answers (Aurora DSQL user guide, "Connecting"): the provider has no output for it."""
    return f"{identifier}.dsql.{region}.on.aws"


def _policy(config: DsqlConfig, seen: Mapping[str, Any]) -> str:
    own = [f"{address}/32" for address in seen["addresses"]]
    return document.text(from_within(seen["vpcs"], [*own, *map(str, config.clients)]))


def _after(active: pulumi.Output[list[str]], value: pulumi.Output[str]) -> pulumi.Output[str]:
    """The value, which whoever takes it gets once the peerings are there."""
    return pulumi.Output.all(active, value).apply(lambda both: str(both[1]))
