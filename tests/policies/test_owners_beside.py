"""The policy `gitops-two-owners`."""

import re
from dataclasses import replace
from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, TWO_CLUSTERS, obj, release, within
from judging import members, refused

from pokayoke_policies.owners_beside import each_chart_has_one_owner
from pokayoke_policies.raw import NotKnownError
from pokayoke_policies.stack import Stack

SLUG = "gitops-two-owners"
HERE = {"server": "https://kubernetes.default.svc", "namespace": "monitoring"}
CRDS = Resource("kubernetes:yaml/v2:ConfigFile", "argo-cd", provider="kubernetes")
MONITORING = release("monitoring", "kube-prometheus-stack", namespace="monitoring")
BASE = (*IN_CLUSTER, CRDS, MONITORING)


def application(chart: Any = "kube-prometheus-stack", destination: Any = None, **spec: Any) -> Resource:
    said = {"source": {"repoURL": "https://example.com", "chart": chart}, "destination": destination or HERE, **spec}
    return obj("app", "Application", "argo-cd", api="argoproj.io/v1alpha1", spec=said)


def test_a_chart_of_the_stack_that_an_application_installs_too_is_refused(pack: Pack) -> None:
    found = pack.of_stack(*BASE, obj("map", "ConfigMap"), application())
    ((name, message),) = found.pop(SLUG)
    assert name == "app"
    assert message.startswith("spec.source.chart: 'monitoring' of this stack installs the same chart")
    assert found == {}


@pytest.mark.parametrize(
    ("made", "refused"),
    [
        (application("grafana"), False),
        (application(destination={**HERE, "namespace": "other"}), False),
        (application(destination={**HERE, "server": "https://other.example.com"}), False),
        (application(destination={"name": "in-cluster", "namespace": "monitoring"}), True),
        (application(destination={**HERE, "name": ""}), True),
        (application(destination={"name": "tokyo", "namespace": "monitoring"}), False),
        (application(5), False),
        (application(None), False),
        (application(None, sources=[{"path": "x"}, {"chart": "kube-prometheus-stack"}]), True),
    ],
    ids=["chart", "namespace", "server", "by-name", "no-name", "another", "no-text", "path", "sources"],
)
def test_both_must_meet_in_one_namespace(made: Resource, refused: bool, pack: Pack) -> None:
    assert (SLUG in pack.of_stack(*BASE, made)) == refused


def test_the_template_of_an_application_set_counts(pack: Pack) -> None:
    spec = {"template": {"spec": application().properties["spec"]}, "generators": []}
    made = obj("apps", "ApplicationSet", "argo-cd", api="argoproj.io/v1alpha1", spec=spec)
    ((_, message),) = pack.of_stack(*BASE, made)[SLUG]
    assert message.startswith("spec.template.spec.source.chart: ")
    spec["template"]["spec"]["destination"] = {"server": "{{server}}", "namespace": "monitoring"}
    assert SLUG not in pack.of_stack(*BASE, made)


@pytest.mark.parametrize(
    ("namespace", "destination", "is_refused"),
    [(None, "default", True), (None, "shop", False), (UNKNOWN, UNKNOWN, False), ("shop", UNKNOWN, False)],
    ids=["default", "another", "not-known", "application-not-known"],
)
def test_a_release_without_a_namespace_is_in_the_default_one(
    namespace: Any, destination: Any, is_refused: bool
) -> None:
    made = release("monitoring", "kube-prometheus-stack", namespace=namespace)
    beside = application(destination={**HERE, "namespace": destination})
    assert (SLUG in refused(*IN_CLUSTER, CRDS, made, beside)) == is_refused


@pytest.mark.parametrize(("where", "is_refused"), [("one", True), ("two", False)])
def test_a_chart_in_another_cluster_is_another(where: str, is_refused: bool) -> None:
    beside = replace(application(), after=())
    assert (SLUG in refused(*TWO_CLUSTERS, *within("one", MONITORING), *within(where, beside))) == is_refused


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"source": {"chart": UNKNOWN}}, "spec.source.chart"),
        ({"source": UNKNOWN}, "spec.source"),
        ({"sources": UNKNOWN}, "spec.sources"),
        ({"sources": [{"chart": "grafana"}, UNKNOWN]}, "spec.sources[1]"),
    ],
    ids=str,
)
def test_a_chart_that_is_not_known_yet_is_said_to_be_unknown(spec: dict[str, Any], path: str, pack: Pack) -> None:
    made = obj("app", "Application", "argo-cd", api="argoproj.io/v1alpha1", spec={"destination": HERE, **spec})
    assert set(pack.of_stack(*BASE, made)) == {"unknown"}
    with pytest.raises(NotKnownError, match=f"^{re.escape(path)}$"):
        list(each_chart_has_one_owner(Stack(members((*BASE, made)))))
    assert pack.of_stack(*IN_CLUSTER, CRDS, made) == {}
