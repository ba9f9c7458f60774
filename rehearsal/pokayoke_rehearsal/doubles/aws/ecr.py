"""ECR repositories with their policies, and what a registry has one of in each region: replication, scanning."""

# ruff: noqa: ARG002 (the calls of all resource types have one signature)
from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from botocore.exceptions import ClientError  # pyright: ignore[reportMissingTypeStubs]

from pokayoke_rehearsal.doubles.aws.resource import Autoname, Resource, tag_list, tag_map
from pokayoke_rehearsal.doubles.aws.site import Site
from pokayoke_rehearsal.doubles.base import Inputs, ProviderError
from pokayoke_rehearsal.world.shapes import listed, mapped


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
        if filters := inputs.get("imageTagMutabilityExclusionFilters"):
            found["imageTagMutabilityExclusionFilters"] = filters
        if encryption := inputs.get("encryptionConfigurations"):
            found["encryptionConfiguration"] = encryption[0]
        return found

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("ecr").create_repository(**self.parameters(inputs), tags=tag_list(inputs.get("tags")))
        return inputs["name"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        ecr = site.client("ecr")
        repository = ecr.describe_repositories(repositoryNames=[resource_id])["repositories"][0]
        return {
            "arn": repository["repositoryArn"],
            "encryptionConfigurations": [repository["encryptionConfiguration"]],
            "imageScanningConfiguration": repository["imageScanningConfiguration"],
            "imageTagMutability": repository["imageTagMutability"],
            "name": resource_id,
            "registryId": repository["registryId"],
            "repositoryUrl": repository["repositoryUri"],
            "tags": tag_map(ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]),
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
        try:
            site.client("ecr").delete_repository(repositoryName=resource_id, force=bool(state.get("forceDelete")))
        except ClientError as error:
            answer: Any = error.response
            told = mapped(answer, "Error")
            if told.get("Code") != "RepositoryNotEmptyException":
                raise
            said = f"ECR Repository ({resource_id}) not empty, consider using force_delete: operation error "
            raise ProviderError(f"{said}{error.operation_name}, {told['Code']}: {told['Message']}") from None


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


class RepositoryPolicy(Resource):
    pulumi_type = "aws:ecr/repositoryPolicy:RepositoryPolicy"
    service: ClassVar[str] = "ecr"
    noun = "ECR Repository Policy"
    operation = "SetRepositoryPolicy"
    required = ("policy", "repository")
    replace = ("repository",)
    computed = ("registryId",)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return {"repositoryName": inputs["repository"], "policyText": inputs["policy"]}

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("ecr").set_repository_policy(**self.parameters(inputs))
        return inputs["repository"]

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        found = site.client("ecr").get_repository_policy(repositoryName=resource_id)
        policy = known.get("policy", found["policyText"])
        return {"policy": policy, "registryId": found["registryId"], "repository": resource_id}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("ecr").set_repository_policy(**self.parameters(news))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ecr").delete_repository_policy(repositoryName=resource_id)


class ReplicationConfiguration(Resource):
    """A registry's replication. There is one: whoever puts another takes the place of all that was there."""

    pulumi_type = "aws:ecr/replicationConfiguration:ReplicationConfiguration"
    service: ClassVar[str] = "ecr"
    noun = "ECR Replication Configuration"
    operation = "PutReplicationConfiguration"
    computed = ("registryId",)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        rules: list[dict[str, Any]] = [
            {"destinations": rule["destinations"]}
            | ({"repositoryFilters": rule["repositoryFilters"]} if rule.get("repositoryFilters") else {})
            for rule in listed(mapped(inputs, "replicationConfiguration"), "rules")
        ]
        return {"replicationConfiguration": {"rules": rules}}

    def create(self, site: Site, inputs: Inputs) -> str:
        site.client("ecr").put_replication_configuration(**self.parameters(inputs))
        return site.account

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        found = site.client("ecr").describe_registry()
        configuration = found["replicationConfiguration"]
        if not configuration["rules"]:
            return None
        return {"registryId": found["registryId"], "replicationConfiguration": configuration}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        site.client("ecr").put_replication_configuration(**self.parameters(news))

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ecr").put_replication_configuration(replicationConfiguration={"rules": []})


class RegistryScanningConfiguration(Resource):
    """A registry's scanning; like its replication there is one."""

    pulumi_type = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration"
    service: ClassVar[str] = "ecr"
    noun = "ECR Registry Scanning Configuration"
    operation = "PutRegistryScanningConfiguration"
    required = ("scanType",)
    computed = ("registryId",)

    def parameters(self, inputs: Inputs) -> dict[str, Any]:
        return {"scanType": inputs["scanType"], "rules": listed(inputs, "rules")}

    def create(self, site: Site, inputs: Inputs) -> str:
        self.update(site, site.account, (), {}, inputs)
        return site.account

    def read(self, site: Site, resource_id: str, known: Inputs) -> Inputs | None:
        found = site.client("ecr").get_registry_scanning_configuration()
        said = found["scanningConfiguration"]
        return {"registryId": resource_id, "scanType": said["scanType"], "rules": said["rules"]}

    def update(self, site: Site, resource_id: str, changed: Collection[str], olds: Inputs, news: Inputs) -> None:
        rules = [
            {"scanFrequency": rule["scanFrequency"], "repositoryFilters": rule["repositoryFilters"]}
            for rule in listed(news, "rules")
        ]
        site.client("ecr").put_registry_scanning_configuration(scanType=news["scanType"], rules=rules)

    def delete(self, site: Site, resource_id: str, state: Inputs) -> None:
        site.client("ecr").put_registry_scanning_configuration(scanType="BASIC", rules=[])
