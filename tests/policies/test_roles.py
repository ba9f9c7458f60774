"""What is attached to a role, by its ARN: of AWS, of the stack, of another stack."""

from typing import Any

import pytest

from pokayoke_policies.raw import UNKNOWN
from pokayoke_policies.roles import Attached, attached
from pokayoke_policies.stack import Member, Stack

ROLE, POLICY = "aws:iam/role:Role", "aws:iam/policy:Policy"
AWS, OWN = "arn:aws:iam::aws:policy", "arn:aws:iam::123456789012:policy"
SAID = {"Effect": "Allow", "Action": "s3:GetObject"}
ALL = {"Effect": "Allow", "Action": "*"}
READS = {"Effect": "Allow", "Action": ["*:Describe*", "*:Get*", "*:List*"]}


def of(*arns: Any, around: tuple[Member, ...] = (), **said: Any) -> Attached:
    role = Member("role", ROLE, lambda: {"managedPolicyArns": list(arns), **said})
    return attached(Stack([role, *around]), role)


def one(urn: str, kind: str, said: dict[str, Any], **more: Any) -> Member:
    return Member(urn, kind, lambda: said, **more)


def policy(**said: Any) -> Member:
    return one("own", POLICY, {"arn": f"{OWN}/own", "policy": {"Statement": SAID}, **said})


@pytest.mark.parametrize(
    ("arn", "found"),
    [
        (f"{AWS}/service-role/AmazonX", Attached(names=["AmazonX"], others=True)),
        (f"{AWS}/AdministratorAccess", Attached(names=["AdministratorAccess"], broad=[ALL])),
        (f"{OWN}/PowerUserAccess", Attached(broad=[ALL])),
        (f"{AWS}/AmazonS3ReadOnlyAccess", Attached(names=["AmazonS3ReadOnlyAccess"], broad=[READS])),
        (f"{AWS}/ReadOnly", Attached(names=["ReadOnly"], broad=[READS])),
        (f"{OWN}/ReadOnlyAccess", Attached(others=True, of_another_stack=True)),
        (f"{OWN}/gone", Attached(others=True, of_another_stack=True)),
        (f"{OWN}/own", Attached(statements=[SAID])),
        (f"{OWN}/bucket", Attached(others=True, of_another_stack=True)),
    ],
    ids=["of-aws", "everything", "nearly", "reads", "reading", "reads-by-name", "another", "own", "no-policy"],
)
def test_what_an_arn_allows_is_told_as_far_as_it_is_known(arn: str, found: Attached) -> None:
    bucket = one("bucket", "aws:s3/bucket:Bucket", {"arn": f"{OWN}/bucket", "policy": {"Statement": ALL}})
    assert of(arn, around=(policy(), bucket)) == found


def test_one_of_another_stack_stays_so_whatever_comes_after() -> None:
    found = of(f"{OWN}/gone", f"{AWS}/AmazonX", f"{OWN}/own", around=(policy(),))
    assert found == Attached(statements=[SAID], names=["AmazonX"], others=True, of_another_stack=True)


def test_a_document_is_read_wherever_it_stands() -> None:
    text = '{"Statement": {"Effect": "Allow", "Action": "s3:GetObject"}}'
    inline = [{"name": "a", "policy": text}, {"name": "b", "policy": [SAID]}, UNKNOWN]
    apart = one("apart", "aws:iam/rolePolicy:RolePolicy", {"policy": text}, sources={"role": ("role",)})
    native = one("native", POLICY, {"policy": {"Statement": SAID}}, sources={"roles": ("role",)})
    found = of(inlinePolicies=inline[:2], around=(apart, native))
    assert (found.statements, found.unknown) == ([SAID] * 3, None)
    later = of(inlinePolicies=inline)
    assert later.statements == [SAID]
    assert str(later.unknown) == "policy"


@pytest.mark.parametrize(
    ("arns", "sources", "lacks"),
    [
        ([UNKNOWN], (), "managedPolicyArns"),
        ([UNKNOWN], ("own",), None),
        ([UNKNOWN, UNKNOWN], ("own",), "managedPolicyArns"),
        ([UNKNOWN], ("bucket", "gone"), "managedPolicyArns"),
    ],
    ids=["unheard-of", "own", "one-of-two", "no-policy"],
)
def test_an_arn_that_is_not_known_is_that_of_the_policy_it_comes_from(
    arns: list[Any], sources: tuple[str, ...], lacks: str | None
) -> None:
    role = one("role", ROLE, {"managedPolicyArns": arns}, sources={"managedPolicyArns": sources})
    found = attached(Stack([role, policy(), one("bucket", "aws:s3/bucket:Bucket", {"policy": ""})]), role)
    assert found.statements == ([SAID] if "own" in sources else [])
    assert (str(found.unknown) if found.unknown else None) == lacks


@pytest.mark.parametrize(
    ("kind", "key", "listed"),
    [
        ("rolePolicyAttachment:RolePolicyAttachment", "role", "policyArn"),
        ("policyAttachment:PolicyAttachment", "roles", "policyArn"),
        ("rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive", "roleName", "policyArns"),
    ],
    ids=["one", "of-many", "exclusive"],
)
def test_what_is_attached_beside_counts_as_what_is_listed(kind: str, key: str, listed: str) -> None:
    def beside(arn: Any, *sources: str, listed_already: tuple[str, ...] = ()) -> Attached:
        many = [arn] if listed == "policyArns" else arn
        named = {key: ("role",), **({listed: sources} if sources else {})}
        return of(*listed_already, around=(policy(), one("at", f"aws:iam/{kind}", {listed: many}, sources=named)))

    assert beside(f"{AWS}/AmazonX") == Attached(names=["AmazonX"], others=True)
    assert beside(UNKNOWN, "own") == Attached(statements=[SAID])
    both = beside(f"{AWS}/AmazonX", listed_already=(f"{AWS}/AmazonY",))
    assert both.names == ["AmazonY", "AmazonX"]
    lacking = beside(UNKNOWN)
    assert str(lacking.unknown) == listed
    assert lacking.statements == lacking.names == []
