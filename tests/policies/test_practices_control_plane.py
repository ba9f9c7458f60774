"""What is asked of a control plane, and where popular checks of the same are wrong."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

CLUSTER = "aws:eks/cluster:Cluster"
SOUND: dict[str, Any] = {
    "name": "demo",
    "version": "1.36",
    "vpcConfig": {"endpointPrivateAccess": True, "publicAccessCidrs": ["203.0.113.0/24"]},
    "enabledClusterLogTypes": ["audit"],
    "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
}


@pytest.fixture
def pack(anew: Pack) -> Pack:
    """In which each rule with settings is made anew."""
    return anew


def cluster(**other: Any) -> dict[str, Any]:
    return {key: value for key, value in {**SOUND, **other}.items() if value is not None}


def endpoint(**said: Any) -> dict[str, Any]:
    return cluster(vpcConfig={"endpointPrivateAccess": True, **said})


def test_a_sound_cluster_is_told_nothing(pack: Pack) -> None:
    """Of logs, audit is asked for alone; of keys, none: EKS encrypts by itself since 1.28."""
    assert pack.advice(CLUSTER, SOUND) == {}


def test_a_bare_cluster_is_judged_by_what_left_out_means(pack: Pack) -> None:
    found = pack.advice(CLUSTER, {"name": "demo", "version": "1.36"})
    assert {slug: message.partition(":")[0] for slug, (message,) in found.items()} == {
        "eks-endpoint-not-open": "vpcConfig.publicAccessCidrs",
        "eks-private-endpoint-on": "vpcConfig.endpointPrivateAccess",
        "eks-audit-log-on": "enabledClusterLogTypes",
        "eks-auth-api-only": "accessConfig.authenticationMode",
    }
    assert all(f"[{slug}]. Set " in message for slug, (message,) in found.items())


@pytest.mark.parametrize(
    "ranges",
    [
        pytest.param([], id="none"),
        pytest.param(["0.0.0.0/0"], id="all"),
        pytest.param(["::/0"], id="all-v6"),
        pytest.param(["0.0.0.0/1", "128.0.0.0/1"], id="halves"),
        pytest.param(["0.0.0.0/1", "128.0.0.0/2"], id="with-a-hole"),
        pytest.param(["203.0.113.0/24", "0:0::/1", "8000::/1"], id="halves-v6"),
        pytest.param(["128.0.0.0/1", UNKNOWN, "0.0.0.0/0"], id="whatever-the-unknown-is"),
    ],
)
def test_ranges_that_are_the_whole_internet_together_are_open(pack: Pack, ranges: list[str]) -> None:
    assert "eks-endpoint-not-open" in pack.advice(CLUSTER, endpoint(publicAccessCidrs=ranges))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"publicAccessCidrs": ["198.51.100.7/32"], "endpointPublicAccess": True}, id="an-office"),
        pytest.param({"publicAccessCidrs": ["203.0.0.0/8"]}, id="a-large-holder"),
        pytest.param({"endpointPublicAccess": False}, id="private"),
        pytest.param({"endpointPublicAccess": "false", "publicAccessCidrs": ["0.0.0.0/0"]}, id="private-in-words"),
    ],
)
def test_a_limited_or_private_endpoint_is_not(pack: Pack, said: dict[str, Any]) -> None:
    assert pack.advice(CLUSTER, endpoint(**said)) == {}


def test_ranges_that_are_not_known_yet_are_said_to_be(pack: Pack) -> None:
    assert pack.advice(CLUSTER, endpoint(publicAccessCidrs=[UNKNOWN])) == {"unknown": ["eks-endpoint-not-open"]}
    assert pack.advice(CLUSTER, endpoint(publicAccessCidrs=UNKNOWN)) == {"unknown": ["eks-endpoint-not-open"]}


@pytest.mark.parametrize("mode", ["CONFIG_MAP", "API_AND_CONFIG_MAP"])
def test_users_in_a_config_map_are_advised_against(pack: Pack, mode: str) -> None:
    (message,) = pack.advice(CLUSTER, cluster(accessConfig={"authenticationMode": mode}))["eks-auth-api-only"]
    assert mode in message


def test_the_config_map_itself_is_too_in_whatever_resource(pack: Pack) -> None:
    users = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "aws-auth", "namespace": "kube-system"}}
    for kind in ("ConfigMap", "ConfigMapPatch"):
        assert "eks-auth-api-only" in pack.advice(f"kubernetes:core/v1:{kind}", users)
    other = {**users, "metadata": {"name": "aws-auth", "namespace": "shop"}}
    assert pack.advice("kubernetes:core/v1:ConfigMapList", {"items": [other]}) == {}
    assert "eks-auth-api-only" in pack.advice("kubernetes:core/v1:ConfigMapList", {"items": [other, users]})


def configured(policy: str, settings: dict[str, Any], said: dict[str, Any]) -> list[str]:
    pack = Pack()
    pack.configure(policy, "ADVISORY", settings)
    return pack.advice(CLUSTER, said).get(policy, [])


def test_more_log_types_are_asked_for_where_the_configuration_names_them() -> None:
    (message,) = configured("eks-audit-log-on", {"logTypes": ["audit", "authenticator"]}, SOUND)
    assert "it does not hold authenticator" in message
    assert configured("eks-audit-log-on", {"logTypes": []}, cluster(enabledClusterLogTypes=None)) == []


@pytest.mark.parametrize(
    ("config", "sound"),
    [
        pytest.param(None, False, id="none"),
        pytest.param({"provider": {"keyArn": "k"}, "resources": ["secrets"]}, True, id="whole"),
        pytest.param({"provider": {"keyArn": UNKNOWN}, "resources": ["secrets"]}, True, id="a-key-of-this-stack"),
        pytest.param({"provider": {}, "resources": ["secrets"]}, False, id="no-key"),
        pytest.param({"provider": {"keyArn": "k"}, "resources": []}, False, id="of-nothing"),
    ],
)
def test_an_own_key_is_asked_for_where_it_is_required(config: Any, *, sound: bool) -> None:
    found = configured("eks-cmk-when-required", {"required": True}, cluster(encryptionConfig=config))
    assert (found == []) is sound


@pytest.mark.parametrize(("version", "sealed"), [("1.27", False), ("1.28", True), ("1.9", False), ("2.0", True)])
def test_or_where_the_version_does_not_encrypt_by_itself(pack: Pack, version: str, *, sealed: bool) -> None:
    assert ("eks-cmk-when-required" not in pack.advice(CLUSTER, cluster(version=version))) is sealed


ADMIN = Resource(
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "admin",
    {"clusterName": "demo", "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"},
)
VIEWER = Resource(
    ADMIN.type,
    "viewer",
    {**ADMIN.properties, "policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"},
)
NODES = Resource("aws:eks/accessEntry:AccessEntry", "nodes", {"clusterName": "demo", "type": "EC2_LINUX"})


@pytest.mark.parametrize(
    ("creator", "entries", "sound"),
    [
        pytest.param(None, [ADMIN], False, id="left-out-beside-an-administrator"),
        pytest.param(True, [ADMIN], False, id="on-beside-an-administrator"),
        pytest.param(False, [ADMIN, NODES], True, id="off-beside-an-administrator"),
        pytest.param(None, [VIEWER, NODES], True, id="the-only-administrator"),
        pytest.param(False, [NODES], False, id="nobody-at-all"),
        pytest.param(False, [VIEWER], True, id="somebody"),
    ],
)
def test_the_creator_is_administrator_alone_or_not_at_all(
    pack: Pack, creator: bool | None, entries: list[Resource], *, sound: bool
) -> None:
    access = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": creator}
    found = pack.advice_on(Resource(CLUSTER, "demo", cluster(accessConfig=access)), *entries)
    assert ([name for name, _ in found.get("eks-creator-not-admin", [])] == []) is sound
