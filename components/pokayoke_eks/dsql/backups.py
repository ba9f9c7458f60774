"""Backups of Aurora DSQL's clusters: what a program or a person deletes in one is gone in its peer too."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from .. import roles, tags
from ..config import DsqlConfig
from ..iam import document, managed, trust
from ..rules import names
from ..rules.regions import REGIONS

EVERY_DAY = "cron(0 5 ? * * *)"
"""At 05:00 UTC, AWS Backup's own default (AWS Backup API reference, BackupRuleInput)."""


def back_up(
    name: str,
    config: DsqlConfig,
    *,
    days: int,
    providers: Mapping[str, aws.Provider],
    arns: Mapping[str, pulumi.Output[str]],
    parent: pulumi.Resource,
) -> None:
    """A backup of the first region's cluster every day, each kept for some days; with a peer, a copy in its region.

    Peers hold the same data, and a restore into two regions takes one backup and its copy in the other (AWS Backup
    developer guide, "Amazon Aurora DSQL backups"). The cluster is named by its ARN, so that it is backed up whatever
    types the account opted in to (AWS Backup API reference, UpdateRegionSettings).
    """
    home, *others = config.regions
    carried = tags.of(config.name, config.tags)

    def within(region: str) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=parent, provider=providers[region])

    vaults = {
        region: aws.backup.Vault(
            f"{name}-{region}",
            name=names.database_backups(config.name),
            # Under AWS's own key, as the clusters are: with a key of ours that is deleted, every backup would be lost.
            force_destroy=not config.protected,
            tags=carried,
            opts=within(region),
        )
        for region in config.regions
    }
    plan = aws.backup.Plan(
        f"{name}-backups",
        name=names.database_backups(config.name),
        rules=[
            aws.backup.PlanRuleArgs(
                rule_name="daily",
                target_vault_name=vaults[home].name,
                schedule=EVERY_DAY,
                lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=days),
                copy_actions=[
                    aws.backup.PlanRuleCopyActionArgs(
                        destination_vault_arn=vaults[other].arn,
                        lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(delete_after=days),
                    )
                    for other in others
                ],
            )
        ],
        tags=carried,
        opts=within(home),
    )
    role = aws.iam.Role(
        f"{name}-backups",
        name=names.role_name(config.name, home, names.Purpose.BACKUPS),
        assume_role_policy=document.text(trust.service(trust.BACKUP)),
        tags=carried,
        opts=within(home),
    )
    attached = roles.attach(f"{name}-backups", role, managed.BACKUPS, REGIONS[home].partition, within(home))
    aws.backup.Selection(
        f"{name}-backups",
        name=names.database_backups(config.name),
        plan_id=plan.id,
        iam_role_arn=role.arn,
        resources=[arns[home]],
        # AWS Backup tries what the role may do.
        opts=pulumi.ResourceOptions.merge(within(home), pulumi.ResourceOptions(depends_on=attached)),
    )
