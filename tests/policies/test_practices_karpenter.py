"""What is asked of Karpenter, its queue and its pools."""

from __future__ import annotations

import json
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack, Resource
from clusters import TWO_CLUSTERS, within

POOL, CLASS = "kubernetes:karpenter.sh/v1:NodePool", "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
DEAF, CLOSED, ENDLESS = "kp-interruption-on", "kp-budgets-open", "kp-lifetime-bounded"
HEALTH, SPOT_NOTICE = "AWS Health Event", "EC2 Spot Instance Interruption Warning"
STATE = "EC2 Instance State-change Notification"


def karpenter(queue: Any = None, **more: Any) -> Resource:
    values = {"settings": {"clusterName": "demo", **({} if queue is None else {"interruptionQueue": queue})}}
    return Resource(RELEASE, "karpenter", {"chart": "karpenter", "values": values, **more})


def pool(*capacity: Any, **template: Any) -> Resource:
    asked = [{"key": "karpenter.sh/capacity-type", "operator": "In", "values": list(capacity)}] if capacity else []
    spec = {"requirements": asked, "nodeClassRef": {"name": "default"}, **template}
    return Resource(POOL, "pool", {"metadata": {"name": "pool"}, "spec": {"template": {"spec": spec}}})


def event(name: str, *kinds: str, **said: Any) -> list[Resource]:
    pattern = json.dumps({"source": ["aws.ec2"], "detail-type": list(kinds)})
    rule = Resource("aws:cloudwatch/eventRule:EventRule", name, {"name": name, "eventPattern": pattern, **said})
    target = {"rule": name, "arn": "arn:queue"}
    return [rule, Resource("aws:cloudwatch/eventTarget:EventTarget", f"{name}-target", target)]


QUEUE = Resource("aws:sqs/queue:Queue", "queue", {"name": "events", "arn": "arn:queue"})
ALL = [QUEUE, *event("health", HEALTH), *event("instances", SPOT_NOTICE, STATE)]


def told(pack: Pack, slug: str, *resources: Resource) -> list[str]:
    return [message.partition(";")[0] for _, message in pack.advice_on(*resources).get(slug, [])]


PLACE = "values.settings.interruptionQueue"


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        pytest.param(
            [karpenter(), pool("spot", "on-demand")],
            f"{PLACE}: it is left out, and a pool of the stack may take spot capacity",
            id="spot",
        ),
        pytest.param([karpenter(""), pool()], f"{PLACE}: it is left out, and a pool", id="any-capacity"),
        pytest.param([karpenter("arn:aws:sqs:eu-west-1:123456789012:events")], f"{PLACE}: it is an ARN", id="arn"),
        pytest.param([karpenter("https//sqs/events")], f"{PLACE}: it is an ARN or a URL", id="url"),
        pytest.param(
            [karpenter("events"), QUEUE, *event("health", HEALTH, STATE)],
            f"{PLACE}: no rule of the stack sends that queue {SPOT_NOTICE}",
            id="a-kind-of-event",
        ),
        pytest.param(
            [karpenter("events"), QUEUE],
            f"{PLACE}: no rule of the stack sends that queue {HEALTH} nor {STATE} nor {SPOT_NOTICE}",
            id="all-events",
        ),
        pytest.param(
            [karpenter("events"), *ALL[:3], *event("garbled", SPOT_NOTICE, STATE, eventPattern="{")],
            f"{PLACE}: no rule of the stack sends that queue {STATE} nor {SPOT_NOTICE}",
            id="a-rule-that-nobody-reads",
        ),
        pytest.param(
            [karpenter("events"), *ALL[:3], *event("hourly", eventPattern=None)],
            f"{PLACE}: no rule of the stack sends that queue {STATE} nor {SPOT_NOTICE}",
            id="a-rule-by-the-clock",
        ),
    ],
)
def test_interruptions_that_are_not_heard_are_told(pack: Pack, resources: list[Resource], message: str) -> None:
    (found,) = told(pack, DEAF, *resources)
    assert found.startswith(message)


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([karpenter("events"), *ALL, pool("spot")], id="all-of-it"),
        pytest.param([karpenter("events"), pool("spot")], id="a-queue-of-another-stack"),
        pytest.param([karpenter("events"), Resource("aws:sqs/queue:Queue", "other", {"name": "x"})], id="another"),
        pytest.param([karpenter(), pool("on-demand", "reserved")], id="no-spot"),
        pytest.param([karpenter()], id="no-pool"),
        pytest.param([karpenter(valueYamlFiles=["x.yaml"]), pool("spot")], id="values-that-are-not-to-be-seen"),
    ],
)
def test_what_is_heard_or_cannot_be_told_is_not(pack: Pack, resources: list[Resource]) -> None:
    assert told(pack, DEAF, *resources) == []


