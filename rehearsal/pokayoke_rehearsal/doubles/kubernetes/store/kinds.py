"""What an API server serves: each kind with its plural, its scope and its schema."""

from __future__ import annotations

from dataclasses import dataclass

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Kind
from pokayoke_rehearsal.doubles.kubernetes.store.schemas import BuiltinSchemas, Schema

CLUSTER_SCOPED = frozenset(
    {
        ("", "ComponentStatus"),
        ("", "Namespace"),
        ("", "Node"),
        ("", "PersistentVolume"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("certificates.k8s.io", "CertificateSigningRequest"),
        ("certificates.k8s.io", "ClusterTrustBundle"),
        ("flowcontrol.apiserver.k8s.io", "FlowSchema"),
        ("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
        ("internal.apiserver.k8s.io", "StorageVersion"),
        ("networking.k8s.io", "IPAddress"),
        ("networking.k8s.io", "IngressClass"),
        ("networking.k8s.io", "ServiceCIDR"),
        ("node.k8s.io", "RuntimeClass"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("resource.k8s.io", "DeviceClass"),
        ("resource.k8s.io", "DeviceTaintRule"),
        ("resource.k8s.io", "ResourcePoolStatusRequest"),
        ("resource.k8s.io", "ResourceSlice"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "CSIDriver"),
        ("storage.k8s.io", "CSINode"),
        ("storage.k8s.io", "StorageClass"),
        ("storage.k8s.io", "VolumeAttachment"),
        ("storage.k8s.io", "VolumeAttributesClass"),
        ("storagemigration.k8s.io", "StorageVersionMigration"),
    }
)
"""Group and kind of the built-in kinds that live in no namespace (the API reference's paths, Kubernetes 1.36)."""

# What the server answers and never stores (reviews, bindings, scales): a program cannot keep one.
_NOT_STORED = frozenset(
    {
        "Binding",
        "ComponentStatus",
        "Eviction",
        "LocalSubjectAccessReview",
        "Scale",
        "SelfSubjectAccessReview",
        "SelfSubjectReview",
        "SelfSubjectRulesReview",
        "SubjectAccessReview",
        "TokenRequest",
        "TokenReview",
    }
)


@dataclass(frozen=True)
class Resource:
    """One served kind."""

    kind: Kind
    plural: str
    namespaced: bool
    schema: Schema
    custom: bool = False

    @property
    def qualified(self) -> str:
        """As refusals name it: `deployments.apps`, `services`."""
        return f"{self.plural}.{self.kind.group}" if self.kind.group else self.plural


def builtin_resources(schemas: BuiltinSchemas) -> dict[Kind, Resource]:
    """The built-in kinds of a version that can be stored. EKS switches neither alpha nor new beta ones on."""
    return {
        kind: Resource(kind, plural_of(kind.kind), is_namespaced(kind), schemas.schema(kind))
        for kind in schemas.kinds
        if kind.kind not in _NOT_STORED and "alpha" not in kind.version and "beta" not in kind.version
    }


def is_namespaced(kind: Kind) -> bool:
    """Whether objects of a built-in kind live in a namespace."""
    return (kind.group, kind.kind) not in CLUSTER_SCOPED


def plural_of(kind: str) -> str:
    """The resource name of a kind, by Kubernetes' own rule of thumb: `Ingress` -> `ingresses`."""
    name = kind.lower()
    if name == "endpoints":
        return name
    if name.endswith(("s", "x", "ch", "sh")):
        return f"{name}es"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}s"
