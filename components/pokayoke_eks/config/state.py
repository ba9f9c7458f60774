"""What StateBackend takes."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, WithJsonSchema

from ..rules import states
from .checks import platform, state
from .examined import Config
from .fields import ClusterName, RegionName, TagValue, judged
from .shared import REGION

EnvironmentName = Annotated[
    str,
    judged("dev", states.bad_environment),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$"}),
]


class StateBackendConfig(Config):
    """Where the states of all environments are kept."""

    checks = (
        platform.tags_are_legal,
        state.bucket_can_be_named,
        state.each_environment_is_named_once,
        state.word_is_this_backend_s,
    )

    name: ClusterName = Field(description="What the bucket and its key are named after.", examples=["demo"])
    region: RegionName = REGION
    environments: tuple[EnvironmentName, ...] = Field(
        description="The environments, each with a folder of its own in the bucket.",
        examples=[["dev", "prod"]],
        json_schema_extra={"minItems": 1},
    )
    tags: Mapping[str, TagValue] = Field(
        default_factory=dict[str, str],
        description="Tags on everything that takes tags.",
        examples=[{"team": "platform"}],
    )
    empty_and_remove: str | None = Field(
        default=None,
        description="The backend's own name: lets a destroy take the bucket and every state in it.",
        examples=["demo"],
    )

    @property
    def protected(self) -> bool:
        """Whether the bucket refuses to be deleted, and to be deleted with what is in it."""
        return self.empty_and_remove is None
