"""The policy `db-instance-class-prefix`: RDS knows the classes that are asked for."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules.database_classes import SLUG, bad_class
from pokayoke_eks.rules.finding import Finding

from .policy import Rule
from .raw import stated

_CLASSES = {
    "aws:rds/instance:Instance": "instanceClass",
    "aws:rds/clusterInstance:ClusterInstance": "instanceClass",
    "aws:rds/cluster:Cluster": "dbClusterInstanceClass",
    "aws:docdb/clusterInstance:ClusterInstance": "instanceClass",
    "aws:neptune/clusterInstance:ClusterInstance": "instanceClass",
}


def class_is_known(key: str, properties: Mapping[str, Any]) -> Iterator[Finding]:
    """The property `key` names a class in RDS' own spelling."""
    name = stated(properties, key)
    finding = bad_class(name) if isinstance(name, str) and name else None
    if finding:
        yield finding.at(f"{key}: ")


RULE = Rule(SLUG, judges={kind: (partial(class_is_known, key),) for kind, key in _CLASSES.items()})
