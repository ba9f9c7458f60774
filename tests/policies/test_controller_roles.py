"""The policy `lbc-iam-incomplete`."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, LBC, TWO_CLUSTERS, identity, obj, release, within

from pokayoke_eks.iam.document import text
from pokayoke_eks.iam.load_balancer_controller import controller_policy
from pokayoke_eks.rules import load_balancer_actions as actions
from pokayoke_eks.rules.iam_actions import not_allowed, statements

SLUG = "lbc-iam-incomplete"
WHOLE = text(controller_policy("aws"))
FOR_FEATURES = {
    *("ec2:DescribeCoipPools", "ec2:GetCoipPoolUsage", "ec2:DescribeVpcPeeringConnections", "ec2:DescribeIpamPools"),
    *("elasticloadbalancing:ModifyIpPools", "elasticloadbalancing:DescribeTrustStores"),
    *("elasticloadbalancing:DescribeCapacityReservation", "elasticloadbalancing:ModifyCapacityReservation"),
    *("cognito-idp:DescribeUserPoolClient", "iam:ListServerCertificates", "iam:GetServerCertificate"),
}
"""What a role may well do without: Outposts, peered VPCs, IPAM, mutual TLS, reserved capacity, Cognito, certificates in
IAM."""
ARN = "arn:aws:iam::123456789012:role/lbc"
SUBJECT = f"system:serviceaccount:kube-system:{LBC}"


def document(*allowed: str, **said: Any) -> str:
    one = {"Effect": "Allow", "Action": list(allowed), "Resource": "*", **said}
    return json.dumps({"Version": "2012-10-17", "Statement": [one]})


READING = document("ec2:Describe*", "elasticloadbalancing:Describe*")


def role(**said: Any) -> Resource:
    content = {"name": "lbc", "assumeRolePolicy": "{}", **said}
    return Resource("aws:iam/role:Role", "role", content, {"arn": said.get("arn", UNKNOWN)})


def policy(content: Any, name: str = "policy") -> Resource:
    return Resource("aws:iam/policy:Policy", name, {"policy": content}, {"arn": UNKNOWN})


def attachment(to: str = "policy", **said: Any) -> Resource:
    content = {"role": "lbc", "policyArn": UNKNOWN, **said}
    kind = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    return Resource(kind, f"attached-{to}", content, sources={"policyArn": to} if to else {})


BOUND = Resource(
    identity(LBC).type, "identity", {**identity(LBC).properties, "roleArn": UNKNOWN}, sources={"roleArn": "role"}
)


HOLDER = Resource("my:index:Holder", "holder")


def around(*bound: Resource) -> tuple[Resource, ...]:
    return (*IN_CLUSTER, *(bound or (BOUND,)))


def test_the_whole_policy_passes(pack: Pack) -> None:
    assert pack.of_stack(*around(), role(), policy(WHOLE), attachment()) == {}


def test_a_role_that_may_only_describe_is_refused_as_in_the_log(pack: Pack) -> None:
    found = pack.of_stack(*around(), role(), policy(READING), attachment())
    ((name, message),) = found.pop(SLUG)
    assert name == "role"
    assert message.startswith("managedPolicyArns: ")
    assert "ec2:CreateSecurityGroup" in message
    assert "Attach the whole of upstream's docs/install/iam_policy.json" in message
    assert found == {}


@pytest.mark.parametrize(
    "bound",
    [
        obj(
            LBC,
            "ServiceAccount",
            metadata={"namespace": "kube-system", "annotations": {"eks.amazonaws.com/role-arn": ARN}},
        ),
        release(
            "lbc", LBC, values={"serviceAccount": {"name": LBC, "annotations": {"eks.amazonaws.com/role-arn": ARN}}}
        ),
    ],
    ids=["service-account", "values"],
)
def test_a_role_that_is_bound_by_an_annotation_is_judged(bound: Resource, pack: Pack) -> None:
    assert SLUG in pack.of_stack(*around(bound), role(), policy(READING), attachment())
    assert SLUG not in pack.of_stack(*around(bound), role(), policy(WHOLE), attachment())


BINDS = "eks.amazonaws.com/role-arn"


def account(arn: Any, name: str = LBC, kind: str = "ServiceAccount", *sources: str) -> Resource:
    annotations = {BINDS: arn} if arn else {}
    made = obj(name, kind, metadata={"namespace": "kube-system", "annotations": annotations})
    return replace(made, sources={"metadata": sources} if sources else {})


@pytest.mark.parametrize(
    ("bound", "own", "judged"),
    [
        (account(UNKNOWN, LBC, "ServiceAccount", "role"), {}, True),
        (account(UNKNOWN, LBC, "ServiceAccount", "role", "other"), {}, False),
        (account(None, LBC, "ServiceAccount", "role"), {}, False),
        (
            replace(
                release("lbc", LBC, values={"serviceAccount": {"name": LBC, "annotations": {BINDS: UNKNOWN}}}),
                sources={"values": "role"},
            ),
            {},
            True,
        ),
        (account(ARN.replace("/", "/team/")), {}, True),
        (account(ARN), {"name": UNKNOWN, "arn": ARN}, True),
        (account(f"{ARN}-other"), {"arn": ARN}, False),
        (account(ARN, LBC, "ConfigMap"), {}, False),
        (account(ARN, "app"), {}, False),
    ],
    ids=["later", "one-of-two", "unbound", "values-later", "path", "arn", "other", "other-kind", "other-account"],
)
def test_the_role_of_an_annotation_is_the_one_that_is_meant(
    bound: Resource, own: dict[str, Any], judged: bool, pack: Pack
) -> None:
    other = replace(role(), name="other", properties={"name": "other", "assumeRolePolicy": "{}"})
    attached = attachment(role=own.get("name", "lbc"))
    made = (role(**own), other, policy(READING), replace(attached, sources={**attached.sources, "role": "role"}))
    assert (SLUG in pack.of_stack(*IN_CLUSTER, bound, *made)) is judged


def test_every_role_that_the_account_may_take_is_judged_once(pack: Pack) -> None:
    second = replace(role(name="second"), name="second")
    trusting = replace(second, properties={**second.properties, "assumeRolePolicy": document(SUBJECT)})
    attached = replace(attachment(role="second"), name="attached-second")
    found = pack.of_stack(*around(), account(ARN), role(), trusting, policy(READING), attachment(), attached)
    assert sorted(name for name, _ in found[SLUG]) == ["role", "second"]


def test_a_role_is_asked_for_what_the_installed_chart_calls(pack: Pack) -> None:
    without = ("elasticloadbalancing:DescribeListenerAttributes", *actions.SWITCHED["enableWaf"])
    given = [action for one in statements(WHOLE) for action in one["Action"] if action not in without]
    made = (role(), policy(document(*given)), attachment())
    for version, values, slugs in (
        ("1.8.1", {"enableWaf": False}, set[str]()),
        ("1.8.1", {}, {SLUG}),
        ("3.5.0", {"enableWaf": False}, {SLUG}),
        (UNKNOWN, {"enableWaf": False}, {SLUG}),
    ):
        installed = release("lbc", LBC, version=version, values={"serviceAccount": {"name": LBC}, **values})
        assert {SLUG} & set(pack.of_stack(*around(), installed, *made)) == slugs


def test_a_role_whose_trust_names_the_service_account_is_judged(pack: Pack) -> None:
    condition = {"StringEquals": {"oidc.example.com:sub": SUBJECT}}
    trust = document("sts:AssumeRoleWithWebIdentity", Condition=condition)
    assert SLUG in pack.of_stack(role(assumeRolePolicy=trust), policy(READING), attachment())
    other = trust.replace(LBC, "app")
    assert pack.of_stack(role(assumeRolePolicy=other), policy(READING), attachment()) == {}


@pytest.mark.parametrize("given", [WHOLE, READING], ids=["whole", "reading"])
@pytest.mark.parametrize(
    "form", ["inline", "role-policy", "managed", "attachment", "several-roles", "exclusive", "native"]
)
def test_policies_count_in_whatever_form_they_are_attached(form: str, given: str, pack: Pack) -> None:
    made: dict[str, tuple[Resource, ...]] = {
        "inline": (role(inlinePolicies=[{"name": "x", "policy": given}]),),
        "role-policy": (role(), Resource("aws:iam/rolePolicy:RolePolicy", "p", {"role": "lbc", "policy": given})),
        "managed": (
            Resource(role().type, "role", role().properties, sources={"managedPolicyArns": "policy"}),
            policy(given),
        ),
        "attachment": (role(), policy(given), attachment()),
        "several-roles": (
            role(),
            policy(given),
            Resource(
                "aws:iam/policyAttachment:PolicyAttachment",
                "a",
                {"roles": ["lbc"], "policyArn": UNKNOWN},
                sources={"policyArn": "policy"},
            ),
        ),
        "exclusive": (
            role(),
            policy(given),
            Resource(
                "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
                "e",
                {"roleName": "lbc", "policyArns": [UNKNOWN]},
                sources={"policyArns": "policy"},
            ),
        ),
        "native": (role(), Resource("aws-native:iam:ManagedPolicy", "p", {"roles": ["lbc"], "policyDocument": given})),
    }
    assert set(pack.of_stack(*around(), *made[form])) == (set() if given == WHOLE else {SLUG})


def test_a_policy_of_the_stacks_own_is_known_by_its_arn_too(pack: Pack) -> None:
    arn = "arn:aws:iam::123456789012:policy/own"
    for content, slugs in ((WHOLE, set()), (READING, {SLUG})):
        own = Resource("aws:iam/policy:Policy", "policy", {"policy": content}, {"arn": arn})
        assert set(pack.of_stack(*around(), role(managedPolicyArns=[arn]), own)) == slugs
        known = replace(role(managedPolicyArns=[arn]), sources={"managedPolicyArns": "holder"})
        assert set(pack.of_stack(*around(), HOLDER, known, own)) == slugs
    assert set(pack.of_stack(*around(), role(), attachment("", policyArn=UNKNOWN))) == {"unknown"}


def test_a_policy_that_comes_out_of_a_component_is_not_known_before_its_arn_is(pack: Pack) -> None:
    out_of_it = replace(role(managedPolicyArns=[UNKNOWN]), sources={"managedPolicyArns": "holder"})
    assert set(pack.of_stack(*around(), HOLDER, out_of_it)) == {"unknown"}
    both = replace(role(managedPolicyArns=[UNKNOWN] * 2), sources={"managedPolicyArns": ("holder", "policy")})
    assert set(pack.of_stack(*around(), HOLDER, both, policy(READING))) == {"unknown"}


def test_policies_add_up_and_a_denial_takes_away(pack: Pack) -> None:
    half, rest = document("ec2:*", "iam:*", "acm:*"), document("elasticloadbalancing:*", "waf*:*", "shield:*")
    both = (role(), policy(half), attachment(), policy(rest, "rest"), attachment("rest"))
    assert pack.of_stack(*around(), *both) == {}
    denied = document("ec2:CreateSecurityGroup", Effect="Deny")
    ((_, message),) = pack.of_stack(*around(), *both, policy(denied, "no"), attachment("no"))[SLUG]
    assert "do not allow ec2:CreateSecurityGroup [" in message


@pytest.mark.parametrize(
    ("arn", "refused"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", False),
        ("arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess", True),
        ("arn:aws:iam::aws:policy/ElasticLoadBalancingFullAccess", False),
        ("arn:aws:iam::123456789012:policy/of-another-stack", False),
    ],
)
def test_policies_of_aws_are_known_by_name_others_are_not_judged(arn: str, refused: bool, pack: Pack) -> None:
    found = pack.of_stack(*around(), role(), attachment("", policyArn=arn))
    assert set(found) == ({SLUG} if refused else set())


def test_what_aws_lets_read_adds_up_with_a_policy_of_ones_own_that_changes(pack: Pack) -> None:
    reads = re.compile(r"\w+:(?:Describe|Get|List)")
    changing = [action for one in statements(WHOLE) for action in one["Action"] if not reads.match(action)]
    own = (role(), policy(document(*changing)), attachment())
    reading = attachment("", policyArn="arn:aws:iam::aws:policy/job-function/ViewOnlyAccess")
    assert SLUG in pack.of_stack(*around(), *own)
    assert pack.of_stack(*around(), *own, reading) == {}


def test_a_document_that_is_not_known_yet_is_said_to_be(pack: Pack) -> None:
    assert set(pack.of_stack(*around(), role(), policy(UNKNOWN), attachment())) == {"unknown"}


def test_a_role_of_another_service_account_is_no_concern_of_it(pack: Pack) -> None:
    other = Resource(BOUND.type, "identity", {**BOUND.properties, "serviceAccount": "app"}, sources=BOUND.sources)
    assert pack.of_stack(*around(other), role(), policy(READING), attachment()) == {}
    values = {"serviceAccount": {"name": "app", "annotations": {"eks.amazonaws.com/role-arn": ARN}}}
    app = release("app", "podinfo", values=values)
    assert SLUG not in pack.of_stack(*IN_CLUSTER, app, role(arn=ARN), policy(READING), attachment())


def test_the_controller_may_run_elsewhere_and_under_another_name(pack: Pack) -> None:
    values = {"serviceAccount": {"name": "edge"}}
    installed = release("lbc", LBC, values=values, namespace="ingress")
    made = (role(), policy(READING), attachment())
    said = {**BOUND.properties, "namespace": "ingress", "serviceAccount": "edge"}
    assert SLUG in pack.of_stack(*IN_CLUSTER, installed, replace(BOUND, properties=said), *made)
    elsewhere = replace(BOUND, properties={**said, "namespace": "shop"})
    assert SLUG not in pack.of_stack(*IN_CLUSTER, installed, elsewhere, *made)
    annotated = {"namespace": "ingress", "annotations": {"eks.amazonaws.com/role-arn": ARN}}
    account = obj("edge", "ServiceAccount", metadata=annotated)
    for where, slugs in (("one", {SLUG}), ("two", set[str]())):
        found = pack.of_stack(*TWO_CLUSTERS, *within("one", installed), *within(where, account), *made)
        assert {SLUG} & set(found) == slugs


def test_what_the_chart_has_switched_off_and_what_came_later_is_not_asked_for() -> None:
    whole = statements(WHOLE)
    without = [{**one, "Action": [a for a in one["Action"] if not a.startswith("waf")]} for one in whole]
    assert actions.incomplete(without, {}, None) is not None
    assert actions.incomplete(without, {"enableWaf": False, "enableWafv2": False}, None) is None
    late = "elasticloadbalancing:DescribeListenerAttributes"
    old = [{**one, "Action": [a for a in one["Action"] if a != late]} for one in whole]
    assert late in str(actions.incomplete(old, {}, "3.5.0"))
    assert actions.incomplete(old, {}, "1.8.1") is None


def test_the_actions_are_those_of_the_policy_that_the_library_attaches() -> None:
    switched = {action for one in actions.SWITCHED.values() for action in one}
    known = actions.ALWAYS | actions.SINCE.keys() | FOR_FEATURES | switched
    assert not not_allowed(known, statements(WHOLE))
    assert {action for one in statements(WHOLE) for action in one["Action"]} == known


@pytest.mark.upstream
def test_the_actions_are_upstreams(shared: Path) -> None:
    upstream = (shared / "data/iam/aws-load-balancer-controller/iam_policy.json").read_text()
    assert actions.incomplete(statements(upstream), {}, None) is None


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ({"Effect": "Allow", "Action": "EC2:createsecuritygroup", "Resource": "*"}, True),
        ({"Effect": "Allow", "Action": ["ec2:Create*"], "Resource": "arn:aws:ec2:*:*:vpc/*"}, True),
        ({"Effect": "Allow", "Action": "ec2:CreateSecurity?roup"}, True),
        ({"Effect": "Allow", "NotAction": ["iam:*"], "Resource": "*"}, True),
        ({"Effect": "Allow", "NotAction": "ec2:Create*", "Resource": "*"}, False),
        ({"Effect": "Allow", "Action": "ec2:CreateSecurity"}, False),
        ({"Effect": "Allow", "Action": {"x": 1}}, False),
    ],
    ids=str,
)
def test_actions_are_matched_as_iam_does(statement: dict[str, Any], allowed: bool) -> None:
    given = statements({"Statement": statement})
    assert not_allowed(["ec2:CreateSecurityGroup"], given) == ([] if allowed else ["ec2:CreateSecurityGroup"])


def test_a_denial_with_a_condition_or_of_one_resource_takes_nothing_away() -> None:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    for narrow in ({"Resource": "arn:aws:ec2:*:*:vpc/vpc-1"}, {"Resource": "*", "Condition": {"Bool": {"a": "b"}}}):
        deny = {"Effect": "Deny", "Action": "ec2:*", **narrow}
        assert not_allowed(["ec2:CreateTags"], [allow, deny]) == []
    assert statements("no json") == statements(None) == []
