"""What is asked of rights in Kubernetes that lead to others, judged where they are bound."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import TWO_CLUSTERS, within

LEADS = "rbac-no-escalation"
GROUP = "rbac.authorization.k8s.io"
APP = {"kind": "ServiceAccount", "name": "web", "namespace": "shop"}


@pytest.fixture
def pack() -> Pack:
    """With the settings that are the default, stated: so the rule is made anew."""
    pack = Pack()
    pack.configure(LEADS, "ADVISORY", {"systemNamespaces": ["kube-system"]})
    return pack


def role(*rules: dict[str, Any], kind: str = "ClusterRole", name: str = "rights", **metadata: Any) -> Resource:
    said = {"metadata": {"name": name, **metadata}, "rules": list(rules)}
    return Resource(f"kubernetes:{GROUP}/v1:{kind}", "role", said)


def rule(resources: str, verbs: str, group: str = "", **more: Any) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": resources.split(), "verbs": verbs.split(), **more}


def binding(
    *subjects: Any, kind: str = "ClusterRoleBinding", bound: str = "ClusterRole", name: str = "rights", **metadata: Any
) -> Resource:
    reference = {"kind": bound, "name": name}
    said = {"metadata": {"name": "web", **metadata}, "roleRef": reference, "subjects": list(subjects) or [APP]}
    return Resource(f"kubernetes:{GROUP}/v1:{kind}", "binding", said)


def told(pack: Pack, *resources: Resource) -> list[str]:
    return [message.partition(",")[0] for _, message in pack.advice_on(*resources).get(LEADS, [])]


SECRETS = rule("secrets", "list")


@pytest.mark.parametrize(
    ("given", "what"),
    [
        pytest.param(rule("roles", "escalate", GROUP), "binding roles", id="escalate"),
        pytest.param(rule("clusterroles", "bind", GROUP), "binding roles", id="bind"),
        pytest.param(rule("users", "impersonate"), "being somebody else", id="impersonate"),
        pytest.param(rule("groups", "impersonate"), "being somebody else", id="impersonate-groups"),
        pytest.param(rule("serviceaccounts", "impersonate"), "being somebody else", id="impersonate-accounts"),
        pytest.param(rule("serviceaccounts/token", "create"), "making tokens of service accounts", id="tokens"),
        pytest.param(rule("nodes/proxy", "get"), "the kubelets of all nodes", id="nodes-proxy"),
        pytest.param(rule("persistentvolumes", "create"), "volumes of the node's files", id="volumes"),
        pytest.param(rule("secrets", "get"), "reading every secret", id="secrets"),
        pytest.param(rule("secrets", "watch"), "reading every secret", id="secrets-by-watching"),
        pytest.param(rule("configmaps secrets", "*"), "reading every secret", id="by-every-verb"),
        pytest.param(rule("secrets", "list", "*"), "reading every secret", id="of-every-group"),
        pytest.param(
            rule("validatingwebhookconfigurations", "patch", "admissionregistration.k8s.io"),
            "changing what is admitted",
            id="webhooks",
        ),
        pytest.param(
            rule("certificatesigningrequests/approval", "update", "certificates.k8s.io"),
            "certificates for anybody",
            id="certificates",
        ),
    ],
)
def test_a_right_that_leads_to_more_is_told(pack: Pack, given: dict[str, Any], what: str) -> None:
    harmless = rule("configmaps", "get")
    assert told(pack, role(harmless, given), binding()) == [f"rules[1]: it allows {what}"]


@pytest.mark.parametrize(
    ("resources", "sound"),
    [
        pytest.param([role(SECRETS)], True, id="bound-to-nobody"),
        pytest.param([role(SECRETS), binding(name="another")], True, id="another-is-bound"),
        pytest.param([role(SECRETS), binding(bound="Role")], True, id="of-another-kind"),
        pytest.param([role(SECRETS), binding({**APP, "namespace": "kube-system"})], True, id="to-the-system"),
        pytest.param([role(SECRETS), binding({"kind": "Group", "name": "platform-team"})], True, id="to-people"),
        pytest.param([role(SECRETS), binding({"kind": "Group", "name": "system:authenticated"})], False, id="to-all"),
        pytest.param([role(SECRETS), binding(kind="RoleBinding")], True, id="secrets-of-a-namespace"),
        pytest.param([role(rule("roles", "bind", GROUP)), binding(kind="RoleBinding")], False, id="roles-of-one"),
        pytest.param([role(rule("secrets", "get", resourceNames=["x"])), binding()], True, id="one-secret"),
        pytest.param([role(rule("secrets", "create")), binding()], True, id="writing-secrets"),
        pytest.param([role(rule("secrets", "list", "example.com")), binding()], True, id="of-another-group"),
        pytest.param([role(rule("*", "*", "*")), binding()], True, id="everything-is-another-practice-s"),
        pytest.param([role(rule("* secrets", "get")), binding()], True, id="everything-and-more"),
        pytest.param([role(SECRETS), binding(bound="Machine")], True, id="of-no-role"),
        pytest.param(
            [role(rule("roles", "bind", GROUP)), binding(kind="RoleBinding", namespace="shop")],
            False,
            id="roles-of-one-namespace",
        ),
    ],
)
def test_a_role_is_judged_where_it_is_bound(pack: Pack, resources: list[Resource], *, sound: bool) -> None:
    """KSV-0041 rates a ClusterRole without looking at its bindings."""
    assert (told(pack, *resources) == []) is sound


def test_a_role_of_a_namespace_is_bound_there(pack: Pack) -> None:
    own = role(rule("roles", "bind", GROUP), kind="Role", namespace="shop")
    there = binding(kind="RoleBinding", bound="Role", namespace="shop")
    elsewhere = binding(kind="RoleBinding", bound="Role", namespace="other")
    ((name, message),) = pack.advice_on(own, there)[LEADS]
    assert name == "role"
    assert "the binding 'web' gives it to a workload or to everybody; " in message
    assert told(pack, own, elsewhere) == []


def test_namespaces_of_the_system_are_named_by_configuration() -> None:
    pack = Pack()
    pack.configure(LEADS, "ADVISORY", {"systemNamespaces": ["shop"]})
    assert told(pack, role(SECRETS), binding()) == []
    assert len(told(pack, role(SECRETS), binding({**APP, "namespace": "kube-system"}))) == 1


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([role(rule("secrets", "get")), binding({**APP, "namespace": UNKNOWN})], id="the-subject"),
        pytest.param([role({"apiGroups": [""], "resources": UNKNOWN, "verbs": ["get"]}), binding()], id="the-rule"),
    ],
)
def test_what_is_not_known_is_said(pack: Pack, resources: list[Resource]) -> None:
    found = pack.advice_on(*resources)
    assert LEADS not in found
    assert found["unknown"]


def test_a_role_is_bound_in_its_own_cluster_and_by_a_binding(pack: Pack) -> None:
    apart = [*within("one", role(SECRETS)), *within("two", binding())]
    assert told(pack, *TWO_CLUSTERS, *apart) == []
    assert len(told(pack, *TWO_CLUSTERS, *within("one", role(SECRETS), binding()))) == 1
    other = Resource("kubernetes:example.com/v1:Grant", "grant", binding().properties)
    assert told(pack, role(rule("roles", "bind", GROUP)), other) == []
