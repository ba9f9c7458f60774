"""What node pools promise: only nodes that were asked for come, they join, and they are gone when their pool is."""

import logging
import tomllib
from typing import Any

import pytest
from configs import CLUSTER
from platforms import GENERAL, platform
from pydantic import ValidationError
from registrations import Registered, Registration

from pokayoke_eks import PoolConfig
from pokayoke_eks.crds import validate
from pokayoke_eks.node_pools.bottlerocket import BottlerocketSettings, KubernetesSettings
from pokayoke_eks.node_pools.manifests import node_pool
from pokayoke_eks.rules.karpenter import node_pool_objections, selector_objections
from pokayoke_eks.rules.taints import REMOVED_BY

NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
BATCH: dict[str, Any] = {
    "name": "batch",
    "instances": ["m7i.large", "m6i.large"],
    "limits": {"cpu": 8, "memory": "32Gi"},
    "max_pods": 20,
    "disk_gib": 100,
    "taints": [{"key": "example.com/batch", "effect": "NoSchedule"}],
    "startup_taints": [{"key": "example.com/agent", "effect": "NoExecute", "removed_by": "agent"}],
    "labels": {"example.com/kind": "batch"},
    "expire_after": "168h",
    "grace": "2h",
}


@pytest.fixture(scope="module")
def made() -> Registered:
    return platform(pools=(GENERAL, BATCH), tags={"team": "shop"})


def pool(made: Registered, name: str) -> dict[str, Any]:
    (found,) = [one for one in made.of_type(NODE_POOL) if one.inputs["metadata"]["name"] == name]
    return dict(found.inputs["spec"])


def node_class(made: Registered, name: str) -> dict[str, Any]:
    (found,) = [one for one in made.of_type(NODE_CLASS) if one.inputs["metadata"]["name"] == name]
    return dict(found.inputs["spec"])


def requirements(spec: dict[str, Any]) -> dict[str, list[str]]:
    listed = spec["template"]["spec"]["requirements"]
    assert {one["operator"] for one in listed} == {"In"}
    return {one["key"]: one["values"] for one in listed}


# Which nodes


def test_a_pool_brings_the_listed_types_and_no_others(made: Registered) -> None:
    assert requirements(pool(made, "general")) == {
        "node.kubernetes.io/instance-type": ["m7g.large", "m7g.xlarge", "t4g.large"],
        "kubernetes.io/arch": ["arm64"],
        "kubernetes.io/os": ["linux"],
        "karpenter.sh/capacity-type": ["spot", "on-demand"],
        "topology.kubernetes.io/zone": ["ap-northeast-2a", "ap-northeast-2b", "ap-northeast-2c"],
    }


def test_a_pool_s_architecture_is_its_types_own(made: Registered) -> None:
    assert requirements(pool(made, "batch"))["kubernetes.io/arch"] == ["amd64"]
    assert requirements(pool(made, "batch"))["karpenter.sh/capacity-type"] == ["on-demand"]


def test_a_pool_ends_at_its_limits(made: Registered) -> None:
    assert pool(made, "general")["limits"] == {"cpu": "32", "memory": "64Gi"}