def test_two_controllers_on_the_same_events_are_told(pack: Pack) -> None:
    handler = Resource(RELEASE, "handler", {"chart": "aws-node-termination-handler"})
    assert told(pack, DEAF, karpenter("events"), handler) == ["aws-node-termination-handler acts on the same events"]
    ((_, message),) = pack.advice_on(karpenter("events"), handler)[DEAF]
    assert "]. Take aws-node-termination-handler out. See " in message


def test_each_cluster_has_a_karpenter_of_its_own(pack: Pack) -> None:
    handler = Resource(RELEASE, "handler", {"chart": "aws-node-termination-handler"})
    for other in ([karpenter("events"), handler], [karpenter(), pool("spot")], [pool(), DEPLOYMENT]):
        first, second = other
        apart = [*TWO_CLUSTERS, *within("one", first), *within("two", second)]
        assert not {DEAF, ENDLESS} & pack.advice_on(*apart).keys()
        assert {DEAF, ENDLESS} & pack.advice_on(*TWO_CLUSTERS, *within("one", first, second)).keys()
    never, pinned = pool(expireAfter="Never"), node_class({"id": "ami-1"})
    assert told(pack, ENDLESS, *TWO_CLUSTERS, *within("one", never), *within("two", pinned)) == []
    assert len(told(pack, ENDLESS, *TWO_CLUSTERS, *within("one", never, pinned))) == 1


def test_what_is_no_pool_and_no_class_is_not_taken_for_one(pack: Pack) -> None:
    other = Resource("kubernetes:example.com/v1:Class", "x", {**node_class({"id": "ami-1"}).properties})
    assert told(pack, DEAF, karpenter(), pool("on-demand"), other) == []
    assert told(pack, ENDLESS, pool(expireAfter="Never"), other) == []
    named = {"metadata": {"name": "other"}, "spec": {"amiSelectorTerms": [{"id": "ami-1"}]}}
    assert told(pack, ENDLESS, pool(expireAfter="Never"), Resource(CLASS, "other", named)) == []


@pytest.mark.parametrize(
    "resources",
    [
        pytest.param([karpenter(UNKNOWN)], id="the-queue-s-name"),
        pytest.param([karpenter(), pool(UNKNOWN)], id="the-capacity"),
        pytest.param([karpenter("events"), QUEUE, *event("x", eventPattern=UNKNOWN)], id="the-events"),
    ],
)
def test_what_is_not_known_is_said(pack: Pack, resources: list[Resource]) -> None:
    found = pack.advice_on(*resources)
    assert DEAF not in found
    assert found["unknown"]


def budgets(*budgets: Any) -> dict[str, Any]:
    return {"spec": {"disruption": {"budgets": list(budgets)}}}


ALWAYS = "it is zero, always and for every reason"


