"""Webhooks that fail closed, in the words that a real API server and the logs have for them."""

from __future__ import annotations

import pytest
from kube_provider import config_map, container, deployment

from pokayoke_rehearsal.doubles.kubernetes.store.admission import denied
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind, Object

NAME = "mservice.elbv2.k8s.aws"
BACKEND = "aws-load-balancer-webhook-service"
POST = f'Post "https://{BACKEND}.kube-system.svc:443/mutate-v1-service?timeout=10s"'
CONFIGURATION = Kind("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration")


def configuration(**more: object) -> Object:
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["services"]}
    service = {"name": BACKEND, "namespace": "kube-system", "path": "/mutate-v1-service"}
    hook = {
        "name": NAME,
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "clientConfig": {"service": service},
        "rules": [rule],
        # As the chart states it: its own service must not be judged by itself.
        "objectSelector": {
            "matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["aws-load-balancer-controller"]}]
        },
        **more,
    }
    meta = {"name": "aws-load-balancer-webhook"}
    return {"apiVersion": CONFIGURATION.api_version, "kind": CONFIGURATION.kind, "metadata": meta, "webhooks": [hook]}


def service(name: str = "web", **labels: str) -> Object:
    meta = {"name": name, "namespace": "default", "labels": labels}
    return {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"ports": [{"port": 80}]}}


def backend() -> Object:
    labels = {"app": "aws-load-balancer-controller"}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": BACKEND, "namespace": "kube-system", "labels": labels},
        "spec": {"selector": {"app": "controller"}, "ports": [{"port": 443, "targetPort": 9443}]},
    }


def refusal(cluster: Cluster) -> str:
    with pytest.raises(ApiError) as refused:
        cluster.apply(service(), "me")
    assert refused.value.code == 500
    return str(refused.value)


def test_without_its_service_a_webhook_refuses(cluster: Cluster) -> None:
    cluster.apply(configuration(), "me")
    assert refusal(cluster) == (
        f'Internal error occurred: failed calling webhook "{NAME}": failed to call webhook: {POST}: '
        f'service "{BACKEND}" not found'
    )


def test_without_ready_endpoints_a_webhook_refuses(cluster: Cluster) -> None:
    cluster.apply(configuration(), "me")
    cluster.apply(backend(), "me")
    assert refusal(cluster).endswith(f'{POST}: no endpoints available for service "{BACKEND}"')


def test_a_webhook_at_an_address_where_nobody_listens_refuses(cluster: Cluster) -> None:
    cluster.apply(configuration(clientConfig={"url": "https://127.0.0.1:1/mutate"}), "me")
    assert refusal(cluster).endswith(
        'Post "https://127.0.0.1:1/mutate?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused'
    )


def test_with_a_ready_pod_behind_it_a_webhook_lets_pass(nodes: Cluster) -> None:
    nodes.apply(configuration(), "me")
    nodes.apply(backend(), "me")
    controller = deployment("controller", containers=[container(ports=[{"containerPort": 9443}])])
    nodes.apply({**controller, "metadata": {"name": "controller", "namespace": "kube-system"}}, "me")
    assert nodes.apply(service(), "me")["metadata"]["name"] == "web"


def test_a_webhook_that_may_be_ignored_is_ignored(cluster: Cluster) -> None:
    cluster.apply(configuration(failurePolicy="Ignore"), "me")
    cluster.apply(service(), "me")


def test_a_webhook_judges_only_what_its_rules_and_selectors_name(cluster: Cluster) -> None:
    cluster.apply(configuration(), "me")
    cluster.apply(config_map(namespace="default"), "me")
    cluster.apply(service("own", app="aws-load-balancer-controller"), "me")


def test_a_webhook_judges_only_the_namespaces_that_it_selects(cluster: Cluster) -> None:
    watched = {"matchLabels": {"watched": "yes"}}
    cluster.apply(configuration(namespaceSelector=watched), "me")
    cluster.apply(service(), "me")


def test_once_its_configuration_is_gone_a_webhook_refuses_nothing(cluster: Cluster) -> None:
    cluster.apply(configuration(), "me")
    cluster.delete(CONFIGURATION, "aws-load-balancer-webhook")
    cluster.apply(service(), "me")


def test_a_reachable_webhook_does_what_was_put_behind_its_name(nodes: Cluster) -> None:
    def set_class(obj: Object, old: Object | None, operation: str) -> Object:
        if obj["metadata"]["name"] == "bad":
            raise denied(NAME, "not this one")
        return {**obj, "spec": {**obj["spec"], "sessionAffinity": "ClientIP"}}

    nodes.apply(configuration(), "me")
    nodes.apply(backend(), "me")
    nodes.apply({**deployment("controller"), "metadata": {"name": "controller", "namespace": "kube-system"}}, "me")
    nodes.admission.behaviours[NAME] = set_class
    assert nodes.apply(service(), "me")["spec"]["sessionAffinity"] == "ClientIP"
    with pytest.raises(
        ApiError, match=r'admission webhook "mservice\.elbv2\.k8s\.aws" denied the request: not this one'
    ):
        nodes.apply(service("bad"), "me")
