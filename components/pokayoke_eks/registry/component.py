"""ECR repositories of one platform in one region."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from .. import tags
from ..config.registry import RegistryConfig
from ..rules import names, registries


class Registry(pulumi.ComponentResource):
    """The repositories of a platform's images in one region.

    Creates, for each of `config.repositories`:
        - a repository named after the platform, so that no environment pushes into another's: scanned at every push,
          encrypted, its tags immutable
        - its lifecycle policy

    While `config.protected`, a repository that holds images refuses to go; else they go with it.

    Args:
        config: what a user decides.
        opts: pass the region's `aws.Provider` as `provider`. While `config.protected`, every resource is protected
            against Pulumi too, unless `protect` says otherwise.
    """

    config: RegistryConfig
    urls: dict[str, pulumi.Output[str]]
    """By name as configured, what images are pushed to and pulled from; known once the repository's rules are set."""
    ready: list[pulumi.Resource]
    """Whatever pushes depends on these."""

    def __init__(self, name: str, config: RegistryConfig, *, opts: pulumi.ResourceOptions | None = None) -> None:
        protected = pulumi.ResourceOptions(protect=config.protected or None)
        super().__init__("pokayoke-eks:index:Registry", name, {}, pulumi.ResourceOptions.merge(protected, opts))
        self.config = config
        self._repositories = {one: self._repository(name, one) for one in config.repositories}
        policies = [self._policy(name, one, made) for one, made in self._repositories.items()]
        self.urls = {one: made.repository_url for one, made in self._repositories.items()}
        self.ready = [*self._repositories.values(), *policies]
        self.register_outputs({})

    def replicate(self, name: str, *, to: Sequence[Registry]) -> aws.ecr.ReplicationConfiguration:
        """Copies every push of this platform's images to its registries in other regions.

        Those are there first, so that ECR never makes repositories of its own, which would be scanned and kept
        otherwise and would outlive the stack. The setting is one for the whole account and region, and takes the place
        of whatever was set before.

        Raises:
            ValueError: the config does not own that setting, or a registry is another platform's or of this region.
        """
        if self.config.replication is None:
            raise ValueError(f"{name}: {registries.bad_owner_of_replication('')}")
        for other in to:
            if other.config.name != self.config.name or other.config.region == self.config.region:
                raise ValueError(
                    f"{name}: from {self.config.name} in {self.config.region} to {other.config.name} in "
                    f"{other.config.region}: replicate one platform's images, between regions"
                )
        account = next(iter(self._repositories.values())).registry_id
        return aws.ecr.ReplicationConfiguration(
            name,
            replication_configuration=aws.ecr.ReplicationConfigurationReplicationConfigurationArgs(
                rules=[
                    aws.ecr.ReplicationConfigurationReplicationConfigurationRuleArgs(
                        destinations=[
                            aws.ecr.ReplicationConfigurationReplicationConfigurationRuleDestinationArgs(
                                region=other.config.region, registry_id=account
                            )
                            for other in to
                        ],
                        repository_filters=[
                            aws.ecr.ReplicationConfigurationReplicationConfigurationRuleRepositoryFilterArgs(
                                filter=names.image_repository(self.config.name, ""), filter_type="PREFIX_MATCH"
                            )
                        ],
                    )
                ]
            ),
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[one for registry in (self, *to) for one in registry.ready]
            ),
        )

    def _repository(self, name: str, repository: str) -> aws.ecr.Repository:
        config = self.config
        return aws.ecr.Repository(
            f"{name}-{repository}",
            name=names.image_repository(config.name, repository),
            image_tag_mutability="IMMUTABLE",
            image_scanning_configuration=aws.ecr.RepositoryImageScanningConfigurationArgs(scan_on_push=True),
            # The account's own key for ECR, whatever the lifecycle: another setting would be another repository, and a
            # key of ours one more thing whose loss takes the images along.
            encryption_configurations=[aws.ecr.RepositoryEncryptionConfigurationArgs(encryption_type="KMS")],
            force_delete=not config.protected,
            tags=tags.of(config.name, config.tags),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _policy(self, name: str, repository: str, made: aws.ecr.Repository) -> aws.ecr.LifecyclePolicy:
        return aws.ecr.LifecyclePolicy(
            f"{name}-{repository}",
            repository=made.name,
            policy=registries.lifecycle_policy(self.config.images_kept),
            opts=pulumi.ResourceOptions(parent=self),
        )
