"""What GatewayApi and LoadBalancerController promise: the kinds are there before the controller looks for them, and it
has all that it needs and asks nobody for it."""

import json
import re
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from chart_keys import unknown
from configs import CLUSTER, NAMED, NETWORK, here
from registrations import Answers, Registered, Registration, record

from pokayoke_eks import (
    Cluster,
    ClusterConfig,
    GatewayApi,
    GatewayApiConfig,
    LoadBalancerController,
    LoadBalancerControllerConfig,
    Network,
    NetworkConfig,
)
from pokayoke_eks.gateway_api.installed import SERVED
from pokayoke_eks.iam.load_balancer_controller import controller_policy
from pokayoke_eks.load_balancer.values import LoadBalancerControllerValues
from pokayoke_eks.rules.system_nodes import LOAD_BALANCER_CONTROLLER

CLASS = "kubernetes:gateway.networking.k8s.io/v1:GatewayClass"
CRD = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"
MANIFEST = "kubernetes:yaml/v2:ConfigFile"
NAME = "aws-load-balancer-controller"
POLICY = "aws:iam/policy:Policy"
RELEASE = "kubernetes:helm.sh/v3:Release"
UPSTREAM = "https://raw.githubusercontent.com/kubernetes-sigs/aws-load-balancer-controller/v3.5.0/helm"


def made_of(
    lifecycle: str = "disposable", *, kinds: dict[str, Any] | None = None, lookups: Answers | None = None, **said: Any
) -> Registered:
    """What the controller and the kinds under it register, with these fields in their configs."""
    shared = {**NAMED, "lifecycle": lifecycle}
    versioned = {**shared, "kubernetes": CLUSTER["kubernetes"]}

    def program() -> None:
        network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), here())
        cluster = Cluster("demo", ClusterConfig.model_validate({**shared, **CLUSTER}), network=network, opts=here())
        api = GatewayApi("demo", GatewayApiConfig.model_validate({**versioned, **(kinds or {})}), cluster=cluster)
        config = LoadBalancerControllerConfig.model_validate({**versioned, **said})
        LoadBalancerController("demo", config, cluster=cluster, gateway_api=api)

    return record(program, lookups=lookups)


@pytest.fixture(scope="module")
def made() -> Registered:
    return made_of(tags={"team": "shop"})


@pytest.fixture(scope="module")
def controller(made: Registered) -> Registration:
    return made.one(RELEASE, name=NAME)


# The kinds


def test_the_kinds_are_upstream_s_at_the_versions_that_work_together(made: Registered) -> None:
    assert {one.inputs["file"] for one in made.of_type(MANIFEST)} == {
        "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.1/standard-install.yaml",
        f"{UPSTREAM}/{NAME}/crds/gateway-crds.yaml",
        f"{UPSTREAM}/{NAME}/crds/crds.yaml",
    }


def test_the_kinds_are_there_before_the_controller_looks_for_them(made: Registered, controller: Registration) -> None:
    assert all(made.goes_before(controller, one) for one in made.of_type(MANIFEST))
    assert controller.inputs["skipCrds"] is True


def test_a_network_without_a_way_out_takes_the_kinds_from_files() -> None:
    made = made_of(
        kinds={"manifest": "manifests/gateway-api.yaml", "controller_manifest": "manifests/gateway-crds.yaml"},
        manifest="manifests/crds.yaml",
    )
    assert {one.inputs["file"] for one in made.of_type(MANIFEST)} == {
        "manifests/gateway-api.yaml",
        "manifests/gateway-crds.yaml",
        "manifests/crds.yaml",
    }


def test_kinds_that_a_cluster_has_are_looked_at_and_left_alone() -> None:
    asked: list[str] = []

    def served(read: Any) -> dict[str, Any]:
        asked.append(read["id"])
        return {"spec": {"versions": [{"name": "v1", "served": True}, {"name": "v1beta1", "served": False}]}}

    made = made_of(kinds={"installed": True}, lookups={CRD: served})
    assert set(asked) == SERVED.keys()
    assert [one.name for one in made.of_type(MANIFEST)] == ["demo-load-balancer-kinds"]


