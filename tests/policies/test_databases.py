"""The policy `db-instance-class-prefix`."""

import pytest
from analyzing import UNKNOWN, Pack

SLUG = "db-instance-class-prefix"
INSTANCE = "aws:rds/instance:Instance"


@pytest.mark.parametrize("name", ["db.t3.large", "db.m6g.16xlarge", "db.serverless", "db.x2iedn.2xlarge", None, ""])
def test_a_class_in_rds_own_spelling_passes(name: str | None, pack: Pack) -> None:
    assert pack.refusals(INSTANCE, {"instanceClass": name}) == {}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("db.db.t3.large", "the class 'db.db.t3.large' begins with db. twice"),
        ("db.db.db.t3.large", "Write db.t3.large."),
        ("t3.large", "does not begin with db. once"),
        (" db.t3.large", "Write db.t3.large."),
        ("DB.T3.LARGE", "Write it as RDS does"),
    ],
)
def test_a_class_of_another_spelling_is_refused_with_the_one_that_is_meant(name: str, told: str, pack: Pack) -> None:
    (message,) = pack.refusals(INSTANCE, {"instanceClass": name})[SLUG]
    assert message.startswith("instanceClass: ")
    assert told in message


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("aws:rds/clusterInstance:ClusterInstance", "instanceClass"),
        ("aws:rds/cluster:Cluster", "dbClusterInstanceClass"),
        ("aws:docdb/clusterInstance:ClusterInstance", "instanceClass"),
        ("aws-native:rds:DbInstance", "dbInstanceClass"),
    ],
)
def test_every_resource_that_names_a_class_is_judged(kind: str, key: str, pack: Pack) -> None:
    assert SLUG in pack.refusals(kind, {key: "db.db.r6g.large"})
    assert SLUG not in pack.refusals(kind, {key: "db.r6g.large"})


def test_a_class_that_is_not_known_yet_is_said_to_be_unknown(pack: Pack) -> None:
    assert pack.refusals(INSTANCE, {"instanceClass": UNKNOWN}) == {"unknown": [SLUG]}
