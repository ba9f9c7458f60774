"""What is asked of what hangs on the API server."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource

SAFE, SERVED = "webhook-fails-safe", "api-version-served"
VALIDATING = "kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration"
MUTATING = "kubernetes:admissionregistration.k8s.io/v1:MutatingWebhookConfiguration"


def webhook(*resources: Any, groups: Any = ("",), **said: Any) -> dict[str, Any]:
    rules = [{"apiGroups": list(groups), "resources": list(resources), "operations": ["CREATE"]}]
    return {"webhooks": [{"name": "x.example.com", "rules": rules, **said}]}


def told(pack: Pack, said: dict[str, Any], kind: str = VALIDATING) -> list[str]:
    return [one.partition(";")[0] for one in pack.advice(kind, said).get(SAFE, [])]


EVERYTHING = "webhooks[0].rules[0]: it judges everything, everywhere, and refuses what it cannot judge"
PODS = "webhooks[0].rules[0]: it judges the pods of kube-system too, and refuses those that it cannot judge"
SLOW = "webhooks[0].timeoutSeconds: it holds every request up for 30 seconds while nobody answers"


@pytest.mark.parametrize("kind", [VALIDATING, MUTATING])
@pytest.mark.parametrize(
    ("said", "messages"),
    [
        pytest.param(webhook("*", groups=["*"]), [EVERYTHING], id="everything"),
        pytest.param(webhook("*/*", groups=["*"], failurePolicy="Fail"), [EVERYTHING], id="parts-too"),
        pytest.param(webhook("services", "pods"), [PODS], id="pods"),
        pytest.param(webhook("pods", groups=["*"]), [PODS], id="pods-of-any-group"),
        pytest.param(webhook("services", timeoutSeconds=30), [SLOW], id="slow"),
        pytest.param(webhook("pods", timeoutSeconds="30"), [SLOW, PODS], id="slow-and-wide"),
        pytest.param(webhook("services", timeoutSeconds=29), [], id="nearly-slow"),
        pytest.param(webhook("*"), [], id="of-the-core-alone"),
        pytest.param(webhook("pods", groups=["metrics.k8s.io"]), [], id="pods-of-another-group"),
        pytest.param(webhook("*", groups=["*"], failurePolicy="Ignore", timeoutSeconds=30), [], id="fail-open"),
        pytest.param(webhook("pods", namespaceSelector={"matchLabels": {"a": "b"}}), [], id="some-namespaces"),
        pytest.param(webhook("pods", namespaceSelector={}), [PODS], id="all-namespaces-in-words"),
        pytest.param(webhook("pods", objectSelector=UNKNOWN), [], id="some-objects"),
        pytest.param(webhook("pods", matchConditions=[{"expression": "true"}]), [], id="under-conditions"),
        pytest.param({"webhooks": []}, [], id="none"),
    ],
)
def test_a_webhook_that_does_not_answer_stops_little(
    pack: Pack, kind: str, said: dict[str, Any], messages: list[str]
) -> None:
    assert told(pack, said, kind) == messages


@pytest.mark.parametrize(
    "said",
    [
        webhook("services", failurePolicy=UNKNOWN),
        webhook("services", timeoutSeconds=UNKNOWN),
        webhook(UNKNOWN),
        webhook("services", groups=[UNKNOWN]),
        {"webhooks": UNKNOWN},
    ],
)
def test_what_is_not_known_of_a_webhook_is_said_and_hides_no_other(pack: Pack, said: dict[str, Any]) -> None:
    assert told(pack, said) == []
    assert SAFE in pack.advice(VALIDATING, said)["unknown"]
    if isinstance(said["webhooks"], list):
        others = [*said["webhooks"], *webhook("pods")["webhooks"]]
        assert len(told(pack, {"webhooks": others})) == 1


def test_an_unknown_timeout_hides_no_width(pack: Pack) -> None:
    assert told(pack, webhook("pods", timeoutSeconds=UNKNOWN)) == [PODS]


BUDGET = "kubernetes:policy/v1beta1:PodDisruptionBudget"
FLOWS = "kubernetes:flowcontrol.apiserver.k8s.io/v1beta3:FlowSchema"


def served(pack: Pack, *resources: Resource) -> list[str]:
    return [message.partition(";")[0] for _, message in pack.advice_on(*resources).get(SERVED, [])]


def written(kind: str, **said: Any) -> Resource:
    return Resource(kind, "object", {"metadata": {"name": "x"}, **said}, provider="provider")


def cluster(version: Any) -> list[Resource]:
    made = Resource("aws:eks/cluster:Cluster", "cluster", {"name": "demo", "version": version})
    return [made, Resource("pulumi:providers:kubernetes", "provider", {}, after=("cluster",))]


@pytest.mark.parametrize(
    ("resources", "messages"),
    [
        pytest.param(
            [written(BUDGET, apiVersion="policy/v1beta1")],
            ["apiVersion: policy/v1beta1 is served no longer since Kubernetes 1.25"],
            id="typed",
        ),
        pytest.param(
            [written(BUDGET)], ["apiVersion: policy/v1beta1 is served no longer since Kubernetes 1.25"], id="by-type"
        ),
        pytest.param(
            [written("kubernetes:core/v1:List", items=[{"apiVersion": "extensions/v1beta1", "kind": "Ingress"}])],
            ["items[0]: apiVersion: extensions/v1beta1 is served no longer since Kubernetes 1.22"],
            id="in-a-list",
        ),
        pytest.param(
            [written("kubernetes:extensions/v1beta1:Deployment")],
            ["apiVersion: extensions/v1beta1 is served no longer since Kubernetes 1.16"],
            id="of-long-ago",
        ),
        pytest.param([written("kubernetes:policy/v1:PodDisruptionBudget")], [], id="served"),
        pytest.param([written("kubernetes:policy/v1beta1:Another")], [], id="another-kind"),
        pytest.param([written(FLOWS)], [], id="still-served-by-the-oldest"),
        pytest.param([written(FLOWS), *cluster("1.31")], [], id="served-there"),
        pytest.param(
            [written(FLOWS), *cluster("1.32")],
            ["apiVersion: flowcontrol.apiserver.k8s.io/v1beta3 is served no longer since Kubernetes 1.32"],
            id="removed-there",
        ),
        pytest.param([written(FLOWS), *cluster(UNKNOWN)], [], id="by-a-version-that-is-not-told"),
        pytest.param([written(FLOWS), *cluster("latest")], [], id="by-no-version"),
        pytest.param([written(BUDGET, apiVersion="policy/v1beta1"), *cluster("1.24")], [], id="before-its-removal"),
    ],
)
def test_what_the_cluster_does_not_serve_is_told(pack: Pack, resources: list[Resource], messages: list[str]) -> None:
    assert served(pack, *resources) == messages


def test_a_version_that_is_not_known_is_said(pack: Pack) -> None:
    found = pack.advice_on(written(BUDGET, apiVersion=UNKNOWN))
    assert SERVED not in found
    assert found["unknown"]
