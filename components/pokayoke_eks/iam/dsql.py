"""What a workload may do in Aurora DSQL.

Source: Aurora DSQL user guide, "Authentication and authorization": who holds one of these actions on a cluster may sign
a token for it, the token being good for its endpoint alone. What the role of the database may then do, the database
itself says (`AWS IAM GRANT`).
"""

from collections.abc import Sequence
from enum import StrEnum

from .document import Document, allow, document


class DatabaseRole(StrEnum):
    """As whom a workload may connect: the IAM action that allows it."""

    CUSTOM = "dsql:DbConnect"
    """A role of the database that the schema's owner made and granted to the workload's IAM role."""
    ADMIN = "dsql:DbConnectAdmin"
    """`admin`, which may do everything: for migrations, for no service."""


def connect(cluster_arns: Sequence[str], role: DatabaseRole) -> Document:
    """Connect to these clusters, in each of which the same data is."""
    return document(allow("Connect", [role.value], list(cluster_arns)))
