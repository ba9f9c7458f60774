"""What a stack's config may say of the guardrails inside a cluster."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema

from ..rules.finding import Finding
from .errors import Refused
from .examined import Config
from .fields import LabelName, RoleArn
from .plain import kind_of

LONGEST_OPT_OUT = 90
"""Days; ours: longer than a quarter is no exception any more."""


class Mode(StrEnum):
    """What happens to a write that a guardrail refuses."""

    WARN = "warn"
    DENY = "deny"


ACTIONS: Mapping[Mode, tuple[str, ...]] = {Mode.WARN: ("Warn", "Audit"), Mode.DENY: ("Deny",)}
"""As a binding's `validationActions` say it."""


def _mode(value: object) -> Mode:
    if isinstance(value, str) and value in tuple(Mode):
        return Mode(value)
    raise Refused(
        Finding(
            f"{kind_of(value)} is no mode",
            "Write warn first: writes go through, and clients and the audit log are told; then deny.",
        )
    )


def _days(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LONGEST_OPT_OUT:
        raise Refused(
            Finding(f"{kind_of(value)} is no length of an opt-out", f"Write from 1 to {LONGEST_OPT_OUT} days.")
        )
    return value


AnyMode = Annotated[Mode, BeforeValidator(_mode)]
Days = Annotated[
    int, BeforeValidator(_days), WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LONGEST_OPT_OUT})
]


class GuardrailRules(Config):
    """What the API server itself refuses, whoever asks."""

    mode: AnyMode = Field(
        description="warn: writes go through, clients and the audit log are told; kubectl shows it and so does a "
        "rehearsal, `pulumi up` does not. deny: they are refused. Begin with warn, and go on to deny once nobody is "
        "warned any more.",
        examples=["warn"],
    )
    namespaces: tuple[LabelName, ...] = Field(
        default=(),
        description="Namespaces that are made for applications, with a LimitRange for what states no amounts and "
        "labels for Pod Security admission.",
        examples=[["shop"]],
    )
    platform_namespaces: tuple[LabelName, ...] = Field(
        default=(),
        description="What else belongs to the platform, besides kube-system, istio-system and external-dns.",
        examples=[["argocd"]],
    )
    opt_out_days: Days = Field(
        default=30, description="For how many days a namespace may opt out at once.", examples=[14]
    )


class GuardrailsConfig(GuardrailRules):
    """The guardrails of one cluster."""

    admins: tuple[RoleArn, ...] = Field(
        description="The roles that run up: they alone write what belongs to the platform.",
        examples=[["arn:aws:iam::123456789012:role/platform"]],
        json_schema_extra={"minItems": 1},
    )