def test_a_kind_of_another_version_is_told_before_the_controller_would_pass_over_it() -> None:
    def served(read: Any) -> dict[str, Any]:
        version = "v1alpha2" if read["id"].startswith("tlsroutes") else "v1"
        return {"spec": {"versions": [{"name": version, "served": True}]}}

    with pytest.raises(pulumi.RunError, match=r"serves tlsroutes.* as v1alpha2, .* need v1 \[crd-not-installed\]"):
        made_of(kinds={"installed": True}, lookups={CRD: served})


@pytest.mark.upstream
def test_what_a_cluster_must_have_already_is_what_upstream_s_manifests_serve(shared: Path) -> None:
    folders = [shared / "data" / "crds" / name for name in ("gateway-api-standard", NAME)]
    for kind, version in SERVED.items():
        plural, _, group = kind.partition(".")
        (path,) = [found for folder in folders for found in folder.glob(f"{group}_{plural}.yaml")]
        served = re.findall(r"^    name: (\S+)$(?:(?!^    name:)[\s\S])*?^    served: true$", path.read_text(), re.M)
        assert version in served
    of_the_controller = {path.stem.partition("_")[2] for path in folders[1].glob("gateway.k8s.aws_*.yaml")}
    assert {f"{plural}.gateway.k8s.aws" for plural in of_the_controller} <= SERVED.keys()


# The release


def test_the_chart_comes_from_its_plain_repository_and_nothing_says_who_asks(controller: Registration) -> None:
    assert controller.inputs["chart"] == NAME
    assert controller.inputs["version"] == "3.5.0"
    assert controller.inputs["repositoryOpts"] == {"repo": "https://aws.github.io/eks-charts"}


def test_the_controller_asks_no_metadata_service_where_it_is(made: Registered, controller: Registration) -> None:
    values = controller.inputs["values"]
    assert (values["clusterName"], values["region"]) == ("demo", "ap-northeast-2")
    vpc = made.one("aws:ec2/vpc:Vpc")
    assert values["vpcId"] == f"{vpc.name}-id"
    assert vpc.urn in controller.by_property["values"]


def test_no_new_service_of_the_cluster_waits_for_this_controller(controller: Registration) -> None:
    assert controller.inputs["values"]["enableServiceMutatorWebhook"] is False
    assert controller.inputs["values"]["keepTLSSecret"] is True


def test_a_node_can_be_drained_and_a_new_version_can_come(controller: Registration) -> None:
    """With replicas that never share one of two nodes, a surge would wait for a third for ever."""
    values = controller.inputs["values"]
    assert values["replicaCount"] == LOAD_BALANCER_CONTROLLER.replicas == 2
    assert values["podDisruptionBudget"] == {"maxUnavailable": 1}
    (term,) = values["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert term["topologyKey"] == "kubernetes.io/hostname"
    assert term["labelSelector"]["matchLabels"] == {"app.kubernetes.io/name": NAME}
    assert values["updateStrategy"]["rollingUpdate"] == {"maxSurge": 0, "maxUnavailable": 1}


def test_it_stands_on_the_system_nodes_with_what_was_reckoned_for_it(
    made: Registered, controller: Registration
) -> None:
    values, group = controller.inputs["values"], made.one("aws:eks/nodeGroup:NodeGroup").inputs
    assert values["nodeSelector"].items() <= group["labels"].items()
    (taint,) = group["taints"]
    assert values["tolerations"] == [{"key": taint["key"], "operator": "Exists"}]
    assert values["resources"] == LOAD_BALANCER_CONTROLLER.resources


def test_what_it_makes_carries_the_user_s_tags_and_ours(controller: Registration) -> None:
    assert controller.inputs["values"]["defaultTags"] == {
        "team": "shop",
        "pokayoke-eks/cluster": "demo",
        "pokayoke-eks/managed-by": NAME,
    }


@pytest.mark.upstream
def test_every_key_that_the_controller_s_release_states_is_the_chart_s(controller: Registration, shared: Path) -> None:
    upstream = yaml.safe_load((shared / f"data/charts/{NAME}/values.yaml").read_text())
    assert not unknown(controller.inputs["values"], upstream)


def test_the_controller_s_values_have_no_key_that_the_model_does_not_know(controller: Registration) -> None:
    outputs = {"vpcId", "serviceAccount"}
    values = {key: value for key, value in controller.inputs["values"].items() if key not in outputs}
    LoadBalancerControllerValues.model_validate(values)
    with pytest.raises(ValueError, match="vpcTags"):
        LoadBalancerControllerValues.model_validate({**values, "vpcTags": {}})


# Identity and classes


def test_the_controller_runs_as_whom_the_policy_is_for(made: Registered, controller: Registration) -> None:
    association = made.one("aws:eks/podIdentityAssociation:PodIdentityAssociation", serviceAccount=NAME)
    assert association.inputs["namespace"] == controller.inputs["namespace"] == "kube-system"
    assert controller.inputs["values"]["serviceAccount"] == {"create": False, "name": NAME}
    (policy,) = [one for one in made.of_type(POLICY) if NAME in one.inputs["name"]]
    assert json.loads(policy.inputs["policy"]) == controller_policy("aws")
    assert made.goes_before(controller, association)
    assert made.goes_before(controller, policy)


def test_a_controller_newer_than_the_policy_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *_: warned.append(text))
    made_of(version="3.6.0")
    assert ["policy of 3.5.0: if 3.6.0 asks for more" in text for text in warned] == [True]


