"""The service accounts that a stack uses or makes, with what its pods have for credentials."""

from typing import Any

import pytest

from pokayoke_policies.accounts import Account, accounts_of
from pokayoke_policies.objects import CHART, RELEASE
from pokayoke_policies.raw import UNKNOWN
from pokayoke_policies.stack import Member, Stack

ACCOUNT, DEPLOYMENT = "kubernetes:core/v1:ServiceAccount", "kubernetes:apps/v1:Deployment"
IRSA = {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/x"}
KARPENTER = {"app.kubernetes.io/name": "karpenter"}
DNS = {"app.kubernetes.io/name": "external-dns"}
KEY = {"name": "AWS_ACCESS_KEY_ID", "value": "x"}
WAY_IN = (
    Member("access", "pulumi:providers:kubernetes", dict, dependencies=("cluster",)),
    Member("cluster", "aws:eks/cluster:Cluster", dict),
)


def one(name: str, kind: str, said: dict[str, Any]) -> Member:
    return Member(name, kind, lambda: said, provider="access")


def account(said: dict[str, Any], kind: str) -> Account | None:
    found, unknown = accounts_of(Stack([*WAY_IN, one("a", kind, said)]))
    assert unknown is None
    assert all(each.member.urn == "a" for each in found)
    return found[0] if found else None


def workload(labels: dict[str, str] | None = None, namespace: str | None = None, **pod: Any) -> dict[str, Any]:
    template = {"spec": pod, **({"metadata": {"labels": labels}} if labels else {})}
    return {"metadata": {"name": "x", "namespace": namespace}, "spec": {"template": template}}


@pytest.mark.parametrize(
    ("said", "namespace", "irsa"),
    [
        ({"name": "app", "namespace": "web"}, "web", False),
        ({"name": "app"}, "default", False),
        ({"name": "app", "annotations": IRSA}, "default", True),
        ({"name": "app", "annotations": {"a": "b"}}, "default", False),
    ],
    ids=["namespaced", "default", "irsa", "annotated"],
)
def test_a_service_account_is_one_without_pods(said: dict[str, Any], namespace: str, irsa: bool) -> None:
    found = account({"metadata": said}, ACCOUNT)
    assert found is not None
    assert found == Account(found.member, "cluster", namespace, "app", pods=False, calls_aws=False, irsa=irsa)


def test_an_account_that_kubernetes_names_is_nobodys() -> None:
    assert account({"metadata": {"generateName": "app-"}}, ACCOUNT) is None
    assert account({"data": {}}, "kubernetes:core/v1:ConfigMap") is None


@pytest.mark.parametrize(
    ("said", "namespace", "name", "calls"),
    [
        (workload(serviceAccountName="app", namespace="web"), "web", "app", False),
        (workload(serviceAccount="app"), "default", "app", False),
        (workload(), "default", "default", False),
        (workload(KARPENTER, serviceAccountName="k"), "default", "k", True),
        (workload({"app": "karpenter"}), "default", "default", False),
        (workload(KARPENTER, hostNetwork=True), "default", "default", False),
        (workload(KARPENTER, containers=[{"env": [KEY]}]), "default", "default", False),
        (workload(KARPENTER, containers=[{"env": [{"name": "A", "value": "x"}]}]), "default", "default", True),
        (workload(DNS, containers=[{"args": ["--provider=aws"]}]), "default", "default", True),
        (workload(DNS, containers=[{}, {"args": ["-x", "--provider=aws"]}]), "default", "default", True),
        (workload(DNS, containers=[{"args": ["--provider=google"]}]), "default", "default", False),
        (workload(DNS), "default", "default", False),
    ],
    ids=[
        *("named", "named-of-old", "default", "controller", "other-label", "host-network", "keys", "other-variables"),
        *("says-aws", "says-aws-second", "says-google", "says-nothing"),
    ],
)
def test_a_workload_uses_the_account_of_its_pods(said: dict[str, Any], namespace: str, name: str, calls: bool) -> None:
    found = account(said, DEPLOYMENT)
    assert found is not None
    assert found == Account(found.member, "cluster", namespace, name, pods=True, calls_aws=calls)


@pytest.mark.parametrize(
    ("said", "namespace", "name", "calls", "irsa"),
    [
        ({"chart": "karpenter", "name": "k", "namespace": "kube-system"}, "kube-system", "k-karpenter", True, False),
        ({"chart": "karpenter"}, "default", "a-karpenter", True, False),
        ({"chart": "karpenter", "name": "karpenter", "valueYamlFiles": ["x"]}, "default", "karpenter", False, False),
        ({"chart": "karpenter", "name": "k", "values": {"hostNetwork": True}}, "default", "k-karpenter", False, False),
        ({"chart": "karpenter", "name": "k", "values": {"env": [KEY]}}, "default", "k-karpenter", False, False),
        (
            {"chart": "karpenter", "name": "k", "values": {"serviceAccount": {"name": "own", "annotations": IRSA}}},
            *("default", "own", True, True),
        ),
        ({"chart": "app", "values": {"serviceAccount": {"name": "own"}}}, "default", "own", False, False),
        (
            {"chart": "external-dns", "name": "d", "values": {"provider": {"name": "google"}}},
            *("default", "d-external-dns", False, False),
        ),
        (
            {"chart": "external-dns", "name": "d", "values": {"provider": {"name": "aws"}}},
            *("default", "d-external-dns", True, False),
        ),
    ],
    ids=[
        *("named", "unnamed", "values-in-files", "host-network", "keys", "irsa", "unknown-chart", "by-values"),
        "by-values-aws",
    ],
)
def test_a_release_uses_the_account_of_its_chart(
    said: dict[str, Any], namespace: str, name: str, calls: bool, irsa: bool
) -> None:
    found = account(said, RELEASE)
    assert found is not None
    assert found == Account(found.member, "cluster", namespace, name, pods=True, calls_aws=calls, irsa=irsa)


def test_a_chart_of_which_nothing_is_known_has_no_account_that_can_be_told() -> None:
    assert account({"chart": "app"}, RELEASE) is None
    assert account({"chart": "app", "values": {"serviceAccount": {"name": ""}}}, RELEASE) is None
    assert account({"chart": "app", "values": {"serviceAccount": {"name": UNKNOWN}}}, RELEASE) is None


def test_an_account_that_preview_cannot_tell_keeps_no_other_from_being_told() -> None:
    lost = one("a", RELEASE, {"chart": "karpenter", "values": {"serviceAccount": {"name": UNKNOWN}}})
    found, unknown = accounts_of(Stack([*WAY_IN, lost, one("b", ACCOUNT, {"metadata": {"name": "app"}})]))
    assert [each.name for each in found] == ["app"]
    assert str(unknown) == "values.serviceAccount"


def test_a_chart_has_an_account_until_its_own_objects_are_there() -> None:
    chart = one("a", CHART, {"chart": "karpenter"})
    inside = Member("b", "kubernetes:core/v1:ConfigMap", dict, parent="a")
    assert [each.name for each in accounts_of(Stack([*WAY_IN, chart]))[0]] == ["a-karpenter"]
    assert accounts_of(Stack([*WAY_IN, chart, inside]))[0] == []