def test_the_log_says_what_the_largest_node_is_and_costs(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        platform()
    assert "pool general: its largest node is m7g.xlarge (4 vCPUs, 16 GiB), $0.1632 an hour" in caplog.text


def test_nodes_go_a_few_at_a_time_and_none_stays_for_ever(made: Registered) -> None:
    spec = pool(made, "batch")
    assert spec["disruption"] == {
        "consolidationPolicy": "WhenEmptyOrUnderutilized",
        "consolidateAfter": "1m",
        "budgets": [{"nodes": "10%"}],
    }
    assert spec["template"]["spec"]["expireAfter"] == "168h"
    assert spec["template"]["spec"]["terminationGracePeriod"] == "2h"
    assert pool(made, "general")["template"]["spec"]["terminationGracePeriod"]


def test_taints_and_labels_are_on_every_node_of_the_pool(made: Registered) -> None:
    template = pool(made, "batch")["template"]
    assert template["metadata"] == {"labels": {"example.com/kind": "batch"}}
    assert template["spec"]["taints"] == [{"key": "example.com/batch", "effect": "NoSchedule"}]
    assert template["spec"]["startupTaints"] == [{"key": "example.com/agent", "effect": "NoExecute"}]


# What they are made from


def test_everything_is_chosen_by_the_objects_own_ids(made: Registered) -> None:
    (registered, _) = made.of_type(NODE_CLASS)
    spec = registered.inputs["spec"]
    assert spec["subnetSelectorTerms"] == [{"id": f"demo-private-{zone}-id"} for zone in "abc"]
    assert spec["securityGroupSelectorTerms"] == [{"id": "sg-made-by-eks"}]
    assert spec["instanceProfile"] == made.one("aws:iam/instanceProfile:InstanceProfile").inputs["name"]
    assert "role" not in spec
    types = {one.type for one in made if one.urn in registered.by_property["spec"]}
    assert types == {
        "aws:ec2/subnet:Subnet",
        "aws:iam/instanceProfile:InstanceProfile",
        "aws:eks/cluster:Cluster",
        "eks:index:Cluster",
    }


def test_nodes_run_the_release_of_bottlerocket_that_the_config_says(made: Registered) -> None:
    version = CLUSTER["bottlerocket"].partition("-")[0]
    assert node_class(made, "general")["amiSelectorTerms"] == [{"alias": f"bottlerocket@v{version}"}]


def test_both_of_bottlerocket_s_volumes_are_encrypted_and_the_second_has_the_pool_s_size(made: Registered) -> None:
    volumes = {one["deviceName"]: one["ebs"] for one in node_class(made, "batch")["blockDeviceMappings"]}
    assert {device: ebs["volumeSize"] for device, ebs in volumes.items()} == {"/dev/xvda": "4Gi", "/dev/xvdb": "100Gi"}
    for ebs in volumes.values():
        assert (ebs["encrypted"], ebs["volumeType"], ebs["deleteOnTermination"]) == (True, "gp3", True)


def test_pods_never_reach_the_node_s_credentials(made: Registered) -> None:
    options = node_class(made, "general")["metadataOptions"]
    assert (options["httpTokens"], options["httpPutResponseHopLimit"]) == ("required", 1)


def test_a_node_takes_as_many_pods_as_were_reckoned_with(made: Registered) -> None:
    assert node_class(made, "batch")["kubelet"] == {"maxPods": 20}
    assert node_class(made, "general")["kubelet"]["maxPods"] == 29


def test_instances_say_whose_they_are(made: Registered) -> None:
    assert node_class(made, "general")["tags"] == {
        "team": "shop",
        "pokayoke-eks/cluster": "demo",
        "pokayoke-eks/managed-by": "karpenter",
    }


def test_user_data_is_toml_of_settings_that_are_known(made: Registered) -> None:
    assert tomllib.loads(node_class(made, "general")["userData"]) == {
        "settings": {"kubernetes": {"seccomp-default": True}}
    }
    with pytest.raises(ValueError, match="max-pod"):
        KubernetesSettings.model_validate({"max-pod": 110})
    off = BottlerocketSettings(kubernetes=KubernetesSettings(seccomp_default=False))
    assert tomllib.loads(off.user_data())["settings"]["kubernetes"]["seccomp-default"] is False


# That they work


def test_the_api_server_takes_every_object(made: Registered) -> None:
    for one in (*made.of_type(NODE_CLASS), *made.of_type(NODE_POOL)):
        assert validate(_with_an_id_as_aws_makes_them(one)) == []
        judge = node_pool_objections if one.type == NODE_POOL else selector_objections
        assert judge(one.inputs) == []


def _with_an_id_as_aws_makes_them(one: Registration) -> dict[str, Any]:
    spec = dict(one.inputs["spec"])
    if "subnetSelectorTerms" in spec:
        spec["subnetSelectorTerms"] = [{"id": "subnet-0a"} for _ in spec["subnetSelectorTerms"]]
    return {**one.inputs, "spec": spec}


def test_an_object_that_the_api_server_refuses_is_never_registered() -> None:
    legal = PoolConfig.model_validate(GENERAL)
    past_the_config = legal.model_copy(update={"labels": {"karpenter.sh/own": "x"}})
    with pytest.raises(ValidationError, match="label domain"):
        node_pool(past_the_config, ["ap-northeast-2a"])


def test_an_object_is_there_when_karpenter_says_that_it_is_ready(made: Registered) -> None:
    for one in (*made.of_type(NODE_CLASS), *made.of_type(NODE_POOL)):
        assert one.inputs["metadata"]["annotations"]["pulumi.com/waitFor"] == "condition=Ready"


def test_a_pool_says_who_takes_its_startup_taints_off(made: Registered) -> None:
    said = [one.inputs["metadata"]["annotations"].get(REMOVED_BY) for one in made.of_type(NODE_POOL)]
    assert "example.com/agent=agent" in said
    assert None in said


def test_a_pool_is_made_after_its_class_and_that_after_karpenter(made: Registered) -> None:
    release = made.one("kubernetes:helm.sh/v3:Release", name="karpenter")
    for one in made.of_type(NODE_POOL):
        name = one.inputs["metadata"]["name"]
        (own,) = [other for other in made.of_type(NODE_CLASS) if other.inputs["metadata"]["name"] == name]
        assert one.inputs["spec"]["template"]["spec"]["nodeClassRef"] == {
            "group": "karpenter.k8s.aws",
            "kind": "EC2NodeClass",
            "name": name,
        }
        assert made.goes_before(one, own)
        assert made.goes_before(own, release)


def test_no_pool_waits_for_another(made: Registered) -> None:
    first, second = made.of_type(NODE_POOL)
    assert not made.goes_before(first, second)
    assert not made.goes_before(second, first)


def test_a_pool_is_given_its_nodes_grace_before_its_deletion_fails(made: Registered) -> None:
    """Ten minutes are the provider's default, and a drain may take as long as the grace."""
    timeouts = {one.inputs["metadata"]["name"]: one.timeouts["delete"] for one in made.of_type(NODE_POOL)}
    assert timeouts["batch"] == f"{150 * 60}s"
