"""An IAM role for one AWS service, with managed policies attached."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pulumi

from pokayoke_rehearsal.doubles.eks.children import Component, Custom, child_of
from pokayoke_rehearsal.doubles.eks.values import Value, joined, json_text


class ServiceRole(Component):
    """`eks:index:ServiceRole`: the role `<name>-role` and an attachment for each policy.

    `role` is the role at once; `attached` is the same role, once every policy is attached.
    """

    def __init__(
        self,
        name: str,
        service: str,
        policies: Sequence[str],
        *,
        partition: pulumi.Output[Any],
        parent: pulumi.Resource,
        tags: Value = None,
        description: str | None = None,
        actions: Sequence[str] | None = None,
    ) -> None:
        ids = [f"arn:aws:iam::aws:policy/{policy}" for policy in policies]
        arns = [pulumi.Output.concat("arn:", partition, f":iam::aws:policy/{policy}") for policy in policies]
        managed = [{"id": key, "arn": arn} for key, arn in zip(ids, arns, strict=True)]
        args = {"service": service, "description": description, "managedPolicyArns": managed, "tags": tags}
        given_actions = {"assumeRoleActions": list(actions)} if actions else {}
        super().__init__("eks:index:ServiceRole", name, {**args, **given_actions}, child_of(parent))

        properties = {"description": description, "assumeRolePolicy": _trust(service, actions), "tags": tags}
        self.role = Custom("aws:iam/role:Role", f"{name}-role", properties, child_of(self))
        attachments = [
            Custom(
                "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
                # The name hashes the policy of the default partition, so that it is the same in every partition.
                f"{name}-{hashlib.sha1(key.encode()).hexdigest()[:8]}",  # noqa: S324 - names, no security
                {"policyArn": arn, "role": self.role},
                child_of(self),
            )
            for key, arn in zip(ids, arns, strict=True)
        ]
        role = self.role
        self.attached = joined(role.out("arn"), *[item.id for item in attachments]).apply(lambda _: role)
        self.register_outputs({"resolvedRole": self.attached, "directRole": role})


def _trust(service: str, actions: Sequence[str] | None) -> str:
    statement = {
        "Action": list(actions or ["sts:AssumeRole"]),
        "Effect": "Allow",
        "Principal": {"Service": [service]},
    }
    return json_text({"Version": "2012-10-17", "Statement": [statement]})
