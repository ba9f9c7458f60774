"""User data of nodes in the form that each family of images reads. A node that cannot read it starts unconfigured.

Sources: EKS user guide, "Customize managed nodes with launch templates": MIME multi-part for Amazon Linux, TOML for
Bottlerocket; Karpenter v1.14 documentation, NodeClasses, "spec.userData"; awslabs/amazon-eks-ami, nodeadm: NodeConfig.
"""

import base64
import binascii
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from email import policy
from email.message import EmailMessage
from email.parser import Parser
from typing import Any, cast

from .finding import Finding

SLUG = "user-data-invalid"
BOTTLEROCKET, AL2023, AL2 = "Bottlerocket", "AL2023", "AL2"
_FAMILIES = {one.lower(): one for one in (BOTTLEROCKET, AL2023, AL2)}
_NODE_CONFIG = "application/node.eks.aws"
_PLACE = re.compile(r"\((at .*)\)$")
_AS_TOML = 'Write the settings by a library: tomli_w.dumps({"settings": {"kubernetes": {...}}}).'
_AS_MIME = (
    'Write a MIME multi-part message: "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=..." at the '
    "beginning of the first lines, and a part for each script or NodeConfig."
)
_AS_CONFIG = "Write a mapping with apiVersion: node.eks.aws/v1alpha1 and kind: NodeConfig."


def family_of_alias(alias: str) -> str | None:
    """The family of `bottlerocket@v1.65.0`, or of an `amiFamily`; None where any user data may be right."""
    return _FAMILIES.get(alias.partition("@")[0].lower())


def family_of_ami_type(ami_type: str | None) -> str | None:
    """The family of an EKS `amiType`; left out, EKS takes AL2023 (see `architectures`)."""
    if ami_type is None:
        return AL2023
    return {"BOTTLEROCKET": BOTTLEROCKET, "AL2023": AL2023, "AL2": AL2}.get(ami_type.partition("_")[0])


def unreadable(family: str | None, text: str, *, merged: bool) -> Finding | None:
    """Why nodes of a family do not read this text. EKS merges it with its own where it chooses the image, and takes
    nothing but MIME multi-part for Amazon Linux then."""
    if not text.strip():
        return None
    if family == BOTTLEROCKET:
        return _no_settings(text)
    message = _message(text)
    if message is not None:
        return _bad_message(message)
    if merged and family in (AL2023, AL2):
        return Finding(f"it is no MIME multi-part message, and {family} nodes take no other", _AS_MIME, SLUG)
    if family not in (AL2023, AL2) or text.startswith(("#!", "#cloud-")):
        return None
    if family == AL2023:
        return _no_node_config(text)
    return Finding("it is neither a MIME multi-part message nor a script (#!)", _AS_MIME, SLUG)


def decoded(data: str) -> str | Finding:
    """The text of a launch template's user data, or why it has none."""
    try:
        raw = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return Finding("it is not in base64, as EC2 takes it", "Encode it: base64.b64encode(text.encode()).", SLUG)
    # Cloud-init reads compressed text too, whose bytes are no text.
    return raw.decode(errors="replace") if raw[:2] != b"\x1f\x8b" else ""


def _no_settings(text: str) -> Finding | None:
    try:
        settings: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        where = _PLACE.search(str(error))
        at = where[1] if where else "somewhere"
        return Finding(f"it is no TOML ({at}), and Bottlerocket nodes read no other", _AS_TOML, SLUG)
    own = settings.get("settings", {})
    if not isinstance(own, dict):
        return Finding("its settings are no table, so Bottlerocket reads none of them", _AS_TOML, SLUG)
    other = [key for key in settings if key != "settings"]
    if other:
        return Finding("it has tables beside [settings], which Bottlerocket refuses as a whole", _AS_TOML, SLUG)
    if not isinstance(cast("dict[str, Any]", own).get("kubernetes", {}), dict):
        return Finding("settings.kubernetes is no table, so the kubelet is not configured", _AS_TOML, SLUG)
    return None


def _message(text: str) -> EmailMessage | None:
    """The text as a MIME message; None where it is none."""
    said = text.lstrip("\n")
    if not said.lower().startswith(("mime-version:", "content-type:")):
        return None
    return Parser(policy=policy.default).parsestr(said)


def _bad_message(message: EmailMessage) -> Finding | None:
    if not message.is_multipart():
        problem = "its MIME message has no parts: the boundary that its header names does not stand in it"
        return Finding(problem, _AS_MIME, SLUG)
    for part in message.walk():
        if part.get_content_type() == _NODE_CONFIG:
            finding = _no_node_config(str(part.get_payload()))
            if finding:
                return finding
    return None


def _no_node_config(text: str) -> Finding | None:
    # Loads a parser that nothing else here needs.
    import yaml

    with suppress(yaml.YAMLError, ValueError, RecursionError):
        said: Any = yaml.safe_load(text)
        config: Mapping[str, Any] = cast("Mapping[str, Any]", said) if isinstance(said, Mapping) else {}
        if str(config.get("apiVersion")).startswith("node.eks.aws/") and config.get("kind") == "NodeConfig":
            return None
    return Finding("it is neither MIME multi-part, nor a script, nor a NodeConfig in YAML", _AS_CONFIG, SLUG)
