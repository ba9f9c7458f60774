"""DSQL clusters of one and of two regions, and their backups: their states, what is refused of them, and what the
provider cannot do."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cloud import REGION, Cloud, Resource, refused, role

CLUSTER, PEERING = "aws:dsql/cluster:Cluster", "aws:dsql/clusterPeering:ClusterPeering"
TOKYO, OSAKA = "ap-northeast-1", "ap-northeast-3"
WITNESS = {"witnessRegion": OSAKA}
PLAN, SELECTION, VAULT = "aws:backup/plan:Plan", "aws:backup/selection:Selection", "aws:backup/vault:Vault"
DAILY = {"ruleName": "daily", "targetVaultName": "orders", "lifecycle": {"deleteAfter": 35}}


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


# Backups


@pytest.fixture
def plan(clean: Cloud) -> Resource:
    """A plan, and the vault into which it puts what it makes."""
    clean.create(VAULT, "vault", name="orders")
    return clean.create(PLAN, "plan", name="orders", rules=[DAILY])


def select(cloud: Cloud, plan: str, principal: str = "backup.amazonaws.com", **said: Any) -> Resource:
    return cloud.create(SELECTION, "selection", planId=plan, iamRoleArn=role(cloud, "backups", principal), **said)


def test_a_role_of_another_service_backs_up_nothing(clean: Cloud, plan: Resource) -> None:
    with refused("cannot be assumed by AWS Backup"):
        select(clean, plan.id, "ec2.amazonaws.com")


def test_nothing_is_selected_for_a_plan_that_is_not_there(clean: Cloud) -> None:
    with refused("Cannot find Backup plan"):
        select(clean, "none")


def test_a_plan_goes_after_what_it_selects_and_its_name_is_free_then(clean: Cloud, plan: Resource) -> None:
    select(clean, plan.id)
    with refused("Related backup plan selections must be deleted prior to backup"):
        clean.delete("plan")
    clean.delete("selection")
    clean.delete("plan")
    clean.create(PLAN, "again", name="orders", rules=[DAILY])


def test_a_selection_that_somebody_deleted_is_gone(clean: Cloud, plan: Resource) -> None:
    made = select(clean, plan.id)
    clean.client("backup").delete_backup_selection(BackupPlanId=plan.id, SelectionId=made.id)
    assert clean.read("selection") is None


def test_a_plan_is_told_as_somebody_left_it(clean: Cloud, plan: Resource) -> None:
    rule = {"RuleName": "daily", "TargetBackupVaultName": "orders", "Lifecycle": {"DeleteAfterDays": 1}}
    document = {"BackupPlanName": "orders", "Rules": [rule]}
    clean.client("backup").update_backup_plan(BackupPlanId=plan.id, BackupPlan=document)
    found = clean.read("plan") or {}
    assert found["rules"][0]["lifecycle"] == {"deleteAfter": 1}


@pytest.mark.parametrize("name", ["a", "with.dots", "x" * 51])
def test_a_vault_has_a_name_that_aws_backup_takes(clean: Cloud, name: str) -> None:
    with refused("failed to satisfy constraint"):
        clean.create(VAULT, "vault", name=name)
