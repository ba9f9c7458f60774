"""What policies take to run in the clusters of a stack: objects, whatever brings them, and what charts install."""

from typing import Any

import pytest

from pokayoke_policies.inventory import Held, Install, installs, known_map, name_of, objects_of, speaks_by_values
from pokayoke_policies.objects import CHART, RELEASE
from pokayoke_policies.raw import UNKNOWN
from pokayoke_policies.stack import Member, Stack

ISTIO_REPOSITORY = {"repo": "https://istio-release.storage.googleapis.com/charts"}
DEPLOYMENT, CONFIG_MAP = "kubernetes:apps/v1:Deployment", "kubernetes:core/v1:ConfigMap"
WAY_IN = (
    Member("access", "pulumi:providers:kubernetes", dict, dependencies=("cluster",)),
    Member("cluster", "aws:eks/cluster:Cluster", dict),
)


def one(name: str, kind: str, said: dict[str, Any], **more: Any) -> Member:
    return Member(name, kind, lambda: said, **more)


@pytest.mark.parametrize(
    ("release", "name"),
    [
        ({"chart": "cilium"}, "cilium"),
        ({"chart": "oci://public.ecr.aws/karpenter/karpenter-crd"}, "karpenter-crd"),
        ({"chart": "base"}, "base"),
        ({"chart": "base", "repositoryOpts": ISTIO_REPOSITORY}, "istio/base"),
        ({"chart": "oci://example.com/ISTIO/gateway"}, "istio/gateway"),
        ({"chart": "cilium", "repositoryOpts": ISTIO_REPOSITORY}, "cilium"),
        ({"chart": "external-dns", "repositoryOpts": {"repo": "https://charts.bitnami.com"}}, "bitnami/external-dns"),
        ({"chart": "oci://registry-1.docker.io/bitnamicharts/external-dns"}, "bitnami/external-dns"),
        ({"chart": "base", "repositoryOpts": UNKNOWN}, "base"),
        ({"chart": UNKNOWN}, None),
        ({"chart": ""}, None),
        ({}, None),
    ],
    ids=[
        *("plain", "by-address", "anybodys", "istio", "istio-by-address", "of-its-own-name", "bitnami"),
        *("bitnami-by-address", "repository-not-known", "not-known", "empty", "none"),
    ],
)
def test_a_chart_is_called_by_its_name_and_publisher(release: dict[str, Any], name: str | None) -> None:
    assert name_of(release) == name


@pytest.mark.parametrize(
    ("kind", "said", "chart", "values"),
    [
        (RELEASE, {"chart": "cilium", "values": {"a": 1}}, "cilium", {"a": 1}),
        (CHART, {"chart": "cilium"}, "cilium", {}),
        (RELEASE, {"chart": "cilium", "values": UNKNOWN}, "cilium", None),
        (RELEASE, {"chart": "cilium", "values": {"a": 1}, "valueYamlFiles": ["x"]}, "cilium", None),
        (DEPLOYMENT, {"metadata": {"labels": {"app.kubernetes.io/name": "karpenter", "app": "x"}}}, "karpenter", None),
        ("kubernetes:apps/v1:DaemonSet", {"metadata": {"labels": {"app": "cilium"}}}, "cilium", None),
        (DEPLOYMENT, {"metadata": {"labels": {"app": "istiod"}}}, "istio/istiod", None),
    ],
    ids=["release", "chart", "values-not-known", "values-in-files", "workload", "by-app", "istio"],
)
def test_what_is_installed_is_told_by_charts_and_by_labels(kind: str, said: Any, chart: str, values: Any) -> None:
    stack = Stack([*WAY_IN, one("a", kind, said, provider="access")])
    (found,) = installs(stack)
    assert (found.member.urn, found.cluster, found.chart, found.values) == ("a", "cluster", chart, values)
    assert installs(stack, chart) == [found]
    assert installs(stack, "other") == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (RELEASE, {"chart": UNKNOWN}),
        (DEPLOYMENT, {"metadata": {"labels": {"app": UNKNOWN}}}),
        (DEPLOYMENT, {"metadata": UNKNOWN}),
        (CONFIG_MAP, {"metadata": {"labels": {"app": "cilium"}}}),
    ],
    ids=["chart-not-known", "label-not-known", "nothing-known", "no-workload"],
)
def test_what_has_no_known_name_installs_nothing(kind: str, said: Any) -> None:
    assert installs(Stack([one("a", kind, said)])) == []


