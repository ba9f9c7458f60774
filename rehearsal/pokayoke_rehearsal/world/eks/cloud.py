"""What EKS makes and looks at in EC2, IAM and CloudWatch on a customer's behalf: thin calls into moto's backends."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from typing import Any, cast

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends

from pokayoke_rehearsal.world.eks.state import invalid, random_text
from pokayoke_rehearsal.world.eks.store import Backend

GROUP_DESCRIPTION = (
    "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, "
    "as well as any managed workloads."
)


def ec2(backend: Backend) -> Any:
    return ec2_backends[backend.account_id][backend.region_name]


def subnet(backend: Backend, subnet_id: str) -> Any:
    try:
        return ec2(backend).get_subnet(subnet_id)
    except Exception:
        raise invalid(f"The subnet ID '{subnet_id}' does not exist") from None


def security_group(backend: Backend, group_id: str) -> Any:
    found = ec2(backend).get_security_group_from_id(group_id)
    if found is None:
        raise invalid(f"The security group '{group_id}' does not exist")
    return found


def make_cluster_security_group(backend: Backend, cluster: str, vpc_id: str) -> str:
    """The group on the control plane's interfaces and on managed nodes: everything from itself, and to anywhere."""
    group = ec2(backend).create_security_group(
        f"eks-cluster-sg-{cluster}-{random_text(8, '0123456789')}",
        GROUP_DESCRIPTION,
        vpc_id=vpc_id,
        tags={
            "Name": f"eks-cluster-sg-{cluster}",
            f"kubernetes.io/cluster/{cluster}": "owned",
            "aws:eks:cluster-name": cluster,
        },
    )
    itself = [{"GroupId": group.id, "UserId": backend.account_id}]
    ec2(backend).authorize_security_group_ingress(group.id, "-1", None, None, [], source_groups=itself)
    return group.id


def remove_security_group(backend: Backend, group_id: str) -> None:
    """Deletes the group as EKS does: when something else still uses it, it stays behind."""
    with contextlib.suppress(EC2ClientError):
        ec2(backend).delete_security_group(group_id=group_id)


def make_interfaces(backend: Backend, subnet_ids: Sequence[str], groups: Sequence[str], description: str) -> list[str]:
    made: list[str] = []
    for subnet_id in subnet_ids:
        found = subnet(backend, subnet_id)
        address = found.get_available_subnet_ip(object())
        interface = ec2(backend).create_network_interface(
            found, address, group_ids=list(groups), description=description
        )
        made.append(interface.id)
    return made


def remove_interfaces(backend: Backend, interface_ids: Sequence[str]) -> None:
    for interface_id in interface_ids:
        ec2(backend).enis.pop(interface_id, None)


def make_log_group(backend: Backend, cluster: str) -> None:
    """The control plane's log group, when nobody made it before."""
    logs = logs_backends[backend.account_id][backend.region_name]
    name = f"/aws/eks/{cluster}/cluster"
    if name not in logs.groups:
        logs.create_log_group(name, tags={})


def require_trust(role_arn: str, service: str, account: str) -> None:
    """Raises EKS's error when the role is missing or does not trust the service."""
    if not trusts(role_arn, service, account):
        raise invalid(
            f"Role with arn: {role_arn}, could not be assumed because it does not exist or "
            "the trusted entity is not correct"
        )


def require_node_role(role_arn: str, account: str) -> None:
    if "ec2.amazonaws.com" not in _trusted(role_arn, account):
        raise invalid(
            "Following required service principals [ec2.amazonaws.com] were not found in the trust relationships "
            f"of nodeRole {role_arn}"
        )


def trusts(role_arn: str, service: str, account: str) -> bool:
    """Whether there is a role, and a service may assume it."""
    return service in _trusted(role_arn, account)


def role(role_arn: str, account: str) -> Any:
    """moto's role, None when there is none."""
    name = role_arn.rsplit("/", 1)[-1]
    for found in iam_backends[account]["aws"].roles.values():
        if found.name == name:
            return found
    return None


def _trusted(role_arn: str, account: str) -> set[str]:
    found = role(role_arn, account)
    if found is None:
        return set()
    try:
        statements = json.loads(found.assume_role_policy_document)["Statement"]
    except (ValueError, KeyError, TypeError):
        return set()
    services: set[str] = set()
    for statement in cast("list[Any]", statements if isinstance(statements, list) else [statements]):
        principal = statement.get("Principal")
        named = principal.get("Service", []) if isinstance(principal, dict) else []
        services |= {named} if isinstance(named, str) else set(named)
    return services
