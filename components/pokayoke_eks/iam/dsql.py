"""What a workload may do in Aurora DSQL, and from where.

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


def from_within(vpcs: Sequence[str], ranges: Sequence[str]) -> Document:
    """The policy of a cluster that nobody connects to but over an endpoint in these VPCs, or from these public ranges,
    whatever IAM allows.

    A client that takes no endpoint has no `aws:SourceVpc`, and one that does no `aws:SourceIp`: what is left out is not
    equal (IAM user guide, "Condition operators"; Aurora DSQL user guide, "Resource-based policies"). The cluster's
    own administration is denied to nobody.
    """
    return document(
        {
            "Sid": "DenyConnectionsFromElsewhere",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": [role.value for role in DatabaseRole],
            "Resource": "*",
            "Condition": {
                "NotIpAddress": {"aws:SourceIp": list(ranges)},
                "StringNotEquals": {"aws:SourceVpc": list(vpcs)},
            },
        }
    )