def test_charts_come_in_the_order_that_is_asked_for() -> None:
    stack = Stack([one(name, RELEASE, {"chart": name}) for name in ("a", "b", "c")])
    assert [found.chart for found in installs(stack, "c", "a")] == ["c", "a"]
    assert [found.chart for found in installs(stack)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("values", "path", "value"),
    [
        ({"a": {"b": 1}}, ("a", "b"), 1),
        ({"a": {"b": UNKNOWN}}, ("a", "b"), UNKNOWN),
        ({"a": UNKNOWN}, ("a", "b"), UNKNOWN),
        ({"a": 1}, ("a", "b"), None),
        ({}, ("a", "b"), None),
        (None, ("a",), None),
    ],
    ids=["there", "not-known", "above-not-known", "no-mapping", "absent", "not-to-be-seen"],
)
def test_a_value_of_a_chart_is_read_as_far_as_it_is_known(values: Any, path: tuple[str, ...], value: Any) -> None:
    assert Install(WAY_IN[0], None, "x", values).value(*path) == value


def test_objects_are_found_by_kind_in_whatever_brings_them() -> None:
    entry = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}
    stack = Stack(
        [
            *WAY_IN,
            one("a", CONFIG_MAP, {"metadata": {"name": "a"}}, provider="access"),
            one("lost", "kubernetes:core/v1:ConfigMapList", {"items": UNKNOWN}),
            one("many", "kubernetes:core/v1:ConfigMapList", {"items": [entry]}),
            one("web", DEPLOYMENT, {"spec": {"replicas": 1}}),
        ]
    )
    held = objects_of(stack, "core/ConfigMap")
    assert [(found.member.urn, found.metadata["name"], found.cluster) for found in held] == [
        ("a", "a", "cluster"),
        ("many", "b", None),
    ]
    assert [found.place for found in held] == ["", "items[0]: "]
    (web,) = objects_of(stack, "apps/Deployment")
    assert web.spec == {"replicas": 1}
    assert next(iter(objects_of(stack, "apps/Deployment", "core/ConfigMap"))).key == "apps/Deployment"
    assert len(objects_of(stack)) == 3


@pytest.mark.parametrize(
    ("metadata", "sources", "namespace"),
    [
        ({"namespace": "web"}, (), "web"),
        ({}, (), "default"),
        (UNKNOWN, (), "default"),
        ({"namespace": UNKNOWN}, ("made",), "made-name"),
        ({"namespace": UNKNOWN}, ("made", "gone", "other"), "made-name"),
        ({"namespace": UNKNOWN}, ("made", "second"), UNKNOWN),
        ({"namespace": UNKNOWN}, ("nameless",), UNKNOWN),
        ({"namespace": UNKNOWN}, (), UNKNOWN),
    ],
    ids=["said", "unsaid", "nothing-known", "made", "made-beside", "one-of-two", "nameless", "not-known"],
)
def test_the_namespace_of_an_object_may_come_from_what_makes_it(metadata: Any, sources: Any, namespace: Any) -> None:
    kind = "kubernetes:core/v1:Namespace"
    named = [one(name, kind, {"metadata": {"name": f"{name}-name"}}) for name in ("made", "second")]
    others = [one("nameless", kind, {"metadata": UNKNOWN}), one("other", CONFIG_MAP, {"metadata": {"name": "x"}})]
    member = one("a", CONFIG_MAP, {"metadata": metadata}, sources={"metadata": sources})
    stack = Stack([member, *named, *others])
    assert Held(stack, member, "", "core/ConfigMap", member.properties).namespace == namespace


def test_a_chart_speaks_by_its_values_until_its_objects_are_there() -> None:
    charts = [one("release", RELEASE, {}), one("chart", CHART, {}), one("rendered", CHART, {})]
    inside = [one("a", CONFIG_MAP, {}, parent="rendered"), one("b", CONFIG_MAP, {}, parent="release")]
    stack = Stack([*charts, *inside])
    found = {name: speaks_by_values(stack, member) for name, member in stack.members.items()}
    assert found == {"release": True, "chart": True, "rendered": False, "a": False, "b": False}


def test_what_is_no_known_mapping_is_an_empty_one() -> None:
    assert [known_map(value) for value in ({"a": 1}, UNKNOWN, None, "a")] == [{"a": 1}, {}, {}, {}]
