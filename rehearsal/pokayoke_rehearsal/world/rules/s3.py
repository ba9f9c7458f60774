"""S3: a bucket whose versioning is suspended can still be emptied.

moto then throws away all versions of a key at once, and stumbles over those that only mark a deletion.
"""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

from moto.s3.models import FakeDeleteMarker


def install() -> None:
    """Puts the rule in place."""
    FakeDeleteMarker.dispose = _holds_nothing  # pyright: ignore[reportAttributeAccessIssue]


def _holds_nothing(self: FakeDeleteMarker) -> None:
    """A marker has no content that would be thrown away."""
