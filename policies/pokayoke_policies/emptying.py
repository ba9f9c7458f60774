"""The policies `registry-not-empty` and `state-bucket-not-empty`: what holds images or objects says how it ends.

A destroy fails on whatever is not empty. So each says which it is: emptied with its environment (disposable), or kept
until somebody takes its protection off (retained).
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding

from .policy import Rule
from .practice import by_spelling
from .raw import stated

_REGISTRIES = {
    "aws:ecr/repository:Repository": "forceDelete",
    "aws:ecrpublic/repository:Repository": "forceDestroy",
    "aws-native:ecr:Repository": "emptyOnDelete",
}
_BUCKETS = dict.fromkeys(
    (
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketV2:BucketV2",
        "aws:s3/directoryBucket:DirectoryBucket",
    ),
    "forceDestroy",
)


def ends_somehow(
    slug: str, error: str, flag: str, properties: Mapping[str, Any], *, protected: bool
) -> Iterator[Finding]:
    """It is emptied when it is deleted, or Pulumi does not delete it."""
    if protected or by_spelling(stated(properties, flag)):
        return
    yield Finding(
        f"{flag} is off and nothing protects it: a destroy fails with {error} as soon as it holds anything",
        f"In a disposable environment set {flag}: true; a retained one takes the option protect: true.",
        slug,
    )


REGISTRY = Rule(
    "registry-not-empty",
    protection={
        kind: partial(ends_somehow, "registry-not-empty", "RepositoryNotEmptyException", flag)
        for kind, flag in _REGISTRIES.items()
    },
)
BUCKET = Rule(
    "state-bucket-not-empty",
    protection={
        kind: partial(ends_somehow, "state-bucket-not-empty", "BucketNotEmpty", flag) for kind, flag in _BUCKETS.items()
    },
)
