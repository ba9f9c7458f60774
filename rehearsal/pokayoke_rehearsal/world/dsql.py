"""Aurora DSQL with the life of clusters of several regions, which moto's lacks.

A cluster with a witness waits in PENDING_SETUP until it and its peer name each other; one of a pair that is deleted
waits in PENDING_DELETE until the other is deleted too (facts: AWS CLI guide of multi-Region clusters, aws-samples,
hashicorp/terraform-provider-aws#41868). What takes AWS a while happens at once here.
AWS documents that the rules about witnesses exist, not the words of their refusals: those are ours.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.dsql import models
from moto.dsql.exceptions import ValidationException

# Whole set-ups, witness included, lie in one of these (Aurora DSQL user guide, "Region availability"). DSQL is in more
# Regions by now (AWS Config, dsql-cluster-multi-region-replication-enabled); whether in sets is not known.
REGION_SETS = (
    frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
    frozenset({"eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"}),
)
OTHER_REGIONS = {"ap-south-1", "ap-southeast-1", "ca-central-1", "ca-west-1", "eu-north-1", "eu-south-2"}


def install() -> None:
    """Puts these clusters in the place of moto's, and lets them be wherever DSQL is."""
    models.Cluster = Cluster
    models.dsql_backends._additional_regions = sorted(OTHER_REGIONS.union(*REGION_SETS))  # pyright: ignore[reportPrivateUsage]
    backend: Any = models.AuroraDSQLBackend
    if backend.create_cluster.__name__ != "_create":
        _Original.create, _Original.update = backend.create_cluster, backend.update_cluster
        backend.create_cluster, backend.update_cluster, backend.delete_cluster = _create, _update, _delete


class _Original:
    create: Any
    update: Any


class Cluster(models.Cluster):
    """A cluster, as this module's description has it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.is_deleted = False
        super().__init__(*args, **kwargs)
        self.endpoint = f"{self.identifier}.dsql.{self.region_name}.on.aws"
        self.tell_of_peers(self.multi_region_properties)

    @property
    def status(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride, reportIncompatibleMethodOverride]
        if self.is_deleted:
            return "PENDING_DELETE"
        return "PENDING_SETUP" if self.witness and not list(self.peers()) else "ACTIVE"

    @property
    def witness(self) -> str:
        return str((self.multi_region_properties or {}).get("witnessRegion") or "")

    @property
    def description(self) -> str:
        """What the list of leftovers says of it."""
        return self.status

    def tell_of_peers(self, said: dict[str, Any] | None) -> None:
        """Takes over new properties; DSQL lists the cluster itself among the clusters."""
        if said is not None:
            named = [*(said.get("clusters") or []), self.arn]
            witness = said.get("witnessRegion") or self.witness
            self.multi_region_properties = {"witnessRegion": witness, "clusters": sorted(set(named))}

    def peers(self) -> Iterator[Cluster]:
        """The clusters that it names and that name it, with the same witness."""
        for region in models.dsql_backends[self.account_id].values():
            for other in region.clusters.values():
                if isinstance(other, Cluster) and other is not self and self._agrees_with(other):
                    yield other

    def awaited(self) -> str:
        """What it waits for, empty when for nothing."""
        named = [arn for arn in (self.multi_region_properties or {}).get("clusters", []) if arn != self.arn]
        if self.status == "PENDING_DELETE":
            return f"its peer {', '.join(peer.arn for peer in self.peers() if not peer.is_deleted)} is not deleted"
        if self.status != "PENDING_SETUP":
            return ""
        return f"its peer {', '.join(named)} does not name it as its own peer" if named else "it names no peer"

    def _agrees_with(self, other: Cluster) -> bool:
        return self._names(other) and other._names(self) and other.witness == self.witness

    def _names(self, other: Cluster) -> bool:
        return other.arn in (self.multi_region_properties or {}).get("clusters", [])


def _create(self: Any, *args: Any, **kwargs: Any) -> Any:
    _fit(self.region_name, kwargs.get("multi_region_properties"))
    return _Original.create(self, *args, **kwargs)


def _update(
    self: Any,
    identifier: str,
    deletion_protection_enabled: bool | None,
    kms_encryption_key: str | None,
    multi_region_properties: dict[str, Any] | None,
) -> Any:
    cluster = self.get_cluster(identifier)
    _fit(self.region_name, multi_region_properties)
    owned = kms_encryption_key == "AWS_OWNED_KMS_KEY"
    _Original.update(self, identifier, deletion_protection_enabled, None if owned else kms_encryption_key, None)
    if owned:
        cluster.encryption_details = {"encryptionStatus": "ENABLED", "encryptionType": "AWS_OWNED_KMS_KEY"}
    cluster.tell_of_peers(multi_region_properties)
    return cluster


def _delete(self: Any, identifier: str) -> Any:
    cluster = self.get_cluster(identifier)
    if cluster.deletion_protection_enabled:
        refusal = ValidationException("Deletion protection is enabled for this cluster.")
        refusal.reason = "deletionProtectionEnabled"
        raise refusal
    peers = list(cluster.peers())
    cluster.is_deleted = True
    if all(peer.is_deleted for peer in peers):
        for gone in [cluster, *peers]:
            del models.dsql_backends[gone.account_id][gone.region_name].clusters[gone.identifier]
    return cluster


def _fit(region: str, said: dict[str, Any] | None) -> None:
    witness = str((said or {}).get("witnessRegion") or "")
    if witness == region:
        raise ValidationException(f"The witness Region {witness} is the cluster's own Region.")
    others = [arn.split(":")[3] for arn in (said or {}).get("clusters") or []]
    if witness in others:
        raise ValidationException(f"The witness Region {witness} is the Region of a peer cluster.")
    for other in [witness, *others]:
        sets = [_set_of(region), _set_of(other)]
        if None not in sets and sets[0] != sets[1]:
            raise ValidationException(f"The Regions {region} and {other} are of different Region sets.")


def _set_of(region: str) -> frozenset[str] | None:
    return next((regions for regions in REGION_SETS if region in regions), None)
