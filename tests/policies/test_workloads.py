"""The policy `missing-resource-limits`."""

import re
from typing import Any

import pytest
from analyzing import RELEASE, UNKNOWN, Pack

from pokayoke_eks.rules.workloads import POD_SPECS
from pokayoke_policies.raw import UNKNOWN as LATER
from pokayoke_policies.raw import NotKnownError
from pokayoke_policies.workloads import containers_state_resources, known_chart_states_resources

SLUG = "missing-resource-limits"
SOUND = {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}}
GROUPS = {"core": "v1", "apps": "apps/v1", "batch": "batch/v1", "extensions": "extensions/v1beta1"}


def workload(key: str, spec: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    group, _, kind = key.partition("/")
    content: Any = spec
    for name in reversed(POD_SPECS[key]):
        content = {name: content}
    version = GROUPS[group]
    token = version if "/" in version else f"core/{version}"
    return f"kubernetes:{token}:{kind}", {"apiVersion": version, "kind": kind, "metadata": {"name": "w"}, **content}


def container(resources: Any = None, name: str = "app") -> dict[str, Any]:
    return {"name": name, "image": "app:1", **({} if resources is None else {"resources": resources})}


@pytest.mark.parametrize("key", POD_SPECS)
def test_every_kind_that_makes_pods_is_judged_init_containers_too(key: str, pack: Pack) -> None:
    sound = {"initContainers": [container(SOUND)], "containers": [container(SOUND), container(SOUND)]}
    assert pack.refusals(*workload(key, sound)) == {}
    found = pack.refusals(*workload(key, {"initContainers": [container()], "containers": [container(SOUND)]}))
    (message,) = found.pop(SLUG)
    assert message.startswith(".".join(POD_SPECS[key]) + ".initContainers[0]: it states no memory limit and no cpu")
    assert found == {}


@pytest.mark.parametrize(
    ("resources", "missing"),
    [
        (SOUND, None),
        ({"limits": {"cpu": 1, "memory": "1Gi"}}, None),
        ({"requests": {"cpu": "1"}, "limits": {"memory": UNKNOWN}}, None),
        ({}, "no memory limit and no cpu request"),
        ({"requests": {"cpu": "1", "memory": "1Gi"}}, "no memory limit"),
        ({"limits": {"memory": "1Gi"}, "requests": {"memory": "1Gi"}}, "no cpu request"),
        ({"requests": {"cpu": "0"}, "limits": {"memory": "0Mi"}}, "no memory limit and no cpu request"),
        ({"requests": None, "limits": None}, "no memory limit and no cpu request"),
    ],
    ids=str,
)
def test_a_container_states_a_memory_limit_and_a_cpu_amount(resources: Any, missing: str | None, pack: Pack) -> None:
    found = pack.refusals(*workload("apps/Deployment", {"containers": [container(resources)]}))
    assert [missing in message for message in found.get(SLUG, [])] == ([True] if missing else [])


def test_amounts_of_the_whole_pod_count_for_its_containers(pack: Pack) -> None:
    spec = {"resources": {"limits": {"cpu": "2", "memory": "2Gi"}}, "containers": [container(), container()]}
    assert pack.refusals(*workload("core/Pod", spec)) == {}


def test_what_preview_cannot_tell_hides_no_other_container(pack: Pack) -> None:
    spec = {"containers": [container(UNKNOWN), container(), container({"limits": UNKNOWN})]}
    found = pack.refusals(*workload("apps/Deployment", spec))
    assert [message.partition(":")[0] for message in found[SLUG]] == ["spec.template.spec.containers[1]"]
    assert found["unknown"] == [SLUG]


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"resources": LATER}, "spec.resources"),
        ({"resources": {"limits": LATER}}, "spec.resources.limits"),
        ({"containers": [LATER]}, "spec.containers[0]"),
        ({"containers": [container(LATER)]}, "spec.containers[0].resources"),
        ({"containers": [container({"requests": LATER})]}, "spec.containers[0].resources.requests"),
    ],
    ids=str,
)
def test_what_preview_cannot_tell_is_told_by_its_path(spec: dict[str, Any], path: str) -> None:
    with pytest.raises(NotKnownError, match=f"^{re.escape(path)}$"):
        list(containers_state_resources(("spec",), {"spec": spec}))


def test_what_preview_cannot_tell_of_a_charts_values_is_told_by_its_path() -> None:
    values = {"controller": {"resources": {"limits": LATER}}}
    with pytest.raises(NotKnownError, match=r"^values\.controller\.resources\.limits$"):
        list(known_chart_states_resources({"chart": "karpenter", "values": values}))


def test_the_members_of_lists_are_judged(pack: Pack) -> None:
    _, good = workload("apps/Deployment", {"containers": [container(SOUND)]})
    _, bad = workload("apps/Deployment", {"containers": [container()]})
    del bad["kind"]
    (message,) = pack.refusals("kubernetes:apps/v1:DeploymentList", {"kind": "DeploymentList", "items": [good, bad]})[
        SLUG
    ]
    assert message.startswith("items[1]: spec.template.spec.containers[0]: ")
    _, job = workload("batch/Job", {"containers": [container()]})
    assert SLUG in pack.refusals("kubernetes:core/v1:List", {"kind": "List", "items": [job]})


def test_a_member_of_a_list_that_is_not_known_yet_hides_no_other(pack: Pack) -> None:
    _, bad = workload("apps/Deployment", {"containers": [container()]})
    found = pack.refusals("kubernetes:core/v1:List", {"kind": "List", "items": [UNKNOWN, bad]})
    assert found[SLUG][0].startswith("items[1]: ")
    assert SLUG in found["unknown"]


@pytest.mark.parametrize(
    ("chart", "path"),
    [
        ("oci://public.ecr.aws/karpenter/karpenter", "controller"),
        ("aws-load-balancer-controller", None),
        ("external-dns", None),
    ],
)
def test_a_known_chart_is_judged_by_its_values(chart: str, path: str | None, pack: Pack) -> None:
    values: dict[str, Any] = {path: {"resources": SOUND}} if path else {"resources": SOUND}
    assert pack.refusals(RELEASE, {"chart": chart, "values": values}) == {}
    for empty in ({"chart": chart}, {"chart": chart, "values": {}}, {"chart": chart, "values": {path or "x": {}}}):
        (message,) = pack.refusals(RELEASE, empty)[SLUG]
        assert message.startswith(f"values.{path}.resources: " if path else "values.resources: ")


def test_values_that_are_not_to_be_seen_and_charts_that_are_not_known_pass(pack: Pack) -> None:
    assert pack.refusals(RELEASE, {"chart": "karpenter", "valueYamlFiles": [{"path": "values.yaml"}]}) == {}
    assert pack.refusals(RELEASE, {"chart": "karpenter-crd"}) == {}
    bitnami = {"chart": "external-dns", "repositoryOpts": {"repo": "https://charts.bitnami.com/bitnami"}}
    assert SLUG not in pack.refusals(RELEASE, bitnami)
    assert SLUG in pack.refusals(RELEASE, {"chart": "karpenter", "values": UNKNOWN})["unknown"]


def test_other_kinds_are_no_concern_of_it(pack: Pack) -> None:
    pod = {"spec": {"containers": [container()]}}
    for kind in ("kubernetes:core/v1:Service", "kubernetes:apps/v1:DeploymentPatch", "kubernetes:example.com/v1:Pod"):
        assert pack.refusals(kind, pod) == {}
    assert pack.refusals("aws:ecs/taskDefinition:TaskDefinition", pod) == {}
