"""User data of EC2NodeClasses: what Karpenter reads of it when it launches, and what the node makes of it.

Sources: aws/karpenter-provider-aws, pkg/providers/amifamily/bootstrap (nodeadm.go, bottlerocket.go, mime); Amazon EKS
AMI, nodeadm's API.
"""

from __future__ import annotations

import email
import tomllib

import yaml

from pokayoke_rehearsal.doubles.kubernetes.store.objects import Object, at, fields, items, text

_BOTTLEROCKET, _AL2023 = "bottlerocket", "al2023"
_NODE_CONFIG = "node.eks.aws/v1alpha1"


def unreadable(node_class: Object) -> str:
    """Why Karpenter cannot build a launch template with the class' user data, empty when it can."""
    data, family = _data(node_class), _family(node_class)
    if family == _BOTTLEROCKET and data:
        try:
            settings = fields(tomllib.loads(data).get("settings"))
        except tomllib.TOMLDecodeError as error:
            return f"invalid UserData TOML: {error}"
        most = fields(settings.get("kubernetes")).get("max-pods")
        if most is not None and (isinstance(most, bool) or not isinstance(most, int)):
            return f"invalid UserData TOML: settings.kubernetes.max-pods is no number: {most!r}"
    if family == _AL2023 and _is_mime(data) and not email.message_from_string(data.lstrip()).is_multipart():
        return "parsing custom UserData, parsing content-type: it is no multipart archive"
    return ""


def unusable(node_class: Object) -> str:
    """Why nodeadm on the node refuses the class' user data, empty when it does not: what is a mapping in YAML goes to
    it, anything else is a shell script, whose failure does not concern the kubelet."""
    data = _data(node_class)
    if _family(node_class) != _AL2023 or not data:
        return ""
    if _is_mime(data):
        parts = [part for part in email.message_from_string(data.lstrip()).walk() if not part.is_multipart()]
        configs = [str(part.get_payload()) for part in parts if part.get_content_type() == "application/node.eks.aws"]
    else:
        configs = [data] if _mapping(data) is not None else []
    for config in configs:
        found = _mapping(config)
        if found is None or (found.get("apiVersion"), found.get("kind")) != (_NODE_CONFIG, "NodeConfig"):
            return f"nodeadm takes a NodeConfig of {_NODE_CONFIG}"
    return ""


def _data(node_class: Object) -> str:
    return text(at(node_class, "spec", "userData"))


def _family(node_class: Object) -> str:
    aliases = [text(at(item, "alias")) for item in items(at(node_class, "spec", "amiSelectorTerms"))]
    return text(at(node_class, "spec", "amiFamily")).lower() or (aliases[0].partition("@")[0] if aliases else "")


def _is_mime(data: str) -> bool:
    return data.strip().startswith(("MIME-Version:", "Content-Type:"))


def _mapping(data: str) -> Object | None:
    try:
        found = yaml.safe_load(data)
    except yaml.YAMLError:
        return None
    return fields(found) if isinstance(found, dict) else None
