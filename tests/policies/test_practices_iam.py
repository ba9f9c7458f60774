"""What is asked of the rights of pods and nodes, and where popular checks of the same are wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import TWO_CLUSTERS, within

ROLE, INLINE = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
POLICY, ATTACHMENT = "aws:iam/policy:Policy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ISSUER = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE"
PODS = {"Service": "pods.eks.amazonaws.com"}
TAGGED = ["sts:AssumeRole", "sts:TagSession"]
ADMIN, IRSA, TAGS, RBAC = "iam-no-full-admin", "iam-irsa-trust-exact", "iam-pod-identity-trust", "rbac-admin-narrow"


@pytest.fixture
def pack(anew: Pack) -> Pack:
    """In which each rule with settings is made anew."""
    return anew


def statement(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def role(principal: Any = None, action: Any = None, name: str = "app", **more: Any) -> Resource:
    trusted = {"Effect": "Allow", "Principal": principal or PODS, "Action": action or TAGGED, **more}
    return Resource(ROLE, name, {"name": name, "assumeRolePolicy": json.dumps(document(trusted))})


def inline(*statements: dict[str, Any]) -> Resource:
    return Resource(INLINE, "rights", {"role": "app", "policy": json.dumps(document(*statements))})


class TestFullAdmin:
    """`iam-no-full-admin`: of roles that pods or nodes take."""

    @pytest.mark.parametrize(
        "given",
        [
            pytest.param([statement("*")], id="everything"),
            pytest.param([statement(["s3:GetObject", "s3:*"])], id="a-whole-service"),
            pytest.param([statement("ec2:*", ["arn:aws:s3:::x", "*"])], id="on-everything-too"),
            pytest.param([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], id="all-but-some"),
            pytest.param([statement("s3:*", "arn:aws:s3:::*")], id="on-all-of-the-service"),
            pytest.param([{"Effect": "Allow", "Action": "s3:*", "NotResource": "x"}], id="on-all-but-some"),
        ],
    )
    def test_everything_or_a_whole_service_is_told(self, pack: Pack, given: list[dict[str, Any]]) -> None:
        ((name, message),) = pack.advice_on(role(), inline(*given))[ADMIN]
        assert name == "app"
        what = "all but some actions" if "NotAction" in given[0] else "a whole service, or all,"
        assert message.partition("; ")[0] == f"policies: a statement allows {what} on every resource"

    def test_every_statement_is_judged(self, pack: Pack) -> None:
        narrow = [statement("*", Effect="Deny"), statement("s3:*", "arn:aws:s3:::x"), statement("s3:GetObject")]
        but_some = {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}
        assert len(pack.advice_on(role(), inline(*narrow, but_some, statement("*")))[ADMIN]) == 2

    @pytest.mark.parametrize(
        "given",
        [
            pytest.param([statement("s3:*", "arn:aws:s3:::shop-images/*")], id="of-one-bucket"),
            pytest.param([statement(["ec2:Describe*", "pricing:GetProducts"])], id="actions-that-know-no-resource"),
            pytest.param([{**statement("*"), "Effect": "Deny"}], id="denied"),
            pytest.param(
                [statement("ec2:*", Condition={"StringEquals": {"aws:ResourceTag/x": "y"}})], id="of-what-has-a-tag"
            ),
        ],
    )
    def test_what_is_scoped_or_cannot_be_is_not(self, pack: Pack, given: list[dict[str, Any]]) -> None:
        assert pack.advice_on(role(), inline(*given)) == {}

    def test_a_policy_is_judged_however_it_comes_to_the_role(self, pack: Pack) -> None:
        wide = document(statement("*"))
        attached = [
            Resource(POLICY, "policy", {"name": "p", "policy": json.dumps(wide)}),
            Resource(
                ATTACHMENT,
                "attachment",
                {"role": UNKNOWN, "policyArn": UNKNOWN},
                sources={"role": "app", "policyArn": "policy"},
            ),
        ]
        listed = role()
        policies = [{"name": "p", "policy": json.dumps(wide)}]
        beside = Resource(ROLE, "app", {**listed.properties, "inlinePolicies": policies})
        managed = Resource(ATTACHMENT, "a", {"role": "app", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
        for resources in ([role(), *attached], [beside], [role(), managed]):
            assert ADMIN in pack.advice_on(*resources)
        ((_, message),) = pack.advice_on(role(), managed)[ADMIN]
        assert message.partition("; ")[0] == "policies: AdministratorAccess is attached"

    @pytest.mark.parametrize(
        ("principal", "concerned"),
        [
            ({"Service": "ec2.amazonaws.com"}, True),
            ({"Service": ["lambda.amazonaws.com", "pods.eks.amazonaws.com"]}, True),
            ({"Federated": f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"}, True),
            ({"Service": "lambda.amazonaws.com"}, False),
            ({"AWS": "arn:aws:iam::123456789012:root"}, False),
        ],
    )
    def test_a_role_that_neither_pods_nor_nodes_take_is_nobodys_here(
        self, pack: Pack, principal: Any, *, concerned: bool
    ) -> None:
        assert (ADMIN in pack.advice_on(role(principal), inline(statement("*")))) is concerned

    def test_what_is_not_known_is_said_once_a_policy(self, pack: Pack) -> None:
        roles = [Resource(ROLE, name, {"assumeRolePolicy": UNKNOWN}) for name in ("a", "b", "c")]
        assert len(pack.advice_on(*roles)["unknown"]) == 3  # of three policies, not of three roles
        found = pack.advice_on(*roles, role(), inline(statement("*")))
        assert [name for name, _ in found[ADMIN]] == ["app"]


def federated(**condition: Any) -> Resource:
    return trusting({"Condition": condition} if condition else {})


def trusting(*parts: dict[str, Any]) -> Resource:
    """A role with a statement for each part, that trusts the issuer unless it says otherwise."""
    issuer = {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"}
    common = {"Effect": "Allow", "Principal": issuer, "Action": "sts:AssumeRoleWithWebIdentity"}
    return Resource(ROLE, "app", {"assumeRolePolicy": document(*({**common, **one} for one in parts))})


SUBJECT, AUDIENCE = {f"{ISSUER}:sub": "system:serviceaccount:shop:web"}, {f"{ISSUER}:aud": "sts.amazonaws.com"}


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        pytest.param({"StringEquals": {**SUBJECT, **AUDIENCE}}, 0, id="exact"),
        pytest.param({"StringLike": SUBJECT, "StringEquals": AUDIENCE}, 0, id="exact-in-two"),
        pytest.param(
            {"StringEquals": {f"{ISSUER}:sub": ["system:serviceaccount:shop:web"], **AUDIENCE}}, 0, id="a-list"
        ),
        pytest.param({}, 2, id="none"),
        pytest.param({"StringEquals": SUBJECT}, 1, id="no-audience"),
        pytest.param({"StringEquals": AUDIENCE}, 1, id="no-account"),
        pytest.param(
            {"StringLike": {f"{ISSUER}:sub": "system:serviceaccount:*:web"}, "StringEquals": AUDIENCE},
            1,
            id="any-namespace",
        ),
        pytest.param({"StringNotEquals": SUBJECT, "StringEquals": AUDIENCE}, 1, id="all-but-one"),
        pytest.param({"ForAnyValue:StringEquals": {**SUBJECT, **AUDIENCE}}, 0, id="of-any-value"),
        pytest.param({"stringequals": {f"{ISSUER}:Sub": "x", f"{ISSUER}:AUD": "y"}}, 0, id="in-other-letters"),
        pytest.param({"StringEquals": {f"{ISSUER}:sub": [UNKNOWN], f"{ISSUER}:aud": UNKNOWN}}, 0, id="not-known-yet"),
        pytest.param(
            {
                "StringLike": {f"{ISSUER}:sub": "system:*", f"{ISSUER.replace('1', '2')}:sub": "x"},
                "StringEquals": AUDIENCE,
            },
            1,
            id="one-of-two-wide",
        ),
    ],
)
def test_the_trust_of_an_issuer_is_of_one_account(pack: Pack, condition: dict[str, Any], told: int) -> None:
    assert len(pack.advice_on(federated(**condition)).get(IRSA, [])) == told


def test_what_an_issuer_vouches_for_is_told_with_its_place(pack: Pack) -> None:
    messages = [one.partition("; ")[0] for _, one in pack.advice_on(federated())[IRSA]]
    place = "assumeRolePolicy.Statement[0].Condition: "
    assert messages == [
        f"{place}it says of no service account that it is meant",
        f"{place}it says of no audience that it is meant",
    ]
    ((_, message), _) = pack.advice_on(trusting({"Principal": PODS, "Action": TAGGED}, {"Effect": "Deny"}, {}))[IRSA]
    assert message.startswith("assumeRolePolicy.Statement[2].Condition: ")
    for pattern in ("system:serviceaccount:*:web", "system:serviceaccount:shop:we?"):
        said = {"StringLike": {f"{ISSUER}:sub": pattern}, "StringEquals": AUDIENCE}
        ((_, message),) = pack.advice_on(federated(**said))[IRSA]
        assert message.startswith(f"{place}a pattern stands for namespaces or service accounts; ")


def test_what_pod_identity_lacks_is_named(pack: Pack) -> None:
    for given, lacks in (("sts:AssumeRole", "sts:TagSession"), ("sts:TagSession", "sts:AssumeRole")):
        ((_, message),) = pack.advice_on(role(PODS, given))[TAGS]
        assert message.startswith(f"assumeRolePolicy.Statement: it does not allow {lacks}; ")
    assert TAGS not in pack.advice_on(role(PODS, "*"))
    assert TAGS not in pack.advice_on(trusting(*({"Principal": PODS, "Action": one} for one in TAGGED)))
    assert TAGS not in pack.advice_on(role(PODS, "sts:AssumeRole", Effect="Deny"))


@pytest.mark.parametrize(
    ("principal", "action", "sound"),
    [
        (PODS, TAGGED, True),
        (PODS, ["sts:tagsession", "sts:assumerole"], True),
        (PODS, "sts:*", True),
        (PODS, "sts:AssumeRole", False),
        (PODS, "sts:TagSession", False),
        ({"Service": "ec2.amazonaws.com"}, "sts:AssumeRole", True),
    ],
)
def test_pods_may_take_their_role_and_tag_the_session(pack: Pack, principal: Any, action: Any, *, sound: bool) -> None:
    assert (TAGS not in pack.advice_on(role(principal, action))) is sound


GROUP = "rbac.authorization.k8s.io"


def binding(
    *subjects: dict[str, Any], bound: str = "cluster-admin", kind: str = "ClusterRoleBinding", api: str = GROUP
) -> Resource:
    return Resource(
        f"kubernetes:{api}/v1:{kind}",
        "binding",
        {"roleRef": {"kind": "ClusterRole", "name": bound}, "subjects": list(subjects)},
    )


def cluster_role(kind: str = "ClusterRole", **rule: Any) -> Resource:
    said = {"metadata": {"name": "wide"}, "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"], **rule}]}
    return Resource(f"kubernetes:{GROUP}/v1:{kind}", "wide", said)


APP = {"kind": "ServiceAccount", "name": "web", "namespace": "shop"}
TEAM = {"kind": "Group", "name": "platform-team"}
EVERYBODY = {"kind": "Group", "name": "system:authenticated"}


@pytest.mark.parametrize(
    ("resources", "sound"),
    [
        pytest.param([binding(APP)], False, id="a-workload"),
        pytest.param([binding({**APP, "namespace": "kube-system"})], True, id="of-the-system"),
        pytest.param([binding(TEAM)], True, id="people"),
        pytest.param([binding(TEAM, EVERYBODY)], False, id="everybody"),
        pytest.param([binding(EVERYBODY, kind="RoleBinding")], False, id="everybody-in-a-namespace"),
        pytest.param([binding({"kind": "User", "name": "system:anonymous"})], False, id="anybody"),
        pytest.param([binding(APP, kind="RoleBinding")], True, id="a-workload-in-its-namespace"),
        pytest.param([binding(APP, bound="view")], True, id="a-reader"),
        pytest.param([binding(APP, bound="wide"), cluster_role()], False, id="everything-by-another-name"),
        pytest.param([binding(APP, bound="wide"), cluster_role(verbs=["get"])], True, id="reading-everything"),
        pytest.param([cluster_role()], True, id="bound-to-nobody"),
        pytest.param([binding(APP, bound="wide"), cluster_role(kind="Role")], True, id="by-the-name-of-a-role"),
        pytest.param([binding(EVERYBODY, api="example.com")], True, id="by-what-is-no-binding"),
    ],
)
def test_a_role_is_judged_where_it_is_bound(pack: Pack, resources: list[Resource], *, sound: bool) -> None:
    assert (RBAC not in pack.advice_on(*resources)) is sound


def test_a_binding_that_is_not_known_yet_is_said_to_be(pack: Pack) -> None:
    assert ("", RBAC) in pack.advice_on(binding({**APP, "namespace": UNKNOWN}))["unknown"]


def test_who_may_do_everything_is_told_with_its_place(pack: Pack) -> None:
    messages = [one.partition("; ")[0] for _, one in pack.advice_on(binding(TEAM, EVERYBODY, APP))[RBAC]]
    assert messages == [
        "subjects[1]: system:authenticated may do everything",
        "subjects[2]: a service account may do everything",
    ]
    assert RBAC not in pack.advice_on(binding({**APP, "name": "system:authenticated", "namespace": "kube-system"}))


def test_a_wide_role_is_bound_in_its_own_cluster_and_one_unknown_hides_no_other(pack: Pack) -> None:
    wide, bound = cluster_role(), binding(APP, bound="wide")
    assert RBAC not in pack.advice_on(*TWO_CLUSTERS, *within("one", wide), *within("two", bound))
    assert RBAC in pack.advice_on(*TWO_CLUSTERS, *within("one", wide, bound))
    untold = Resource(wide.type, "untold", {"metadata": {"name": "untold"}, "rules": UNKNOWN})
    found = pack.advice_on(untold, wide, bound)
    assert RBAC in found
    assert ("", RBAC) in found["unknown"]
