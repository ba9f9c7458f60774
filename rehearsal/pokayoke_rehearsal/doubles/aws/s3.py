"""S3 buckets and their settings, each a resource of its own."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource, pascal_keys, pick, tag_list
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import UNKNOWN, Inputs
from pokayoke_rehearsal.world.shapes import listed


class Bucket(Resource):
    pulumi_type = "aws:s3/bucket:Bucket"
    aliases = ("aws:s3/bucketV2:BucketV2",)
    service: ClassVar[str] = "s3"
    noun = "S3 Bucket"
    operation = "CreateBucket"
    tagged = True
    autoname = Autoname(key="bucket", longest=63, prefix_key="bucketPrefix")
    replace = ("objectLockEnabled",)
    computed = ("arn", "bucketDomainName", "bucketRegion", "bucketRegionalDomainName", "hostedZoneId")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "bucket", objectLockEnabled="ObjectLockEnabledForBucket")

    def create(self, site: Site, inputs: Inputs) -> str:
        s3, name = site.client("s3"), inputs["bucket"]
        place = {"CreateBucketConfiguration": {"LocationConstraint": site.region}} if site.region != "us-east-1" else {}
        s3.create_bucket(**self.parameters(inputs), **place)
        if inputs.get("tags"):
            self.retag(site, name, {}, (), inputs["tags"])
        return name

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        site.client("s3").head_bucket(Bucket=resource_id)
        return {
            "arn": f"arn:{site.partition}:s3:::{resource_id}",
            "bucket": resource_id,
            "bucketDomainName": f"{resource_id}.s3.amazonaws.com",
            "bucketRegion": site.region,
            "bucketRegionalDomainName": f"{resource_id}.s3.{site.region}.amazonaws.com",
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        """Only tags and `forceDestroy` change in place; the rest are resources of their own."""

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        s3 = site.client("s3")
        if tags:
            s3.put_bucket_tagging(Bucket=resource_id, Tagging={"TagSet": tag_list(tags)})
        else:
            s3.delete_bucket_tagging(Bucket=resource_id)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        s3 = site.client("s3")
        if state.get("forceDestroy"):
            found = s3.list_object_versions(Bucket=resource_id)
            for version in [*found.get("Versions", []), *found.get("DeleteMarkers", [])]:
                s3.delete_object(Bucket=resource_id, Key=version["Key"], VersionId=version["VersionId"])
        s3.delete_bucket(Bucket=resource_id)


class _BucketPart(Resource):
    """A setting of a bucket that is a resource of its own; its id is the bucket's name."""

    service: ClassVar[str] = "s3"
    replace = ("bucket", "expectedBucketOwner")
    calls: ClassVar[tuple[str, str, str]]
    """The calls that put, get and delete the setting."""

    def create(self, site: Site, inputs: Inputs) -> str:
        getattr(site.client("s3"), self.calls[0])(**self.parameters(inputs))
        return inputs["bucket"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        getattr(site.client("s3"), self.calls[1])(Bucket=resource_id)
        return {"bucket": resource_id}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        getattr(site.client("s3"), self.calls[0])(**self.parameters(news))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        getattr(site.client("s3"), self.calls[2])(Bucket=resource_id)


class BucketPublicAccessBlock(_BucketPart):
    pulumi_type = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    noun = "S3 Bucket Public Access Block"
    operation = "PutPublicAccessBlock"
    required = ("bucket",)
    calls = ("put_public_access_block", "get_public_access_block", "delete_public_access_block")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        block = pick(inputs, "blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
        return pick(inputs, "bucket") | {"PublicAccessBlockConfiguration": block}


class BucketVersioning(_BucketPart):
    pulumi_type = "aws:s3/bucketVersioning:BucketVersioning"
    aliases = ("aws:s3/bucketVersioningV2:BucketVersioningV2",)
    noun = "S3 Bucket Versioning"
    operation = "PutBucketVersioning"
    required = ("bucket", "versioningConfiguration")
    calls = ("put_bucket_versioning", "get_bucket_versioning", "")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        said = pick(inputs["versioningConfiguration"], "status", mfaDelete="MFADelete")
        return pick(inputs, "bucket") | {"VersioningConfiguration": said}

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        """Versioning cannot be taken away, only suspended."""
        site.client("s3").put_bucket_versioning(Bucket=resource_id, VersioningConfiguration={"Status": "Suspended"})


class BucketEncryption(_BucketPart):
    pulumi_type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    aliases = ("aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",)
    noun = "S3 Bucket Server-side Encryption Configuration"
    operation = "PutBucketEncryption"
    required = ("bucket", "rules")
    calls = ("put_bucket_encryption", "get_bucket_encryption", "delete_bucket_encryption")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        rules: list[dict[str, Any]] = []
        for rule in inputs["rules"]:
            one = pick(rule, "bucketKeyEnabled")
            if default := rule.get("applyServerSideEncryptionByDefault"):
                renamed = {"sseAlgorithm": "SSEAlgorithm", "kmsMasterKeyId": "KMSMasterKeyID"}
                one["ApplyServerSideEncryptionByDefault"] = pick(default, **renamed)
            rules.append(one)
        return pick(inputs, "bucket") | {"ServerSideEncryptionConfiguration": {"Rules": rules}}


class BucketPolicy(_BucketPart):
    pulumi_type = "aws:s3/bucketPolicy:BucketPolicy"
    noun = "S3 Bucket Policy"
    operation = "PutBucketPolicy"
    required = ("bucket", "policy")
    calls = ("put_bucket_policy", "get_bucket_policy", "delete_bucket_policy")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "bucket", "policy")


class BucketOwnershipControls(_BucketPart):
    pulumi_type = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    noun = "S3 Bucket Ownership Controls"
    operation = "PutBucketOwnershipControls"
    required = ("bucket", "rule")
    calls = ("put_bucket_ownership_controls", "get_bucket_ownership_controls", "delete_bucket_ownership_controls")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return pick(inputs, "bucket") | {"OwnershipControls": {"Rules": [pascal_keys(inputs["rule"])]}}


class BucketLifecycle(_BucketPart):
    pulumi_type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    aliases = ("aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",)
    noun = "S3 Bucket Lifecycle Configuration"
    operation = "PutBucketLifecycleConfiguration"
    required = ("bucket", "rules")
    calls = ("put_bucket_lifecycle_configuration", "get_bucket_lifecycle_configuration", "delete_bucket_lifecycle")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        rules = [_lifecycle_rule(rule) for rule in listed(inputs, "rules")]
        return pick(inputs, "bucket") | {"LifecycleConfiguration": {"Rules": rules}}


def _lifecycle_rule(said: Any) -> Any:
    if said is UNKNOWN:
        return said
    rule: dict[str, Any] = pascal_keys({key: value for key, value in said.items() if key not in ("filter", "id")})
    chosen: dict[str, Any] = dict(said.get("filter") or {"prefix": ""})
    if both := chosen.pop("and", None):
        chosen["and"] = {**both, "tags": tag_list(both.get("tags"))}
    return rule | {"ID": said["id"], "Filter": pascal_keys(chosen)}
