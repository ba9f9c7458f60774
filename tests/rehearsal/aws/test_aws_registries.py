"""Registries and buckets: what is pushed, copied, and in the way of a deletion."""

from __future__ import annotations

import json

import pytest
from aws_cloud import REGION, Cloud, refused

REPOSITORY = "aws:ecr/repository:Repository"
REPLICATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
TOKYO = "ap-northeast-1"
MANIFEST = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"})


def replicate(cloud: Cloud, *rules: dict[str, object]) -> None:
    cloud.create(REPLICATION, "replication", replicationConfiguration={"rules": list(rules)})


def destination(region: str = TOKYO) -> dict[str, str]:
    return {"region": region, "registryId": "123456789012"}


def push(cloud: Cloud, repository: str) -> None:
    cloud.client("ecr").put_image(repositoryName=repository, imageManifest=MANIFEST, imageTag="1.0.0")


@pytest.mark.parametrize(("name", "copied"), [("demo/web", True), ("other/web", False)])
def test_what_is_pushed_is_copied_into_a_repository_that_no_program_knows(
    clean: Cloud, name: str, *, copied: bool
) -> None:
    clean.create(REPOSITORY, "web", name=name, forceDelete=True)
    prefix = {"filter": "demo/", "filterType": "PREFIX_MATCH"}
    replicate(clean, {"destinations": [destination()], "repositoryFilters": [prefix]})
    push(clean, name)
    there = clean.client("ecr", TOKYO)
    found = there.describe_repositories()["repositories"]
    assert [one["repositoryName"] for one in found] == ([name] if copied else [])
    for one in found:
        there.delete_repository(repositoryName=one["repositoryName"], force=True)


def test_a_registry_replicates_by_several_rules_but_not_to_itself(clean: Cloud) -> None:
    replicate(clean, {"destinations": [destination()]}, {"destinations": [destination("us-east-1")]})
    with refused("Replication destination cannot be the same as the source registry"):
        clean.update("replication", replicationConfiguration={"rules": [{"destinations": [destination(REGION)]}]})


def test_a_repository_with_images_goes_by_force_alone(clean: Cloud) -> None:
    clean.create(REPOSITORY, "web", name="demo/web")
    push(clean, "demo/web")
    with refused("ECR Repository (demo/web) not empty, consider using force_delete"):
        clean.delete("web")
    clean.update("web", name="demo/web", forceDelete=True)
    clean.delete("web")


def test_a_bucket_with_versions_goes_by_force_alone(clean: Cloud) -> None:
    bucket = {"bucket": "example-state"}
    clean.create("aws:s3/bucket:Bucket", "state", **bucket)
    versions = {"versioningConfiguration": {"status": "Enabled"}}
    clean.create("aws:s3/bucketVersioning:BucketVersioning", "versions", **bucket, **versions)
    clean.client("s3").put_object(Bucket="example-state", Key="dev.json", Body=b"{}")
    clean.client("s3").delete_object(Bucket="example-state", Key="dev.json")
    clean.delete("versions")
    with refused("BucketNotEmpty: The bucket you tried to delete is not empty"):
        clean.delete("state")
    clean.update("state", **bucket, forceDestroy=True)
    clean.delete("state")


@pytest.mark.parametrize("name", ["Example-State", "example_state", "example..state"])
def test_a_bucket_is_named_as_a_host(clean: Cloud, name: str) -> None:
    with refused("InvalidBucketName: The specified bucket is not valid."):
        clean.create("aws:s3/bucket:Bucket", "state", bucket=name)
