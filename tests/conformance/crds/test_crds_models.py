"""The models as components use them: made by field names, written as manifests, refused in the server's words."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from pokayoke_eks.crds import (
    AmiTerm,
    BlockDeviceMapping,
    Budget,
    Disruption,
    Ebs,
    EC2NodeClass,
    EC2NodeClassSpec,
    Kubelet,
    NodeClassReference,
    NodePool,
    NodePoolSpec,
    NodeSpec,
    NodeTemplate,
    ObjectMeta,
    Requirement,
    SecurityGroupTerm,
    SubnetTerm,
    validate,
)


def pool(**spec: object) -> NodePool:
    """A pool of arm64 nodes."""
    return NodePool(
        metadata=ObjectMeta(name="general"),
        spec=NodePoolSpec(
            template=NodeTemplate(
                spec=NodeSpec(
                    node_class_ref=NodeClassReference(group="karpenter.k8s.aws", kind="EC2NodeClass", name="general"),
                    requirements=(Requirement(key="kubernetes.io/arch", operator="In", values=("arm64",)),),
                )
            ),
            **spec,  # type: ignore[arg-type]
        ),
    )


def test_a_manifest_has_what_was_set_by_its_names_in_kubernetes_and_nothing_else() -> None:
    node_class = EC2NodeClass(
        metadata=ObjectMeta(name="general"),
        spec=EC2NodeClassSpec(
            instance_profile="demo",
            ami_selector_terms=(AmiTerm(alias="bottlerocket@v1.65.0"),),
            subnet_selector_terms=(SubnetTerm(id="subnet-1"),),
            security_group_selector_terms=(SecurityGroupTerm(id="sg-1"),),
            associate_public_ip_address=False,
            block_device_mappings=(
                BlockDeviceMapping(device_name="/dev/xvda", ebs=Ebs(volume_size="4Gi", kms_key_id="alias/disks")),
            ),
            kubelet=Kubelet(max_pods=58, cluster_dns=("172.20.0.10",), image_gc_high_threshold_percent=80),
        ),
    )
    assert node_class.to_manifest() == {
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": "general"},
        "spec": {
            "instanceProfile": "demo",
            "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}],
            "subnetSelectorTerms": [{"id": "subnet-1"}],
            "securityGroupSelectorTerms": [{"id": "sg-1"}],
            "associatePublicIPAddress": False,
            "blockDeviceMappings": [
                {"deviceName": "/dev/xvda", "ebs": {"volumeSize": "4Gi", "kmsKeyID": "alias/disks"}}
            ],
            "kubelet": {"maxPods": 58, "clusterDNS": ["172.20.0.10"], "imageGCHighThresholdPercent": 80},
        },
    }


def test_a_default_of_the_server_is_known_and_not_written() -> None:
    made = pool(disruption=Disruption(consolidate_after="5m", budgets=(Budget(),)))
    assert made.spec.disruption.budgets[0].nodes == "10%"
    assert made.to_manifest()["spec"]["disruption"] == {"consolidateAfter": "5m", "budgets": [{}]}
    assert validate(made.to_manifest()) == []


def test_what_the_server_would_refuse_cannot_be_made_and_says_why_in_its_words() -> None:
    with pytest.raises(ValidationError) as refused:
        pool(replicas=3, weight=5)
    assert "NodePool.karpenter.sh \"general\" is invalid: spec: Invalid value: 'weight' is not supported" in str(
        refused.value
    )


def test_a_field_that_the_kind_lacks_cannot_be_written() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        pool(kubelet={})


def test_a_manifest_cannot_be_changed_once_it_was_judged() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        pool().spec.weight = 5  # type: ignore[misc]


def test_the_models_import_neither_pulumi_nor_another_room_of_the_library() -> None:
    program = (
        "import sys, pokayoke_eks.crds\n"
        "rooms = {'.'.join(name.split('.')[:2]) for name in sys.modules if name.startswith('pokayoke_eks.')}\n"
        "print(sorted(rooms), 'pulumi' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "['pokayoke_eks.crds'] False\n"
