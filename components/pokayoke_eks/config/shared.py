"""Fields that several models share."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from .examined import Config
from .fields import AnyLifecycle, ClusterName, Lifecycle, Switch, TagValue

REGION: Any = Field(description="The AWS region.", examples=["ap-northeast-2"])
KUBERNETES: Any = Field(description="The minor version, in quotes; it must be in standard support.", examples=["1.36"])
BOTTLEROCKET: Any = Field(
    description="The release of the nodes' image, with its build id.", examples=["1.65.0-0be31b34"]
)


class Named(Config):
    """What belongs to one cluster."""

    name: ClusterName = Field(
        description="The cluster's name; everything else is named after it.", examples=["demo-dev"]
    )
    tags: Mapping[str, TagValue] = Field(
        default_factory=dict[str, str],
        description="Tags on everything that takes tags.",
        examples=[{"team": "platform"}],
    )


class Living(Named):
    """What lives as its environment does."""

    lifecycle: AnyLifecycle = Field(
        description="disposable: torn down at will, one NAT gateway. retained: protected, a NAT gateway a zone, its "
        "databases backed up every day.",
        examples=["disposable", "retained"],
    )

    @property
    def log_retention_days(self) -> int:
        """How long logs are kept: 90 days in a retained environment, 30 in a disposable one."""
        return 90 if self.lifecycle is Lifecycle.RETAINED else 30


class Protected(Living):
    """What a retained environment protects against deletion."""

    allow_destroy: Switch = Field(
        default=False, description="Lifts the protection of a retained environment, to destroy it.", examples=[True]
    )

    @property
    def protected(self) -> bool:
        """Whether it refuses to be deleted, or to be deleted with what is in it."""
        return self.lifecycle is Lifecycle.RETAINED and not self.allow_destroy
