"""S3: names of buckets, policies that ask for TLS, and emptying a bucket whose versioning is suspended.

moto then throws away all versions of a key at once, and stumbles over those that only mark a deletion. And it takes
what a bucket's policy denies to whoever comes without TLS for denied to everybody.
"""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

import json
import re
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.exceptions import InvalidBucketName
from moto.s3.models import FakeBucket, FakeDeleteMarker, S3Backend

from pokayoke_rehearsal.world.iam_evaluator import listed
from pokayoke_rehearsal.world.rules.guard import guard

# S3 user guide, "General purpose bucket naming rules"; the length moto knows.
NAME = re.compile(r"[a-z0-9]([a-z0-9-]|\.(?!\.))*[a-z0-9]")

_WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}


def install() -> None:
    """Puts the rules in place."""
    guard(S3Backend, "create_bucket", before=_is_named_well)
    FakeDeleteMarker.dispose = _holds_nothing  # pyright: ignore[reportAttributeAccessIssue]
    FakeBucket.get_permission = _permission_over_tls


def _holds_nothing(self: FakeDeleteMarker) -> None:
    """A marker has no content that would be thrown away."""


def _is_named_well(_: Any, asked: dict[str, Any]) -> None:
    if not NAME.fullmatch(asked["bucket_name"]):
        raise InvalidBucketName()


def _permission_over_tls(self: FakeBucket, action: str, resource: str) -> PermissionResult:
    """What the policy says of a caller who came over TLS, as every client of AWS does unless told otherwise."""
    stated: dict[str, Any] = json.loads(self.policy) if self.policy else {}
    said = listed(stated.get("Statement", []))
    stated["Statement"] = [one for one in said if one.get("Condition") != _WITHOUT_TLS]
    if not stated["Statement"]:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps(stated)).is_action_permitted(action, resource)
