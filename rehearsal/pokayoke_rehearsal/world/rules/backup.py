"""AWS Backup: what plans select, and changes of a plan, neither of which moto knows.

moto also keeps plans that were deleted, takes no other of their names, and lets a plan go before what it selects. Texts
are those by which the provider waits (terraform-provider-aws, internal/service/backup: plan.go, selection.go). Backups
themselves are not made: nothing that is rehearsed turns on one.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from moto.backup.exceptions import InvalidParameterValueException, InvalidRequestException, ResourceNotFoundException
from moto.backup.models import BackupBackend, Plan
from moto.backup.responses import BackupResponse

from pokayoke_rehearsal.world.eks.cloud import trusts
from pokayoke_rehearsal.world.rules.guard import guard

PRINCIPAL = "backup.amazonaws.com"
SELECTING = "Related backup plan selections must be deleted prior to backup plan deletion"


def install() -> None:
    """Puts the rules in place."""
    guard(BackupBackend, "delete_backup_plan", before=_selects_nothing, after=_forget)
    selections = (_create_backup_selection, _get_backup_selection, _list_backup_selections, _delete_backup_selection)
    for answer in (*selections, _update_backup_plan):
        setattr(BackupResponse, answer.__name__.removeprefix("_"), _answering(answer))


class Selection:
    """What a plan backs up, and as whom."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.id = str(uuid.uuid4())
        self.said = said

    @property
    def name(self) -> str:
        return str(self.said["SelectionName"])


def _selects_nothing(backup: Any, asked: dict[str, Any]) -> None:
    if _selections(backup, asked["backup_plan_id"]):
        raise InvalidRequestException(SELECTING)


def _forget(backup: Any, asked: dict[str, Any]) -> None:
    del backup.plans[asked["backup_plan_id"]]


def _selections(backup: Any, plan: str) -> dict[str, Selection]:
    """A plan's selections, by id, where the list of leftovers finds them."""
    return vars(backup).setdefault("selections", {}).setdefault(plan, {})


def _create_backup_selection(backup: Any, path: list[str], said: dict[str, Any]) -> dict[str, Any]:
    plan, selection = path[3], Selection(said["BackupSelection"])
    if plan not in backup.plans:
        raise InvalidParameterValueException(f"Cannot find Backup plan with ID {plan}")
    if not trusts(role := selection.said["IamRoleArn"], PRINCIPAL, backup.account_id):
        raise InvalidParameterValueException(f"IAM Role {role} cannot be assumed by AWS Backup")
    _selections(backup, plan)[selection.id] = selection
    return {"SelectionId": selection.id, "BackupPlanId": plan}


def _get_backup_selection(backup: Any, path: list[str], _: dict[str, Any]) -> dict[str, Any]:
    plan, identity = path[3], path[5]
    if identity not in _selections(backup, plan):
        raise ResourceNotFoundException(f"Cannot find Backup selection with ID {identity}")
    return {"BackupSelection": _selections(backup, plan)[identity].said, "SelectionId": identity, "BackupPlanId": plan}


def _list_backup_selections(backup: Any, path: list[str], _: dict[str, Any]) -> dict[str, Any]:
    plan = path[3]
    found = [{**one.said, "SelectionId": one.id, "BackupPlanId": plan} for one in _selections(backup, plan).values()]
    return {"BackupSelectionsList": found}


def _delete_backup_selection(backup: Any, path: list[str], _: dict[str, Any]) -> dict[str, Any]:
    _selections(backup, path[3]).pop(path[5], None)
    return {}


def _update_backup_plan(backup: Any, path: list[str], said: dict[str, Any]) -> dict[str, Any]:
    old = backup.get_backup_plan(path[3], None)
    new: Any = Plan(said["BackupPlan"], old.creator_request_id, backup)
    new.backup_plan_id, new.backup_plan_arn = old.backup_plan_id, old.backup_plan_arn
    backup.plans[new.backup_plan_id] = new
    return new.to_dict()


Answer = Callable[[Any, list[str], dict[str, Any]], dict[str, Any]]


def _answering(answer: Answer) -> Callable[[BackupResponse], str]:
    """The answer as moto asks for it: `/backup/plans/PLAN/selections/SELECTION`, and a body of JSON."""

    def answering(self: BackupResponse) -> str:
        said = json.loads(self.body) if self.body else {}
        return json.dumps(answer(self.backup_backend, str(self.path).split("/"), said))

    return answering
