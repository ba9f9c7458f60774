"""Cases picked by hand: the edges of types, nulls, defaults, metadata and updates; small changes of small objects."""

import copy
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from crd_cases import Case


class Absent(Enum):
    """Stands for a field taken out."""

    GONE = "gone"


GONE = Absent.GONE

CLASS: dict[str, Any] = {
    "apiVersion": "karpenter.k8s.aws/v1",
    "kind": "EC2NodeClass",
    "metadata": {"name": "bad"},
    "spec": {
        "role": "demo",
        "amiSelectorTerms": [{"alias": "bottlerocket@v1.65.0"}],
        "subnetSelectorTerms": [{"id": "subnet-1"}],
        "securityGroupSelectorTerms": [{"id": "sg-1"}],
    },
}
POOL: dict[str, Any] = {
    "apiVersion": "karpenter.sh/v1",
    "kind": "NodePool",
    "metadata": {"name": "bad"},
    "spec": {
        "template": {
            "spec": {
                "nodeClassRef": {"group": "karpenter.k8s.aws", "kind": "EC2NodeClass", "name": "x"},
                "requirements": [{"key": "kubernetes.io/arch", "operator": "In", "values": ["arm64"]}],
            }
        }
    },
}
CLAIM: dict[str, Any] = {**POOL, "kind": "NodeClaim", "spec": POOL["spec"]["template"]["spec"]}

