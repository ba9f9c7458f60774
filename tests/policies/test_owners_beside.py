"""The policy `gitops-two-owners`."""

from typing import Any

import pytest
from analyzing import UNKNOWN, Pack, Resource
from clusters import IN_CLUSTER, obj, release

SLUG = "gitops-two-owners"
HERE = {"server": "https://kubernetes.default.svc", "namespace": "monitoring"}
CRDS = Resource("kubernetes:yaml/v2:ConfigFile", "argo-cd", provider="kubernetes")
MONITORING = release("monitoring", "kube-prometheus-stack", namespace="monitoring")
BASE = (*IN_CLUSTER, CRDS, MONITORING)


def application(chart: Any = "kube-prometheus-stack", destination: Any = None, **spec: Any) -> Resource:
    said = {"source": {"repoURL": "https://example.com", "chart": chart}, "destination": destination or HERE, **spec}
    return obj("app", "Application", "argo-cd", api="argoproj.io/v1alpha1", spec=said)


def test_a_chart_of_the_stack_that_an_application_installs_too_is_refused(pack: Pack) -> None:
    found = pack.of_stack(*BASE, application())
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
        (application(destination={"name": "tokyo", "namespace": "monitoring"}), False),
        (application(None), False),
        (application(None, sources=[{"path": "x"}, {"chart": "kube-prometheus-stack"}]), True),
    ],
    ids=["chart", "namespace", "server", "by-name", "another", "path", "sources"],
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


def test_a_chart_that_is_not_known_yet_is_said_to_be_unknown(pack: Pack) -> None:
    assert set(pack.of_stack(*BASE, application(UNKNOWN))) == {"unknown"}
