"""The policy `webhook-not-ready`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, crds, ingress, lbc, obj, release, service

WEBHOOK = "webhook-not-ready"


@pytest.mark.parametrize(
    ("made", "values"),
    [
        (service(type="ClusterIP"), {"enableServiceMutatorWebhook": True}),
        (ingress(ingressClassName="nginx"), {}),
        (obj("params", "IngressClassParams", "gateway-api", api="elbv2.k8s.aws/v1beta1"), {}),
        (release("dns", "external-dns", values={"provider": "inmemory"}), {"enableServiceMutatorWebhook": True}),
    ],
    ids=["service", "ingress", "params", "release"],
)
def test_what_the_controllers_webhooks_judge_waits_for_it(made: Resource, values: dict[str, Any], pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, crds(), *lbc(values=values), made)
    ((name, message),) = found.pop(WEBHOOK)
    assert name == made.name
    assert "a fail-closed webhook of 'lbc' judges it, and it does not wait for that" in message
    assert found == {}
    waits = Resource(made.type, made.name, made.properties, after=(*made.after, "lbc"), provider="kubernetes")
    assert pack.of_stack(*IN_CLUSTER, crds(), *lbc(values=values), waits) == {}


@pytest.mark.parametrize(
    "values",
    [
        {"enableServiceMutatorWebhook": False},
        {"enableServiceMutatorWebhook": True, "serviceMutatorWebhookConfig": {"failurePolicy": "Ignore"}},
        {"enableServiceMutatorWebhook": UNKNOWN},
    ],
    ids=str,
)
def test_a_webhook_that_is_off_lenient_or_not_known_blocks_nothing(values: dict[str, Any], pack: Pack) -> None:
    assert pack.of_stack(*IN_CLUSTER, *lbc(values=values), service(type="ClusterIP")) == {}


def test_what_is_there_before_the_webhook_is_not_judged_by_it(pack: Pack) -> None:
    assert pack.of_stack(*IN_CLUSTER, service(type="ClusterIP"), *lbc("web", mutator=True)) == {}


def test_a_release_that_does_not_wait_is_no_wait(pack: Pack) -> None:
    ((_, message),) = pack.of_stack(*IN_CLUSTER, *lbc(skipAwait=True), ingress("lbc"))[WEBHOOK]
    assert "whose release does not wait until its pods are ready (skipAwait)" in message


def webhook(**said: Any) -> tuple[Resource, ...]:
    """A webhook that the stack registers itself, its Service and the pods behind it."""
    labels = {"app": "guard"}
    container = {"name": "guard", "image": "guard:1", "resources": {"requests": {"cpu": 1}, "limits": {"memory": 1}}}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [container]}}
    pods = obj("pods", "Deployment", api="apps/v1", metadata={"namespace": "guard"}, spec={"template": template})
    front = obj("front", "Service", metadata={"namespace": "guard"}, spec={"selector": labels})
    rule = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["services"]}
    one = {"name": "x", "rules": [rule], "clientConfig": {"service": {"name": "front", "namespace": "guard"}}, **said}
    kind = "ValidatingWebhookConfiguration"
    return pods, front, obj("hook", kind, "pods", "front", api="admissionregistration.k8s.io/v1", webhooks=[one])


def test_a_webhook_of_the_stacks_own_is_waited_for_by_what_it_judges(pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, *webhook(), service(type="ClusterIP"))
    ((name, message),) = found.pop(WEBHOOK)
    assert name == "web"
    assert "a fail-closed webhook of 'pods' judges it" in message
    assert found == {}
    assert pack.of_stack(*IN_CLUSTER, *webhook(), service("pods", type="ClusterIP")) == {}


@pytest.mark.parametrize(
    "said",
    [
        {"failurePolicy": "Ignore"},
        {"namespaceSelector": {"matchLabels": {"guarded": "true"}}},
        {"objectSelector": {"matchLabels": {"guarded": "true"}}},
        {"clientConfig": {"url": "https://example.com"}},
        {"rules": [{"apiGroups": ["apps"], "operations": ["*"], "resources": ["*"]}]},
        {"rules": UNKNOWN},
    ],
    ids=str,
)
def test_a_webhook_that_does_not_judge_it_is_not_waited_for(said: dict[str, Any], pack: Pack) -> None:
    assert WEBHOOK not in pack.of_stack(*IN_CLUSTER, *webhook(**said), service(type="ClusterIP"))


@pytest.mark.parametrize(
    ("expression", "judged"),
    [
        ({"key": "guarded", "operator": "NotIn", "values": ["no"]}, True),
        ({"key": "guarded", "operator": "NotIn", "values": ["yes"]}, False),
        ({"key": "guarded", "operator": "In", "values": ["yes"]}, True),
        ({"key": "guarded", "operator": "In", "values": ["no"]}, False),
        ({"key": "guarded", "operator": "Exists"}, True),
        ({"key": "guarded", "operator": "DoesNotExist"}, False),
        ({"key": "other", "operator": "DoesNotExist"}, True),
    ],
    ids=str,
)
def test_a_webhook_selects_objects_as_kubernetes_does(expression: dict[str, Any], judged: bool, pack: Pack) -> None:
    said = {"objectSelector": {"matchExpressions": [expression]}}
    made = obj("web", "Service", metadata={"labels": {"guarded": "yes"}}, spec={"type": "ClusterIP"})
    assert (WEBHOOK in pack.of_stack(*IN_CLUSTER, *webhook(**said), made)) == judged


def test_a_webhook_names_kinds_in_the_plural(pack: Pack) -> None:
    for group, kind, resource in (("networking.k8s.io", "Ingress", "ingresses"), ("", "Endpoints", "endpoints")):
        rule = {"apiGroups": [group], "operations": ["*"], "resources": [resource]}
        made = obj("made", kind, api=f"{group}/v1" if group else "v1", spec={})
        assert WEBHOOK in pack.of_stack(*IN_CLUSTER, *webhook(rules=[rule]), made)
    rule = {"apiGroups": ["networking.k8s.io"], "operations": ["*"], "resources": ["networkpolicies"]}
    made = obj("made", "NetworkPolicy", api="networking.k8s.io/v1", spec={"policyTypes": ["Ingress"]})
    assert set(pack.of_stack(*IN_CLUSTER, *webhook(rules=[rule]), made)) == {WEBHOOK}
