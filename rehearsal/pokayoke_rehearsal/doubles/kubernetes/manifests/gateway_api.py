"""The standard channel of Gateway API. Source: kubernetes-sigs/gateway-api v1.6.1, `config/crd/standard`."""

from __future__ import annotations

from collections.abc import Mapping

from pokayoke_rehearsal.doubles.kubernetes.definitions import CustomKind
from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object

GROUP = "gateway.networking.k8s.io"
_GUARD = f"safe-upgrades.{GROUP}"

KINDS = (
    CustomKind(GROUP, "BackendTLSPolicy", "backendtlspolicies", True, ("v1",), "v1", ("v1alpha3",)),
    CustomKind(GROUP, "GatewayClass", "gatewayclasses", False, ("v1", "v1beta1"), "v1"),
    CustomKind(GROUP, "Gateway", "gateways", True, ("v1", "v1beta1"), "v1"),
    CustomKind(GROUP, "GRPCRoute", "grpcroutes", True, ("v1",), "v1"),
    CustomKind(GROUP, "HTTPRoute", "httproutes", True, ("v1", "v1beta1"), "v1"),
    CustomKind(GROUP, "ListenerSet", "listenersets", True, ("v1",), "v1"),
    CustomKind(GROUP, "ReferenceGrant", "referencegrants", True, ("v1", "v1beta1"), "v1beta1"),
    CustomKind(GROUP, "TCPRoute", "tcproutes", True, ("v1",), "v1", ("v1alpha2",)),
    CustomKind(GROUP, "TLSRoute", "tlsroutes", True, ("v1",), "v1", ("v1alpha2", "v1alpha3")),
    CustomKind(GROUP, "UDPRoute", "udproutes", True, ("v1",), "v1", ("v1alpha2",)),
)


def standard_install(version: str) -> list[Object]:
    """`standard-install.yaml`: the kinds, and the policy that refuses older or experimental ones over them."""
    annotations = {f"{GROUP}/bundle-version": version, f"{GROUP}/channel": "standard"}
    return [*(kind.definition(annotations) for kind in KINDS), *_safe_upgrades(annotations)]


MANIFESTS = (
    (
        "https://github.com/kubernetes-sigs/gateway-api/releases/download/{version}/standard-install.yaml",
        standard_install,
    ),
)


def _safe_upgrades(annotations: Mapping[str, str]) -> list[Object]:
    definitions = {"apiGroups": ["apiextensions.k8s.io"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"]}
    other = f"object.spec.group != '{GROUP}'"
    channel, bundle = _annotation("channel"), _annotation("bundle-version")
    experimental = f"({channel.replace('object', 'oldObject', 1)} == 'experimental')"
    newer = f"({bundle}.matches('-(rc)') || !{bundle}.matches('v1.[0-5].\\\\d+|v0')) && {bundle} != ''"
    uninstall = f"is prohibited by default. Uninstall ValidatingAdmissionPolicy {_GUARD} to install"
    over = "experimental CRDs on top of standard channel CRDs"
    validations = [
        {
            "expression": f"{other} || oldObject == null || {channel} == 'standard' || {experimental}",
            "message": f"Installing {over} {uninstall} {over}.",
            "reason": "Invalid",
        },
        {
            "expression": f"{other} || ({newer})",
            "message": f"Installing CRDs with version before v1.5.0 {uninstall} older versions.",
            "reason": "Invalid",
        },
    ]
    return [
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicy",
            "metadata": {"name": _GUARD, "annotations": dict(annotations)},
            "spec": {
                "failurePolicy": "Fail",
                "matchConstraints": {"resourceRules": [{**definitions, "resources": ["*"]}]},
                "validations": validations,
            },
        },
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicyBinding",
            "metadata": {"name": _GUARD, "annotations": dict(annotations)},
            "spec": {
                "policyName": _GUARD,
                "validationActions": ["Deny"],
                "matchResources": {"resourceRules": [{**definitions, "resources": ["customresourcedefinitions"]}]},
            },
        },
    ]


def _annotation(name: str) -> str:
    """CEL for the value of an annotation, empty where it is not there."""
    return f"object.metadata.?annotations[?'{GROUP}/{name}'].orValue('')"
