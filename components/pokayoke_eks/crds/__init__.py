"""Models of the custom kinds that the platform writes, and the API server's answer to a manifest of such a kind.

Models and answers rest on one structural schema and one table of rules per kind, held equal to the upstream CRDs by
tests. Pure: nothing here imports Pulumi or another room of the library.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from . import review
from .cel import Rule, Transition
from .ec2nodeclass import AmiFamily, EC2NodeClass, EC2NodeClassSpec
from .gateway_api import GATEWAY_API_VERSION, Gateway, GatewayClass, HTTPRoute, ReferenceGrant, TLSRoute
from .hardware import (
    BlockDeviceMapping,
    ConnectionTracking,
    CpuOptions,
    Ebs,
    MetadataOptions,
    NetworkInterface,
)
from .kubelet import Kubelet
from .load_balancer import (
    LOAD_BALANCER_CONTROLLER_VERSION,
    IngressClassParams,
    ListenerRuleConfiguration,
    LoadBalancerConfiguration,
    TargetGroupBinding,
    TargetGroupConfiguration,
)
from .metadata import ObjectMeta, OwnerReference
from .nodeclaim import NodeClaim, NodeClaimSpec, NodeResources
from .nodepool import Budget, Disruption, NodeMetadata, NodePool, NodePoolSpec, NodeTemplate
from .nodes import AWS_LABELS, CORE_LABELS, NodeClassReference, NodeSpec, Requirement, Taint
from .resource import RefusedError, Resource
from .review import Definition, Refusal
from .selectors import (
    AmiTerm,
    CapacityReservationTerm,
    PlacementGroupSelector,
    SecurityGroupTerm,
    SubnetTerm,
)
from .structural import stored as _stored

KARPENTER_VERSION = "1.14.1"
"""The version whose CRDs these kinds follow."""

_MODELS: tuple[type[Resource], ...] = (
    *(EC2NodeClass, NodePool, NodeClaim),
    *(GatewayClass, Gateway, HTTPRoute, TLSRoute, ReferenceGrant),
    *(LoadBalancerConfiguration, TargetGroupConfiguration, ListenerRuleConfiguration),
    *(TargetGroupBinding, IngressClassParams),
)

KINDS: Mapping[tuple[str, str], Definition] = MappingProxyType(
    {(definition.api_version, definition.kind): definition for definition in (kind.definition() for kind in _MODELS)}
)
"""Every kind known here, by `apiVersion` and `kind`."""


def definition_of(obj: Mapping[str, Any]) -> Definition:
    """The definition of an object's kind. Raises KeyError for a kind that is not known here."""
    return KINDS[str(obj.get("apiVersion")), str(obj.get("kind"))]


def refusal(obj: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> Refusal | None:
    """Why the API server refuses an object, or the change of `old` into it; None when it takes it. Raises KeyError."""
    return review.refusal(definition_of(obj), obj, old)


def validate(obj: Mapping[str, Any]) -> list[str]:
    """What is wrong with an object, each as `path: what`, in the API server's words. Raises KeyError."""
    refused = refusal(obj)
    return list(refused.errors) if refused else []


def check_update(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What forbids the change of one object into another, beyond what is wrong with the new one. Raises KeyError."""
    return review.update_errors(definition_of(new), old, new)


def stored(obj: Mapping[str, Any]) -> dict[str, Any]:
    """An object as the API server keeps it: nulls dropped, defaults filled in. Raises KeyError."""
    return _stored(definition_of(obj).schema, dict(obj))


__all__ = [
    "AWS_LABELS",
    "CORE_LABELS",
    "GATEWAY_API_VERSION",
    "KARPENTER_VERSION",
    "KINDS",
    "LOAD_BALANCER_CONTROLLER_VERSION",
    "AmiFamily",
    "AmiTerm",
    "BlockDeviceMapping",
    "Budget",
    "CapacityReservationTerm",
    "ConnectionTracking",
    "CpuOptions",
    "Definition",
    "Disruption",
    "EC2NodeClass",
    "EC2NodeClassSpec",
    "Ebs",
    "Gateway",
    "GatewayClass",
    "HTTPRoute",
    "IngressClassParams",
    "Kubelet",
    "ListenerRuleConfiguration",
    "LoadBalancerConfiguration",
    "MetadataOptions",
    "NetworkInterface",
    "NodeClaim",
    "NodeClaimSpec",
    "NodeClassReference",
    "NodeMetadata",
    "NodePool",
    "NodePoolSpec",
    "NodeResources",
    "NodeSpec",
    "NodeTemplate",
    "ObjectMeta",
    "OwnerReference",
    "PlacementGroupSelector",
    "ReferenceGrant",
    "Refusal",
    "RefusedError",
    "Requirement",
    "Resource",
    "Rule",
    "SecurityGroupTerm",
    "SubnetTerm",
    "TLSRoute",
    "Taint",
    "TargetGroupBinding",
    "TargetGroupConfiguration",
    "Transition",
    "check_update",
    "definition_of",
    "refusal",
    "stored",
    "validate",
]