_CLASS_EDITS: tuple[Mapping[str, Any], ...] = (
    {},
    {"spec.instanceProfile": "x"},
    {"spec.role": 5},
    {"spec.role": None},
    {"spec.role": {}},
    {"spec.role": ["a"]},
    {"spec.role": ""},
    {"spec.roleArn": "x"},
    {"spec.tags": ["a"]},
    {"spec.tags": "a"},
    {"spec.tags": {"a": 1}},
    {"spec.tags": {"a": None}},
    {"spec.tags": {"": "x", "karpenter.sh/nodeclaim": "y"}},
    {"spec.ipPrefixCount": "1"},
    {"spec.ipPrefixCount": 1.5},
    {"spec.ipPrefixCount": True},
    {"spec.ipPrefixCount": 3000000000},
    {"spec.detailedMonitoring": "true"},
    {"spec.detailedMonitoring": 1},
    {"spec.subnetSelectorTerms": "a"},
    {"spec.subnetSelectorTerms": {"a": 1}},
    {"spec.subnetSelectorTerms": ["a"]},
    {"spec.subnetSelectorTerms": [None]},
    {"spec.subnetSelectorTerms": []},
    {"spec.subnetSelectorTerms": [{"id": "x"}] * 31},
    {"spec.subnetSelectorTerms": [{"tags": {f"k{number}": "v" for number in range(21)}}]},
    {"spec.subnetSelectorTerms": [{"tags": {}}]},
    {"spec.amiSelectorTerms": []},
    {"spec.amiSelectorTerms": GONE},
    {"spec.amiSelectorTerms": [{"alias": "x" * 31}]},
    {"spec.amiSelectorTerms": [{"alias": "windows2019"}]},
    {"spec.amiSelectorTerms": [{"id": "ami-1", "name": "x"}]},
    {"spec.amiSelectorTerms": [{"alias": "@al2"}], "spec.amiFamily": "Custom"},
    {"spec.amiFamily": "AL2023"},
    {"spec.amiFamily": None},
    {"spec.kubelet": {"evictionSoft": {"memory.available": "5%"}}},
    {"spec.kubelet": {"evictionHard": {"memory.available": "5x"}, "imageGCHighThresholdPercent": 101}},
    {"spec.kubelet": {"evictionHard": {"memory.available": "\uff15%"}}},
    {"spec.metadataOptions": {"httpPutResponseHopLimit": 0, "httpTokens": "x"}},
    {"spec.metadataOptions": None},
    {"spec.metadataOptions": {"httpTokens": None}},
    {"spec.networkInterfaces": [{"networkCardIndex": 1, "deviceIndex": 1, "interfaceType": "interface"}]},
    {"spec": GONE},
    {"spec": None},
    {"spec": "x"},
    {"extra": "x"},
    {"metadata.name": "Bad_Name"},
    {"metadata.name": GONE},
    {"metadata.name": 5},
    {"metadata.namespace": "default"},
    {"metadata.labels": {"a b": "c d"}},
    {"metadata.labels": {"a/b/c": "x", "/x": "", "x/": "", "A/b": "", "e.com/" + "x" * 64: "x" * 64}},
    {"metadata.labels": {"a": 1}},
    {"metadata.annotations": {"A b": "anything at all"}},
    {"metadata.annotations": {"Example.com/Note": "anything at all"}},
    {"metadata.finalizers": ["karpenter.k8s.aws/termination"]},
    {"metadata.finalizers": ["a b"]},
    {"metadata.foo": "x"},
    {"metadata.ownerReferences": [{"apiVersion": "v1", "kind": "A", "name": "a", "uid": "1"}]},
    {"metadata.ownerReferences": "x"},
    {"spec.context": '\x00\x7f\u200b\u00e9\\"', "spec.role": ["\v"]},
    {"spec.instanceStorePolicy": '\x00\x7f\u200b\u00e9\\"'},
)
_POOL_EDITS: tuple[Mapping[str, Any], ...] = (
    {},
    {"spec.template.spec.requirements.0.operator": "Inn"},
    {"spec.template.spec.requirements.0.values": GONE},
    {"spec.template.spec.requirements.0.operator": "Gt"},
    {"spec.template.spec.requirements.0": {"key": "a", "operator": "Gt", "values": ["9" * 20]}},
    {"spec.template.spec.requirements.0": {"key": "a", "operator": "Gt", "values": ["+5"]}},
    {"spec.template.spec.requirements.0": {"key": "a", "operator": "Gt", "values": [" 5"]}},
    {"spec.template.spec.requirements.0": {"key": "a", "operator": "Gt", "values": ["\u0665"]}},
    {"spec.template.spec.requirements.0": {"key": "a", "operator": "Lte", "values": ["-5"]}},
    {"spec.template.spec.requirements.0": {"key": "a", "operator": "Lt"}},
    {"spec.template.spec.requirements.0.key": "kubernetes.io/hostname"},
    {"spec.template.spec.requirements.0.key": "karpenter.sh/x"},
    {"spec.template.spec.requirements.0.key": "a b"},
    {"spec.template.spec.requirements.0.key": "team\n"},
    {"spec.template.spec.requirements.0.minValues": 51},
    {"spec.template.spec.requirements.0.minValues": 2},
    {
        "spec.template.spec.requirements": [
            {"key": "a", "operator": "In"},
            {"key": "b", "operator": "In", "values": []},
        ]
    },
    {"spec.template.spec.requirements": GONE},
    {"spec.disruption": {"consolidateAfter": "5 minutes"}},
    {"spec.disruption": {}},
    {"spec.disruption": None},
    {"spec.disruption": {"consolidateAfter": "5m", "budgets": [{}]}},
    {"spec.disruption": {"consolidateAfter": "5m", "budgets": [{"schedule": "@daily"}]}},
    {"spec.disruption": {"consolidateAfter": "5m", "budgets": [{"schedule": "a\vb\vc\vd\ve", "duration": "1h"}]}},
    {"spec.disruption": {"consolidateAfter": "5m", "budgets": [{"nodes": "101%", "reasons": ["Empty", "Empty"]}]}},
    {"spec.disruption": {"consolidateAfter": "5m", "budgets": [{"reasons": [None]}]}},
    {"spec.disruption": {"consolidateAfter": "5m", "budgets": [{"reasons": [{}]}]}},
    {"spec.disruption": {"consolidateAfter": "5m", "budgets": [{"nodes": 5}]}},
    {"spec.template.spec.nodeClassRef": GONE},
    {"spec.template.spec.nodeClassRef": {"group": "", "kind": "", "name": ""}},
    {"spec.template.spec.nodeClassRef.group": "a/b"},
    {"spec.limits": {"cpu": 5, "memory": "5Gi"}},
    {"spec.limits": {"x": "x", "y": True}},
    {"spec.limits": {"z": 1.5}},
    {"spec.limits": {"y": {}}},
    {"spec.replicas": 3, "spec.weight": 5, "spec.limits": {"cpu": 1}},
    {"spec.replicas": 3, "spec.limits": {"nodes": 1}},
    {"spec.replicas": 3000000000},
    {"spec.replicas": -1},
    {"spec.replicas": 1.5},
    {"spec.weight": 101},
    {"spec.template.spec.taints": [{"key": "", "effect": "x", "timeAdded": "x"}]},
    {"spec.template.spec.taints": [{"key": "a", "effect": "NoSchedule", "timeAdded": 5}]},
    {"spec.template.spec.taints": [{"key": "a", "effect": "NoSchedule", "timeAdded": True}]},
    {"spec.template.spec.taints": [{"key": "a", "effect": "NoSchedule", "timeAdded": []}]},
    {"spec.template.spec.taints": [{"key": "a", "effect": "NoSchedule", "timeAdded": "2024-02-29t23:59:59,5+09:00"}]},
    {"spec.template.spec.taints": [{"key": "a", "effect": "NoSchedule", "timeAdded": "2023-02-29T00:00:00Z"}]},
    {"spec.template.spec.taints": [{"key": "a", "effect": "NoSchedule", "value": ""}]},
    {"spec.template.metadata": {"labels": {"karpenter.sh/x": "y", "kubernetes.io/hostname": "a b"}}},
    {"spec.template.metadata": {"labels": {"a": "x" * 64}, "annotations": {"a": None}}},
    {"spec.template.metadata": {"name": "a"}},
    {"spec": GONE},
    {"spec": None},
)
_POOL_UPDATES: tuple[Mapping[str, Any], ...] = (
    {"spec.weight": 5},
    {"spec.replicas": 3},
    {"spec.template.spec.nodeClassRef.group": "b", "spec.template.spec.nodeClassRef.kind": "Foo"},
    {"spec.template.spec.nodeClassRef.name": "y"},
)
_CLAIM_UPDATES: tuple[Mapping[str, Any], ...] = (
    {"metadata.labels": {"a": "b"}},
    {"spec.expireAfter": "720h"},
    {"spec.expireAfter": "1h"},
)


def handpicked_cases() -> Iterator[Case]:
    """All of them; what they are called says what was changed."""
    for base, edits in ((CLASS, _CLASS_EDITS), (POOL, _POOL_EDITS)):
        for edit in edits:
            yield Case(_title(base, "with", edit), base["kind"], (), edited(base, edit))
    for base, edits in ((POOL, _POOL_UPDATES), (CLAIM, _CLAIM_UPDATES)):
        for edit in edits:
            yield Case(_title(base, "updated to", edit), base["kind"], (), edited(base, edit), base)


def edited(base: Mapping[str, Any], edit: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of an object with the fields at dotted paths set, or taken out."""
    obj = copy.deepcopy(dict(base))
    for path, value in edit.items():
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("."))
        holder: Any = obj
        for step in steps:
            holder = holder[step]
        if value is GONE:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(value)
    return obj


def _title(base: Mapping[str, Any], how: str, edit: Mapping[str, Any]) -> str:
    said = ", ".join(f"{path} {'gone' if value is GONE else ascii(value)}" for path, value in edit.items())
    return f"{base['kind']} {how} {said or 'nothing'}"
