"""Values of Istio's charts: the defaults that matter, the profile over them, what the program states over both.

Source: istio/istio 1.30.3, manifests/charts: values.yaml (`_internal_defaults_do_not_set`), files/profile-ambient.yaml,
templates/zzz_profile.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pokayoke_rehearsal.doubles.kubernetes.charts import Installation, ValuesError, over
from pokayoke_rehearsal.doubles.kubernetes.istio.names import NAMESPACE
from pokayoke_rehearsal.doubles.kubernetes.store.objects import at, fields, text

_EVERYWHERE = [
    {"effect": "NoSchedule", "operator": "Exists"},
    {"key": "CriticalAddonsOnly", "operator": "Exists"},
    {"effect": "NoExecute", "operator": "Exists"},
]
_PROFILES: Mapping[str, Mapping[str, Any]] = {
    "ambient": {
        "pilot": {"env": {"PILOT_ENABLE_AMBIENT": "true"}},
        "cni": {"ambient": {"enabled": True}},
        "global": {"variant": "distroless"},
    }
}

BASE: Mapping[str, Any] = {"defaultRevision": "default", "global": {"istioNamespace": NAMESPACE}}
ISTIOD: Mapping[str, Any] = {
    "autoscaleEnabled": True,
    "autoscaleMin": 1,
    "autoscaleMax": 5,
    "replicaCount": 1,
    "rollingMaxSurge": "100%",
    "rollingMaxUnavailable": "25%",
    "resources": {"requests": {"cpu": "500m", "memory": "2048Mi"}},
    "env": {},
    "taint": {"enabled": False, "namespace": ""},
    "affinity": {},
    "tolerations": [],
    "nodeSelector": {},
    "topologySpreadConstraints": [],
    "gatewayClasses": {},
    "gateways": {"securityContext": {}, "seccompProfile": {}},
    "pdb": {"minAvailable": 1},
    "global": {
        "istioNamespace": NAMESPACE,
        "defaultPodDisruptionBudget": {"enabled": True},
        "proxy": {
            "resources": {
                "requests": {"cpu": "100m", "memory": "128Mi"},
                "limits": {"cpu": "2000m", "memory": "1024Mi"},
            }
        },
    },
}
CNI: Mapping[str, Any] = {
    "ambient": {"enabled": False},
    "resources": {"requests": {"cpu": "100m", "memory": "100Mi"}},
    "tolerations": _EVERYWHERE,
    "affinity": {},
}
ZTUNNEL: Mapping[str, Any] = {
    "resources": {"requests": {"cpu": "200m", "memory": "512Mi"}},
    "tolerations": _EVERYWHERE,
    "nodeSelector": {},
}


def merged(defaults: Mapping[str, Any], installation: Installation, part: str = "") -> dict[str, Any]:
    """The values that a chart's templates see; `part` is the chart's own key in profiles. Raises ValuesError."""
    stated = installation.values
    profile = text(stated.get("profile")) or text(at(stated, "global", "profile"))
    if profile and profile not in _PROFILES:
        raise ValuesError(f"execution error at (templates/zzz_profile.yaml): unknown profile {profile}")
    chosen = _PROFILES.get(profile, {})
    own = over({"global": fields(chosen.get("global"))}, fields(chosen.get(part)) if part else {})
    return over(over(defaults, own), stated)


def image(installation: Installation, name: str, values: Mapping[str, Any]) -> str:
    """An image's address: from 1.31 on they are Docker Hub's, unless the values say otherwise (facts: versions.md)."""
    hub = text(values.get("hub")) or text(at(values, "global", "hub"))
    tag = text(values.get("tag")) or text(at(values, "global", "tag")) or installation.version
    variant = text(values.get("variant")) or text(at(values, "global", "variant"))
    return f"{hub or _hub(installation.version)}/{name}:{tag}" + (f"-{variant}" if variant else "")


def _hub(version: str) -> str:
    numbers = [int(part) for part in version.split(".")[:2] if part.isdigit()]
    return "docker.io/istio" if numbers >= [1, 31] else "registry.istio.io/release"
