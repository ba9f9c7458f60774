"""The policy `webhook-not-ready`."""

from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import CLUSTER, IN_CLUSTER, LBC, crds, ingress, lbc, obj, release, service, webhook
from judging import refused

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


def test_a_webhook_of_the_stacks_own_is_waited_for_by_what_it_judges(pack: Pack) -> None:
    found = pack.of_stack(*IN_CLUSTER, *webhook(), service(type="ClusterIP"))
    ((name, message),) = found.pop(WEBHOOK)
    assert name == "web"
    assert message.startswith("dependsOn: a fail-closed webhook of 'pods' judges it, and it does not wait for that: ")
    assert found == {}
    assert pack.of_stack(*IN_CLUSTER, *webhook(), service("pods", type="ClusterIP")) == {}


@pytest.mark.parametrize(
    "said",
    [
        {"failurePolicy": "Ignore"},
        {"namespaceSelector": {"matchLabels": {"guarded": "true"}}},
        {"objectSelector": {"matchLabels": {"guarded": "true"}}},
        {"objectSelector": UNKNOWN},
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


OTHER = (
    Resource(CLUSTER.type, "other", {**CLUSTER.properties, "name": "other"}),
    Resource("pulumi:providers:kubernetes", "far", after=("other",)),
)
"""A second cluster, and the way into it."""
PLAIN = service(type="ClusterIP")


def waiting(*resources: Resource) -> set[str]:
    return refused(*IN_CLUSTER, *OTHER, *resources).get(WEBHOOK, set())


def test_a_controllers_own_objects_are_not_judged_by_its_webhook() -> None:
    own = obj("web", "Service", metadata={"labels": {"app.kubernetes.io/name": "aws-load-balancer-controller"}})
    other = obj("web", "Service", metadata={"labels": {"app.kubernetes.io/name": "shop"}})
    assert waiting(*lbc(mutator=True), own) == set()
    assert waiting(*lbc(mutator=True), other) == {"web"}


def test_a_webhook_judges_nothing_in_another_cluster() -> None:
    dns = release("dns", "external-dns", values={"provider": "inmemory"})
    for one in (PLAIN, dns):
        assert waiting(*lbc(mutator=True), one) == {one.name}
        assert waiting(*lbc(mutator=True), replace(one, provider="far")) == set()
    assert waiting(*webhook(), replace(PLAIN, provider="far")) == set()


def test_charts_without_services_are_not_judged_by_a_webhook_for_those(pack: Pack) -> None:
    assert waiting(*lbc(mutator=True), release("app", "app")) == set()
    dns = release("dns", "external-dns", values={"provider": "inmemory"})
    ((_, message),) = pack.of_stack(*IN_CLUSTER, *lbc(mutator=True), dns)[WEBHOOK]
    assert message.startswith("the Services of its chart: dependsOn: a fail-closed webhook of 'lbc'")


def test_a_controller_that_is_lenient_keeps_no_other_from_being_judged() -> None:
    lenient = {"enableServiceMutatorWebhook": False}
    far = replace(lbc(values=lenient)[1], name="a-lbc", provider="far")
    assert waiting(far, *lbc(mutator=True), PLAIN) == {"web"}
    pods, front, hook = webhook()
    first = {**hook.properties["webhooks"][0], "failurePolicy": "Ignore"}
    both = {**hook.properties, "webhooks": [first, *hook.properties["webhooks"]]}
    assert waiting(pods, front, replace(hook, properties=both), PLAIN) == {"web"}


def named(count: int, **said: Any) -> list[Resource]:
    """Controllers, one after another's name."""
    values = {"enableServiceMutatorWebhook": True}
    return [release(f"lbc-{number}", LBC, values=values, **said) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "whose", "listed"),
    [
        (1, "'lbc-0'", "lbc-0"),
        (2, "each of 'lbc-0', 'lbc-1'", "lbc-0, lbc-1"),
        (3, "each of 'lbc-0', 'lbc-1', 'lbc-2'", "lbc-0, lbc-1, lbc-2"),
        (4, "each of 'lbc-0', 'lbc-1', 'lbc-2' and others", "lbc-0, lbc-1, lbc-2"),
        (9, "each of 'lbc-0', 'lbc-1', 'lbc-2' and others", "lbc-0, lbc-1, lbc-2"),
    ],
)
def test_of_one_object_it_is_told_once_whose_webhooks_it_waits_for(
    count: int, whose: str, listed: str, pack: Pack
) -> None:
    ((_, message),) = pack.of_stack(*IN_CLUSTER, *named(count), PLAIN)[WEBHOOK]
    assert f"dependsOn: a fail-closed webhook of {whose} judges it, and it does not wait for that:" in message
    assert f"Set the option dependsOn: [{listed}]; " in message
    waits = service(*(f"lbc-{number}" for number in range(count)), type="ClusterIP")
    ((_, message),) = pack.of_stack(*IN_CLUSTER, *named(count, skipAwait=True), waits)[WEBHOOK]
    assert message.startswith(f"dependsOn: a fail-closed webhook of {whose} judges it, whose release does not wait")


def test_what_an_object_waits_for_already_is_not_told_again(pack: Pack) -> None:
    ((_, message),) = pack.of_stack(*IN_CLUSTER, *named(3), service("lbc-1", type="ClusterIP"))[WEBHOOK]
    assert "a fail-closed webhook of each of 'lbc-0', 'lbc-2' judges it" in message
    some = [*named(2, skipAwait=True), named(3)[2]]
    found = pack.of_stack(*IN_CLUSTER, *some, service("lbc-0", "lbc-2", type="ClusterIP"))[WEBHOOK]
    late, slack = (message for _, message in found)
    assert "a fail-closed webhook of 'lbc-1' judges it, and it does not wait for that" in late
    assert "a fail-closed webhook of 'lbc-0' judges it, whose release does not wait" in slack


def test_webhooks_of_an_object_whose_cluster_is_not_told_may_be_in_any() -> None:
    far, lost = replace(named(1)[0], name="far-lbc", provider="far"), replace(PLAIN, provider="")
    assert waiting(far, lost) == waiting(*named(1), lost) == waiting(replace(far, provider=""), PLAIN) == {"web"}
    assert waiting(far, replace(named(1)[0], provider=""), PLAIN) == {"web"}
    assert waiting(far, PLAIN) == set()


def test_webhooks_with_the_same_pods_are_told_of_once(pack: Pack) -> None:
    pods, front, hook = webhook()
    four = replace(hook, properties={**hook.properties, "webhooks": hook.properties["webhooks"] * 4})
    others = [replace(one, name=f"{one.name}-2") for one in webhook("elsewhere")]
    found = pack.of_stack(*IN_CLUSTER, pods, front, four, *others, PLAIN)[WEBHOOK]
    (message,) = (message for name, message in found if name == "web")
    assert "a fail-closed webhook of each of 'pods', 'pods-2' judges it" in message


def test_a_webhook_selects_objects_with_all_of_its_labels(pack: Pack) -> None:
    said = {"objectSelector": {"matchLabels": {"guarded": "yes", "team": "a"}}}
    for labels, judged in (
        ({"stage": "live", "team": "a", "guarded": "yes"}, True),
        ({"guarded": "yes"}, False),
        ({"team": "a"}, False),
        ({}, False),
    ):
        made = obj("web", "Service", metadata={"labels": labels}, spec={"type": "ClusterIP"})
        assert (WEBHOOK in pack.of_stack(*IN_CLUSTER, *webhook(**said), made)) == judged


def test_a_configuration_that_is_not_known_yet_hides_no_other(pack: Pack) -> None:
    pods, front, hook = webhook()
    hidden = replace(hook, name="a-hook", properties={**hook.properties, "webhooks": UNKNOWN})
    found = pack.of_stack(*IN_CLUSTER, pods, front, hidden, hook, PLAIN)
    assert [name for name, _ in found[WEBHOOK]] == ["web"]
    assert WEBHOOK in {policy for _, policy in found["unknown"]}


@pytest.mark.parametrize(
    ("rule", "judged"),
    [
        ({"apiGroups": ["*"]}, True),
        ({"resources": ["*"]}, True),
        ({"resources": ["*/*"]}, True),
        ({"operations": ["*"]}, True),
        ({"operations": ["UPDATE"]}, False),
        ({"resources": ["services/status"]}, False),
        ({"resources": UNKNOWN}, False),
    ],
    ids=str,
)
def test_a_rule_of_a_webhook_is_read_as_kubernetes_does(rule: dict[str, Any], judged: bool) -> None:
    whole = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["services"], **rule}
    assert waiting(*webhook(rules=[whole]), PLAIN) == ({"web"} if judged else set())