@pytest.mark.parametrize(
    ("listed", "messages"),
    [
        pytest.param([{"nodes": "0"}], [f"[0].nodes: {ALWAYS}"], id="zero"),
        pytest.param([{"nodes": 0}], [f"[0].nodes: {ALWAYS}"], id="zero-as-a-number"),
        pytest.param([{"nodes": "10%"}, {"nodes": "0%"}], [f"[1].nodes: {ALWAYS}"], id="zero-percent"),
        pytest.param(
            [{"nodes": "0", "reasons": ["Empty", "Drifted", "Underutilized"]}], [f"[0].nodes: {ALWAYS}"], id="listed"
        ),
        pytest.param([{"nodes": "0", "reasons": ["Underutilized"]}], [], id="for-a-reason"),
        pytest.param([{"nodes": "0", "schedule": "0 9 * * 1-5", "duration": "8h"}], [], id="at-times"),
        pytest.param([{"nodes": "100%"}], ["[0].nodes: it is 100%, and nothing else holds back"], id="all"),
        pytest.param([{"nodes": "100%"}, {"nodes": "5"}], [], id="all-and-a-ceiling"),
        pytest.param(
            [{"nodes": "5", "schedule": "@daily", "duration": "8h"}, {"nodes": "100%"}],
            ["[1].nodes: it is 100%, and nothing else holds back"],
            id="all-and-a-ceiling-at-times",
        ),
        pytest.param([{"nodes": "10%"}], [], id="a-tenth"),
        pytest.param([], [], id="karpenter-s-default"),
    ],
)
def test_budgets_let_some_nodes_go_and_not_all(pack: Pack, listed: list[Any], messages: list[str]) -> None:
    found = [one.partition(";")[0] for one in pack.advice(POOL, budgets(*listed)).get(CLOSED, [])]
    assert found == [f"spec.disruption.budgets{one}" for one in messages]


def test_a_budget_that_is_not_known_is_said(pack: Pack) -> None:
    assert CLOSED in pack.advice(POOL, budgets({"nodes": UNKNOWN}))["unknown"]


def node_class(*terms: Any) -> Resource:
    return Resource(CLASS, "class", {"metadata": {"name": "default"}, "spec": {"amiSelectorTerms": list(terms)}})


def workload(kind: str, spec: dict[str, Any]) -> Resource:
    return Resource(f"kubernetes:{kind}", "job", {"metadata": {"name": "job"}, "spec": spec})


KEPT = {"metadata": {"annotations": {"karpenter.sh/do-not-disrupt": "true"}}}
DEPLOYMENT = workload("apps/v1:Deployment", {"template": KEPT})
NEVER = "spec.template.spec.expireAfter: it is Never, and the image is pinned"
GRACE = "spec.template.spec.terminationGracePeriod: it is left out, and pods of 'job' are marked"


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        pytest.param([pool(expireAfter="Never"), node_class({"alias": "bottlerocket@v1.65.0"})], NEVER, id="pinned"),
        pytest.param([pool(expireAfter="Never"), node_class({"id": "ami-1"})], NEVER, id="by-id"),
        pytest.param([pool(expireAfter="Never"), node_class({"alias": "al2023@latest"})], "", id="drifting"),
        pytest.param([pool(expireAfter="Never"), node_class(UNKNOWN)], "", id="not-told"),
        pytest.param([pool(expireAfter="Never"), node_class()], "", id="of-nothing"),
        pytest.param([pool(expireAfter="Never")], "", id="of-another-stack"),
        pytest.param([pool(expireAfter="720h"), node_class({"id": "ami-1"})], "", id="expiring"),
        pytest.param([pool(), DEPLOYMENT], GRACE, id="kept-pods"),
        pytest.param(
            [pool(), workload("batch/v1:CronJob", {"jobTemplate": {"spec": {"template": KEPT}}})], GRACE, id="kept-jobs"
        ),
        pytest.param([pool(terminationGracePeriod="1h"), DEPLOYMENT], "", id="with-a-grace-period"),
        pytest.param([pool(expireAfter="Never"), DEPLOYMENT], "", id="never-expiring"),
        pytest.param([pool(), workload("apps/v1:Deployment", {"template": {}})], "", id="pods-that-go"),
    ],
)
def test_a_node_comes_to_an_end(pack: Pack, resources: list[Resource], message: str) -> None:
    found = told(pack, ENDLESS, *resources)
    assert len(found) == bool(message)
    assert all(one.startswith(message) for one in found)


def test_a_pool_alone_has_pods_of_its_own_kind(pack: Pack) -> None:
    pod = Resource("kubernetes:core/v1:Pod", "pod", {**KEPT, "spec": {}})
    assert len(told(pack, ENDLESS, pool(), pod)) == 1


def test_an_expiry_that_is_not_known_is_said(pack: Pack) -> None:
    found = pack.advice_on(pool(expireAfter=UNKNOWN))
    assert ENDLESS not in found
    assert found["unknown"]
