"""DSQL clusters of one and of two regions: their states, what is refused of them, and what the provider cannot do."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cloud import REGION, Cloud, Resource, refused

CLUSTER, PEERING = "aws:dsql/cluster:Cluster", "aws:dsql/clusterPeering:ClusterPeering"
TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"
WITNESS = {"witnessRegion": OSAKA}


def cluster(cloud: Cloud, name: str, **said: Any) -> Resource:
    return cloud.create(CLUSTER, name, **said)


def status(cloud: Cloud, made: Resource, region: str = REGION) -> str:
    return cloud.client("dsql", region).get_cluster(identifier=made.id)["status"]


@pytest.fixture
def peers(clean: Cloud) -> tuple[Resource, Resource]:
    """Two clusters, of which Tokyo's names Seoul's already."""
    seoul = cluster(clean, "seoul", multiRegionProperties=WITNESS, forceDestroy=True)
    tokyo = cluster(clean, "tokyo", region=TOKYO, multiRegionProperties=WITNESS)
    both = {**WITNESS, "clusters": [seoul.outputs["arn"]]}
    clean.client("dsql", TOKYO).update_cluster(identifier=tokyo.id, multiRegionProperties=both)
    return seoul, tokyo


def peer(cloud: Cloud, seoul: Resource, tokyo: Resource) -> Resource:
    return cloud.create(PEERING, "peering", identifier=seoul.id, clusters=[tokyo.outputs["arn"]], **WITNESS)


def take_down(cloud: Cloud, tokyo: Resource) -> None:
    """Has Tokyo's cluster wait for its peer's deletion, so that the deletion of that one goes through."""
    cloud.client("dsql", TOKYO).delete_cluster(identifier=tokyo.id)
    del cloud.resources["tokyo"]


def test_a_cluster_of_one_region_is_active_and_has_the_endpoint_of_its_region(clean: Cloud) -> None:
    made = cluster(clean, "single")
    found = clean.client("dsql").get_cluster(identifier=made.id)
    assert found["status"] == "ACTIVE"
    assert found["endpoint"] == f"{made.id}.dsql.{REGION}.on.aws"


def test_peers_wait_for_each_other_and_become_active_together(clean: Cloud, peers: tuple[Resource, Resource]) -> None:
    seoul, tokyo = peers
    assert (status(clean, seoul), status(clean, tokyo, TOKYO)) == ("PENDING_SETUP", "PENDING_SETUP")
    peering = peer(clean, *peers)
    assert (status(clean, seoul), status(clean, tokyo, TOKYO)) == ("ACTIVE", "ACTIVE")
    assert (clean.read("peering") or {})["clusters"] == peering.inputs["clusters"]
    take_down(clean, tokyo)


def test_a_peering_is_made_once_and_never_changes(clean: Cloud, peers: tuple[Resource, Resource]) -> None:
    seoul, tokyo = peers
    peer(clean, *peers)
    with refused(f"Aurora DSQL Cluster ({seoul.id}) is not in a valid state to create a peering: ACTIVE"):
        clean.create(PEERING, "again", identifier=seoul.id, clusters=[tokyo.outputs["arn"]], **WITNESS)
    other = {**clean.resources["peering"].inputs, "witnessRegion": "us-west-2"}
    assert not clean.diff("peering", **other).replacing
    with refused("not supported: This resource's Update method should not have been called"):
        clean.update("peering", **other)
    take_down(clean, tokyo)


def test_a_peering_that_is_deleted_leaves_the_clusters_peered(clean: Cloud, peers: tuple[Resource, Resource]) -> None:
    peer(clean, *peers)
    clean.delete("peering")
    assert status(clean, peers[0]) == "ACTIVE"
    take_down(clean, peers[1])


def test_protection_cannot_be_changed_before_the_peering_stands(clean: Cloud, peers: tuple[Resource, Resource]) -> None:
    with refused("update: unexpected state 'PENDING_SETUP', wanted target 'ACTIVE'"):
        clean.update("tokyo", **clean.resources["tokyo"].inputs, deletionProtectionEnabled=True)
    clean.client("dsql", TOKYO).update_cluster(identifier=peers[1].id, deletionProtectionEnabled=False)


def test_a_protected_cluster_goes_only_by_force(clean: Cloud) -> None:
    cluster(clean, "protected", deletionProtectionEnabled=True)
    with refused("ValidationException: Deletion protection is enabled for this cluster."):
        clean.delete("protected")
    clean.update("protected", deletionProtectionEnabled=True, forceDestroy=True)
    clean.delete("protected")


@pytest.mark.parametrize(
    ("witness", "told"),
    [(REGION, "is the cluster's own Region"), ("us-west-2", "are of different Region sets")],
    ids=["its own region", "another continent"],
)
def test_a_witness_is_another_region_of_the_same_set(clean: Cloud, witness: str, told: str) -> None:
    with refused(told):
        cluster(clean, "odd", multiRegionProperties={"witnessRegion": witness})


def test_a_cluster_of_one_region_cannot_become_one_of_two(clean: Cloud) -> None:
    cluster(clean, "single")
    assert clean.diff("single", multiRegionProperties=WITNESS).replacing == {"multiRegionProperties"}
