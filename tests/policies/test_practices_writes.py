"""What is asked of roles that change things."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

from pokayoke_eks.rules.write_actions import OF_CONTROLLERS

SLUG = "iam-write-scoped"


def may(*statements: dict[str, Any], service: str = "pods.eks.amazonaws.com") -> list[Resource]:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    role = Resource(
        "aws:iam/role:Role", "app", {"name": "app", "assumeRolePolicy": json.dumps(trust) if service else UNKNOWN}
    )
    document = json.dumps({"Statement": [{"Effect": "Allow", **one} for one in statements]})
    return [role, Resource("aws:iam/rolePolicy:RolePolicy", "rights", {"role": "app", "policy": document})]


def told(pack: Pack, *resources: Resource) -> list[tuple[str, str]]:
    return [(name, message.partition(";")[0]) for name, message in pack.advice_on(*resources).get(SLUG, [])]


def on(resource: Any, action: Any = "s3:PutObject", **more: Any) -> dict[str, Any]:
    return {"Action": action, "Resource": resource, **more}


@pytest.mark.parametrize(
    ("resources", "what"),
    [
        pytest.param(may(on("*")), "s3:PutObject", id="one"),
        pytest.param(may(on(["*"], ["sqs:SendMessage", "s3:PutObject"])), "s3:PutObject and 1 more", id="two"),
        pytest.param(may(on("*", "S3:putobject")), "s3:PutObject", id="in-other-letters"),
        pytest.param(may(on("*", "s3:PutObject*")), "s3:PutObject and 1 more", id="by-a-pattern"),
        pytest.param(may(on("*", ["s3:PutObjec?", "s3:*"])), "s3:PutObject", id="by-one-letter"),
        pytest.param(may(on("*", "sts:AssumeRole")), "sts:AssumeRole", id="other-roles"),
        pytest.param(may(on("arn:aws:s3:::*")), "s3:PutObject", id="every-bucket"),
        pytest.param(may(on("arn:aws:s3:::*/*")), "s3:PutObject", id="every-object"),
        pytest.param(may(on("arn:aws:sqs:*:123456789012:*", "sqs:SendMessage")), "sqs:SendMessage", id="every-queue"),
        pytest.param(may({"Action": "s3:PutObject", "NotResource": "x"}), "s3:PutObject", id="all-but-one"),
        pytest.param(may(on("*"), service="ec2.amazonaws.com"), "s3:PutObject", id="nodes"),
        pytest.param(may(on("*", ["iam:*", "s3:PutObject"])), "s3:PutObject", id="beside-a-whole-service"),
        pytest.param(may(on("*", "iam:*")), "", id="whole-services-are-another-practice-s"),
        pytest.param(may(on("*", "*")), "", id="everything-too"),
        pytest.param(may(on("*", "s3:GetObject")), "", id="reading"),
        pytest.param(may(on("*", "ecr:GetAuthorizationToken")), "", id="what-takes-no-name"),
        pytest.param(may(on("arn:aws:s3:::shop/*")), "", id="a-bucket"),
        pytest.param(may(on("arn:aws:dynamodb:*:*:table/*", "dynamodb:PutItem")), "", id="a-kind"),
        pytest.param(may(on("*", Condition={"StringEquals": {"aws:ResourceTag/team": "shop"}})), "", id="a-condition"),
        pytest.param(may(on("*", Effect="Deny")), "", id="denied"),
        pytest.param(may(on("*"), service="codebuild.amazonaws.com"), "", id="of-a-pipeline"),
        pytest.param(
            may(on("*", ["ec2:CreateSecurityGroup", "ec2:DeleteSecurityGroup"])),
            "ec2:CreateSecurityGroup and 1 more",
            id="more-than-a-controller-asks-for",
        ),
    ],
)
def test_what_is_changed_is_named(pack: Pack, resources: list[Resource], what: str) -> None:
    assert told(pack, *resources) == (
        [("app", f"policies: a statement allows {what} on every resource")] if what else []
    )


def test_what_controllers_ask_for_is_as_they_ask_for_it(pack: Pack) -> None:
    asked = [on("*", sorted(actions)) for actions in OF_CONTROLLERS]
    assert told(pack, *may(*asked)) == []
    assert told(pack, *may(*(on("*", [action.upper() for action in one["Action"]]) for one in asked))) == []


def test_each_statement_is_told_and_what_is_not_known_besides(pack: Pack) -> None:
    role, rights = may(on("*"), on("*", "sqs:SendMessage"))
    assert len(told(pack, role, rights)) == 2
    later = Resource("aws:iam/rolePolicy:RolePolicy", "later", {"role": "app", "policy": UNKNOWN})
    assert len(told(pack, role, rights, later)) == 2
    assert SLUG in not_judged(pack, role, rights, later)
    assert SLUG not in not_judged(pack, role, rights)


def test_whose_role_it_is_matters_where_it_may_do_too_much(pack: Pack) -> None:
    assert SLUG in not_judged(pack, *may(on("*"), service=""))
    assert SLUG not in not_judged(pack, *may(on("arn:aws:s3:::shop/*"), service=""))


def not_judged(pack: Pack, *resources: Resource) -> list[str]:
    return [policy for _, policy in pack.advice_on(*resources).get("unknown", [])]
