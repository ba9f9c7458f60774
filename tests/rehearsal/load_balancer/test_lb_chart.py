"""The chart's twin: its defaults are upstream's, and what its values switch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pokayoke_rehearsal.doubles.kubernetes.charts import Installation, ValuesError
from pokayoke_rehearsal.doubles.kubernetes.load_balancer.charts import load_balancer_controller
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, name_of

NAME = "aws-load-balancer-controller"


@pytest.mark.upstream
def test_its_defaults_are_those_of_the_chart(shared: Path) -> None:
    folder = shared / "data" / "charts" / NAME
    stated = yaml.safe_load((folder / "values.yaml").read_text(encoding="utf-8"))
    version = yaml.safe_load((folder / "Chart.yaml").read_text(encoding="utf-8"))["version"]
    assert _rendered({**stated, "clusterName": "demo"}, version) == _rendered({"clusterName": "demo"}, version)


def test_nobody_installs_it_without_a_cluster() -> None:
    with pytest.raises(ValuesError, match="Chart cannot be installed without a valid clusterName!"):
        _rendered({})


def test_its_webhooks_are_fail_closed() -> None:
    hooks = _hooks({"clusterName": "demo"})
    assert {name for name, hook in hooks.items() if hook["failurePolicy"] != "Fail"} == {"mpod.elbv2.k8s.aws"}
    assert {"mservice.elbv2.k8s.aws", "vingress.elbv2.k8s.aws", "vtargetgroupbinding.elbv2.k8s.aws"} < hooks.keys()


def test_values_switch_webhooks_off() -> None:
    off = {"enableServiceMutatorWebhook": False, "webhookConfig": {"disableIngressValidation": True}}
    assert not {"mservice.elbv2.k8s.aws", "vingress.elbv2.k8s.aws"} & _hooks({"clusterName": "demo", **off}).keys()


@pytest.mark.parametrize(
    ("values", "flag"),
    [
        ({"vpcId": "vpc-1"}, "--aws-vpc-id=vpc-1"),
        ({"defaultTargetType": "ip"}, "--default-target-type=ip"),
        ({"enableWaf": False}, "--enable-waf=false"),
        ({"defaultTags": {"a": "1", "b": "2"}}, "--default-tags=a=1,b=2"),
        ({"controllerConfig": {"featureGates": {"ALBGatewayAPI": False}}}, "--feature-gates=ALBGatewayAPI=false"),
    ],
)
def test_values_become_flags(values: dict[str, Any], flag: str) -> None:
    (deployment,) = (one for one in _rendered({"clusterName": "demo", **values}) if one["kind"] == "Deployment")
    assert flag in deployment["spec"]["template"]["spec"]["containers"][0]["args"]


def test_a_budget_is_for_more_than_one_replica() -> None:
    stated = {"clusterName": "demo", "podDisruptionBudget": {"maxUnavailable": 1}}
    kinds = {one["kind"] for one in _rendered(stated)}
    assert "PodDisruptionBudget" in kinds
    assert "PodDisruptionBudget" not in {one["kind"] for one in _rendered({**stated, "replicaCount": 1})}


def _rendered(values: dict[str, Any], version: str = "3.5.0") -> list[Object]:
    return list(load_balancer_controller(Installation(NAME, "kube-system", version, values)).objects)


def _hooks(values: dict[str, Any]) -> dict[str, Any]:
    found = [one for one in _rendered(values) if one["kind"].endswith("WebhookConfiguration")]
    assert {name_of(one) for one in found} == {"aws-load-balancer-webhook"}
    return {hook["name"]: hook for one in found for hook in one["webhooks"]}
