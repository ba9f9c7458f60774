"""What a stack's YAML may say of Aurora DSQL, and what MultiRegionDsql takes."""

from pydantic import Field

from .checks import cluster, dsql, platform
from .examined import Config
from .fields import Cidr, Lifecycle, RegionName
from .shared import Protected

BACKUP_DAYS = 35
"""What AWS Backup recommends of daily backups (EFS user guide, "Automatic backups")."""


class Dsql(Config):
    """Aurora DSQL in the platform's regions: one, or two peers and a witness."""

    witness: RegionName | None = Field(
        default=None,
        description="The third region, which holds a log of both peers' writes; where there are two regions.",
        examples=["ap-northeast-3"],
    )
    region_set: tuple[RegionName, ...] = Field(
        default=(),
        description="Regions that AWS lets peer with each other, where these are more than this release knows.",
        examples=[["ap-northeast-1", "ap-northeast-2", "ap-northeast-3"]],
    )
    clients: tuple[Cidr, ...] = Field(
        default=(),
        description="Public ranges from which clients connect besides the platform's own networks. 0.0.0.0/0 closes "
        "the databases to nobody.",
        examples=[["203.0.113.0/24"]],
    )


class DsqlConfig(Dsql, Protected):
    """Aurora DSQL of one platform."""

    checks = (
        platform.tags_are_legal,
        cluster.protection_means_something,
        dsql.regions_can_be_peered,
        dsql.clients_can_come,
    )

    regions: tuple[RegionName, ...] = Field(
        description="Where its clusters stand: one region, or two.",
        examples=[["ap-northeast-2", "ap-northeast-1"]],
        json_schema_extra={"minItems": 1},
    )

    @property
    def backup_days(self) -> int | None:
        """How long a daily backup is kept: 35 days in a retained environment; a disposable one makes none."""
        return BACKUP_DAYS if self.lifecycle is Lifecycle.RETAINED else None
