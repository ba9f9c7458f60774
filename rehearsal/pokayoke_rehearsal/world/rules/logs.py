"""Log groups that services bring back: a control plane or a flow log writes on, and makes its group if its role may.

That is why roles are denied `logs:CreateLogGroup` (terraform-aws-modules/terraform-aws-eks#920 and its cluster role).
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator
from typing import Any

from moto.ec2.models import ec2_backends
from moto.eks.models import eks_backends
from moto.iam.models import iam_backends
from moto.logs.models import LogsBackend

from pokayoke_rehearsal.world.rules.guard import guard

ACTION = "logs:CreateLogGroup"


def install() -> None:
    """Puts the rule in place."""
    guard(LogsBackend, "delete_log_group", after=_brought_back)


def _brought_back(logs: Any, asked: dict[str, Any]) -> None:
    name = asked["log_group_name"]
    if _control_plane_writes(logs, name) or _flow_log_writes(logs, name):
        logs.create_log_group(name, tags={})


def _control_plane_writes(logs: Any, name: str) -> bool:
    found = re.fullmatch(r"/aws/eks/(.+)/cluster", name)
    clusters: dict[str, Any] = eks_backends[logs.account_id][logs.region_name].clusters
    if found is None or found.group(1) not in clusters:
        return False
    shape = clusters[found.group(1)].shape
    enabled = any(setup["enabled"] for setup in shape["logging"]["clusterLogging"])
    # EKS writes with a service-linked right of its own; what stops it is a denial on the cluster's role.
    return enabled and "Deny" not in set(_effects(logs.account_id, shape["roleArn"]))


def _flow_log_writes(logs: Any, name: str) -> bool:
    for flow in ec2_backends[logs.account_id][logs.region_name].flow_logs.values():
        writes_here = flow.log_group_name == name or (flow.log_destination or "").endswith(f":log-group:{name}")
        if writes_here and flow.deliver_logs_permission_arn:
            effects = set(_effects(logs.account_id, flow.deliver_logs_permission_arn))
            if "Allow" in effects and "Deny" not in effects:
                return True
    return False


def _effects(account: str, role_arn: str) -> Iterator[str]:
    """The effects of all statements on a role that are about making log groups."""
    name = role_arn.rsplit("/", 1)[-1]
    for role in iam_backends[account]["aws"].roles.values():
        if role.name != name:
            continue
        attached = [
            one.document for policy in role.managed_policies.values() for one in policy.versions if one.is_default
        ]
        for document in [*role.policies.values(), *attached]:
            statements = json.loads(document).get("Statement", [])
            for statement in statements if isinstance(statements, list) else [statements]:
                actions = statement.get("Action", [])
                for action in [actions] if isinstance(actions, str) else actions:
                    if fnmatch.fnmatchcase(ACTION.lower(), action.lower()):
                        yield statement["Effect"]
