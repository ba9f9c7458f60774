"""The policies `registry-not-empty` and `state-bucket-not-empty`."""

import pytest
from analyzing import UNKNOWN, Pack

REGISTRY, BUCKET = "registry-not-empty", "state-bucket-not-empty"
HOLDING = [
    ("aws:ecr/repository:Repository", "forceDelete", REGISTRY, "RepositoryNotEmptyException"),
    ("aws:ecrpublic/repository:Repository", "forceDestroy", REGISTRY, "RepositoryNotEmptyException"),
    ("aws-native:ecr:Repository", "emptyOnDelete", REGISTRY, "RepositoryNotEmptyException"),
    ("aws:s3/bucket:Bucket", "forceDestroy", BUCKET, "BucketNotEmpty"),
    ("aws:s3/bucketV2:BucketV2", "forceDestroy", BUCKET, "BucketNotEmpty"),
]


@pytest.mark.parametrize(("kind", "flag", "slug", "error"), HOLDING, ids=[kind for kind, *_ in HOLDING])
def test_what_holds_things_says_how_it_ends(kind: str, flag: str, slug: str, error: str, pack: Pack) -> None:
    for on in (True, "true"):
        assert pack.refusals(kind, {flag: on}) == {}
    assert pack.refusals(kind, {}, protect=True) == {}
    for said in ({}, {flag: False}, {flag: None}, {flag: "false"}):
        found = pack.refusals(kind, said)
        (message,) = found.pop(slug)
        assert message.startswith(f"{flag} is off and nothing protects it: a destroy fails with {error}")
        assert f"set {flag}: true" in message
        assert found == {}
    assert pack.refusals(kind, {flag: UNKNOWN}) == {"unknown": [slug]}


def test_what_belongs_to_a_repository_or_a_bucket_is_no_concern_of_it(pack: Pack) -> None:
    for kind in ("aws:ecr/lifecyclePolicy:LifecyclePolicy", "aws:s3/bucketPolicy:BucketPolicy"):
        assert pack.refusals(kind, {}) == {}
