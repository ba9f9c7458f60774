"""What is asked of Aurora DSQL."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource, told

CLUSTER, PEERING = "aws:dsql/cluster:Cluster", "aws:dsql/clusterPeering:ClusterPeering"
PEERS, CONNECT, CLOSED = "dsql-peers-consistent", "dsql-connect-least", "dsql-not-public"
SEOUL, TOKYO, OSAKA = "ap-northeast-2", "ap-northeast-1", "ap-northeast-3"


@pytest.fixture
def pack() -> Pack:
    return Pack()


def cluster(name: str, region: str = "", witness: Any = OSAKA, **said: Any) -> Resource:
    own = {"region": region} if region else {}
    return Resource(
        CLUSTER,
        name,
        {**own, "identifier": name, "multiRegionProperties": {"witnessRegion": witness}, **said},
    )


def peering(one: str, other: str) -> Resource:
    return Resource(
        PEERING,
        f"{one}-peering",
        {"identifier": UNKNOWN, "clusters": UNKNOWN},
        sources={"identifier": one, "clusters": other},
    )


BOTH = [peering("seoul", "tokyo"), peering("tokyo", "seoul")]
AT = "multiRegionProperties.witnessRegion"


@pytest.mark.parametrize(
    ("resources", "messages"),
    [
        pytest.param([cluster("seoul", SEOUL), cluster("tokyo", TOKYO), *BOTH], [], id="sound"),
        pytest.param([cluster("seoul"), cluster("tokyo"), *BOTH], [], id="of-regions-that-are-not-told"),
        pytest.param(
            [cluster("seoul", SEOUL), cluster("tokyo", TOKYO, "us-west-2"), *BOTH],
            [("tokyo", f"{AT}: it is us-west-2, and that of its peer 'seoul' is {OSAKA}")],
            id="two-witnesses",
        ),
        pytest.param([cluster("seoul", SEOUL), cluster("tokyo", TOKYO, UNKNOWN), *BOTH], [], id="one-to-come"),
        pytest.param(
            [cluster("seoul", SEOUL, SEOUL), cluster("tokyo", TOKYO, SEOUL), *BOTH],
            [("seoul", f"{AT}: it is the Region of a peer"), ("tokyo", f"{AT}: it is the Region of a peer")],
            id="the-witness-is-a-peer",
        ),
        pytest.param(
            [cluster("seoul", SEOUL), cluster("tokyo", TOKYO), BOTH[0]],
            [("tokyo", "no ClusterPeering is of it, and 'seoul' has one")],
            id="one-side",
        ),
        pytest.param(
            [cluster("seoul", SEOUL), cluster("tokyo", TOKYO), BOTH[1]],
            [("seoul", "no ClusterPeering is of it, and 'tokyo' has one")],
            id="the-other-side",
        ),
        pytest.param([cluster("seoul", SEOUL), cluster("tokyo", TOKYO)], [], id="peered-by-another-stack"),
        pytest.param([cluster("seoul", SEOUL)], [], id="alone"),
    ],
)
def test_peers_fit_together(pack: Pack, resources: list[Resource], messages: list[tuple[str, str]]) -> None:
    assert told(pack, PEERS, *resources) == messages


@pytest.mark.parametrize(
    ("key", "region", "sound"),
    [
        (f"arn:aws:kms:{SEOUL}:123456789012:key/x", SEOUL, True),
        (f"arn:aws:kms:{TOKYO}:123456789012:key/x", SEOUL, False),
        (f"arn:aws:kms:{TOKYO}:123456789012:key/x", "", True),
        ("AWS_OWNED_KMS_KEY", SEOUL, True),
        ("a:b:c:d:e:f", SEOUL, True),
        ("arn:aws:kms:x", SEOUL, True),
        (f"arn:aws:kms:{TOKYO}:123456789012", SEOUL, True),
        (UNKNOWN, SEOUL, True),
    ],
)
def test_a_key_is_of_the_cluster_s_region(pack: Pack, key: str, region: str, *, sound: bool) -> None:
    found = told(pack, PEERS, cluster("seoul", region, kmsEncryptionKey=key))
    problem = f"kmsEncryptionKey: it is a key of {TOKYO}, and the cluster is in {SEOUL}"
    assert found == ([] if sound else [("seoul", problem)])


def test_a_key_of_the_cluster_s_region_is_what_is_asked_for(pack: Pack) -> None:
    there = cluster("seoul", SEOUL, kmsEncryptionKey=f"arn:aws:kms:{TOKYO}:123456789012:key/x")
    ((_, found),) = pack.advice_on(there)[PEERS]
    assert "]. Name a key of the cluster's own Region. See " in found


def role(*statements: dict[str, Any], service: Any = "pods.eks.amazonaws.com", policy: Any = None) -> list[Resource]:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    document = json.dumps({"Statement": list(statements)}) if policy is None else policy
    return [
        Resource("aws:iam/role:Role", "app", {"name": "app", "assumeRolePolicy": UNKNOWN if not service else trust}),
        Resource("aws:iam/rolePolicy:RolePolicy", "rights", {"role": "app", "policy": document}),
    ]


def allowed(action: Any, resource: Any = "arn:aws:dsql:x:123456789012:cluster/y", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


ADMIN = "policies: a statement allows dsql:DbConnectAdmin"
EVERY = "policies: a statement allows dsql:DbConnect on every database"


@pytest.mark.parametrize(
    ("resources", "messages"),
    [
        pytest.param(role(allowed("dsql:DbConnectAdmin")), [ADMIN], id="admin"),
        pytest.param(role(allowed(["s3:GetObject", "dsql:DbConnect*"])), [ADMIN], id="by-a-pattern"),
        pytest.param(role(allowed("dsql:dbconnect", "*")), [EVERY], id="every-database"),
        pytest.param(role(allowed("DSQL:*", ["*"])), [ADMIN, EVERY], id="all-of-dsql"),
        pytest.param(role(allowed("dsql:DbConnect")), [], id="one-database"),
        pytest.param(role(allowed("dsql:GetCluster", "*")), [], id="looking-at-all"),
        pytest.param(role(allowed("*", "*")), [], id="everything-is-another-practice-s"),
        pytest.param(role(allowed("dsql:DbConnectAdmin", Effect="Deny")), [], id="denied"),
        pytest.param(role(allowed("dsql:DbConnectAdmin"), service="ec2.amazonaws.com"), [ADMIN], id="of-nodes"),
        pytest.param(role(allowed("dsql:DbConnectAdmin"), service="lambda.amazonaws.com"), [], id="of-neither"),
    ],
)
def test_pods_log_in_as_themselves(pack: Pack, resources: list[Resource], messages: list[str]) -> None:
    assert told(pack, CONNECT, *resources) == [("app", one) for one in messages]


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param(role(allowed("dsql:DbConnectAdmin"), service=""), id="whose-it-is"),
        pytest.param(role(policy=UNKNOWN), id="what-it-may"),
    ],
)
def test_a_role_that_is_not_known_is_said(pack: Pack, resources: list[Resource]) -> None:
    found = pack.advice_on(*resources)
    assert CONNECT not in found
    assert found["unknown"]


def test_a_role_that_may_little_needs_no_trust_to_be_known(pack: Pack) -> None:
    little, none = pack.advice_on(*role(allowed("s3:GetObject"), service="")), pack.advice_on(*role(service=""))
    assert len(little["unknown"]) == len(none["unknown"]) == 3  # of the practices that judge trust itself


def denial(operator: str = "StringNotEquals", key: str = "aws:SourceVpc", effect: str = "Deny") -> Resource:
    statement = {"Effect": effect, "Principal": "*", "Action": "dsql:*", "Condition": {operator: {key: "vpc-1"}}}
    policy = json.dumps({"Statement": [statement]})
    return Resource("aws:dsql/clusterPolicy:ClusterPolicy", "policy", {"identifier": "seoul", "policy": policy})


@pytest.mark.parametrize(
    ("policies", "sound"),
    [
        pytest.param([], False, id="none"),
        pytest.param([denial()], True, id="another-network"),
        pytest.param([denial("Null")], True, id="no-network"),
        pytest.param([denial(key="aws:SourceVpce")], True, id="another-endpoint"),
        pytest.param([denial("StringEquals")], False, id="that-network-itself"),
        pytest.param([denial(key="aws:SourceIp")], False, id="by-address"),
        pytest.param([denial(effect="Allow")], False, id="allowed"),
    ],
)
def test_a_database_is_closed_to_outsiders(pack: Pack, policies: list[Resource], *, sound: bool) -> None:
    problem = ("seoul", "no ClusterPolicy of the stack denies who comes from outside a VPC")
    assert told(pack, CLOSED, cluster("seoul"), *policies) == ([] if sound else [problem])


def test_a_policy_that_is_not_known_may_deny_them(pack: Pack) -> None:
    policy = Resource("aws:dsql/clusterPolicy:ClusterPolicy", "policy", {"identifier": "seoul", "policy": UNKNOWN})
    found = pack.advice_on(cluster("seoul"), policy)
    assert CLOSED not in found
    assert found["unknown"]