def test_only_configurations_of_webhooks_register_them() -> None:
    pods, front, hook = webhook()
    assert waiting(pods, front, replace(hook, type="kubernetes:example.com/v1:WebhookSet"), PLAIN) == set()


def test_the_pods_behind_a_webhook_are_those_that_its_service_selects(pack: Pack) -> None:
    pods, front, hook = webhook()

    def like(name: str, app: str = "guard", namespace: str = "guard", api: str = "apps/v1", kind: str = "Deployment"):
        template = {**pods.properties["spec"]["template"], "metadata": {"labels": {"app": app}}}
        return obj(name, kind, api=api, metadata={"namespace": namespace}, spec={"template": template})

    others = [
        like("a-other", app="other"),
        like("a-far", namespace="elsewhere"),
        like("a-kind", api="acme.example/v1", kind="Fleet"),
        obj("a-map", "ConfigMap", metadata={"name": "front", "namespace": "guard"}),
        replace(
            obj(
                "a-front",
                "Service",
                metadata={"name": "front", "namespace": "guard"},
                spec={"selector": {"app": "other"}},
            ),
            provider="far",
        ),
    ]
    ((_, message),) = pack.of_stack(*IN_CLUSTER, *OTHER, pods, front, hook, *others, PLAIN)[WEBHOOK]
    assert "a fail-closed webhook of 'pods' judges it" in message
    assert waiting(pods, obj("front", "Service", metadata={"namespace": "guard"}), hook, PLAIN) == set()
    both = obj("front", "Service", metadata={"namespace": "guard"}, spec={"selector": {"app": "guard", "tier": "a"}})
    assert waiting(pods, both, hook, PLAIN) == set()


def test_what_stands_before_pods_of_a_webhook_or_waits_for_them_is_safe() -> None:
    pods, front, hook = webhook()
    assert waiting(replace(pods, after=("web",)), front, hook, PLAIN) == set()
    assert waiting(pods, front, replace(hook, after=("pods", "front", "web")), PLAIN) == set()
    assert waiting(pods, front, hook, service("pods", type="ClusterIP")) == set()


def test_a_chart_is_judged_by_its_values_until_its_objects_are_there() -> None:
    said = {"chart": "external-dns", "values": {"provider": "inmemory"}}
    chart = Resource("kubernetes:helm.sh/v4:Chart", "dns", said, provider="kubernetes")
    assert waiting(*lbc(mutator=True), chart) == {"dns"}
    inside = replace(obj("settings", "ConfigMap"), parent="dns")
    assert waiting(*lbc(mutator=True), chart, inside) == set()
