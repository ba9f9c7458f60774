"""S3 buckets, ECR repositories and DynamoDB tables."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource, pascal_keys, pick, tag_list
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs
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


class Repository(Resource):
    pulumi_type = "aws:ecr/repository:Repository"
    service: ClassVar[str] = "ecr"
    noun = "ECR Repository"
    operation = "CreateRepository"
    tagged = True
    autoname = Autoname(longest=256)
    replace = ("encryptionConfigurations",)
    computed = ("arn", "registryId", "repositoryUrl")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        found = {"repositoryName": inputs.get("name", "")}
        found |= {key: inputs[key] for key in ("imageTagMutability", "imageScanningConfiguration") if key in inputs}
        if encryption := inputs.get("encryptionConfigurations"):
            found["encryptionConfiguration"] = encryption[0]
        return found

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("ecr").create_repository(**self.parameters(inputs), tags=tag_list(inputs.get("tags")))
        return inputs["name"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        repository = site.client("ecr").describe_repositories(repositoryNames=[resource_id])["repositories"][0]
        return {
            "arn": repository["repositoryArn"],
            "name": resource_id,
            "registryId": repository["registryId"],
            "repositoryUrl": repository["repositoryUri"],
        }

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        ecr = site.client("ecr")
        if "imageTagMutability" in changed:
            mutability = news.get("imageTagMutability", "MUTABLE")
            ecr.put_image_tag_mutability(repositoryName=resource_id, imageTagMutability=mutability)
        if "imageScanningConfiguration" in changed:
            scanning = news.get("imageScanningConfiguration", {"scanOnPush": False})
            ecr.put_image_scanning_configuration(repositoryName=resource_id, imageScanningConfiguration=scanning)

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        if gone:
            site.client("ecr").untag_resource(resourceArn=state["arn"], tagKeys=list(gone))
        if tags:
            site.client("ecr").tag_resource(resourceArn=state["arn"], tags=tag_list(tags))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ecr").delete_repository(repositoryName=resource_id, force=bool(state.get("forceDelete")))


class RepositoryLifecycle(Resource):
    pulumi_type = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
    service: ClassVar[str] = "ecr"
    noun = "ECR Lifecycle Policy"
    operation = "PutLifecyclePolicy"
    required = ("policy", "repository")
    replace = ("policy", "repository")
    computed = ("registryId",)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return {"repositoryName": inputs["repository"], "lifecyclePolicyText": inputs["policy"]}

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("ecr").put_lifecycle_policy(**self.parameters(inputs))
        return inputs["repository"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        return {"registryId": site.client("ecr").get_lifecycle_policy(repositoryName=resource_id)["registryId"]}

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ecr").delete_lifecycle_policy(repositoryName=resource_id)


class Table(Resource):
    pulumi_type = "aws:dynamodb/table:Table"
    service: ClassVar[str] = "dynamodb"
    noun = "DynamoDB Table"
    operation = "CreateTable"
    tagged = True
    autoname = Autoname(longest=255)
    replace = ("hashKey", "localSecondaryIndexes", "rangeKey")
    computed = ("arn", "streamArn", "streamLabel")

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        mode = inputs.get("billingMode", "PROVISIONED")
        keys = [{"AttributeName": inputs.get("hashKey", ""), "KeyType": "HASH"}]
        if "rangeKey" in inputs:
            keys.append({"AttributeName": inputs["rangeKey"], "KeyType": "RANGE"})
        attributes = [pick(one, name="AttributeName", type="AttributeType") for one in listed(inputs, "attributes")]
        found = pick(inputs, name="TableName", deletionProtectionEnabled="DeletionProtectionEnabled")
        found |= {"AttributeDefinitions": attributes, "KeySchema": keys, "BillingMode": mode}
        if mode == "PROVISIONED":
            units = {"readCapacity": "ReadCapacityUnits", "writeCapacity": "WriteCapacityUnits"}
            found["ProvisionedThroughput"] = pick(inputs, **units)
        if indexes := inputs.get("globalSecondaryIndexes"):
            found["GlobalSecondaryIndexes"] = [_index(index) for index in indexes]
        return found

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("dynamodb").create_table(**self.parameters(inputs), Tags=tag_list(inputs.get("tags")))
        return inputs["name"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        table = site.client("dynamodb").describe_table(TableName=resource_id)["Table"]
        return {"arn": table["TableArn"], "name": resource_id, "streamArn": "", "streamLabel": ""}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        change = pick({key: news[key] for key in changed if key in news}, "billingMode", "deletionProtectionEnabled")
        if change:
            site.client("dynamodb").update_table(TableName=resource_id, **change)

    def retag(self, site: Site, resource_id: str, state: Inputs, gone: Collection[str], tags: Inputs) -> None:
        if gone:
            site.client("dynamodb").untag_resource(ResourceArn=state["arn"], TagKeys=list(gone))
        if tags:
            site.client("dynamodb").tag_resource(ResourceArn=state["arn"], Tags=tag_list(tags))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("dynamodb").delete_table(TableName=resource_id)


def _index(index: Inputs) -> dict[str, Any]:
    keys = [{"AttributeName": index["hashKey"], "KeyType": "HASH"}]
    if "rangeKey" in index:
        keys.append({"AttributeName": index["rangeKey"], "KeyType": "RANGE"})
    projection = pascal_keys({"projectionType": index.get("projectionType", "ALL")})
    return {"IndexName": index["name"], "KeySchema": keys, "Projection": projection}
