"""Upstream's definitions in the double: all are taken, and their objects judged in a real API server's words.

What only CEL rules refuse is another's business: `Cluster.reviews` is where it goes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from kube_provider import ENDPOINT, NAME, REGION

from pokayoke_rehearsal.doubles.kubernetes import KubernetesDouble
from pokayoke_rehearsal.doubles.kubernetes.store.cluster import Cluster
from pokayoke_rehearsal.doubles.kubernetes.store.errors import ApiError
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object
from pokayoke_rehearsal.world.model import World

pytestmark = pytest.mark.upstream

RULES_LEFT_OUT = (
    "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the "
    "existing errors to complete validation"
)
NODE_CLASS_REF = {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "default"}


@pytest.fixture(scope="module")
def definitions(shared: Path) -> list[Object]:
    return [
        document
        for file in sorted((shared / "data" / "crds").rglob("*.yaml"))
        for document in yaml.load_all(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        if document and document["kind"] == "CustomResourceDefinition"
    ]


@pytest.fixture(scope="module")
def upstream(definitions: list[Object]) -> Cluster:
    """A cluster with Karpenter's and the load balancer controller's definitions. Each test has objects of its own."""
    double = KubernetesDouble(World())
    double.stores.created(REGION, NAME, "1.36", ENDPOINT)
    server = double.stores.at(ENDPOINT)
    assert server is not None
    for definition in definitions:
        server.cluster.apply(definition, "upstream")
    return server.cluster


def pool(name: str = "bad", **template: Any) -> Object:
    requirement = {"key": "kubernetes.io/arch", "operator": "In", "values": ["arm64"]}
    spec = {"nodeClassRef": NODE_CLASS_REF, "requirements": [requirement], **template}
    kept = {key: value for key, value in spec.items() if value is not None}
    return {
        "apiVersion": "karpenter.sh/v1",
        "kind": "NodePool",
        "metadata": {"name": name},
        "spec": {"template": {"spec": kept}},
    }


def disrupted(after: str) -> Object:
    found = pool()
    found["spec"]["disruption"] = {"consolidateAfter": after}
    return found


def node_class(**spec: Any) -> Object:
    stated = {
        "role": "nodes",
        "amiSelectorTerms": [{"alias": "bottlerocket@latest"}],
        "subnetSelectorTerms": [{"id": "subnet-0123456789abcdef0"}],
        "securityGroupSelectorTerms": [{"id": "sg-0123456789abcdef0"}],
        **spec,
    }
    return {
        "apiVersion": "karpenter.k8s.aws/v1",
        "kind": "EC2NodeClass",
        "metadata": {"name": "bad"},
        "spec": stated,
    }


def binding() -> Object:
    spec = {"targetGroupARN": "arn:aws:x", "targetType": "pod", "serviceRef": {"name": "s", "port": 80}}
    meta = {"name": "t", "namespace": "default"}
    return {"apiVersion": "elbv2.k8s.aws/v1beta1", "kind": "TargetGroupBinding", "metadata": meta, "spec": spec}


def test_every_upstream_definition_is_taken(upstream: Cluster, definitions: list[Object]) -> None:
    assert len(definitions) > 20
    for definition in definitions:
        assert upstream.discovery.any_version(definition["spec"]["group"], definition["spec"]["names"]["kind"])


def test_sound_objects_are_taken(upstream: Cluster) -> None:
    assert upstream.apply(pool("sound"), "me")["spec"]["disruption"]["consolidateAfter"] == "0s"
    assert upstream.apply({**node_class(), "metadata": {"name": "sound"}}, "me")["spec"]["role"] == "nodes"


@pytest.mark.parametrize(
    ("obj", "code", "told"),
    [
        (
            node_class(roleArn="x"),
            500,
            "failed to create typed patch object (/bad; karpenter.k8s.aws/v1, Kind=EC2NodeClass): .spec.roleArn: field "
            "not declared in schema",
        ),
        (
            pool(kubelet={"maxPods": 10}),
            500,
            "failed to create typed patch object (/bad; karpenter.sh/v1, Kind=NodePool): .spec.template.spec.kubelet: "
            "field not declared in schema",
        ),
        (
            pool(requirements=[{"key": "kubernetes.io/arch", "operator": "Inn", "values": ["arm64"]}]),
            422,
            'NodePool.karpenter.sh "bad" is invalid: [spec.template.spec.requirements[0].operator: Unsupported value: '
            '"Inn": supported values: "Gte", "Lte", "In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", '
            f"{RULES_LEFT_OUT}]",
        ),
        (
            disrupted("5 minutes"),
            422,
            'NodePool.karpenter.sh "bad" is invalid: spec.disruption.consolidateAfter: Invalid value: "5 minutes": '
            "spec.disruption.consolidateAfter in body should match '^(([0-9]+(s|m|h))+|Never)$'",
        ),
        (
            pool(nodeClassRef=None),
            422,
            'NodePool.karpenter.sh "bad" is invalid: [spec.template.spec.nodeClassRef: Required value, '
            f"{RULES_LEFT_OUT}]",
        ),
        (
            binding(),
            422,
            'TargetGroupBinding.elbv2.k8s.aws "t" is invalid: spec.targetType: Unsupported value: "pod": supported '
            'values: "instance", "ip"',
        ),
    ],
)
def test_unsound_objects_are_refused_as_a_real_server_refused_them(
    upstream: Cluster, obj: Object, code: int, told: str
) -> None:
    with pytest.raises(ApiError) as refused:
        upstream.apply(obj, "me")
    assert (refused.value.code, str(refused.value)) == (code, told)


def test_another_managers_limit_is_a_conflict(upstream: Cluster) -> None:
    def limited(cpu: str) -> Object:
        found = pool("limited")
        found["spec"]["limits"] = {"cpu": cpu}
        return found

    upstream.apply(limited("32"), "spike")
    with pytest.raises(ApiError) as refused:
        upstream.apply(limited("64"), "me")
    assert str(refused.value) == 'Apply failed with 1 conflict: conflict with "spike": .spec.limits.cpu'
