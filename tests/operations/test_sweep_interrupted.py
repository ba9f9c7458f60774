"""`pokayoke sweep --state`: what creations made whose end the engine did not see, and nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from living import role

from pokayoke.failing import CommandError
from pokayoke.sweep.command import sweep
from pokayoke_rehearsal.world.rules import backup as world_rules

SEOUL = "ap-northeast-2"
TAGS = {"pokayoke-eks/cluster": "demo", "pokayoke-eks/managed-by": "pulumi", "Name": "demo"}
PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:aws::seoul"
Account = Callable[[str, str], Any]


def listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def vpc(account: Account, tags: dict[str, str] = TAGS) -> str:
    specified = [{"ResourceType": "vpc", "Tags": listed(tags)}]
    return account("ec2", SEOUL).create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=specified)["Vpc"]["VpcId"]


def urn(kind: str, name: str = "one") -> str:
    return f"urn:pulumi:dev::shop::{kind}::{name}"


def state(folder: Path, pending: dict[str, dict[str, Any]], known: dict[str, str] | None = None) -> Path:
    """An exported state: interrupted creations by type with their inputs, and ids that it knows by type."""
    provider = {"urn": PROVIDER, "type": "pulumi:providers:aws", "custom": True, "inputs": {"region": SEOUL}}
    operations = [
        {
            "type": "creating",
            "resource": {"urn": urn(kind), "type": kind, "inputs": inputs, "provider": f"{PROVIDER}::id"},
        }
        for kind, inputs in pending.items()
    ]
    resources = [
        {"urn": urn(kind, "known"), "type": kind, "custom": True, "id": identity}
        for kind, identity in (known or {}).items()
    ]
    file = folder / "state.json"
    deployment = {"resources": [provider, *resources], "pending_operations": operations}
    file.write_text(json.dumps({"version": 3, "deployment": deployment}))
    return file


def swept(stack: Path, account: Account, file: Path, *, removing: bool = False) -> tuple[int, str]:
    told: list[str] = []
    code = sweep("dev", removing=removing, yes=True, state=file, directory=stack, clients=account, tell=told.append)
    return code, "\n".join(told)


def test_what_has_no_name_is_found_by_all_its_tags_and_never_what_the_state_knows(
    stack: Path, account: Account
) -> None:
    orphan, known = vpc(account), vpc(account)
    others = [vpc(account, {**TAGS, "Name": "other"}), vpc(account, {"Name": "demo"})]
    address = account("ec2", SEOUL).allocate_address(
        Domain="vpc", TagSpecifications=[{"ResourceType": "elastic-ip", "Tags": listed(TAGS)}]
    )["AllocationId"]
    key = account("kms", SEOUL).create_key(Tags=[{"TagKey": name, "TagValue": value} for name, value in TAGS.items()])[
        "KeyMetadata"
    ]["KeyId"]
    kinds = ("aws:ec2/vpc:Vpc", "aws:ec2/eip:Eip", "aws:kms/key:Key")
    file = state(stack, {kind: {"tags": TAGS} for kind in kinds}, {"aws:ec2/vpc:Vpc": known})

    code, text = swept(stack, account, file)
    assert code == 1
    assert [one for one in (orphan, address, key) if one not in text] == []
    assert not [one for one in (known, *others) if one in text]

    code, text = swept(stack, account, file, removing=True)
    assert (code, "Removed 3." in text) == (0, True), text
    left = {one["VpcId"] for one in account("ec2", SEOUL).describe_vpcs()["Vpcs"] if not one["IsDefault"]}
    assert left == {known, *others}
    assert account("kms", SEOUL).describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"
    assert swept(stack, account, file)[0] == 0


def test_what_has_a_name_is_found_by_it_unless_it_is_somebody_else_s(stack: Path, account: Account) -> None:
    iam = account("iam", SEOUL)
    for name in ("ours", "theirs"):
        role(account, SEOUL, name)
    iam.tag_role(RoleName="ours", Tags=listed(TAGS))
    for name, code in (("theirs", 0), ("ours", 1), ("nobody-s", 0)):
        file = state(stack, {"aws:iam/role:Role": {"name": name, "tags": TAGS}})
        assert swept(stack, account, file)[0] == code, name
    swept(stack, account, state(stack, {"aws:iam/role:Role": {"name": "ours", "tags": TAGS}}), removing=True)
    assert [one["RoleName"] for one in iam.list_roles()["Roles"]] == ["theirs"]


def test_backups_that_nobody_owns_are_found_with_what_they_are_of(stack: Path, account: Account) -> None:
    world_rules.install()
    backup = account("backup", SEOUL)
    for name, had in (("orders", TAGS), ("theirs", {})):
        backup.create_backup_vault(BackupVaultName=name, BackupVaultTags=had)
    rules = [{"RuleName": "daily", "TargetBackupVaultName": "orders"}]
    document = {"BackupPlanName": "orders", "Rules": rules}
    plan = backup.create_backup_plan(BackupPlan=document, BackupPlanTags=TAGS)["BackupPlanId"]
    trust = {"Service": "backup.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": trust, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = account("iam", SEOUL).create_role(RoleName="backups", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    for name in ("orders", "other"):
        chosen = {"SelectionName": name, "IamRoleArn": arn}
        backup.create_backup_selection(BackupPlanId=plan, BackupSelection=chosen)

    selection = {"aws:backup/selection:Selection": {"name": "orders", "planId": plan}}
    code, text = swept(stack, account, state(stack, selection), removing=True)
    assert (code, "Removed 1." in text) == (0, True), text
    (left,) = backup.list_backup_selections(BackupPlanId=plan)["BackupSelectionsList"]
    assert left["SelectionName"] == "other"
    backup.delete_backup_selection(BackupPlanId=plan, SelectionId=left["SelectionId"])

    theirs = {"aws:backup/vault:Vault": {"name": "theirs", "tags": TAGS}}
    assert swept(stack, account, state(stack, theirs))[0] == 0
    kinds = ("aws:backup/plan:Plan", "aws:backup/vault:Vault")
    file = state(stack, {kind: {"name": "orders", "tags": TAGS} for kind in kinds})
    code, text = swept(stack, account, file, removing=True)
    assert (code, "Removed 2." in text) == (0, True), text
    assert backup.list_backup_plans()["BackupPlansList"] == []
    assert [one["BackupVaultName"] for one in backup.list_backup_vaults()["BackupVaultList"]] == ["theirs"]


def test_what_is_a_part_of_something_is_found_in_it(stack: Path, account: Account) -> None:
    ec2 = account("ec2", SEOUL)
    table = ec2.create_route_table(VpcId=vpc(account))["RouteTable"]["RouteTableId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.create_route(RouteTableId=table, GatewayId=gateway, DestinationCidrBlock="0.0.0.0/0")
    inputs = {"routeTableId": table, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway}
    file = state(stack, {"aws:ec2/route:Route": inputs})
    code, text = swept(stack, account, file, removing=True)
    assert (code, "Removed 1." in text) == (0, True), text
    (found,) = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
    assert [one["DestinationCidrBlock"] for one in found["Routes"]] == ["10.0.0.0/16"]


def test_a_record_of_another_s_that_refuses_ours_is_not_ours(stack: Path, account: Account) -> None:
    client = account("route53", SEOUL)
    zone = client.create_hosted_zone(Name="example.com", CallerReference="1")["HostedZone"]["Id"].rpartition("/")[2]
    record = {"Name": "a.example.com", "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": "b.example.com"}]}
    changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
    client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)
    for values, code in ((["c.example.com"], 0), (["b.example.com"], 1)):
        inputs = {"zoneId": zone, "name": "a.example.com", "type": "CNAME", "records": values}
        assert swept(stack, account, state(stack, {"aws:route53/record:Record": inputs}))[0] == code, values


def test_for_what_is_in_the_cluster_the_tools_that_reach_it_are_named(stack: Path, account: Account) -> None:
    pending = {
        "kubernetes:helm.sh/v3:Release": {"name": "karpenter", "namespace": "kube-system"},
        "kubernetes:core/v1:ConfigMap": {"metadata": {"name": "settings", "namespace": "shop"}},
    }
    code, text = swept(stack, account, state(stack, pending))
    assert code == 0
    assert "helm uninstall karpenter --namespace kube-system" in text
    assert "kubectl delete configmap settings --namespace shop" in text


def test_a_state_that_is_none_or_not_up_to_date_is_refused(stack: Path, account: Account) -> None:
    with pytest.raises(CommandError, match="no exported state"):
        swept(stack, account, stack / "missing.json")
    file = state(stack, {})
    (stack / "journal.jsonl").touch()
    with pytest.raises(CommandError, match="its next run brings the state up to date"):
        swept(stack, account, file)
