"""What is asked of a control plane, and where popular checks of the same are wrong."""

from __future__ import annotations

from dataclasses import replace
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
    (message,) = pack.advice("kubernetes:core/v1:ConfigMapList", {"items": [other, users]})["eks-auth-api-only"]
    assert message.partition("; ")[0] == "items[1]: metadata.name: it is the ConfigMap that maps users"
    assert "]. Make access entries of it. See " in message


BEFORE_SEALING = {"version": "1.27"}
NARROW = {"publicAccessCidrs": ["203.0.113.0/24"]}


@pytest.mark.parametrize(
    ("said", "slug", "message"),
    [
        pytest.param(
            endpoint(),
            "eks-endpoint-not-open",
            "vpcConfig.publicAccessCidrs: it is left out, which means 0.0.0.0/0",
            id="ranges-left-out",
        ),
        pytest.param(
            endpoint(publicAccessCidrs=["0.0.0.0/0"]),
            "eks-endpoint-not-open",
            "vpcConfig.publicAccessCidrs: its ranges together are the internet",
            id="ranges",
        ),
        pytest.param(
            cluster(vpcConfig=NARROW),
            "eks-private-endpoint-on",
            "vpcConfig.endpointPrivateAccess: it is left out, which means false",
            id="private-endpoint-left-out",
        ),
        pytest.param(
            cluster(vpcConfig={**NARROW, "endpointPrivateAccess": "false"}),
            "eks-private-endpoint-on",
            "vpcConfig.endpointPrivateAccess: it is off",
            id="private-endpoint",
        ),
        pytest.param(
            cluster(accessConfig=None),
            "eks-auth-api-only",
            "accessConfig.authenticationMode: it is left out, which means CONFIG_MAP",
            id="mode-left-out",
        ),
        pytest.param(
            cluster(accessConfig={"authenticationMode": "CONFIG_MAP"}),
            "eks-auth-api-only",
            "accessConfig.authenticationMode: it is CONFIG_MAP",
            id="mode",
        ),
        pytest.param(
            cluster(enabledClusterLogTypes=["api"]),
            "eks-audit-log-on",
            "enabledClusterLogTypes: it does not hold audit",
            id="logs",
        ),
        pytest.param(
            cluster(**BEFORE_SEALING), "eks-cmk-when-required", "encryptionConfig: it is left out", id="encryption"
        ),
        pytest.param(
            cluster(**BEFORE_SEALING, encryptionConfig={"provider": {}}),
            "eks-cmk-when-required",
            "encryptionConfig.provider.keyArn: it is left out",
            id="key",
        ),
        pytest.param(
            cluster(**BEFORE_SEALING, encryptionConfig={"provider": {"keyArn": "k"}}),
            "eks-cmk-when-required",
            "encryptionConfig.resources: it does not hold secrets",
            id="what-the-key-is-for",
        ),
    ],
)
def test_where_and_what_is_told(pack: Pack, said: dict[str, Any], slug: str, message: str) -> None:
    (found,) = pack.advice(CLUSTER, said)[slug]
    assert found.partition("; ")[0] == message


def test_log_types_that_are_not_known_yet_may_be_any(pack: Pack) -> None:
    assert pack.advice(CLUSTER, cluster(enabledClusterLogTypes=[UNKNOWN])) == {"unknown": ["eks-audit-log-on"]}
    assert pack.advice(CLUSTER, cluster(enabledClusterLogTypes=["audit", UNKNOWN])) == {}


def configured(policy: str, settings: dict[str, Any], said: dict[str, Any]) -> list[str]:
    pack = Pack()
    pack.configure(policy, "ADVISORY", settings)
    return pack.advice(CLUSTER, said).get(policy, [])


def test_more_log_types_are_asked_for_where_the_configuration_names_them() -> None:
    (message,) = configured("eks-audit-log-on", {"logTypes": ["audit", "authenticator"]}, SOUND)
    assert "it does not hold authenticator" in message
    (message,) = configured("eks-audit-log-on", {"logTypes": ["audit", "api"]}, cluster(enabledClusterLogTypes=[]))
    assert "it does not hold audit and api; " in message
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


def test_where_a_key_is_required_the_version_is_no_matter() -> None:
    assert len(configured("eks-cmk-when-required", {"required": True}, cluster(version=UNKNOWN))) == 1


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


ENTRY = Resource(NODES.type, "entry", {"clusterName": "demo", "kubernetesGroups": ["admins"]})
CREATOR = "eks-creator-not-admin"
NOBODY = "it is off, and no access entry of the stack lets anybody in"


def made(creator: Any, name: str = "demo") -> Resource:
    access = {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": creator}
    return Resource(CLUSTER, name, cluster(name=name, accessConfig=access))


@pytest.mark.parametrize(
    ("creator", "entries", "how"),
    [
        pytest.param(None, [ADMIN], "it is left out, which means true", id="left-out-beside-an-administrator"),
        pytest.param(True, [ADMIN], "it is on", id="on-beside-an-administrator"),
        pytest.param(False, [ADMIN, NODES], "", id="off-beside-an-administrator"),
        pytest.param(None, [VIEWER, NODES], "", id="the-only-administrator"),
        pytest.param(False, [NODES], NOBODY, id="nobody-at-all"),
        pytest.param(False, [VIEWER], "", id="somebody"),
        pytest.param(False, [ENTRY], "", id="a-group-that-may-be-administrators"),
        pytest.param(
            False,
            [replace(ENTRY, properties={**ENTRY.properties, "type": "STANDARD"})],
            "",
            id="a-group-of-the-type-that-is-the-default",
        ),
        pytest.param(False, [replace(ENTRY, properties={"clusterName": UNKNOWN})], "", id="somebody-somewhere"),
    ],
)
def test_the_creator_is_administrator_alone_or_not_at_all(
    pack: Pack, creator: bool | None, entries: list[Resource], how: str
) -> None:
    found = [(name, one.partition("; ")[0]) for name, one in pack.advice_on(made(creator), *entries).get(CREATOR, [])]
    assert found == ([("demo", f"accessConfig.bootstrapClusterCreatorAdminPermissions: {how}")] if how else [])


def test_who_let_nobody_in_makes_an_entry_whatever_is_unknown_of_another_cluster(pack: Pack) -> None:
    ((name, message),) = pack.advice_on(made(UNKNOWN, "other"), made(False), NODES)[CREATOR]
    assert name == "demo"
    assert "]. Make an access entry for an administrator. See " in message
    found = pack.advice_on(made(UNKNOWN), ADMIN)
    assert CREATOR not in found
    assert found["unknown"]
