"""Karpenter's two charts: what they take, what they bring, whose definitions are whose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pokayoke_eks import crds
from pokayoke_rehearsal.doubles.kubernetes.charts import Installation, ValuesError
from pokayoke_rehearsal.doubles.kubernetes.definitions import judge
from pokayoke_rehearsal.doubles.kubernetes.helm import Helm, HelmError
from pokayoke_rehearsal.doubles.kubernetes.initial import new_cluster
from pokayoke_rehearsal.doubles.kubernetes.karpenter import charts
from pokayoke_rehearsal.doubles.kubernetes.karpenter.definitions import definitions
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at

SETTINGS = {"settings": {"clusterName": "demo"}}


def installation(name: str = "karpenter", **values: Any) -> Installation:
    return Installation(name, "kube-system", "1.14.1", {**SETTINGS, **values})


def rendered(kind: str, **values: Any) -> list[Object]:
    return [obj for obj in charts.karpenter(installation(**values)).objects if obj["kind"] == kind]


def test_a_cluster_without_a_name_is_refused() -> None:
    with pytest.raises(ValuesError, match=r"valid settings\.clusterName!"):
        charts.karpenter(Installation("karpenter", "kube-system", "1.14.1", {"settings": {"interruptionQueue": "q"}}))


@pytest.mark.parametrize(
    ("values", "account", "made"),
    [
        ({}, "karpenter", 1),
        ({"serviceAccount": {"create": False, "name": "own"}}, "own", 0),
        ({"serviceAccount": {"create": False}}, "default", 0),
        ({"fullnameOverride": "kp"}, "kp", 1),
    ],
)
def test_the_pods_run_as_the_stated_service_account(values: dict[str, Any], account: str, made: int) -> None:
    (deployment,) = rendered("Deployment", **values)
    assert at(deployment, "spec", "template", "spec", "serviceAccountName") == account
    assert len(rendered("ServiceAccount", **values)) == made


def test_terms_without_pods_of_their_own_are_about_the_controllers() -> None:
    (deployment,) = rendered("Deployment")
    spec = at(deployment, "spec", "template", "spec")
    own = at(deployment, "spec", "selector")
    apart = at(spec, "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    assert [term["labelSelector"] for term in [*apart, *spec["topologySpreadConstraints"]]] == [own, own]


@pytest.mark.upstream
def test_the_defaults_that_matter_are_those_of_the_chart(shared: Path) -> None:
    stated = yaml.safe_load((shared / "data/charts/karpenter/values.yaml").read_text())
    known = charts._DEFAULTS
    for key, value in known.items():
        assert key in stated
        if key != "settings":
            assert value == stated[key], key


@pytest.mark.upstream
def test_the_definitions_are_those_of_the_chart(shared: Path) -> None:
    upstream = [yaml.safe_load(file.read_text()) for file in (shared / "data/crds/karpenter").glob("*.yaml")]
    described = {
        one["metadata"]["name"]: (one["spec"]["scope"], [(v["name"], v["served"]) for v in one["spec"]["versions"]][-1])
        for one in upstream
    }
    ours = {
        one["metadata"]["name"]: (one["spec"]["scope"], (one["spec"]["versions"][0]["name"], True))
        for one in definitions()
    }
    assert ours == described


def test_definitions_of_the_main_chart_cannot_be_taken_over() -> None:
    cluster, _ = new_cluster("demo", "1.36")
    helm = Helm(cluster)
    helm.install("karpenter", installation(), charts.karpenter(installation()), skip_definitions=False)
    crd = installation("karpenter-crd")
    with pytest.raises(HelmError, match="invalid ownership metadata"):
        helm.install("karpenter-crd", crd, charts.karpenter_crd(crd), skip_definitions=False)


@pytest.mark.parametrize(
    ("spec", "code", "told"),
    [
        ({"role": "a", "instanceProfile": "b"}, 422, "must specify exactly one of ['role', 'instanceProfile']"),
        ({"role": "a", "roleArn": "b"}, 500, ".spec.roleArn: field not declared in schema"),
    ],
)
def test_kinds_are_judged_as_a_real_server_judges_them(spec: dict[str, str], code: int, told: str) -> None:
    cluster, _ = new_cluster("demo", "1.36")
    judge(cluster)
    for definition in definitions():
        cluster.create(definition, "helm")
    terms = {"amiSelectorTerms": [{"alias": "bottlerocket@latest"}], "subnetSelectorTerms": [{"id": "subnet-1"}]}
    terms["securityGroupSelectorTerms"] = [{"id": "sg-1"}]
    obj: Object = {
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": "bad"},
        "spec": {**terms, **spec},
    }
    with pytest.raises(ApiError) as refused:
        cluster.apply(obj, "somebody")
    assert refused.value.code == code
    assert told in str(refused.value)
    assert str(refused.value) == getattr(crds.refusal(obj), "message", "")
