"""The shape of a policy document, and its one spelling as text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Statement = Mapping[str, Any]
Document = Mapping[str, Any]


def document(*statements: Statement) -> Document:
    """A policy document of these statements, in this order."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    """What a role may do."""
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": list(resources)}


def deny(sid: str, actions: Sequence[str], resources: Sequence[str]) -> Statement:
    """What a role may never do, whatever else it is given."""
    return {"Sid": sid, "Effect": "Deny", "Action": list(actions), "Resource": list(resources)}


def text(value: Document) -> str:
    """The document as AWS and Pulumi compare it: the same value is always the same text."""
    return json.dumps(value, separators=(",", ":"))
