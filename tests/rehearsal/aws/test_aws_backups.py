"""What AWS Backup refuses, and what a program sees of a plan that somebody changed."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cloud import Cloud, Resource, refused, role

PLAN, SELECTION, VAULT = "aws:backup/plan:Plan", "aws:backup/selection:Selection", "aws:backup/vault:Vault"
DAILY = {"ruleName": "daily", "targetVaultName": "orders", "lifecycle": {"deleteAfter": 35}}


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
