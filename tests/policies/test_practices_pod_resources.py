"""What is asked of what containers ask for."""

from __future__ import annotations

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, TWO_CLUSTERS, obj, within

SLUG = "pod-resources"
MORE = {"resources": {"requests": {"memory": "128Mi"}, "limits": {"memory": "1Gi"}}}
PROBLEM = "containers[0].resources.limits.memory: it is 1Gi, and the request is 128Mi"


def pool(name: str = "pool", **disruption: Any) -> Resource:
    return obj(name, "NodePool", api="karpenter.sh/v1", spec={"disruption": disruption})


def deployment(*containers: dict[str, Any], **more: Any) -> Resource:
    return obj(
        "web", "Deployment", api="apps/v1", spec={"template": {"spec": {"containers": list(containers), **more}}}
    )


def amounts(request: Any, limit: Any) -> dict[str, Any]:
    return {"resources": {"requests": {"memory": request}, "limits": {"memory": limit}}}


def told(pack: Pack, *resources: Resource) -> list[str]:
    found = pack.advice_on(*IN_CLUSTER, *resources).get(SLUG, [])
    assert {name for name, _ in found} <= {"web"}
    return [message.partition(";")[0].removeprefix("spec.template.spec.") for _, message in found]


@pytest.mark.parametrize(
    ("made", "problems"),
    [
        pytest.param(deployment(MORE), [PROBLEM], id="more"),
        pytest.param(deployment({}, MORE), [PROBLEM.replace("0", "1", 1)], id="the-second"),
        pytest.param(deployment({}, initContainers=[MORE]), [f"initC{PROBLEM[1:]}"], id="before-it-starts"),
        pytest.param(deployment(amounts("1Gi", "1024Mi")), [], id="the-same-in-other-words"),
        pytest.param(deployment(amounts(None, "1Gi")), [], id="no-request"),
        pytest.param(deployment(amounts("1Gi", None)), [], id="no-limit"),
        pytest.param(deployment(amounts("2Gi", "1Gi")), [], id="less"),
        pytest.param(deployment({"resources": {"requests": {"cpu": 1}, "limits": {"cpu": 2}}}), [], id="of-cpu"),
        pytest.param(obj("web", "Pod", spec={"containers": [MORE]}), [f"spec.{PROBLEM}"], id="pod"),
        pytest.param(
            obj("web", "PodList", items=[{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [MORE]}}]),
            [f"items[0]: spec.{PROBLEM}"],
            id="in-a-list",
        ),
    ],
)
def test_memory_is_what_was_asked_for(pack: Pack, made: Resource, problems: list[str]) -> None:
    assert told(pack, pool(), made) == problems


@pytest.mark.parametrize(
    ("pools", "filled"),
    [
        pytest.param([], False, id="none"),
        pytest.param([pool(consolidationPolicy="WhenEmptyOrUnderutilized", consolidateAfter="1m")], True, id="stated"),
        pytest.param([pool(consolidationPolicy="Balanced")], True, id="balanced"),
        pytest.param([pool(consolidationPolicy="WhenEmpty")], False, id="empty-ones-alone"),
        pytest.param([pool(consolidateAfter="Never")], False, id="never"),
        pytest.param([pool("a", consolidateAfter="Never"), pool("b")], True, id="one-of-two"),
    ],
)
def test_it_matters_where_nodes_are_filled(pack: Pack, pools: list[Resource], filled: bool) -> None:
    assert bool(told(pack, *pools, deployment(MORE))) is filled


def test_each_cluster_has_its_own_pools(pack: Pack) -> None:
    there = within("two", pool())
    assert SLUG not in pack.advice_on(*TWO_CLUSTERS, *within("one", deployment(MORE)), *there)
    assert SLUG in pack.advice_on(*TWO_CLUSTERS, *within("two", deployment(MORE)), *there)


@pytest.mark.parametrize(
    ("resources", "problems"),
    [
        pytest.param([pool("a", consolidationPolicy=UNKNOWN), pool("b"), deployment(MORE)], [PROBLEM], id="a-pool"),
        pytest.param([pool(), deployment({"resources": UNKNOWN}, MORE)], [PROBLEM.replace("0", "1", 1)], id="amounts"),
        pytest.param([pool(), deployment(amounts(UNKNOWN, "1Gi"))], [], id="request"),
        pytest.param([pool(), deployment(UNKNOWN)], [], id="container"),
    ],
)
def test_what_is_not_known_is_said_and_hides_nothing_else(
    pack: Pack, resources: list[Resource], problems: list[str]
) -> None:
    assert told(pack, *resources) == problems
    assert SLUG in [policy for _, policy in pack.advice_on(*IN_CLUSTER, *resources)["unknown"]]