def test_there_is_one_class_for_each_of_the_controller_s_names(made: Registered, controller: Registration) -> None:
    classes = {one.inputs["metadata"]["name"]: one for one in made.of_type(CLASS)}
    assert {name: one.inputs["spec"]["controllerName"] for name, one in classes.items()} == {
        "nlb": "gateway.k8s.aws/nlb",
        "alb": "gateway.k8s.aws/alb",
    }
    assert all(made.goes_before(one, controller) for one in classes.values())


def test_the_last_balancer_goes_before_the_controller_does(made: Registered, controller: Registration) -> None:
    (wait,) = [one for one in made if one.name.endswith("-load-balancers-gone")]
    (condition,) = wait.inputs["beforeGone"]
    assert (condition["of"], condition["tag"], condition["value"]) == (
        "load-balancer",
        "elbv2.k8s.aws/cluster",
        "demo",
    )
    assert made.goes_before(wait, controller)


@pytest.mark.parametrize("kind", [GatewayApi, LoadBalancerController])
def test_a_part_of_the_edge_is_of_one_cluster(kind: type) -> None:
    shared = {**NAMED, "lifecycle": "disposable", "kubernetes": "1.36"}

    def program() -> None:
        named = {key: value for key, value in shared.items() if key != "kubernetes"}
        network = Network("demo", NetworkConfig.model_validate({**named, **NETWORK}), here())
        config = ClusterConfig.model_validate({**named, **CLUSTER})
        ours, theirs = (Cluster(name, config, network=network, opts=here()) for name in ("ours", "theirs"))
        api = GatewayApi("demo", GatewayApiConfig.model_validate(shared), cluster=theirs)
        if kind is GatewayApi:
            GatewayApi("other", GatewayApiConfig.model_validate({**shared, "name": "other"}), cluster=ours)
        LoadBalancerController(
            "demo", LoadBalancerControllerConfig.model_validate(shared), cluster=ours, gateway_api=api
        )

    with pytest.raises(ValueError, match=r"is of other|another cluster's"):
        record(program)


@pytest.mark.parametrize(("lifecycle", "protected"), [("disposable", False), ("retained", True)])
def test_the_edge_is_protected_as_its_cluster_is(lifecycle: str, protected: bool) -> None:
    made = made_of(lifecycle)
    parts = {one.urn for one in made if one.type.rpartition(":")[2] in ("GatewayApi", "LoadBalancerController")}
    inside = [one for one in made if one.parent in parts]
    assert len(inside) > 6
    assert {one.protect for one in inside} == {protected}
