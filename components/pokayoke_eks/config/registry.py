"""What a stack's YAML may say of its images, and what Registry takes."""

from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from ..rules import registries
from .checks import cluster, platform, registry
from .errors import checked
from .examined import Config
from .fields import Lifecycle, RegionName, judged
from .plain import kind_of
from .shared import REGION, Protected


def _account_wide(value: object) -> str:
    said = value if isinstance(value, str) else kind_of(value)
    checked(registries.bad_owner_of_replication(said))
    return said


RepositoryName = Annotated[
    str,
    judged("shop/orders", registries.bad_repository),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9][a-z0-9._/-]*$"}),
]
AccountWide = Annotated[str, BeforeValidator(_account_wide), WithJsonSchema({"const": registries.ACCOUNT_WIDE})]


class Images(Config):
    """The repositories of the platform's own images, in each of its regions."""

    repositories: tuple[RepositoryName, ...] = Field(
        description="Names, each after the platform's own: shop becomes demo-dev/shop.",
        examples=[["shop/orders", "shop/web"]],
        json_schema_extra={"minItems": 1},
    )
    replication: AccountWide | None = Field(
        default=None,
        description="account-wide: pushes in the first region are copied to the others. The setting is one for the "
        "whole account, so one environment alone may own it. Else images are pushed to each region.",
        examples=[registries.ACCOUNT_WIDE],
    )


class RegistryConfig(Images, Protected):
    """The repositories in one region."""

    checks = (
        platform.tags_are_legal,
        cluster.protection_means_something,
        registry.repositories_are_named_once,
        registry.replication_stays,
    )

    region: RegionName = REGION

    @property
    def images_kept(self) -> int:
        """How many images a repository keeps: more than a retained environment could want to go back to, or few."""
        return 300 if self.lifecycle is Lifecycle.RETAINED else 30
