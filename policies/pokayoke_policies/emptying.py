"""The policies `registry-not-empty` and `state-bucket-not-empty`: what holds images or objects says how it ends.

A destroy fails on whatever is not empty. So each says which it is: emptied with its environment (disposable), or kept
until somebody takes its protection off (retained).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from pokayoke_eks.rules.finding import Finding

from .policy import Rule
from .practice import by_spelling, set_by, tags
from .raw import UNKNOWN, NotKnownError, stated
from .remedies import CannotMendError, Edits, Remedy
from .tagging import tag_of

_REGISTRIES = {
    "aws:ecr/repository:Repository": "forceDelete",
    "aws:ecrpublic/repository:Repository": "forceDestroy",
    "aws-native:ecr:Repository": "emptyOnDelete",
}
_BUCKETS = {
    "aws:s3/bucket:Bucket": "forceDestroy",
    "aws:s3/bucketV2:BucketV2": "forceDestroy",
    "aws:s3/directoryBucket:DirectoryBucket": "forceDestroy",
}
_SETTINGS = {
    "disposable": tags(
        {"lifecycle": "disposable"},
        "Level `remediate` sets the flag on what carries all of these tags.",
    )
}


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


def to_be_emptied(flag: str, disposable: dict[str, str], properties: Mapping[str, Any]) -> Edits:
    """The flag that empties it before it is deleted, where its tags call it disposable."""
    carried = {key: tag_of(properties, key) for key in disposable}
    unlike = {key: value for key, value in carried.items() if value != disposable[key]}
    if disposable and not unlike:
        return {(flag,): True}
    if unlike and all(value is UNKNOWN for value in unlike.values()):
        raise NotKnownError(("tags", *unlike))
    raise CannotMendError(f"its tags do not say {json.dumps(disposable)}")


def registry(settings: Mapping[str, Any]) -> Rule:
    """The policy on registries under its settings."""
    return replace(REGISTRY, remedies=_emptied(_REGISTRIES, settings))


def bucket(settings: Mapping[str, Any]) -> Rule:
    """The policy on buckets under its settings."""
    return replace(BUCKET, remedies=_emptied(_BUCKETS, settings))


def _emptied(flags: Mapping[str, str], settings: Mapping[str, Any]) -> Mapping[str, Remedy]:
    return {kind: partial(to_be_emptied, flag, settings["disposable"]) for kind, flag in flags.items()}


REGISTRY = Rule(
    "registry-not-empty",
    protection={
        kind: partial(ends_somehow, "registry-not-empty", "RepositoryNotEmptyException", flag)
        for kind, flag in _REGISTRIES.items()
    },
    own_settings=_SETTINGS,
    tuned=registry,
    remedies=_emptied(_REGISTRIES, set_by({}, _SETTINGS)),
)
BUCKET = Rule(
    "state-bucket-not-empty",
    protection={
        kind: partial(ends_somehow, "state-bucket-not-empty", "BucketNotEmpty", flag) for kind, flag in _BUCKETS.items()
    },
    own_settings=_SETTINGS,
    tuned=bucket,
    remedies=_emptied(_BUCKETS, set_by({}, _SETTINGS)),
)
