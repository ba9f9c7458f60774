"""Aurora DSQL: one cluster, or two peers in two regions with a witness in a third."""

from ..iam.dsql import DatabaseRole
from .component import MultiRegionDsql

__all__ = ["DatabaseRole", "MultiRegionDsql"]
