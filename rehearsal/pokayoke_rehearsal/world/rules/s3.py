"""S3: names of buckets, and a bucket whose versioning is suspended, which can still be emptied.

moto then throws away all versions of a key at once, and stumbles over those that only mark a deletion.
"""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

import re
from typing import Any

from moto.s3.exceptions import InvalidBucketName
from moto.s3.models import FakeDeleteMarker, S3Backend

from pokayoke_rehearsal.world.rules.guard import guard

# S3 user guide, "General purpose bucket naming rules"; the length moto knows.
NAME = re.compile(r"[a-z0-9]([a-z0-9-]|\.(?!\.))*[a-z0-9]")


def install() -> None:
    """Puts the rules in place."""
    guard(S3Backend, "create_bucket", before=_is_named_well)
    FakeDeleteMarker.dispose = _holds_nothing  # pyright: ignore[reportAttributeAccessIssue]


def _holds_nothing(self: FakeDeleteMarker) -> None:
    """A marker has no content that would be thrown away."""


def _is_named_well(_: Any, asked: dict[str, Any]) -> None:
    if not NAME.fullmatch(asked["bucket_name"]):
        raise InvalidBucketName()
