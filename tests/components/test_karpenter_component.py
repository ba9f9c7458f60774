"""What Karpenter promises: it starts with all that it needs, once, and is gone only after its nodes are."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from chart_keys import unknown
from configs import CLUSTER, NAMED, NETWORK, here
from platforms import platform
from registrations import Registered, Registration, record

from pokayoke_eks import Cluster, ClusterConfig, Karpenter, KarpenterConfig, Network, NetworkConfig
from pokayoke_eks.helm import Values
from pokayoke_eks.iam.karpenter import controller_policies
from pokayoke_eks.iam.karpenter_interruption import EVENT_RULES
from pokayoke_eks.karpenter.component import POLICIES
from pokayoke_eks.karpenter.values import KarpenterValues
from pokayoke_eks.rules.system_nodes import KARPENTER

ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ENTRY = "aws:eks/accessEntry:AccessEntry"
POLICY = "aws:iam/policy:Policy"
PROFILE = "aws:iam/instanceProfile:InstanceProfile"
QUEUE = "aws:sqs/queue:Queue"
QUEUE_POLICY = "aws:sqs/queuePolicy:QueuePolicy"
RELEASE = "kubernetes:helm.sh/v3:Release"
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
WAITING = "pulumi-python:dynamic/pokayoke:Waiting"
NODE_ROLE = "demo-apne2-pool-nodes"
CONTROLLER_ROLE = "demo-apne2-kube-system-karpenter"


@pytest.fixture(scope="module")
def made() -> Registered:
    return platform()


@pytest.fixture(scope="module")
def controller(made: Registered) -> Registration:
    return made.one(RELEASE, name="karpenter")


# The releases


def test_both_charts_come_from_the_public_registry_and_nothing_says_who_asks(made: Registered) -> None:
    charts = {one.inputs["name"]: one.inputs for one in made.of_type(RELEASE)}
    assert {name: inputs["chart"] for name, inputs in charts.items()} == {
        "karpenter-crd": "oci://public.ecr.aws/karpenter/karpenter-crd",
        "karpenter": "oci://public.ecr.aws/karpenter/karpenter",
    }
    for inputs in charts.values():
        assert inputs["version"] == "1.14.1"
        assert not {"repositoryOpts", "keyring", "valueYamlFiles", "postrender"} & inputs.keys()


def test_helm_is_led_away_from_the_credentials_of_whoever_runs_it(made: Registered, repository: Path) -> None:
    settings = json.loads(made.one("pulumi:providers:kubernetes").inputs["helmReleaseSettings"])
    path = Path(settings["registryConfigPath"])
    assert not path.is_absolute()
    assert not [folder for folder in (repository, repository / "infra") if (folder / path).exists()]


def test_the_definitions_are_one_chart_s_and_there_before_the_controller(
    made: Registered, controller: Registration
) -> None:
    assert controller.inputs["skipCrds"] is True
    assert made.goes_before(controller, made.one(RELEASE, name="karpenter-crd"))


def test_a_release_is_ready_or_is_taken_back(made: Registered) -> None:
    for one in made.of_type(RELEASE):
        assert one.inputs["atomic"] is True
        assert one.inputs["timeout"] == 600
        assert "skipAwait" not in one.inputs


def test_the_controller_is_told_its_cluster_its_region_and_its_queue(
    made: Registered, controller: Registration
) -> None:
    values = controller.inputs["values"]
    assert values["settings"] == {
        "clusterName": "demo",
        "clusterEndpoint": "https://example.eks.amazonaws.com",
        "interruptionQueue": made.one(QUEUE).inputs["name"],
    }
    assert values["controller"]["env"] == [{"name": "AWS_REGION", "value": "ap-northeast-2"}]


def test_two_replicas_stand_on_the_system_nodes_with_what_was_reckoned_for_them(
    made: Registered, controller: Registration
) -> None:
    values, group = controller.inputs["values"], made.one("aws:eks/nodeGroup:NodeGroup").inputs
    assert values["replicas"] == KARPENTER.replicas == group["scalingConfig"]["minSize"] == 2
    assert values["nodeSelector"].items() <= group["labels"].items()
    (taint,) = group["taints"]
    assert values["tolerations"] == [{"key": taint["key"], "operator": "Exists"}]
    assert values["controller"]["resources"] == KARPENTER.resources
    assert KARPENTER.resources["requests"] == KARPENTER.resources["limits"]


def test_values_have_no_key_that_the_model_does_not_know() -> None:
    with pytest.raises(ValueError, match="webhook"):
        KarpenterValues.model_validate({**_complete(), "webhook": {"enabled": True}})
    KarpenterValues.model_validate(_complete())


def _complete() -> dict[str, Any]:
    return {
        "replicas": 2,
        "nodeSelector": {},
        "tolerations": [],
        "controller": {"env": [], "resources": KARPENTER.resources},
        "settings": {"clusterName": "demo", "interruptionQueue": "demo"},
    }


@pytest.mark.upstream
def test_every_key_that_the_release_states_is_the_chart_s(controller: Registration, shared: Path) -> None:
    upstream = yaml.safe_load((shared / "data/charts/karpenter/values.yaml").read_text())
    assert not unknown(controller.inputs["values"], upstream)


@pytest.mark.upstream
def test_the_chart_keeps_replicas_apart_and_off_nodes_of_their_own_making(shared: Path) -> None:
    """What the values leave to the chart, and the sum over the system nodes rests on."""
    upstream = yaml.safe_load((shared / "data/charts/karpenter/values.yaml").read_text())
    affinity = upstream["affinity"]
    assert affinity["podAntiAffinity"] == {
        "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname"}]
    }
    terms = affinity["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert terms == [{"matchExpressions": [{"key": "karpenter.sh/nodepool", "operator": "DoesNotExist"}]}]
    assert KARPENTER.apart


def test_a_chart_s_values_are_written_as_the_chart_spells_them() -> None:
    class Some(Values):
        node_selector: dict[str, str]
        left_out: str | None = None

    assert Some(node_selector={"a_b": "c"}).written() == {"nodeSelector": {"a_b": "c"}}


# The identity


def test_the_release_runs_where_its_association_is(made: Registered, controller: Registration) -> None:
    association = made.one("aws:eks/podIdentityAssociation:PodIdentityAssociation").inputs
    account = made.one("kubernetes:core/v1:ServiceAccount").inputs["metadata"]
    assert controller.inputs["values"]["serviceAccount"] == {"create": False, "name": account["name"]}
    assert association["serviceAccount"] == account["name"]
    assert association["namespace"] == account["namespace"] == controller.inputs["namespace"] == "kube-system"


def test_the_controller_may_what_upstream_s_six_policies_say_of_this_cluster(made: Registered) -> None:
    attached = [one for one in made.of_type(ATTACHMENT) if one.inputs["role"] == CONTROLLER_ROLE]
    assert len(attached) == len(POLICIES) == 6
    node_role = made.one("aws:iam/role:Role", name=NODE_ROLE)
    expected = controller_policies(
        "aws",
        "ap-northeast-2",
        "123456789012",
        "demo",
        f"arn:aws:iam:ap-northeast-2:123456789012:role/{node_role.name}",
        f"arn:aws:sqs:ap-northeast-2:123456789012:queue/{made.one(QUEUE).name}",
    )
    assert tuple(expected) == POLICIES
    for name, document in expected.items():
        policy = made.one(POLICY, name=f"{CONTROLLER_ROLE}-{name}")
        assert json.loads(policy.inputs["policy"]) == document
        assert any(one.inputs["policyArn"].endswith(f"/{policy.name}") for one in attached)


def test_the_controller_starts_after_everything_that_it_needs(made: Registered, controller: Registration) -> None:
    needed = [
        *(one for one in made.of_type(ATTACHMENT) if one.inputs["role"] in (CONTROLLER_ROLE, NODE_ROLE)),
        *made.of_type("aws:eks/podIdentityAssociation:PodIdentityAssociation"),
        *(one for one in made.of_type(WAITING) if one.inputs["beforeReady"]),
        *made.of_type("aws:eks/nodeGroup:NodeGroup"),
        *made.of_type("aws:eks/addon:Addon", addonName="eks-pod-identity-agent"),
        *made.of_type("aws:eks/addon:Addon", addonName="coredns"),
        *made.of_type("aws:ec2/natGateway:NatGateway"),
        *made.of_type("aws:ec2/route:Route"),
        *made.of_type(QUEUE),
        *made.of_type(QUEUE_POLICY),
        *made.of_type(TARGET),
        *made.of_type(PROFILE),
        made.one(ENTRY, type="EC2_LINUX"),
    ]
    assert len(needed) == 28
    assert not [one.name for one in needed if not made.goes_before(controller, one)]


# The nodes


def test_the_nodes_of_all_pools_have_one_role_one_profile_and_one_access_entry(made: Registered) -> None:
    role = made.one("aws:iam/role:Role", name=NODE_ROLE)
    assert json.loads(role.inputs["assumeRolePolicy"])["Statement"][0]["Principal"] == {"Service": "ec2.amazonaws.com"}
    assert made.one(PROFILE).inputs["role"] == NODE_ROLE
    entry = made.one(ENTRY, type="EC2_LINUX")
    assert entry.inputs["principalArn"].endswith(f"/{role.name}")
    assert not {"kubernetesGroups", "userName"} & entry.inputs.keys()


def test_the_nodes_may_what_upstream_s_nodes_may_but_for_what_the_network_plugin_may_itself(made: Registered) -> None:
    attached = {
        one.inputs["policyArn"].rpartition("/")[2]
        for one in made.of_type(ATTACHMENT)
        if one.inputs["role"] == NODE_ROLE
    }
    assert attached == {
        "AmazonEKSWorkerNodePolicy",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonSSMManagedInstanceCore",
    }


def test_the_access_entry_is_asked_for_when_iam_has_spread_the_role(made: Registered) -> None:
    assert made.goes_before(made.one(ENTRY, type="EC2_LINUX"), made.one(PROFILE))


# Interruptions


def test_the_queue_is_encrypted_short_lived_and_closed_to_plain_text(made: Registered) -> None:
    queue = made.one(QUEUE).inputs
    assert (queue["sqsManagedSseEnabled"], queue["messageRetentionSeconds"]) == (True, 300)
    statements = json.loads(made.one(QUEUE_POLICY).inputs["policy"])["Statement"]
    assert [one["Sid"] for one in statements if one["Effect"] == "Deny"] == ["DenyHTTP", "DenyRulesOfOtherAccounts"]


def test_every_kind_of_notice_reaches_the_queue(made: Registered) -> None:
    patterns = {one.inputs["name"]: json.loads(one.inputs["eventPattern"]) for one in made.of_type(RULE)}
    assert patterns == {f"demo-{event.name}": event.pattern for event in EVENT_RULES}
    assert {one.inputs["rule"] for one in made.of_type(TARGET)} == patterns.keys()
    arn = f"arn:aws:sqs:ap-northeast-2:123456789012:queue/{made.one(QUEUE).name}"
    assert {one.inputs["arn"] for one in made.of_type(TARGET)} == {arn}


# As a part of a program


def test_karpenter_is_of_one_cluster() -> None:
    def program() -> None:
        shared = {**NAMED, "lifecycle": "disposable"}
        network = Network("demo", NetworkConfig.model_validate({**shared, **NETWORK}), here())
        cluster = Cluster("demo", ClusterConfig.model_validate({**shared, **CLUSTER}), network=network, opts=here())
        other = {**shared, "name": "other", "kubernetes": "1.36", "version": "1.14.1"}
        Karpenter("demo", KarpenterConfig.model_validate(other), cluster=cluster)

    with pytest.raises(ValueError, match="of other in ap-northeast-2, its cluster is demo"):
        record(program)


@pytest.mark.parametrize(("lifecycle", "protected"), [("disposable", False), ("retained", True)])
def test_everything_is_protected_as_the_cluster_is(lifecycle: str, protected: bool) -> None:
    made = platform(lifecycle)
    parts = {one.urn for one in made if one.type.startswith("pokayoke-eks:index:") and "Network" not in one.type}
    inside = [one for one in made if one.parent in parts]
    assert len(inside) > 60
    assert {one.protect for one in inside} == {protected}
